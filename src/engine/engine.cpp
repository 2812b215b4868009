// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/engine.hpp>

#include <boost/asio/this_coro.hpp>

#include <charconv>
#include <exception>
#include <utility>

#include "engine/cancellation.hpp"
#include "engine/connection_state.hpp"
#include "engine/driver_registry.hpp"
#include "engine/engine_state.hpp"

namespace gino {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

std::size_t size_of(const std::string& name, const std::string& text) {
    std::size_t size = 0;
    const auto [end, failure] = std::from_chars(text.data(), text.data() + text.size(), size);
    if (failure != std::errc() || end != text.data() + text.size()) {
        throw argument_error(
            errc::invalid_url, "the URL's parameter \"" + name + "\" has to be a number"
        );
    }
    return size;
}

// Takes the pool's parameters out of a URL; the rest is the driver's.
void take_pool_parameters(url& where, pool_options& pool) {
    std::erase_if(where.parameters, [&](const auto& parameter) {
        if (parameter.first == "pool_min_size") {
            pool.min_size = size_of(parameter.first, parameter.second);
            return true;
        }
        if (parameter.first == "pool_max_size") {
            pool.max_size = size_of(parameter.first, parameter.second);
            return true;
        }
        return false;
    });
}

}  // namespace

awaitable<engine> create_engine(std::string where, engine_options options) {
    url parsed(where);
    auto opened = co_await create_engine(std::move(parsed), std::move(options));
    co_return opened;
}

awaitable<engine> create_engine(url where, engine_options options) {
    const auto registration = detail::find_driver(where.scheme);
    take_pool_parameters(where, options.pool);
    auto opener = registration.make_driver(where);
    const auto executor = co_await asio::this_coro::executor;
    auto state =
        std::make_shared<detail::engine_state>(*registration.written_by, std::move(options));
    co_await state->open(executor, std::move(opener));
    co_return engine(std::move(state));
}

awaitable<connection> engine::acquire(acquire_options options, std::source_location where) {
    auto state = state_;
    if (options.reuse) {
        const auto executor = co_await asio::this_coro::executor;
        if (auto scoped = detail::scoped_connection(executor, *state)) {
            if (!options.lazy) {
                co_await scoped->borrow(options.timeout);
            }
            co_return connection(std::move(scoped), true);
        }
    }
    auto fresh = std::make_shared<detail::connection_state>(state, where);
    if (!options.lazy) {
        co_await fresh->borrow(options.timeout);
    }
    co_return connection(std::move(fresh), false);
}

awaitable<gino::transaction> engine::transaction(transaction_options options) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    auto scoped = detail::scoped_connection(executor, *state);
    const bool owns = scoped == nullptr;
    if (owns) {
        scoped = std::make_shared<detail::connection_state>(state, std::source_location::current());
    }
    const auto mark = co_await scoped->begin(options);
    co_return gino::transaction(std::move(scoped), mark.depth, mark.serial, owns);
}

awaitable<void> engine::run_with_connection(
    std::shared_ptr<detail::engine_state> state, std::function<awaitable<void>(connection&)> body
) {
    std::function<awaitable<void>(detail::connection_state&)> in_scope =
        [&body](detail::connection_state& scoped) -> awaitable<void> {
        // Not a reusing handle: whoever holds it may give the connection back early.
        connection handle(scoped.shared_from_this(), false);
        std::exception_ptr failure;
        try {
            co_await body(handle);
        } catch (...) {
            failure = std::current_exception();
        }
        try {
            if (!handle.is_released()) {
                co_await handle.release();
            }
        } catch (const gino::error&) {
            // Cancelled: the destructor gives it back without waiting.
        }
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    };
    co_await detail::run_in_scope(std::move(state), std::move(in_scope));
}

awaitable<void> engine::run_transaction(
    std::shared_ptr<detail::engine_state> state,
    std::function<awaitable<void>(gino::transaction&)> body
) {
    std::function<awaitable<void>(detail::connection_state&)> in_scope =
        [&body](detail::connection_state& scoped) -> awaitable<void> {
        const auto mark = co_await scoped.begin({});
        gino::transaction handle(scoped.shared_from_this(), mark.depth, mark.serial, false);
        co_await body(handle);
        if (handle.is_active()) {
            co_await handle.commit();
        }
    };
    co_await detail::run_in_scope(std::move(state), std::move(in_scope));
}

awaitable<void> engine::close() {
    auto state = state_;
    co_await state->connections()->close();
}

bool engine::is_closed() const noexcept {
    return state_->connections()->is_closed();
}

pool_statistics engine::statistics() const {
    return state_->connections()->statistics();
}

const gino::dialect& engine::dialect() const noexcept {
    return state_->written_by();
}

std::string engine::description() const {
    return state_->connections()->description();
}

compiled_statement engine::compile(const statement_base& statement) const {
    detail::prepared_execution ready;
    const detail::execution what{.statement = &statement};
    state_->prepare(what, ready);
    compiled_statement made{.sql = ready.text->text, .parameters = {}};
    for (const auto& one : ready.parameters) {
        made.parameters.push_back(*one.bound);
    }
    return made;
}

awaitable<gino::status> engine::run(detail::execution what, driver::row_sink& sink) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    if (auto scoped = detail::scoped_connection(executor, *state)) {
        auto done = co_await scoped->run(what, sink);
        co_return done;
    }
    // A connection for this statement alone.
    const auto options = what.statement->options().or_else(state->options().execution);
    const auto deadline = detail::deadline_of(options);
    detail::prepared_execution ready;
    state->prepare(what, ready);
    auto borrowed = co_await state->connections()->acquire(
        options.timeout.value_or(0ms), std::source_location::current()
    );
    gino::status done;
    std::exception_ptr failure;
    try {
        done = co_await state->execute(
            *borrowed->raw, ready, sink, deadline, options.timeout.value_or(0ms)
        );
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        detail::pool::give_back_later(state->connections(), std::move(borrowed));
        std::rethrow_exception(failure);
    }
    co_await detail::pool::give_back(state->connections(), std::move(borrowed));
    co_return done;
}

awaitable<detail::open_cursor> engine::open_cursor(const statement_base& statement) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    auto scoped = detail::scoped_connection(executor, *state);
    if (scoped == nullptr) {
        throw state_error(
            errc::wrong_state,
            "iterate(): there is no connection in context that the cursor could live on; use a "
            "connection, a transaction, or a scope (with_connection())"
        );
    }
    auto opened = co_await scoped->open(statement);
    co_return opened;
}

}  // namespace gino
