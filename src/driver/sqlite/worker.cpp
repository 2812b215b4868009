// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/worker.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <pthread.h>
#include <utility>

namespace gino::sqlite {

namespace asio = boost::asio;

void job::check() {
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
    if (wrong) {
        raise(std::move(*wrong));
    }
}

class worker::leave_guard {
public:
    leave_guard(worker& from, job& what) noexcept : from_(from), what_(what) {}

    leave_guard(const leave_guard&) = delete;
    leave_guard& operator=(const leave_guard&) = delete;

    ~leave_guard() { from_.leave(what_); }

private:
    worker& from_;
    job& what_;
};

worker::worker(interrupter& by, std::function<void()> idle)
    : interrupter_(by), idle_(std::move(idle)) {}

worker::~worker() {
    stop();
}

void worker::start() {
    // A new thread inherits the signal mask of its creator. With all signals blocked, the program's
    // signal handlers run on the program's own threads only.
    sigset_t all;
    sigset_t before;
    sigfillset(&all);
    pthread_sigmask(SIG_SETMASK, &all, &before);
    try {
        thread_ = std::thread([this] { work(); });
    } catch (...) {
        pthread_sigmask(SIG_SETMASK, &before, nullptr);
        throw;
    }
    pthread_sigmask(SIG_SETMASK, &before, nullptr);
}

awaitable<void> worker::run(std::shared_ptr<worker> self, job& what) {
    const leave_guard guard(*self, what);
    auto initiate = [self, &what](auto handler) {
        // The coroutine may be resumed, and its frame with this lambda destroyed, before this
        // function returns: another thread may run its executor.
        const auto keep = self;  // NOLINT(performance-unnecessary-copy-initialization)
        const asio::any_io_executor executor = asio::get_associated_executor(handler);
        asio::any_completion_handler<void()> erased(std::move(handler));
        // any_completion_handler takes over the cancellation slot of the handler that it erases, so
        // the slot is read from the erased handler.
        auto slot = asio::get_associated_cancellation_slot(erased);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr<worker>(keep)](asio::cancellation_type /*type*/) {
                if (const auto alive = weak.lock()) {
                    alive->interrupter_.interrupt();
                }
            });
        }
        // Before post(): the thread may finish the job at once, and completes this waiter then.
        what.waits_in_ =
            detail::pending_waiters::of(asio::query(executor, asio::execution::context));
        what.waiting_ = what.waits_in_->add(std::move(erased), executor);
        keep->post(what);
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        std::move(initiate), asio::use_awaitable
    );
}

void worker::post(job& what) noexcept {
    const std::lock_guard lock(mutex_);
    what.is_done_ = false;
    next_ = &what;
    changed_.notify_all();
}

void worker::leave(job& what) noexcept {
    std::unique_lock lock(mutex_);
    if (next_ == &what) {
        next_ = nullptr;
        what.is_done_ = true;
    }
    if (!what.is_done_) {
        // The frame is being destroyed while the thread uses the job in it. The interrupter takes
        // its own mutex under this one, never the other way round.
        interrupter_.interrupt();
        changed_.wait(lock, [&what] { return what.is_done_; });
    }
}

void worker::wake() noexcept {
    const std::lock_guard lock(mutex_);
    is_woken_ = true;
    changed_.notify_all();
}

void worker::stop() noexcept {
    {
        const std::lock_guard lock(mutex_);
        is_stopping_ = true;
        changed_.notify_all();
    }
    if (thread_.joinable()) {
        thread_.join();
    }
}

void worker::work() noexcept {
    pthread_setname_np(pthread_self(), "gino-sqlite");
    std::unique_lock lock(mutex_);
    while (true) {
        changed_.wait(lock, [this] { return next_ != nullptr || is_woken_ || is_stopping_; });
        is_woken_ = false;
        // Queued jobs come before the end: a coroutine waits for each.
        if (next_ != nullptr) {
            run_current(lock);
        } else if (is_stopping_) {
            return;
        } else {
            lock.unlock();
            idle_();
            lock.lock();
        }
    }
}

void worker::run_current(std::unique_lock<std::mutex>& lock) noexcept {
    job& what = *std::exchange(next_, nullptr);
    current_ = &what;
    lock.unlock();
    idle_();  // abandoned statements end first: they may hold locks
    try {
        what.wrong = what.run();
    } catch (...) {
        what.failure = std::current_exception();
    }
    lock.lock();
    // Once is_done_ is true and the mutex unlocked, leave() returns and the frame with the job may
    // be destroyed. Everything that is needed afterwards is copied before.
    const auto waits_in = std::move(what.waits_in_);
    const auto waiting = what.waiting_;
    current_ = nullptr;
    what.is_done_ = true;
    changed_.notify_all();
    lock.unlock();
    // Does nothing when the context of the coroutine has shut down meanwhile.
    if (waiting) {
        waits_in->complete(*waiting);
    }
    lock.lock();
}

}  // namespace gino::sqlite
