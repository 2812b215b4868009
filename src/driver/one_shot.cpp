// SPDX-License-Identifier: BSD-3-Clause
#include "driver/one_shot.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace gino::detail {

namespace asio = boost::asio;

awaitable<void> one_shot::wait(std::shared_ptr<one_shot> self, std::function<void()> on_cancel) {
    auto initiate = [self, on_cancel = std::move(on_cancel)](auto handler) {
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            slot.assign([weak = std::weak_ptr<one_shot>(self),
                         on_cancel](asio::cancellation_type /*type*/) {
                if (on_cancel) {
                    on_cancel();
                } else if (auto alive = weak.lock()) {
                    alive->notify();
                }
            });
        }
        bool already = false;
        {
            const std::lock_guard lock(self->mutex_);
            self->executor_ = asio::get_associated_executor(handler);
            self->handler_.emplace(std::move(handler));
            already = self->notified_;
        }
        if (already) {
            self->notify();
        }
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        std::move(initiate), asio::use_awaitable
    );
}

void one_shot::notify() {
    std::optional<asio::any_completion_handler<void()>> handler;
    {
        const std::lock_guard lock(mutex_);
        notified_ = true;
        if (handler_) {
            // Constructed, never move-assigned: Boost 1.81 recurses without end.
            handler.emplace(std::move(*handler_));
            handler_.reset();
        }
    }
    if (handler) {
        auto slot = asio::get_associated_cancellation_slot(*handler);
        if (slot.is_connected()) {
            slot.clear();
        }
        asio::post(executor_, [ready = std::move(*handler)]() mutable { std::move(ready)(); });
    }
}

}  // namespace gino::detail
