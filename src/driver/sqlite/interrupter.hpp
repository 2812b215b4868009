// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace gino::sqlite {

/// Ends what a session is doing, from any thread.
///
/// `sqlite3_interrupt()` alone is not enough: it is lost between two statements, sticks while a
/// cursor is open, and does not wake a writer that waits for its turn. So there is a flag beside
/// it, which SQLite's progress and busy callbacks look at.
///
/// Invariants: the flag is up only during a call (of the driver's interface, which may be several
/// jobs of the worker), or for ever after `stop()`; the handle is used only under the mutex that
/// guards `attach()` and `detach()`.
class interrupter {
public:
    interrupter() = default;
    interrupter(const interrupter&) = delete;
    interrupter& operator=(const interrupter&) = delete;
    ~interrupter() = default;

    /// A call begins: what came before does not interrupt it.
    void begin_call() noexcept;
    void end_call() noexcept;

    /// Interrupts the call that is under way, if there is one.
    void interrupt() noexcept;

    /// Interrupts everything from now on: the session is being destroyed.
    void stop() noexcept;

    [[nodiscard]] bool is_requested() const noexcept {
        return requested_.load(std::memory_order_relaxed);
    }

    /// Waits; false as soon as there is an interruption.
    [[nodiscard]] bool wait(std::chrono::milliseconds duration);

    /// SQLite's handle may be interrupted from now on.
    void attach(sqlite3* database) noexcept;
    void detach() noexcept;

    /// A cursor was opened or closed. `sqlite3_interrupt()` would end it too.
    void count_cursors(int change) noexcept;

private:
    void raise_flag() noexcept;

    std::mutex mutex_;
    std::condition_variable changed_;
    sqlite3* database_ = nullptr;
    int cursors_ = 0;
    bool in_call_ = false;
    bool stopped_ = false;
    std::atomic<bool> requested_ = false;
};

/// A call of the driver's interface that may be interrupted.
class interruptible_call {
public:
    explicit interruptible_call(interrupter& by) noexcept : by_(by) { by_.begin_call(); }

    interruptible_call(const interruptible_call&) = delete;
    interruptible_call& operator=(const interruptible_call&) = delete;

    ~interruptible_call() { by_.end_call(); }

private:
    interrupter& by_;
};

}  // namespace gino::sqlite
