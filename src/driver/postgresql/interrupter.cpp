// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/interrupter.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <exception>
#include <utility>

namespace gino::postgresql {

namespace asio = boost::asio;

void interrupter::enter(phase next) {
    const std::lock_guard lock(mutex_);
    calls_.enter(next);
    if (passed_on_ != nullptr) {
        passed_on_.reset();
        grace_time_.cancel();
    }
}

bool interrupter::is_requested() noexcept {
    const std::lock_guard lock(mutex_);
    return calls_.current() == phase::cancelling;
}

void interrupter::detach() noexcept {
    const std::lock_guard lock(mutex_);
    bytes_ = nullptr;
}

// REQUIRES: the mutex is held.
void interrupter::cut() noexcept {
    if (bytes_ != nullptr) {
        bytes_->interrupt();
    }
}

bool interrupter::interrupt() noexcept {
    const std::lock_guard lock(mutex_);
    switch (calls_.interrupt()) {
        case sansio::call_state::interruption::cut:
            cut();
            break;
        case sansio::call_state::interruption::send_request:
            try {
                // The coroutine owns copies of all that it uses: the session may be destroyed, or
                // be in its next call, before the request is sent.
                passed_on_ = std::make_shared<detail::one_shot_event>();
                start_grace_time();
                auto sending = send(shared_from_this(), target_, passed_on_, calls_.call());
                asio::co_spawn(executor_, std::move(sending), asio::detached);
            } catch (...) {
                cut();  // no memory for a request
                if (passed_on_ != nullptr) {
                    passed_on_->notify();
                }
            }
            break;
        case sansio::call_state::interruption::none:
            break;
    }
    return calls_.current() == phase::cancelling;
}

void interrupter::start_grace_time() {
    grace_time_.expires_after(target_.options->cancel_timeout);
    grace_time_.async_wait([self = shared_from_this(),
                            call = calls_.call()](const boost::system::error_code& failure) {
        // enter() cancels the timer, but the handler may be queued already: it would cut the next
        // call without this comparison.
        const std::lock_guard lock(self->mutex_);
        if (!failure && self->calls_.is_current(call)) {
            self->cut();
        }
    });
}

awaitable<void> interrupter::send(
    std::shared_ptr<interrupter> self,
    cancel_target target,
    std::shared_ptr<detail::one_shot_event> passed_on,
    std::uint64_t call
) {
    bool is_sent = false;
    try {
        co_await send_cancel_request(self->executor_, std::move(target));
        is_sent = true;
    } catch (const std::exception&) {
        // The request cannot be sent. The connection is cut instead: the server ends the statement
        // when it notices that.
    }
    if (!is_sent) {
        const std::lock_guard lock(self->mutex_);
        if (self->calls_.is_current(call)) {
            self->cut();
        }
    }
    passed_on->notify();
}

awaitable<void> interrupter::wait_until_passed_on() {
    // Not held during the wait: a coroutine may be resumed by another thread.
    std::unique_lock lock(mutex_);
    const auto passed_on = passed_on_;
    lock.unlock();
    if (passed_on != nullptr) {
        co_await detail::one_shot_event::wait(passed_on, [] {});
    }
}

}  // namespace gino::postgresql
