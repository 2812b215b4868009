// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/cancel_request.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <chrono>
#include <exception>
#include <utility>

#include "driver/guarded_timer.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;

awaitable<void> send_cancel_request(asio::any_io_executor executor, cancel_target target) {
    socket apart(executor);
    apart.set_name(target.host.name());
    const auto end = std::chrono::steady_clock::now() + target.options->cancel_patience;
    const detail::guarded_timer deadline(executor, end, [&apart] { apart.interrupt(); });
    co_await apart.connect(target.peer, *target.options);
    if (target.is_encrypted) {
        const bool is_offered = co_await apart.start_tls(target.options->tls, target.host.host);
        if (!is_offered) {
            apart.fail("it had TLS before");
        }
    }
    protocol::write_cancel_request(apart.out(), target.key.process, target.key.secret);
    co_await apart.flush();
    co_await apart.wait_for_end();
}

void canceller::enter(phase next) {
    const std::lock_guard lock(mutex_);
    phase_ = next;
    ++calls_;
    if (passed_on_ != nullptr) {
        passed_on_.reset();
        grace_time_.cancel();
    }
}

bool canceller::is_requested() noexcept {
    const std::lock_guard lock(mutex_);
    return passed_on_ != nullptr;
}

void canceller::detach() noexcept {
    const std::lock_guard lock(mutex_);
    socket_ = nullptr;
}

void canceller::cut() noexcept {
    if (socket_ != nullptr) {
        socket_->interrupt();
    }
}

bool canceller::request() noexcept {
    const std::lock_guard lock(mutex_);
    if (phase_ == phase::winding_up) {
        cut();
    }
    if (phase_ != phase::in_call) {
        return false;
    }
    if (passed_on_ == nullptr) {
        try {
            passed_on_ = std::make_shared<detail::one_shot_event>();
            start_grace_time();
            auto sending = run(shared_from_this(), target_, passed_on_, calls_);
            asio::co_spawn(executor_, std::move(sending), asio::detached);
        } catch (...) {
            cut();  // no memory for asking
        }
    }
    return true;
}

void canceller::start_grace_time() {
    grace_time_.expires_after(target_.options->cancel_patience);
    grace_time_.async_wait([self = shared_from_this(),
                            call = calls_](const boost::system::error_code& failure) {
        const std::lock_guard lock(self->mutex_);
        if (!failure && self->calls_ == call) {
            self->cut();
        }
    });
}

awaitable<void> canceller::run(
    std::shared_ptr<canceller> self,
    cancel_target target,
    std::shared_ptr<detail::one_shot_event> passed_on,
    std::uint64_t call
) {
    bool is_sent = false;
    try {
        co_await send_cancel_request(self->executor_, std::move(target));
        is_sent = true;
    } catch (const std::exception&) {
        // The server cannot be asked: only the end of the connection tells it.
    }
    if (!is_sent) {
        const std::lock_guard lock(self->mutex_);
        if (self->calls_ == call) {
            self->cut();
        }
    }
    passed_on->notify();
}

awaitable<void> canceller::settle() {
    std::unique_lock lock(mutex_);
    const auto passed_on = passed_on_;
    lock.unlock();
    if (passed_on != nullptr) {
        co_await detail::one_shot_event::wait(passed_on, [] {});
    }
}

}  // namespace gino::postgresql
