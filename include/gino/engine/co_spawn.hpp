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

/// Runs `f` in a scope of `engine` that is its own.
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

/// Starts a coroutine in a scope of its own: one lazy connection of `on`, shared by everything in
/// it.
///
/// @param executor  Runs the coroutine.
/// @param on        An engine; `db.bind()` is a database's.
/// @param f         A function that returns `awaitable<void>`. Moved in.
/// @param token     Called, or resumed, with an `std::exception_ptr` when it is done.
/// @param where     For `engine_hooks::leaked`.
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

template <class F>
[[nodiscard]] awaitable<void> run_forked(F f) {
    std::function<awaitable<void>()> body = [&f] { return f(); };
    co_await run_without_scope(std::move(body));
}

}  // namespace detail

/// Runs `f()` outside of the present scope: verbs of engines borrow connections of their own.
///
/// @param f  Returns `awaitable<void>`. Copied, or moved from. With GCC 12, what is written in
///           place may capture by reference only.
template <class F>
[[nodiscard]] awaitable<void> fork_scope(F&& f) {
    detail::check_written_in_place<F>();
    return detail::run_forked<std::decay_t<F>>(std::forward<F>(f));
}

}  // namespace gino
