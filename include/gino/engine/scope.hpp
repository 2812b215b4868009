// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <source_location>

/// Scopes: the connection that an engine's verbs use within some coroutines.
///
/// A scope is carried by the executor of the coroutine. So it follows awaits, timers, sockets,
/// `&&`, `||`, strands and `co_spawn` on the present executor; it does not follow a coroutine that
/// is spawned on another executor. The scope of a running coroutine cannot be replaced: a new scope
/// begins with a new coroutine.
namespace gino::detail {

class connection_state;
class engine_state;

/// One scope. Its connection is lazy: the first statement borrows it.
struct scope {
    std::shared_ptr<const scope> parent;   ///< The scope around it; null: none.
    std::shared_ptr<engine_state> engine;  ///< The engine whose verbs use the connection.
    /// The shared connection. Null: a fork, which hides the scopes above it.
    std::shared_ptr<connection_state> connection;
};

/// Returns the connection of the innermost scope of `engine` that `executor` carries; null when
/// there is none, or a fork hides it.
///
/// @throws state_error  `errc::closed`: that scope has ended, or its connection was released.
[[nodiscard]] std::shared_ptr<connection_state> scoped_connection(
    const boost::asio::any_io_executor& executor, const engine_state& engine
);

/// Runs `body` in a new scope of `engine`, and ends the scope when `body` returns or throws.
///
/// It waits until the connection was given back and reset. A cancelled coroutine does not wait for
/// that.
///
/// @param where  The borrowing place, for reports of leaks.
[[nodiscard]] awaitable<void> run_in_scope(
    std::shared_ptr<engine_state> engine,
    std::function<awaitable<void>(connection_state&)> body,
    std::source_location where
);

/// Runs `body` in a fork, in which no scope is visible.
[[nodiscard]] awaitable<void> run_without_scope(std::function<awaitable<void>()> body);

}  // namespace gino::detail
