// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/intrusive/set.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "engine/timing/alarm_clock.hpp"

namespace gino::detail {

class deadline_queue;

/// Something that is done at a point in time, unless it is disarmed or destroyed before.
///
/// Thread safety: one thread at a time; the function is called by the queue's.
class deadline : public boost::intrusive::set_base_hook<> {
public:
    using time_point = alarm_clock::time_point;

    deadline() = default;

    /// Whether an io_context may run dry soon after the deadline is disarmed, which costs a ring of
    /// the alarm every `deadline_queue::tick` while it is armed; or only when it has expired.
    enum class waiting : bool { brief, lasting };

    /// As `arm()`.
    deadline(std::shared_ptr<deadline_queue> queue, time_point when, std::function<void()> expire) {
        arm(std::move(queue), when, std::move(expire));
    }

    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    ~deadline() { disarm(); }

    /// Sees to it that `expire` is called at `when`, once. REQUIRES: it is not armed.
    ///
    /// @param expire  Must be short, must not throw, and must not touch a deadline or a lock that
    ///                is held while one is armed or disarmed.
    void arm(
        std::shared_ptr<deadline_queue> queue,
        time_point when,
        std::function<void()> expire,
        waiting how = waiting::brief
    );

    /// When it returns, the function has been called to its end, or never will be.
    void disarm() noexcept;

private:
    friend class deadline_queue;

    struct by_time {
        bool operator()(const deadline& a, const deadline& b) const noexcept {
            return a.when_ < b.when_;
        }
    };

    time_point when_{};
    waiting how_ = waiting::brief;
    std::function<void()> expire_;
    std::shared_ptr<deadline_queue> queue_;
};

/// All deadlines of a pool, and one alarm for the earliest.
///
/// Invariants:
/// - functions are called under the mutex, so that a deadline that is gone can do no harm to
///   whoever uses the connection next;
/// - the alarm is set not later than the earliest deadline and, while there is a brief one, never
///   further ahead than `tick`: disarming costs nothing then, and yet an io_context runs dry soon
///   after the last one is gone;
/// - `brief_` counts the brief deadlines among `waiting_`.
///
/// Thread safety: any thread.
class deadline_queue : public std::enable_shared_from_this<deadline_queue> {
public:
    using time_point = alarm_clock::time_point;

    static constexpr std::chrono::milliseconds tick{100};

    explicit deadline_queue(std::unique_ptr<alarm_clock> clock) : clock_(std::move(clock)) {}

    [[nodiscard]] time_point now() const noexcept { return clock_->now(); }

    /// Lets an io_context run dry at once if nobody waits.
    void rest();

    /// Nothing expires from now on: what the alarm rings on is going away.
    void stop() noexcept;

private:
    friend class deadline;

    void insert(deadline& one);
    void erase(deadline& one) noexcept;
    void take_out(deadline& one) noexcept;
    void set_alarm(time_point now);
    void unset_alarm() noexcept;
    void ring();

    const std::unique_ptr<alarm_clock> clock_;
    std::mutex mutex_;
    boost::intrusive::multiset<deadline, boost::intrusive::compare<deadline::by_time>> waiting_;
    std::size_t brief_ = 0;
    std::optional<time_point> alarm_;  // when it rings, if it is set
};

}  // namespace gino::detail
