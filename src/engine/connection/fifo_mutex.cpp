// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connection/fifo_mutex.hpp"

#include <boost/asio/this_coro.hpp>

#include "engine/timing/cancellation.hpp"

namespace gino::detail {

fifo_mutex::lock fifo_mutex::try_acquire() noexcept {
    const std::lock_guard guard(mutex_);
    if (is_locked_) {
        return {};
    }
    is_locked_ = true;
    return lock(*this);
}

// Returns true when the mutex was free and is owned by `me` now.
bool fifo_mutex::line_up(waiter& me) {
    me.wake = std::make_shared<one_shot_event>();
    const std::lock_guard guard(mutex_);
    if (is_locked_) {
        waiters_.push_back(me);
    } else {
        is_locked_ = true;
        me.has_lock = true;
    }
    return me.has_lock;
}

// Called by the destructor of a waiter, also when its coroutine is destroyed while it waits. A lock
// that arrived meanwhile is passed on after mutex_ was released, since pass_on() locks it again.
void fifo_mutex::leave(waiter& me) noexcept {
    bool has_lock = false;
    {
        const std::lock_guard guard(mutex_);
        if (me.is_linked()) {
            waiters_.erase(waiters_.iterator_to(me));
        }
        has_lock = me.has_lock;
    }
    if (has_lock) {
        pass_on();
    }
}

// The new owner is decided under mutex_; it is notified outside of it, because notify() may post.
void fifo_mutex::pass_on() noexcept {
    std::shared_ptr<one_shot_event> wake;
    {
        const std::lock_guard guard(mutex_);
        if (waiters_.empty()) {
            is_locked_ = false;
            return;
        }
        waiter& next = waiters_.front();
        waiters_.pop_front();
        next.has_lock = true;
        wake = next.wake;
    }
    try {
        wake->notify();
    } catch (...) {
        // No memory to resume the next owner.
    }
}

// Deadline and lock race for the waiter: whichever comes first under mutex_ decides. The deadline
// is an inner object of the wait, so that it is disarmed before `me` ends.
awaitable<fifo_mutex::lock> fifo_mutex::acquire(
    std::shared_ptr<deadline_queue> deadlines, std::optional<deadline::time_point> until
) {
    throw_if_cancelled(co_await boost::asio::this_coro::cancellation_state);
    waiter me(*this);
    if (!line_up(me)) {
        deadline timeout;
        if (until) {
            auto expire = [this, &me] {
                std::shared_ptr<one_shot_event> wake;
                {
                    const std::lock_guard guard(mutex_);
                    if (me.has_lock) {
                        return;
                    }
                    me.timed_out = true;
                    waiters_.erase(waiters_.iterator_to(me));
                    wake = me.wake;
                }
                wake->notify();
            };
            timeout.arm(std::move(deadlines), *until, std::move(expire));
        }
        co_await one_shot_event::wait(me.wake);
    }
    const std::lock_guard guard(mutex_);
    if (me.has_lock) {
        me.has_lock = false;
        co_return lock(*this);
    }
    if (!me.timed_out) {
        throw_cancelled("waiting for other statements on a connection");
    }
    co_return lock();
}

}  // namespace gino::detail
