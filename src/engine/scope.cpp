// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/scope.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <utility>

#include "engine/connection/connection_state.hpp"
#include "engine/context_executor.hpp"
#include "engine/timing/cancellation.hpp"

namespace gino::detail {

namespace asio = boost::asio;

namespace {

/// The executors of an io_context have two types; the second one counts as outstanding work.
using plain_executor = asio::io_context::executor_type;
using working_executor = std::decay_t<decltype(asio::require(
    std::declval<plain_executor>(), asio::execution::outstanding_work.tracked
))>;

/// Calls `use` with the `context_executor` inside of `executor`, and returns false if there is
/// none. The types are tried in the order of likelihood: each comparison of types has a cost.
template <class Use>
bool visit_carrier(const asio::any_io_executor& executor, const Use& use) {
    if (const auto* typed = executor.target<context_executor<plain_executor>>()) {
        use(*typed);
        return true;
    }
    if (executor.target<plain_executor>() != nullptr) {
        return false;
    }
    if (const auto* any = executor.target<context_executor<asio::any_io_executor>>()) {
        use(*any);
        return true;
    }
    if (const auto* working = executor.target<context_executor<working_executor>>()) {
        use(*working);
        return true;
    }
    return false;
}

}  // namespace

asio::any_io_executor without_scope(const asio::any_io_executor& executor) {
    asio::any_io_executor plain = executor;
    visit_carrier(executor, [&plain](const auto& carrier) { plain = carrier.inner(); });
    return plain;
}

// The scope that `inner` carries is removed first, since visit_carrier() looks for one carrier
// only.
asio::any_io_executor carry(
    const asio::any_io_executor& inner, std::shared_ptr<const scope> carried
) {
    const asio::any_io_executor plain = without_scope(inner);
    if (const auto* typed = plain.target<plain_executor>()) {
        return context_executor<plain_executor>(*typed, std::move(carried));
    }
    return context_executor<asio::any_io_executor>(plain, std::move(carried));
}

// Looks through one strand of any_io_executor, since the executor of a coroutine on a strand is
// that strand and the carrier is its inner executor.
std::shared_ptr<const scope> find_scope(const asio::any_io_executor& executor) {
    std::shared_ptr<const scope> found;
    const auto take = [&found](const auto& carrier) { found = carrier.carried(); };
    if (visit_carrier(executor, take)) {
        return found;
    }
    if (const auto* strand = executor.target<asio::strand<asio::any_io_executor>>()) {
        visit_carrier(strand->get_inner_executor(), take);
    }
    return found;
}

// The loop ends at a fork, whose connection is null. It does not skip an ended scope of the engine:
// statements of a coroutine that outlives its scope must not run on an outer one by accident.
std::shared_ptr<connection_state> scoped_connection(
    const asio::any_io_executor& executor, const engine_state& engine
) {
    const auto innermost = find_scope(executor);
    const scope* at = innermost.get();
    for (; at != nullptr && at->connection != nullptr; at = at->parent.get()) {
        if (at->engine.get() != &engine) {
            continue;
        }
        if (at->connection->is_released()) {
            throw state_error(
                errc::closed,
                "the scope of this coroutine has ended, or its connection was released "
                "permanently: a coroutine that outlives its scope has to acquire a connection of "
                "its own"
            );
        }
        return at->connection;
    }
    return nullptr;
}

namespace {

// Runs a coroutine on another executor and waits for it. The executor of a running coroutine cannot
// be changed, so that a scope needs a coroutine of its own. `co_spawn` passes cancellations on.
awaitable<void> run_on(asio::any_io_executor executor, awaitable<void> body) {
    co_await asio::co_spawn(executor, std::move(body), asio::use_awaitable);
}

}  // namespace

// The scope ends when `connection` is released: coroutines that still carry it get a state_error. A
// cancelled coroutine cannot wait for the reset.
awaitable<void> run_in_scope(
    std::shared_ptr<engine_state> engine,
    std::function<awaitable<void>(connection_state&)> body,
    std::source_location where
) {
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const auto executor = co_await asio::this_coro::executor;
    auto connection = std::make_shared<connection_state>(engine, where);
    auto inner = std::make_shared<scope>();
    inner->parent = find_scope(executor);
    inner->engine = std::move(engine);
    inner->connection = connection;
    std::exception_ptr failure;
    try {
        co_await run_on(carry(executor, std::move(inner)), body(*connection));
    } catch (...) {
        failure = std::current_exception();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (is_cancelled(state)) {
        connection->release_later();
    } else if (!connection->is_released()) {
        co_await connection->release(true);
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> run_without_scope(std::function<awaitable<void>()> body) {
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const auto executor = co_await asio::this_coro::executor;
    co_await run_on(carry(executor, std::make_shared<scope>()), body());
}

}  // namespace gino::detail
