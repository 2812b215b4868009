// SPDX-License-Identifier: BSD-3-Clause
#include "driver/one_shot_event.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/associated_executor.hpp>
#include <boost/asio/execution/context.hpp>
#include <boost/asio/query.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <utility>

namespace gino::detail {

namespace asio = boost::asio;

awaitable<void> one_shot_event::wait(
    std::shared_ptr<one_shot_event> self, std::function<void()> on_cancel
) {
    auto initiate = [self, on_cancel = std::move(on_cancel)](auto awaiting) {
        // The coroutine may be resumed, and its frame with this lambda destroyed, before this
        // function returns: another thread may run its executor.
        const auto keep = self;  // NOLINT(performance-unnecessary-copy-initialization)
        const asio::any_io_executor executor = asio::get_associated_executor(awaiting);
        asio::any_completion_handler<void()> handler(std::move(awaiting));
        // any_completion_handler takes over the cancellation slot of the handler that it erases, so
        // the slot is read from the erased handler.
        auto slot = asio::get_associated_cancellation_slot(handler);
        if (slot.is_connected()) {
            // Weak: the slot must not keep the event alive.
            slot.assign([weak = std::weak_ptr<one_shot_event>(keep),
                         on_cancel](asio::cancellation_type /*type*/) {
                if (on_cancel) {
                    on_cancel();
                } else if (auto alive = weak.lock()) {
                    alive->notify();
                }
            });
        }
        // Posted, not called: a coroutine must not be resumed within its own initiation.
        if (!keep->add(handler, executor)) {
            pending_waiters::post(executor, std::move(handler));
        }
    };
    co_await asio::async_initiate<const asio::use_awaitable_t<>&, void()>(
        std::move(initiate), asio::use_awaitable
    );
}

bool one_shot_event::add(
    asio::any_completion_handler<void()>& handler, const asio::any_io_executor& executor
) {
    const std::lock_guard lock(mutex_);
    if (notified_) {
        return false;
    }
    waits_in_ = pending_waiters::of(asio::query(executor, asio::execution::context));
    place_ = waits_in_->add(std::move(handler), executor);
    return true;
}

void one_shot_event::notify() {
    const std::lock_guard lock(mutex_);
    notified_ = true;
    if (place_) {
        waits_in_->complete(*std::exchange(place_, std::nullopt));
    }
}

}  // namespace gino::detail
