// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/steady_timer.hpp>

#include <chrono>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <utility>

namespace gino::detail {

/// Calls functions at points in time: one timer for all of a pool's deadlines.
///
/// Invariants: the timer waits for the earliest entry, and for nothing when there is none (so that
/// an io_context can run dry). A function is called without a lock, once, unless its entry was
/// removed before.
///
/// Thread safety: any thread.
class deadline_queue : public std::enable_shared_from_this<deadline_queue> {
public:
    using clock = std::chrono::steady_clock;
    using entry_id = std::pair<clock::time_point, std::uint64_t>;

    explicit deadline_queue(const boost::asio::any_io_executor& executor) : timer_(executor) {}

    [[nodiscard]] entry_id add(clock::time_point when, std::function<void()> expire);
    /// Does nothing if the entry's time has come already.
    void remove(const entry_id& entry);

private:
    void wait_for_first();
    void expire_due();

    std::mutex mutex_;
    boost::asio::steady_timer timer_;
    std::map<entry_id, std::function<void()>> entries_;
    std::uint64_t next_ = 0;
};

/// Removes its entry at the end of a block.
class deadline_guard {
public:
    deadline_guard() = default;

    deadline_guard(std::shared_ptr<deadline_queue> queue, deadline_queue::entry_id entry)
        : queue_(std::move(queue)), entry_(entry) {}

    deadline_guard(const deadline_guard&) = delete;
    deadline_guard& operator=(const deadline_guard&) = delete;

    ~deadline_guard() {
        if (queue_ != nullptr) {
            queue_->remove(entry_);
        }
    }

private:
    std::shared_ptr<deadline_queue> queue_;
    deadline_queue::entry_id entry_;
};

}  // namespace gino::detail
