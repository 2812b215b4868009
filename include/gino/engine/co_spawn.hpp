// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/engine/engine.hpp>

#include <boost/asio/co_spawn.hpp>

#include <functional>
#include <memory>
#include <source_location>
#include <type_traits>
#include <utility>

namespace gino {

namespace detail {

/// Runs `f` in a new scope of `engine`. Owns `f`.
template <class F>
[[nodiscard]] awaitable<void> spawned(
    std::shared_ptr<engine_state> engine, F f, std::source_location where
) {
    std::function<awaitable<void>(connection_state&)> body = [&f](connection_state& /*unused*/) {
        return f();
    };
    co_await run_in_scope(std::move(engine), std::move(body), where);
}

}  // namespace detail

/// Starts a coroutine in a scope of its own, beside its caller: verbs of `on` within it share one
/// lazy connection.
///
/// The first statement borrows the connection; it is given back when the coroutine ends. The scope
/// of the caller is not visible for `on`.
///
/// @param executor  Runs the coroutine.
/// @param on        An engine; `db.bind()` returns that of a database. Copied.
/// @param f         A function that returns `awaitable<void>`. Moved in; lives as long as the
///                  coroutine.
/// @param token     A completion token for `void(std::exception_ptr)`: called or resumed when the
///                  coroutine has ended, with the exception of `f`, or null.
/// @param where     The borrowing place, for `engine_hooks::leaked` and messages of `pool_timeout`.
/// @return The result of the token: nothing for `boost::asio::detached`, an awaitable for
///         `boost::asio::use_awaitable`.
///
/// Cancellation: by the cancellation slot of the token, as for Asio's `co_spawn`.
template <class F, class CompletionToken>
auto co_spawn(
    const boost::asio::any_io_executor& executor,
    const engine& on,
    F f,
    CompletionToken&& token,
    std::source_location where = std::source_location::current()
) {
    return boost::asio::co_spawn(
        executor,
        detail::spawned(on.state(), std::move(f), where),
        std::forward<CompletionToken>(token)
    );
}

namespace detail {

/// Runs `f` in a fork. Owns `f`.
template <class F>
[[nodiscard]] awaitable<void> run_forked(F f) {
    std::function<awaitable<void>()> body = [&f] { return f(); };
    co_await run_without_scope(std::move(body));
}

}  // namespace detail

/// Runs `f()` outside of all current scopes: verbs of engines within `f` borrow connections of
/// their own and are in no transaction of the caller.
///
/// The caller waits for `f`. A pool needs a second connection meanwhile if the caller holds one.
///
/// @param f     Returns `awaitable<void>`. Copied, or moved from. With GCC 12, a lambda that is
///              written in place must not capture objects by value that own memory (docs/gcc12.md).
/// @throws ...  Any exception of `f`.
template <class F>
[[nodiscard]] awaitable<void> fork_scope(F&& f) {
    detail::check_written_in_place<F>();
    return detail::run_forked<std::decay_t<F>>(std::forward<F>(f));
}

}  // namespace gino
