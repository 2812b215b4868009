// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <functional>
#include <memory>
#include <source_location>

/// The connection in context.
///
/// A scope says which connection an engine's verbs use within some coroutines. It is carried by the
/// executor of the coroutine, so it goes along through awaits, timers, sockets, `&&`, `||`, strands
/// and `co_spawn` on the present executor, and does not follow what is spawned elsewhere. Nothing
/// can push onto the scope of a coroutine that runs.
namespace gino::detail {

class connection_state;
class engine_state;

/// One scope. Its connection is lazy: it is borrowed by the first statement.
struct scope {
    std::shared_ptr<const scope> parent;
    std::shared_ptr<engine_state> engine;
    /// Null: a fork, which hides the scopes above it.
    std::shared_ptr<connection_state> connection;
};

/// Returns the connection of the innermost scope of `engine`, or null.
///
/// @throws state_error  That scope has ended.
[[nodiscard]] std::shared_ptr<connection_state> scoped_connection(
    const boost::asio::any_io_executor& executor, const engine_state& engine
);

/// Runs `body` in a new scope of `engine` and ends it, on every path.
///
/// @param where  Who borrows, for reports of leaks.
[[nodiscard]] awaitable<void> run_in_scope(
    std::shared_ptr<engine_state> engine,
    std::function<awaitable<void>(connection_state&)> body,
    std::source_location where
);

/// Runs `body` where no scope is seen.
[[nodiscard]] awaitable<void> run_without_scope(std::function<awaitable<void>()> body);

}  // namespace gino::detail
