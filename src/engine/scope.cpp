// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/engine/scope.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <exception>
#include <source_location>
#include <utility>

#include "engine/cancellation.hpp"
#include "engine/connection_state.hpp"

namespace gino::detail {

namespace asio = boost::asio;

const std::shared_ptr<const scope>* find_scope(const asio::any_io_executor& executor) noexcept {
    if (const auto* carrier = executor.target<context_executor>()) {
        return &carrier->carried();
    }
    if (const auto* strand = executor.target<asio::strand<asio::any_io_executor>>()) {
        const auto inner = strand->get_inner_executor();
        const auto* carrier = inner.target<context_executor>();
        return carrier != nullptr ? &carrier->carried() : nullptr;
    }
    return nullptr;
}

std::shared_ptr<connection_state> scoped_connection(
    const asio::any_io_executor& executor, const engine_state& engine
) {
    const auto* innermost = find_scope(executor);
    const scope* at = innermost != nullptr ? innermost->get() : nullptr;
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

// The executor without the scope that it carries, if any.
asio::any_io_executor plain(const asio::any_io_executor& executor) {
    const auto* carrier = executor.target<context_executor>();
    return carrier != nullptr ? carrier->inner() : executor;
}

std::shared_ptr<const scope> carried_by(const asio::any_io_executor& executor) {
    const auto* found = find_scope(executor);
    return found != nullptr ? *found : nullptr;
}

awaitable<void> run_on(asio::any_io_executor executor, awaitable<void> body) {
    co_await asio::co_spawn(executor, std::move(body), asio::use_awaitable);
}

}  // namespace

awaitable<void> run_in_scope(
    std::shared_ptr<engine_state> engine, std::function<awaitable<void>(connection_state&)> body
) {
    co_await throw_if_cancelled();
    const auto executor = co_await asio::this_coro::executor;
    auto connection = std::make_shared<connection_state>(engine, std::source_location::current());
    auto inner = std::make_shared<scope>();
    inner->parent = carried_by(executor);
    inner->engine = engine;
    inner->connection = connection;
    asio::any_io_executor carrier = context_executor(plain(executor), std::move(inner));
    std::exception_ptr failure;
    try {
        co_await run_on(std::move(carrier), body(*connection));
    } catch (...) {
        failure = std::current_exception();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        connection->release_later();
    } else if (!connection->is_released()) {
        co_await connection->release(true);
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> run_without_scope(std::function<awaitable<void>()> body) {
    const auto executor = co_await asio::this_coro::executor;
    auto fork = std::make_shared<scope>();
    asio::any_io_executor carrier = context_executor(plain(executor), std::move(fork));
    co_await run_on(std::move(carrier), body());
}

}  // namespace gino::detail
