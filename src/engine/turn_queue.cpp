// SPDX-License-Identifier: BSD-3-Clause
#include "engine/turn_queue.hpp"

#include <boost/asio/this_coro.hpp>

#include "engine/cancellation.hpp"

namespace gino::detail {

turn_queue::turn turn_queue::try_take() noexcept {
    const std::lock_guard lock(mutex_);
    if (is_taken_) {
        return {};
    }
    is_taken_ = true;
    return turn(*this);
}

// Returns true when the turn has come at once.
bool turn_queue::line_up(waiter& me) {
    me.wake = std::make_shared<one_shot>();
    const std::lock_guard lock(mutex_);
    if (is_taken_) {
        waiters_.push_back(me);
    } else {
        is_taken_ = true;
        me.has_turn = true;
    }
    return me.has_turn;
}

void turn_queue::leave(waiter& me) noexcept {
    bool has_turn = false;
    {
        const std::lock_guard lock(mutex_);
        if (me.is_linked()) {
            waiters_.erase(waiters_.iterator_to(me));
        }
        has_turn = me.has_turn;
    }
    if (has_turn) {
        pass_on();
    }
}

void turn_queue::pass_on() noexcept {
    std::shared_ptr<one_shot> wake;
    {
        const std::lock_guard lock(mutex_);
        if (waiters_.empty()) {
            is_taken_ = false;
            return;
        }
        waiter& next = waiters_.front();
        waiters_.pop_front();
        next.has_turn = true;
        wake = next.wake;
    }
    try {
        wake->notify();
    } catch (...) {
        // No memory to resume it.
    }
}

awaitable<turn_queue::turn> turn_queue::take(
    std::shared_ptr<deadline_queue> deadlines, std::optional<deadline::time_point> until
) {
    throw_if_cancelled(co_await boost::asio::this_coro::cancellation_state);
    waiter me(*this);
    if (!line_up(me)) {
        deadline patience;
        if (until) {
            auto expire = [this, &me] {
                std::shared_ptr<one_shot> wake;
                {
                    const std::lock_guard lock(mutex_);
                    if (me.has_turn) {
                        return;
                    }
                    me.timed_out = true;
                    waiters_.erase(waiters_.iterator_to(me));
                    wake = me.wake;
                }
                wake->notify();
            };
            patience.arm(std::move(deadlines), *until, std::move(expire));
        }
        co_await one_shot::wait(me.wake);
    }
    const std::lock_guard lock(mutex_);
    if (me.has_turn) {
        me.has_turn = false;
        co_return turn(*this);
    }
    if (!me.timed_out) {
        throw_cancelled("waiting for other statements on a connection");
    }
    co_return turn();
}

}  // namespace gino::detail
