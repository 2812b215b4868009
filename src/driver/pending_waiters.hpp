// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/any_completion_handler.hpp>
#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/execution_context.hpp>

#include <list>
#include <memory>
#include <mutex>

namespace gino::detail {

/// The coroutines of one execution context that wait for something outside of it: another
/// coroutine, a thread.
///
/// Who wakes them may do so when their context is gone. The context therefore knows who waits, and
/// lets go of them when it shuts down: their coroutines are destroyed, as those that wait for a
/// socket are. Until then they count as work, so that the context keeps running.
///
/// Invariants: a handler is completed at most once, by being posted to its own executor, and only
/// while the context lives; the mutex is held while it is posted, never while one is destroyed.
///
/// Thread safety: any thread.
class pending_waiters {
public:
    struct call {
        boost::asio::any_completion_handler<void()> handler;
        boost::asio::any_io_executor executor;  ///< Counted as work while the call waits.
    };

    using place = std::list<call>::iterator;

    /// Returns those of a context. They outlive it as long as somebody holds them.
    [[nodiscard]] static std::shared_ptr<pending_waiters> of(boost::asio::execution_context& context
    );

    /// @param executor  The one that is associated with the handler.
    [[nodiscard]] place add(
        boost::asio::any_completion_handler<void()> handler,
        const boost::asio::any_io_executor& executor
    );

    /// Wakes the coroutine, unless the context has shut down.
    void complete(place which);

    /// Wakes a coroutine that does not wait yet.
    static void post(
        const boost::asio::any_io_executor& executor,
        boost::asio::any_completion_handler<void()> handler
    );

    /// Destroys those who wait.
    void shut_down();

private:
    std::mutex mutex_;
    std::list<call> waiting_;
    bool is_shut_down_ = false;
};

}  // namespace gino::detail
