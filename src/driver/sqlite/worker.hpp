// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <condition_variable>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <thread>

#include "driver/pending_waiters.hpp"
#include "driver/sqlite/fault.hpp"
#include "driver/sqlite/interrupter.hpp"

namespace gino::sqlite {

/// What the worker's thread is asked to do. Lives in the frame of the coroutine that asks.
class job {
public:
    job(const job&) = delete;
    job& operator=(const job&) = delete;

    /// Throws what went wrong. REQUIRES: it was run.
    void check();

    outcome wrong;               ///< What SQLite said.
    std::exception_ptr failure;  ///< Want of memory.

protected:
    job() = default;
    virtual ~job() = default;

private:
    friend class worker;

    virtual outcome run() = 0;

    std::optional<detail::pending_waiters::place> waiting_;
    std::shared_ptr<detail::pending_waiters> waits_in_;
    bool is_done_ = true;
};

/// A job made of a function object that returns an `outcome`.
template <class Function>
class job_of final : public job {
public:
    explicit job_of(Function& function) noexcept : function_(function) {}

private:
    outcome run() override { return function_(); }

    Function& function_;
};

/// The thread that may block. It runs one job at a time, and the waiting coroutine goes on with its
/// own executor.
///
/// ```text
///             | run()       | thread is free   | job is done          | frame is destroyed
/// idle        | -> queued   | idle()           |                      |
/// queued      |             | -> running       |                      | -> idle
/// running     |             |                  | -> idle, completes   | interrupts, waits, -> idle
/// stopped     | refuses     | ends             |                      |
/// ```
///
/// Invariants: `next_` and `current_` are never both set; a job is touched by the thread only while
/// it is one of them; the thread never owns what makes it end.
class worker : public std::enable_shared_from_this<worker> {
public:
    /// @param idle  Called on the thread before each job and after `wake()`.
    worker(interrupter& by, std::function<void()> idle);
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    /// Starts the thread. @throws std::system_error  There can be no more threads.
    void start();

    /// Runs a job on the thread and waits for it without holding up the caller's. A cancellation
    /// interrupts it; the job is run to its end all the same.
    ///
    /// REQUIRES: no other job is under way.
    [[nodiscard]] static awaitable<void> run(std::shared_ptr<worker> self, job& what);

    /// Calls `idle` soon.
    void wake() noexcept;

    /// Ends the thread and waits for it. Runs no more jobs.
    ///
    /// REQUIRES: not called by the thread itself.
    void stop() noexcept;

private:
    /// Sees to it that a job whose coroutine is destroyed is not touched any more.
    class leave_guard;

    void post(job& what) noexcept;
    void leave(job& what) noexcept;
    void work() noexcept;
    void run_current(std::unique_lock<std::mutex>& lock) noexcept;

    interrupter& interrupter_;
    std::function<void()> idle_;
    std::mutex mutex_;
    std::condition_variable changed_;
    job* next_ = nullptr;
    job* current_ = nullptr;
    bool is_woken_ = false;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace gino::sqlite
