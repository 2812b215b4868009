// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <list>
#include <memory>
#include <mutex>

namespace gino::detail {

/// The coroutines of one execution context that wait for an event outside of it, from another
/// coroutine or thread.
///
/// The event may happen after their context was destroyed. The context therefore has a list of the
/// waiters, and destroys their coroutines when it shuts down, as it does with coroutines that wait
/// for a socket. Until then each waiter counts as work, so that the context keeps running.
///
/// Invariants: a handler is completed at most once, by being posted to its own executor, and only
/// before the context shuts down; the mutex is held while it is posted, and not while a coroutine
/// is destroyed, whose destructors may use this object.
///
/// Thread safety: any thread.
class pending_waiters {
public:
    /// The handler of a waiting coroutine.
    struct call {
        boost::asio::any_completion_handler<void()> handler;
        boost::asio::any_io_executor executor;  ///< Counted as work while the call waits.
    };

    using place = std::list<call>::iterator;

    /// Returns the waiters of a context. The object may outlive its context.
    [[nodiscard]] static std::shared_ptr<pending_waiters> of(boost::asio::execution_context& context
    );

    /// Adds a waiter. The place is valid until `complete()` or the shutdown.
    ///
    /// @param executor  The executor that is associated with the handler.
    [[nodiscard]] place add(
        boost::asio::any_completion_handler<void()> handler,
        const boost::asio::any_io_executor& executor
    );

    /// Resumes the coroutine, unless the context has shut down.
    void complete(place which);

    /// Resumes a coroutine that was not added.
    static void post(
        const boost::asio::any_io_executor& executor,
        boost::asio::any_completion_handler<void()> handler
    );

    /// Destroys the waiting coroutines. Called by the context's shutdown.
    void shut_down();

private:
    std::mutex mutex_;
    std::list<call> waiting_;
    bool is_shut_down_ = false;
};

}  // namespace gino::detail
