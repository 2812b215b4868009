// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/driver/url.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/engine_options.hpp>
#include <gino/engine/scope.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/engine/transaction.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <source_location>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino {

/// The number of connections of a pool at one moment.
struct pool_statistics {
    /// All connections: idle, borrowed, being opened, reset or closed. At most `max_size`.
    std::size_t total = 0;
    std::size_t idle = 0;     ///< Connections that can be borrowed at once.
    std::size_t in_use = 0;   ///< Connections that are borrowed.
    std::size_t waiting = 0;  ///< Coroutines that wait for a connection.
};

/// A statement as text, with the values of its parameters in their order.
struct compiled_statement {
    std::string sql;                ///< With placeholders, as the dialect writes them.
    std::vector<value> parameters;  ///< One per placeholder of `sql`.
};

/// The entry point to one database: a dialect, a driver and a pool. Made by `create_engine()`.
///
/// An engine is a cheap handle; copies share one pool. The pool is closed by `close()`, and without
/// waiting when the last copy and the last connection are destroyed.
///
/// Verbs run on the connection of the innermost scope of this engine. Outside of a scope, each verb
/// borrows a connection for its statement and gives it back afterwards, so two verbs may run on two
/// connections, and each statement is committed on its own.
///
/// Verbs throw, besides the errors of `statement_executor`, a `state_error` (`errc::wrong_state`)
/// when a statement outside of a scope, other than hand-written text, leaves a transaction open,
/// because a pooler in front of the server has begun one; the statement is rolled back.
///
/// Thread safety: any thread.
class engine : public statement_executor {
public:
    /// Makes a handle; for the library. Programs call `create_engine()`.
    explicit engine(std::shared_ptr<detail::engine_state> state) noexcept
        : state_(std::move(state)) {}

    /// Borrows a connection from the pool.
    ///
    /// It opens a new connection while the pool has fewer than `pool_options::max_size`, otherwise
    /// it waits; waiting coroutines are served in order.
    ///
    /// @param options  The timeout, and whether to reuse the connection of the current scope or to
    ///                 borrow lazily. With `lazy`, this call does not wait, and the errors below
    ///                 are thrown by the first statement.
    /// @param where    The borrowing place, for `engine_hooks::leaked` and messages of
    ///                 `pool_timeout`.
    /// @return A handle that gives the connection back when it is destroyed.
    /// @throws pool_timeout      No connection came free in time, or `pool_options::max_waiters`
    ///                           coroutines wait already.
    /// @throws connection_error  No connection could be opened.
    /// @throws state_error       The engine is closed, or `options.reuse` is set and the current
    ///                           scope has ended.
    ///
    /// Cancellation: total. A cancelled wait leaves the pool unchanged.
    [[nodiscard]] awaitable<connection> acquire(
        acquire_options options = {}, std::source_location where = std::source_location::current()
    );

    /// Begins a transaction and returns it as an object.
    ///
    /// In a scope, the transaction is on the scope's connection, and verbs of the engine join it;
    /// if that connection has a transaction already, it is a savepoint. Outside of a scope, it
    /// borrows a connection of its own and gives it back at its end; then only the verbs of the
    /// object are in the transaction.
    ///
    /// @param options  Isolation level and modes; default: the database's. A savepoint takes only
    ///                 the options of the outermost transaction, or the default.
    /// @param where    The borrowing place, for `engine_hooks::leaked` and messages of
    ///                 `pool_timeout`.
    /// @throws argument_error  It would be a savepoint with other options than the outermost
    ///                         transaction.
    /// @throws state_error     The engine is closed, or the scope has ended. And the errors of
    ///                         `acquire()` and of statements.
    [[nodiscard]] awaitable<gino::transaction> begin(
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    );

    /// Runs `f()` or `f(transaction&)` in a transaction: commits when `f` returns, rolls back when
    /// it throws.
    ///
    /// In a scope of this engine, the transaction is on the scope's connection; if that has a
    /// transaction already, it is a savepoint. Otherwise `f` runs in a scope and on a connection of
    /// its own. Verbs of the engine within `f` join the transaction. Once `f` has ended it by hand
    /// (`commit()`, `rollback()`), they throw a `state_error` until `f` returns.
    /// `transaction::raise_commit()` and `raise_rollback()` leave `f` at once.
    ///
    /// @param f        Returns an awaitable, whose value is returned. Copied, or moved from. With
    ///                 GCC 12, a lambda that is written in place must not capture objects by value
    ///                 that own memory (docs/gcc12.md).
    /// @param options  As for `begin()`.
    /// @param where    The borrowing place, for `engine_hooks::leaked` and messages of
    ///                 `pool_timeout`.
    /// @return The value of `f`.
    /// @throws ...     Any exception of `f`, also when the rollback then failed; the errors of
    ///                 `begin()` and of `transaction::commit()`.
    ///
    /// Cancellation: terminal. The transaction is rolled back before the connection runs another
    /// statement; the coroutine does not wait for that.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(
        F&& f,
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, options, where](const detail::transaction_body& body) {
            return run_transaction(state, body, options, where);
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// Does not compile: a transaction without a callback is the object of `begin()`.
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
    }

    /// Runs `f` as `transaction(f, options)` does, and runs it again from the start when the
    /// database could not serialize the transaction with others (SQLSTATE 40001), or ended it to
    /// break a deadlock (40P01). There is no pause between two attempts.
    ///
    /// @param attempts  The largest number of times that `f` is run; at least 1.
    /// @param f         As for `transaction()`. Its effects outside of the database are repeated.
    /// @param options   As for `begin()`. Default: the isolation level "serializable".
    /// @param where     As for `transaction()`.
    /// @return The value of the last run of `f`.
    /// @throws argument_error  `attempts` is 0.
    /// @throws state_error     The connection of the scope is in a transaction already: a part of a
    ///                         transaction cannot be repeated.
    /// @throws ...             The exceptions of the last attempt, as for `transaction()`.
    template <class F>
    [[nodiscard]] auto retry_serialization(
        std::size_t attempts,
        F&& f,
        transaction_options options = {.isolation = isolation_level::serializable},
        std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, attempts, options, where](const detail::transaction_body& body) {
            return run_retrying(state, attempts, body, options, where);
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// Runs `f()` or `f(connection&)` in a new scope: verbs of the engine within `f` share one
    /// connection.
    ///
    /// The connection is lazy: the first statement borrows it. It is given back when `f` returns or
    /// throws; an open transaction is rolled back.
    ///
    /// @param f      As for `transaction()`.
    /// @param where  As for `transaction()`.
    /// @return The value of `f`.
    /// @throws ...   Any exception of `f`.
    template <class F>
    [[nodiscard]] auto with_connection(
        F&& f, std::source_location where = std::source_location::current()
    ) {
        auto state = state_;
        auto run = [state, where](const detail::connection_body& body) {
            return run_with_connection(state, body, where);
        };
        return detail::run_returning<connection>(std::forward<F>(f), std::move(run));
    }

    /// Closes the pool and its connections.
    ///
    /// Refuses new acquires with a `state_error`, which waiting coroutines get too, and waits for
    /// the borrowed connections. After 10 s it interrupts their statements; it returns 1 s later
    /// regardless. A connection that comes back after that is closed then. Does not throw.
    ///
    /// Cancellation: ends the wait, as if its time were over. The pool is closed all the same.
    [[nodiscard]] awaitable<void> close();

    /// True once `close()` was called, or the context of the executor was destroyed.
    [[nodiscard]] bool is_closed() const noexcept;

    /// Returns the numbers of connections at this moment; for monitoring.
    [[nodiscard]] pool_statistics statistics() const;

    /// Returns the dialect that writes this engine's statements. It lives as long as the program.
    [[nodiscard]] const gino::dialect& dialect() const noexcept;

    /// Returns the name of the database for people, without a password:
    /// "postgresql://me@localhost:5432/app".
    [[nodiscard]] std::string description() const;

    /// Returns the text and the parameters of a statement, without running it.
    ///
    /// @throws compile_error   The dialect cannot write the statement.
    /// @throws argument_error  A limit would cut the objects of its loader.
    [[nodiscard]] compiled_statement compile(const statement_base& statement) const;

    /// For the library.
    [[nodiscard]] const std::shared_ptr<detail::engine_state>& state() const noexcept {
        return state_;
    }

    /// Implement the verbs; see `statement_executor`.
    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
    [[nodiscard]] const gino::capabilities& capabilities() const override;
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

/// Opens an engine on the executor of the calling coroutine, and its first
/// `pool_options::min_size` connections.
///
/// Parameters of the URL that begin with `pool_` are the `pool_options` by name, times in
/// milliseconds (`pool_max_size=3`, `pool_acquire_timeout=500`), and override `options.pool`. A
/// `pool_max_size` without `pool_min_size` lowers `options.pool.min_size` to it, if need be. All
/// other parameters belong to the driver, which refuses unknown ones.
///
/// @param where    "sqlite:///app.db", "postgresql://me@localhost/app": see `read_url()`. Copied.
/// @param options  Moved in. A SQLite database in memory has one connection, whatever
///                 `options.pool` is.
/// @throws argument_error    The URL is malformed, or has an unknown scheme or parameter
///                           (`errc::invalid_url`); the sizes of the pool contradict each other, or
///                           a SQLite database was given a password (`errc::invalid_option`).
/// @throws connection_error  `min_size` connections could not be opened. There is no retry.
///
/// Cancellation: total. No engine is made, and its connections are closed.
///
/// Lifetime: borrowed connections must not outlive the execution context of the executor. The
/// engine may outlive it and is closed then.
[[nodiscard]] awaitable<engine> create_engine(std::string where, engine_options options = {});
[[nodiscard]] awaitable<engine> create_engine(url where, engine_options options = {});

/// The dialect and the driver for URLs of one scheme.
struct driver_registration {
    /// Writes the statements. Must outlive every engine of the scheme.
    const dialect* written_by = nullptr;
    /// Makes the driver of an engine from its URL, without the `pool_` parameters. Throws an
    /// `argument_error` for a URL that it cannot serve.
    std::function<std::unique_ptr<driver::driver>(const url&)> make_driver;
    /// Parses a text that begins with the scheme; empty: `url(text)`.
    std::function<url(std::string_view)> read_url = {};
};

/// Parses the location of a database, as `set_bind()` and `create_engine()` do, with the rules of
/// the database's own programs.
///
/// For PostgreSQL, it takes URLs with one host or several, "postgresql://me@one,two/app", and
/// keywords and values, "host=one dbname=app". The scheme is not case-sensitive.
///
/// @throws argument_error  `errc::invalid_url`: the text is malformed, or no driver is registered
///                         for its scheme. The message names the part that is wrong, and never has
///                         the password.
[[nodiscard]] url read_url(std::string_view text);

/// Adds or replaces the driver of a URL scheme. "postgresql", "postgres", "asyncpg" and "sqlite"
/// are registered already.
///
/// @param scheme        In lower case, without "://". Copied.
/// @param registration  Moved in. Used by engines that are created from now on.
///
/// Thread safety: any thread; open engines keep their driver.
void register_driver(std::string_view scheme, driver_registration registration);

}  // namespace gino
