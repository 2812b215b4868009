// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <condition_variable>
#include <mutex>

namespace gino::sqlite {

/// Interrupts the running call of a session, from any thread.
///
/// `sqlite3_interrupt()` alone is not enough (SQLite's page "Interrupt A Long-Running Query"): it
/// has no effect between two statements, stays in effect while a cursor is open, and does not wake
/// a writer that waits in the busy handler. Therefore a flag is set as well; SQLite's progress and
/// busy handlers read it.
///
/// Invariants: the flag is set only during a call (of the driver's interface, which may consist of
/// several jobs of the worker), or permanently after `stop()`; the handle is used only under the
/// mutex that guards `attach()` and `detach()`, so that it is not closed meanwhile. Functions that
/// hold this mutex take no other one; the worker holds its own while it calls `interrupt()`.
///
/// Thread safety: any thread.
class interrupter {
public:
    interrupter() = default;
    interrupter(const interrupter&) = delete;
    interrupter& operator=(const interrupter&) = delete;
    ~interrupter() = default;

    /// Begins a call, and forgets earlier interruptions.
    void begin_call() noexcept;

    /// Ends a call, and forgets its interruption.
    void end_call() noexcept;

    /// Interrupts the call that is under way, if there is one.
    void interrupt() noexcept;

    /// Interrupts this call and all later ones: the session is being destroyed.
    void stop() noexcept;

    /// True when the call has to end. No other data is published by the flag, so the order of
    /// memory accesses is relaxed; SQLite reads it every 1000 instructions of its virtual machine.
    [[nodiscard]] bool is_requested() const noexcept {
        return requested_.load(std::memory_order_relaxed);
    }

    /// Waits for a duration.
    ///
    /// @return  False when an interruption has ended the wait.
    [[nodiscard]] bool wait(std::chrono::milliseconds duration);

    /// Sets the handle that interruptions are for.
    void attach(sqlite3* database) noexcept;

    /// Forgets the handle, which may be closed afterwards.
    void detach() noexcept;

    /// Counts the open cursors: `sqlite3_interrupt()` would end them as well.
    ///
    /// @param change  1 when a cursor is opened, -1 when it ends.
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

/// A call of the driver's interface that may be interrupted: from construction to destruction.
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
