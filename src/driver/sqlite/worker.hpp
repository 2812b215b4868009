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

/// A task for the worker's thread. Lives in the frame of the coroutine that waits for it.
class job {
public:
    job(const job&) = delete;
    job& operator=(const job&) = delete;

    /// Throws the fault or the exception of `run()`, if there is one. REQUIRES: the job was run.
    void check();

    outcome wrong;               ///< The fault that `run()` returned.
    std::exception_ptr failure;  ///< The exception of `run()`: there was not enough memory.

protected:
    job() = default;
    virtual ~job() = default;

private:
    friend class worker;

    /// Called on the worker's thread.
    virtual outcome run() = 0;

    // Guarded by the worker's mutex from the moment when the job is queued.
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

/// The thread that makes SQLite's blocking calls. It runs one job at a time; the waiting coroutine
/// is resumed on its own executor.
///
/// ```text
///             | run()       | thread is free   | job is done          | frame is destroyed
/// idle        | -> queued   | idle()           |                      |
/// queued      |             | -> running       |                      | -> idle
/// running     |             |                  | -> idle, resumes     | interrupts, waits, -> idle
/// ```
///
/// `stop()` lets the thread finish the job that is queued or running, and ends it.
///
/// Invariants: `next_` and `current_` are never both set; the thread uses a job only while it is
/// one of them; the thread owns no object whose destructor calls `stop()`, since a thread cannot
/// join itself.
class worker : public std::enable_shared_from_this<worker> {
public:
    /// @param idle  Called on the thread before each job and after `wake()`.
    worker(interrupter& by, std::function<void()> idle);
    worker(const worker&) = delete;
    worker& operator=(const worker&) = delete;
    ~worker();

    /// Starts the thread. @throws std::system_error  The system's limit of threads is reached.
    void start();

    /// Runs a job on the thread, and waits for it without blocking the caller's thread.
    ///
    /// REQUIRES: no other job is under way, and `stop()` was not called; nothing would run the job.
    ///
    /// Cancellation: interrupts the job, and waits for its end.
    [[nodiscard]] static awaitable<void> run(std::shared_ptr<worker> self, job& what);

    /// Makes the thread call `idle` soon.
    void wake() noexcept;

    /// Ends the thread and waits for it. A job that is queued is still run.
    ///
    /// REQUIRES: not called by the thread itself.
    void stop() noexcept;

private:
    /// Calls `leave()` at the end of the coroutine that waits for a job, however it ends.
    class leave_guard;

    /// Queues a job.
    void post(job& what) noexcept;

    /// Ensures that the thread does not use a job any more: removes it from the queue, or
    /// interrupts it and waits for its end. Blocks the caller's thread only when a running job's
    /// coroutine is destroyed.
    void leave(job& what) noexcept;

    /// The function of the thread.
    void work() noexcept;

    /// Runs the queued job. Holds `lock` at its beginning and end, but not while the job runs.
    void run_current(std::unique_lock<std::mutex>& lock) noexcept;

    interrupter& interrupter_;
    std::function<void()> idle_;
    std::mutex mutex_;  ///< Guards the members below, and the private ones of a job.
    std::condition_variable changed_;
    job* next_ = nullptr;     ///< Queued.
    job* current_ = nullptr;  ///< Running.
    bool is_woken_ = false;
    bool is_stopping_ = false;
    std::thread thread_;
};

}  // namespace gino::sqlite
