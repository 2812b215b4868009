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

/// A mutex for coroutines: one holder at a time, in the order of asking. A waiting coroutine
/// suspends and does not block its thread.
///
/// Invariants, under the mutex:
/// - there is at most one `lock` that is not empty;
/// - coroutines wait only while `is_locked_`: the end of a lock passes it to the first waiter under
///   the same mutex, so that no newcomer can overtake;
/// - a lock that was passed to a coroutine that is cancelled or destroyed before it resumes is
///   passed on, by the destructor of its `waiter`.
///
/// Thread safety: any thread.
class fifo_mutex {
public:
    /// The ownership of the mutex, released by the destructor. An empty lock owns nothing.
    ///
    /// Lifetime: the mutex must outlive it.
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

        /// Releases the mutex and resumes the next waiter. Does nothing when the lock is empty.
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

    /// Returns a lock if the mutex is free, otherwise an empty one. Never waits.
    [[nodiscard]] lock try_acquire() noexcept;

    /// Waits for the mutex.
    ///
    /// @param until  The end of the wait; nothing: no limit.
    /// @return A lock; empty when the time was over first.
    /// @throws error  `errc::cancelled`.
    ///
    /// Cancellation: total.
    [[nodiscard]] awaitable<lock> acquire(
        std::shared_ptr<deadline_queue> deadlines, std::optional<deadline::time_point> until
    );

private:
    /// A coroutine that waits; lives in its frame.
    struct waiter : boost::intrusive::list_base_hook<> {
        explicit waiter(fifo_mutex& q) noexcept : of(q) {}

        waiter(const waiter&) = delete;
        waiter& operator=(const waiter&) = delete;

        ~waiter() { of.leave(*this); }

        fifo_mutex& of;
        std::shared_ptr<one_shot_event> wake;
        // Guarded by the mutex.
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
