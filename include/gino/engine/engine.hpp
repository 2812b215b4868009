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

    /// Begins a transaction, as an object: in a scope on its connection (so that verbs of the
    /// engine join it), otherwise on a connection of its own, which it gives back at its end. Then
    /// only the object's verbs are in the transaction.
    ///
    /// @param where  For `engine_hooks::leaked`.
    [[nodiscard]] awaitable<gino::transaction> begin(
        transaction_options options = {},
        std::source_location where = std::source_location::current()
    );

    /// Runs `f()` or `f(transaction&)` in a transaction: commits when `f` returns, rolls back when
    /// it throws.
    ///
    /// In a scope of this engine it is one on the scope's connection: a savepoint, if that has a
    /// transaction already. Otherwise it is in a scope and on a connection of its own. Verbs of the
    /// engine within `f` join it. Once `f` has ended it by hand (`commit()`, `rollback()`), they
    /// throw a state_error until `f` returns; `transaction::raise_commit()` and `raise_rollback()`
    /// leave `f` at once.
    ///
    /// @param f      Returns an awaitable, whose value is returned. Copied, or moved from. With GCC
    ///               12, what is written in place may capture by reference only.
    /// @param where  For `engine_hooks::leaked`.
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

    /// Does not compile: it has no callback. For an object, see begin().
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
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

    /// Runs `f()` or `f(connection&)` in a scope with a connection of its own, which is lazy; gives
    /// it back on every path.
    ///
    /// @param f      As for transaction().
    /// @param where  For `engine_hooks::leaked`.
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
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
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
/// Parameters of the URL that begin with `pool_` are the `pool_options` by name, times in
/// milliseconds (`pool_max_size=3`, `pool_acquire_timeout=500`), and count more than
/// `options.pool`. A `pool_max_size` without `pool_min_size` lowers `options.pool.min_size` to it,
/// if need be. All others are the driver's, which refuses those that it does not know.
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
