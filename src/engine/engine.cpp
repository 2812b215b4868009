// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/sqlstate.hpp>
#include <gino/engine/engine.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <array>
#include <charconv>
#include <exception>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "engine/connection/connection_state.hpp"
#include "engine/context_executor.hpp"
#include "engine/driver_registry.hpp"
#include "engine/engine_state.hpp"
#include "engine/timing/cancellation.hpp"

namespace gino {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

struct pool_parameter {
    std::string_view name;
    void (*set)(pool_options& pool, std::size_t number);
};

// Every option of a pool, as a parameter of a URL. Times are in milliseconds.
constexpr std::array pool_parameters{
    pool_parameter{"pool_min_size", [](auto& pool, auto number) { pool.min_size = number; }},
    pool_parameter{"pool_max_size", [](auto& pool, auto number) { pool.max_size = number; }},
    pool_parameter{
        "pool_acquire_timeout",
        [](auto& pool, auto number) { pool.acquire_timeout = std::chrono::milliseconds(number); }},
    pool_parameter{
        "pool_connect_timeout",
        [](auto& pool, auto number) { pool.connect_timeout = std::chrono::milliseconds(number); }},
    pool_parameter{
        "pool_idle_timeout",
        [](auto& pool, auto number) { pool.idle_timeout = std::chrono::milliseconds(number); }},
    pool_parameter{
        "pool_max_lifetime",
        [](auto& pool, auto number) { pool.max_lifetime = std::chrono::milliseconds(number); }},
    pool_parameter{
        "pool_leak_threshold",
        [](auto& pool, auto number) { pool.leak_threshold = std::chrono::milliseconds(number); }},
    pool_parameter{"pool_max_waiters", [](auto& pool, auto number) { pool.max_waiters = number; }},
};

// At most nine digits: every number fits into the types of the options, also as nanoseconds.
std::size_t number_of(const std::string& name, const std::string& text) {
    std::size_t number = 0;
    const auto* end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end || text.size() > 9) {
        throw argument_error(
            errc::invalid_url, "the URL's parameter \"" + name + "\" has to be a number"
        );
    }
    return number;
}

[[noreturn]] void throw_unknown_pool_parameter(const std::string& name) {
    std::string message = "a pool has no parameter \"" + name + "\"; it has";
    for (const auto& known : pool_parameters) {
        message += (&known == &pool_parameters.front() ? " " : ", ") + std::string(known.name);
    }
    throw argument_error(errc::invalid_url, message);
}

// Throws if a statement outside of a scope leaves a transaction open: the connection is given back,
// which rolls the statement back. Hand-written text is not checked, since it may be a BEGIN.
void check_transaction_is_over(const driver::connection& on, const driver::request& what) {
    if (what.cacheable && on.status() != driver::transaction_status::idle) {
        throw state_error(
            errc::wrong_state,
            "a transaction is open that the program has not begun, so a pooler in front of the "
            "server has (pgpool-II: set insert_lock = off); it is rolled back, and with it: " +
                std::string(what.sql)
        );
    }
}

// Takes the pool's parameters out of a URL; the rest is the driver's.
void take_pool_parameters(url& where, pool_options& pool) {
    // A maximum without a minimum in the URL bounds the minimum of the options too.
    const bool bounds_minimum = !where.parameter("pool_min_size");
    std::erase_if(where.parameters, [&pool](const auto& parameter) {
        const auto& [name, text] = parameter;
        if (!name.starts_with("pool_")) {
            return false;
        }
        const auto* known = std::ranges::find(pool_parameters, name, &pool_parameter::name);
        if (known == pool_parameters.end()) {
            throw_unknown_pool_parameter(name);
        }
        known->set(pool, number_of(name, text));
        return true;
    });
    if (bounds_minimum) {
        pool.min_size = std::min(pool.min_size, pool.max_size);
    }
}

// Returns true for the errors after which the same transaction may succeed when it is repeated.
bool could_not_be_serialized(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        return e.sqlstate() == sqlstate::serialization_failure ||
               e.sqlstate() == sqlstate::deadlock_detected;
    } catch (...) {
        return false;
    }
}

}  // namespace

awaitable<engine> create_engine(std::string where, engine_options options) {
    url parsed = read_url(where);
    auto opened = co_await create_engine(std::move(parsed), std::move(options));
    co_return opened;
}

awaitable<engine> create_engine(url where, engine_options options) {
    detail::throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const auto registration = detail::find_driver(where.scheme);
    take_pool_parameters(where, options.pool);
    auto opener = registration.make_driver(where);
    // The engine's own coroutines and timers carry no scope.
    const auto executor = detail::without_scope(co_await asio::this_coro::executor);
    auto state =
        std::make_shared<detail::engine_state>(*registration.written_by, std::move(options));
    co_await state->open(executor, std::move(opener));
    co_return engine(std::move(state));
}

// The coroutines of this file copy state_ first: the handle may be destroyed while they wait.
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

awaitable<gino::transaction> engine::begin(
    transaction_options options, std::source_location where
) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    auto on = detail::scoped_connection(executor, *state);
    const bool owns = on == nullptr;
    if (owns) {
        on = std::make_shared<detail::connection_state>(state, where);
    }
    const auto id = co_await on->begin(options);
    co_return gino::transaction(std::move(on), id.depth, id.serial, owns);
}

awaitable<void> engine::run_with_connection(
    std::shared_ptr<detail::engine_state> state,
    detail::connection_body body,
    std::source_location where
) {
    // The handle is not a reusing one, so that the program may release the connection early. It
    // outlives the scope, which gives the connection back in the end.
    std::optional<connection> handle;
    std::function<awaitable<void>(detail::connection_state&)> in_scope =
        [&body, &handle](detail::connection_state& scoped) -> awaitable<void> {
        connection& made = handle.emplace(scoped.shared_from_this(), false);
        co_await body.call(made);
    };
    co_await detail::run_in_scope(std::move(state), std::move(in_scope), where);
}

awaitable<void> engine::run_transaction(
    std::shared_ptr<detail::engine_state> state,
    detail::transaction_body body,
    transaction_options options,
    std::source_location where
) {
    const auto executor = co_await asio::this_coro::executor;
    if (const auto scoped = detail::scoped_connection(executor, *state)) {
        co_await detail::run_in_transaction(scoped, std::move(body), options);
        co_return;
    }
    std::function<awaitable<void>(detail::connection_state&)> in_scope =
        [&body, options](detail::connection_state& own) {
            return detail::run_in_transaction(own.shared_from_this(), body, options);
        };
    co_await detail::run_in_scope(std::move(state), std::move(in_scope), where);
}

awaitable<void> engine::run_retrying(
    std::shared_ptr<detail::engine_state> state,
    std::size_t attempts,
    detail::transaction_body body,
    transaction_options options,
    std::source_location where
) {
    if (attempts == 0) {
        throw argument_error(
            errc::invalid_argument, "retry_serialization() needs at least one attempt"
        );
    }
    const auto executor = co_await asio::this_coro::executor;
    const auto scoped = detail::scoped_connection(executor, *state);
    if (scoped != nullptr && scoped->has_transaction()) {
        throw state_error(
            errc::wrong_state,
            "retry_serialization() cannot repeat a part of a transaction: call it outside of one"
        );
    }
    for (std::size_t attempt = 1;; ++attempt) {
        // A catch block cannot co_await: the next attempt begins outside of it.
        std::exception_ptr failure;
        try {
            co_await run_transaction(state, body, options, where);
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure == nullptr) {
            co_return;
        }
        if (attempt == attempts || !could_not_be_serialized(failure)) {
            std::rethrow_exception(failure);
        }
    }
}

awaitable<void> engine::close() {
    return detail::pool::close(state_->connections());
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
    const auto ready = state_->prepare({.statement = &statement});
    compiled_statement made{.sql = ready.text->text, .parameters = {}};
    for (const auto& one : ready.parameters) {
        made.parameters.push_back(*one.bound);
    }
    return made;
}

awaitable<gino::status> engine::run(detail::execution what, driver::row_sink& sink) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    if (const auto scoped = detail::scoped_connection(executor, *state)) {
        auto done = co_await scoped->run(what, sink);
        co_return done;
    }
    // Outside of a scope: a connection for this statement alone, without a connection_state, whose
    // locks and transactions it does not need. The lease gives the connection back.
    detail::throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const auto& options = what.statement->options();
    const auto limit = state->limit_of(options.or_else(state->options().execution));
    const auto ready = state->prepare(what);
    detail::lease borrowed = state->connections()->try_acquire({});
    if (!borrowed) {
        borrowed = co_await state->borrow(limit, {}, ready.request.sql);
    }
    try {
        auto done = co_await state->execute(*borrowed, ready.request, sink, limit);
        check_transaction_is_over(*borrowed, ready.request);
        co_return done;
    } catch (...) {
        if (detail::is_connection_lost(std::current_exception())) {
            borrowed.discard();
        }
        throw;
    }
}

const capabilities& engine::capabilities() const {
    return dialect().capabilities();
}

awaitable<void> engine::run_together(detail::together f) {
    return run_transaction(state_, detail::body_of(std::move(f)), {}, {});
}

awaitable<void> engine::run_batch(batch& together) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    auto on = detail::scoped_connection(executor, *state);
    if (on != nullptr) {
        co_await on->run(together);
        co_return;
    }
    // The connection is given back without waiting: its reset delays the next borrower only.
    on = std::make_shared<detail::connection_state>(std::move(state), std::source_location());
    std::exception_ptr failure;
    try {
        co_await on->run(together);
    } catch (...) {
        failure = std::current_exception();
    }
    on->release_later();
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<detail::open_cursor> engine::open_cursor(const statement_base& statement) {
    auto state = state_;
    const auto executor = co_await asio::this_coro::executor;
    const auto scoped = detail::scoped_connection(executor, *state);
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
