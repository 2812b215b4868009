// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/intrusive/list.hpp>

#include <memory>
#include <mutex>
#include <optional>
#include <utility>

#include "driver/one_shot_event.hpp"
#include "engine/timing/deadline_queue.hpp"

namespace gino::detail {

/// Lets coroutines use something one at a time, first come, first served.
///
/// Invariants, under the mutex:
/// - there is at most one `turn` that is not empty;
/// - somebody waits only while `is_locked_`: who ends a lock passes it to the first that waits, and
///   that is decided there and then;
/// - a lock that was passed to a coroutine that is cancelled or destroyed before it goes on is
///   passed on.
///
/// Thread safety: any thread.
class fifo_mutex {
public:
    /// The right to go on; ended by the destructor. Lifetime: the queue must outlive it.
    class lock {
    public:
        lock() = default;

        explicit lock(fifo_mutex& of) noexcept : of_(&of) {}

        lock(lock&& other) noexcept : of_(std::exchange(other.of_, nullptr)) {}

        lock& operator=(lock&& other) noexcept {
            if (this != &other) {
                end();
                of_ = std::exchange(other.of_, nullptr);
            }
            return *this;
        }

        lock(const lock&) = delete;
        lock& operator=(const lock&) = delete;

        ~lock() { end(); }

        explicit operator bool() const noexcept { return of_ != nullptr; }

        void end() noexcept {
            if (of_ != nullptr) {
                std::exchange(of_, nullptr)->pass_on();
            }
        }

    private:
        fifo_mutex* of_ = nullptr;
    };

    fifo_mutex() = default;
    fifo_mutex(const fifo_mutex&) = delete;
    fifo_mutex& operator=(const fifo_mutex&) = delete;
    ~fifo_mutex() = default;

    /// Returns a lock if nobody has one, otherwise an empty one.
    [[nodiscard]] lock try_acquire() noexcept;

    /// Waits for a turn.
    ///
    /// @param until  Nothing: waits as long as it takes.
    /// @return Empty when the time was over first.
    /// @throws error  `errc::cancelled`.
    ///
    /// Cancellation: total.
    [[nodiscard]] awaitable<lock> acquire(
        std::shared_ptr<deadline_queue> deadlines, std::optional<deadline::time_point> until
    );

private:
    struct waiter : boost::intrusive::list_base_hook<> {
        explicit waiter(fifo_mutex& q) noexcept : of(q) {}

        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        ~waiter() { of.leave(*this); }

        fifo_mutex& of;
        std::shared_ptr<one_shot_event> wake;
        bool has_lock = false;
        bool timed_out = false;
    };

    [[nodiscard]] bool line_up(waiter& me);
    void leave(waiter& me) noexcept;
    void pass_on() noexcept;

    std::mutex mutex_;
    bool is_locked_ = false;
    boost::intrusive::list<waiter> waiters_;
};

}  // namespace gino::detail
