// SPDX-License-Identifier: BSD-3-Clause
#include "driver/pending_waiters.hpp"

#include <boost/asio/associated_cancellation_slot.hpp>
#include <boost/asio/execution/outstanding_work.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/prefer.hpp>

#include <utility>

namespace gino::detail {

namespace asio = boost::asio;

namespace {

/// A service that shuts `pending_waiters` down together with its context.
class shutdown_service : public asio::execution_context::service {
public:
    using key_type = shutdown_service;

    static asio::execution_context::id id;

    explicit shutdown_service(asio::execution_context& context)
        : service(context), calls(std::make_shared<pending_waiters>()) {}

    const std::shared_ptr<pending_waiters> calls;

private:
    void shutdown() override { calls->shut_down(); }
};

asio::execution_context::id shutdown_service::id;

/// The handler that is posted: resumes a coroutine on its own executor.
struct resumption {
    asio::any_completion_handler<void()> handler;

    void operator()() {
        // A later cancellation must not reach the finished wait.
        if (auto slot = asio::get_associated_cancellation_slot(handler); slot.is_connected()) {
            slot.clear();
        }
        std::move(handler)();
    }
};

}  // namespace

std::shared_ptr<pending_waiters> pending_waiters::of(asio::execution_context& context) {
    return asio::use_service<shutdown_service>(context).calls;
}

pending_waiters::place pending_waiters::add(
    asio::any_completion_handler<void()> handler, const asio::any_io_executor& executor
) {
    const std::lock_guard lock(mutex_);
    // outstanding_work.tracked: the executor counts as work until the entry is removed.
    waiting_.push_front(
        {std::move(handler), asio::prefer(executor, asio::execution::outstanding_work.tracked)}
    );
    return waiting_.begin();
}

void pending_waiters::complete(place which) {
    const std::lock_guard lock(mutex_);
    // After a shutdown the list is empty, and `which` points to a destroyed entry.
    if (is_shut_down_) {
        return;
    }
    std::list<call> done;
    done.splice(done.begin(), waiting_, which);
    // Under the lock: the context cannot shut down between the check and the post.
    call& ready = done.front();
    post(ready.executor, std::move(ready.handler));
}

void pending_waiters::post(
    const asio::any_io_executor& executor, asio::any_completion_handler<void()> handler
) {
    asio::post(executor, resumption{std::move(handler)});
}

void pending_waiters::shut_down() {
    // Destroyed at the end of the function, without the lock.
    std::list<call> abandoned;
    {
        const std::lock_guard lock(mutex_);
        is_shut_down_ = true;
        abandoned.swap(waiting_);
    }
}

}  // namespace gino::detail
