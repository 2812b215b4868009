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

/// A function that is called at a point in time, unless the deadline is disarmed or destroyed
/// before.
///
/// Thread safety: arm and disarm it by one thread at a time. The function is called on the thread
/// that runs the queue's alarm.
class deadline : public boost::intrusive::set_base_hook<> {
public:
    using time_point = alarm_clock::time_point;

    deadline() = default;

    /// The effect of a disarmed deadline on the io_context, for which the alarm is work.
    ///
    /// `brief`: the context runs out of work soon after the deadline is disarmed; the alarm rings
    /// every `deadline_queue::tick` while it is armed. `lasting`: the alarm is set to the deadline
    /// itself, and unset if this was the last deadline.
    enum class waiting : bool { brief, lasting };

    /// Arms the deadline; see `arm()`.
    deadline(std::shared_ptr<deadline_queue> queue, time_point when, std::function<void()> expire) {
        arm(std::move(queue), when, std::move(expire));
    }

    deadline(const deadline&) = delete;
    deadline& operator=(const deadline&) = delete;

    ~deadline() { disarm(); }

    /// Arms the deadline: `expire` is called at `when`, once. REQUIRES: it is not armed.
    ///
    /// @param expire  Called under the mutex of the queue. Must be short, must not throw, and must
    ///                not touch a deadline, or a lock that is held while a deadline is armed or
    ///                disarmed.
    void arm(
        std::shared_ptr<deadline_queue> queue,
        time_point when,
        std::function<void()> expire,
        waiting how = waiting::brief
    );

    /// Disarms the deadline; waits for the function if it is running. After it has returned, the
    /// function is not called any more. Does nothing when the deadline is not armed.
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

/// All deadlines of a pool, and one alarm for the earliest of them. A timer per statement would be
/// slower.
///
/// Invariants:
/// - functions are called under the mutex, so that a disarmed deadline cannot interrupt the next
///   user of its connection;
/// - the alarm is set not later than the earliest deadline and, while there is a brief one, at most
///   `tick` ahead: disarming need not touch the alarm then, and yet an io_context runs out of work
///   soon after the last deadline is gone;
/// - `brief_` is the number of brief deadlines among `waiting_`.
///
/// Thread safety: any thread.
class deadline_queue : public std::enable_shared_from_this<deadline_queue> {
public:
    using time_point = alarm_clock::time_point;

    static constexpr std::chrono::milliseconds tick{100};

    explicit deadline_queue(std::unique_ptr<alarm_clock> clock) : clock_(std::move(clock)) {}

    [[nodiscard]] time_point now() const noexcept { return clock_->now(); }

    /// Unsets the alarm if no deadline is armed, so that an io_context runs out of work at once.
    void rest();

    /// Stops the alarm for good: the executor's context is being destroyed.
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
    std::optional<time_point> alarm_;  // the time of the alarm; nothing: it is not set
};

}  // namespace gino::detail
