// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/driver/url.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/engine_options.hpp>
#include <gino/engine/scope.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/engine/transaction.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <source_location>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// What a pool holds at this moment.
struct pool_statistics {
    std::size_t total = 0;    ///< Connections that are open or being opened.
    std::size_t idle = 0;     ///< Of these, the ones that wait to be borrowed.
    std::size_t in_use = 0;   ///< Of these, the ones that are borrowed.
    std::size_t waiting = 0;  ///< Coroutines that wait for one.
};

/// A statement as text with its parameters.
struct compiled_statement {
    std::string sql;
    std::vector<value> parameters;
};

namespace detail {

using transaction_body = std::function<awaitable<void>(transaction&)>;
using connection_body = std::function<awaitable<void>(connection&)>;

template <class F, class Argument>
struct result_of_call {
    using awaited = std::invoke_result_t<F&, Argument&>;
};

template <class F, class Argument>
    requires std::invocable<F&>
struct result_of_call<F, Argument> {
    using awaited = std::invoke_result_t<F&>;
};

template <class Awaitable>
struct awaited_value;

template <class T>
struct awaited_value<awaitable<T>> {
    using type = T;
};

/// What `co_await f(argument)` gives; `f` may also take no argument.
template <class F, class Argument>
using call_result = typename awaited_value<typename result_of_call<F, Argument>::awaited>::type;

template <class F, class Argument>
[[nodiscard]] auto call_with(F& f, Argument& argument) {
    if constexpr (std::invocable<F&>) {
        return f();
    } else {
        return f(argument);
    }
}

/// Gives `body` what it needs and returns what `f` makes of it.
template <class Argument, class F, class Run>
[[nodiscard]] awaitable<call_result<F, Argument>> run_returning(F f, Run run) {
    using result = call_result<F, Argument>;
    if constexpr (std::is_void_v<result>) {
        std::function<awaitable<void>(Argument&)> body = [&f](Argument& a) {
            return call_with(f, a);
        };
        co_await run(body);
    } else {
        std::optional<result> made;
        std::function<awaitable<void>(Argument&)> body =
            [&f, &made](Argument& a) -> awaitable<void> { made.emplace(co_await call_with(f, a)); };
        co_await run(body);
        co_return std::move(*made);
    }
}

}  // namespace detail

/// The way to one database: a dialect, a driver, a pool. A cheap handle; copies are the same
/// engine.
///
/// Verbs run on the connection of the innermost scope of this engine; without one, each borrows a
/// connection for its statement.
///
/// Thread safety: any thread.
class engine : public statement_executor {
public:
    explicit engine(std::shared_ptr<detail::engine_state> state) noexcept
        : state_(std::move(state)) {}

    /// Borrows a connection.
    ///
    /// @param where  For `engine_hooks::leaked`.
    /// @throws pool_timeout      None came free in time.
    /// @throws connection_error  None could be opened.
    /// @throws state_error       The engine is closed.
    [[nodiscard]] awaitable<connection> acquire(
        acquire_options options = {}, std::source_location where = std::source_location::current()
    );

    /// Begins a transaction: in a scope on its connection (so that verbs of the engine join it),
    /// otherwise on a connection of its own, which it gives back at its end.
    ///
    /// @param where  For `engine_hooks::leaked`.
    [[nodiscard]] awaitable<gino::transaction> transaction(
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    );

    /// Runs `f()` or `f(transaction&)` in a transaction: commits when `f` returns, rolls back when
    /// it throws. `f` may also end it early by hand.
    ///
    /// In a scope of this engine it is one on the scope's connection: a savepoint, if that has a
    /// transaction already. Otherwise it is in a scope and on a connection of its own. Verbs of the
    /// engine within `f` join it.
    ///
    /// @param f      Returns an awaitable, whose value is returned. Capture by reference only (GCC
    ///               12).
    /// @param where  For `engine_hooks::leaked`.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(
        F f,
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, options, where](const detail::transaction_body& body) {
            return run_transaction(state, body, options, where);
        };
        return detail::run_returning<gino::transaction>(std::move(f), std::move(run));
    }

    /// Runs `f` as transaction(f, options) does, and again from the start when the database could
    /// not serialize it with others, or had to break a deadlock.
    ///
    /// @param attempts  The most times that `f` is run; at least 1.
    /// @param f         As for transaction(). What it does beside the database is done again too.
    /// @throws argument_error   `attempts` is 0.
    /// @throws state_error      The scope's connection is in a transaction: only the whole of it
    ///                          could be repeated.
    template <class F>
    [[nodiscard]] auto retry_serialization(
        std::size_t attempts,
        F f,
        transaction_options options = {.isolation = isolation_level::serializable},
        std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, attempts, options, where](const detail::transaction_body& body) {
            return run_retrying(state, attempts, body, options, where);
        };
        return detail::run_returning<gino::transaction>(std::move(f), std::move(run));
    }

    /// Runs `f()` or `f(connection&)` in a scope with a connection of its own, which is lazy; gives
    /// it back on every path.
    ///
    /// @param f      As for transaction().
    /// @param where  For `engine_hooks::leaked`.
    template <class F>
    [[nodiscard]] auto with_connection(
        F f, std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, where](const detail::connection_body& body) {
            return run_with_connection(state, body, where);
        };
        return detail::run_returning<connection>(std::move(f), std::move(run));
    }

    /// Closes the pool: nothing can be acquired any more, and who waits for a connection gets a
    /// state_error. Waits for what is borrowed; interrupts it after 10 s, and goes on a second
    /// later. A connection that comes back after that is closed then.
    [[nodiscard]] awaitable<void> close();

    [[nodiscard]] bool is_closed() const noexcept;

    [[nodiscard]] pool_statistics statistics() const;

    [[nodiscard]] const gino::dialect& dialect() const noexcept;

    /// Names the database for people, without a password.
    [[nodiscard]] std::string description() const;

    /// Returns the text and the parameters of a statement, without running it.
    [[nodiscard]] compiled_statement compile(const statement_base& statement) const;

    [[nodiscard]] const std::shared_ptr<detail::engine_state>& state() const noexcept {
        return state_;
    }

    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) override;

private:
    static awaitable<void> run_transaction(
        std::shared_ptr<detail::engine_state> state,
        detail::transaction_body body,
        transaction_options options,
        std::source_location where
    );
    static awaitable<void> run_retrying(
        std::shared_ptr<detail::engine_state> state,
        std::size_t attempts,
        detail::transaction_body body,
        transaction_options options,
        std::source_location where
    );
    static awaitable<void> run_with_connection(
        std::shared_ptr<detail::engine_state> state,
        detail::connection_body body,
        std::source_location where
    );

    std::shared_ptr<detail::engine_state> state_;
};

/// Opens an engine on the executor of the calling coroutine.
///
/// Parameters `pool_min_size`, `pool_max_size` and `pool_acquire_timeout` (milliseconds) of the URL
/// count more than `options.pool`; all others are the driver's, which refuses those that it does
/// not know.
///
/// @param where  "sqlite:///app.db", "postgresql://me@localhost/app": see `read_url()`. Copied.
/// @throws argument_error    The URL is malformed, or has an unknown scheme or parameter.
/// @throws connection_error  `pool.min_size` connections could not be opened.
///
/// Lifetime: connections that are borrowed must not outlive the executor's context. The engine may:
/// it is closed then.
[[nodiscard]] awaitable<engine> create_engine(std::string where, engine_options options = {});
[[nodiscard]] awaitable<engine> create_engine(url where, engine_options options = {});

/// How URLs of one scheme are served.
struct driver_registration {
    const dialect* written_by = nullptr;
    std::function<std::unique_ptr<driver::driver>(const url&)> make_driver;
    /// Reads a text that begins with the scheme; empty: `url(text)`.
    std::function<url(std::string_view)> read_url = {};
};

/// Reads where a database is, as `set_bind()` and `create_engine()` do: as the database's own
/// programs would. PostgreSQL's are URLs with one host or several, "postgresql://me@one,two/app",
/// and keywords, "host=one dbname=app".
///
/// @throws argument_error  `errc::invalid_url`; names the part that is wrong, never the password.
[[nodiscard]] url read_url(std::string_view text);

/// Adds or replaces a scheme. "postgresql", "postgres", "asyncpg" and "sqlite" are there already.
///
/// Thread safety: any thread; engines that are open keep what they have.
void register_driver(std::string_view scheme, driver_registration registration);

}  // namespace gino
