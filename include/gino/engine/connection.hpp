// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/statement_executor.hpp>
#include <gino/engine/transaction.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <source_location>
#include <string>
#include <utility>

namespace gino {

namespace detail {

class connection_state;
class engine_state;

}  // namespace detail

/// Options of `engine::acquire()`. May be written in place: `acquire({.reuse = true})`.
struct acquire_options {
    /// The longest wait for a connection; zero (default): the pool's `acquire_timeout`.
    std::chrono::milliseconds timeout{0};
    /// Use the connection of the current scope, if there is one, instead of another one. The handle
    /// then does not give it back. Default: false.
    bool reuse = false;
    /// Borrow from the pool when the first statement runs, instead of now. Default: false.
    bool lazy = false;
};

/// Options of `connection::release()`.
struct release_options {
    /// True (default): the handle cannot be used any more. False: the connection goes back to the
    /// pool, and the next statement borrows one again.
    bool permanent = true;
};

/// A handle on one connection that is borrowed from the pool. No other coroutine uses it, unless
/// the program shares it.
///
/// Statements that are awaited at the same time run one after the other, in the order in which they
/// were awaited. A statement waits for the statements in front of it no longer than its own
/// timeout.
///
/// Destroying the handle gives the connection back without waiting: running statements finish
/// first, then an open transaction is rolled back, and changed settings of the session are reset.
///
/// When the connection is lost outside of a transaction, the next statement borrows another one.
/// Inside of a transaction, statements throw a `connection_error` until that has ended.
///
/// Thread safety: statements may come from any thread; the handle itself is used by one thread at a
/// time.
class connection : public statement_executor {
public:
    /// Makes a handle; for the library.
    ///
    /// @param reusing  True: another handle owns the connection; this one does not give it back.
    connection(std::shared_ptr<detail::connection_state> state, bool reusing) noexcept;
    connection(connection&& other) noexcept = default;
    connection& operator=(connection&& other) noexcept;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() override;

    /// Begins a transaction and returns it as an object; if one is open, begins a savepoint.
    ///
    /// @param options  As for `engine::begin()`.
    /// @throws state_error     `errc::closed`: the connection was released permanently. Or
    ///                         `errc::wrong_state`: the callback of a transaction on this
    ///                         connection has ended it by hand and still runs.
    /// @throws argument_error  It would be a savepoint with other options than the outermost
    ///                         transaction.
    [[nodiscard]] awaitable<gino::transaction> begin(transaction_options options = {});

    /// Runs `f()` or `f(transaction&)` in a transaction on this connection; see
    /// `engine::transaction(f)`.
    ///
    /// All verbs of this connection within `f` join the transaction. Verbs of the engine join it
    /// only in a scope on this connection.
    ///
    /// @param f, options  As for `engine::transaction()`.
    /// @return The value of `f`.
    /// @throws state_error  `errc::closed`, when called: the connection was released permanently.
    /// @throws ...          As `engine::transaction()`.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(F&& f, transaction_options options = {}) {
        static_cast<void>(usable());
        auto run = [state = state_, options](const detail::transaction_body& body) {
            return detail::run_in_transaction(state, body, options);
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// Does not compile: a transaction without a callback is the object of `begin()`.
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
    }

    /// Gives the connection back to the pool, once its running statements have finished.
    ///
    /// Open transactions are rolled back, cursors end, and changed settings of the session are
    /// reset; this waits until that is done. A handle with `acquire_options::reuse` gives nothing
    /// back: it only closes itself, and `permanent = false` does nothing.
    ///
    /// @param options  Whether the handle can be used afterwards; default: not.
    /// @throws state_error  `errc::closed`: the connection was released permanently before.
    ///
    /// Cancellation: partial. Cancelled while other statements run, it throws (`errc::cancelled`),
    /// and the connection stays borrowed; after that it returns early.
    [[nodiscard]] awaitable<void> release(release_options options = {});

    /// True after a permanent release of this handle, or of the connection that it reuses.
    [[nodiscard]] bool is_released() const noexcept;

    /// True while a connection of the pool is held; false before the first statement of a lazy
    /// connection, and after a release.
    [[nodiscard]] bool is_borrowed() const noexcept;

    /// Sets the options of this connection's statements. An option of the statement itself takes
    /// precedence; options that neither has are the engine's.
    ///
    /// @throws state_error  `errc::closed`: the connection was released permanently.
    void set_execution_options(const execution_options& options);

    /// Returns the dialect that writes this connection's statements.
    ///
    /// @throws state_error  `errc::closed`: the connection was released permanently.
    [[nodiscard]] const gino::dialect& dialect() const;

    /// Runs a script of several statements without parameters: DDL, settings. Rows are discarded.
    ///
    /// @param sql  The program's own text, never data from outside. Moved in.
    /// @throws database_error  A statement of the script has failed. And the errors of
    ///                         `statement_executor`.
    [[nodiscard]] awaitable<void> execute_script(std::string sql);

    /// Implement the verbs; see `statement_executor`.
    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
    [[nodiscard]] const gino::capabilities& capabilities() const override;
    [[nodiscard]] awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) override;

    /// Returns the state that the handles of this connection share; for the library.
    ///
    /// @throws state_error  `errc::closed`: the connection was released permanently.
    [[nodiscard]] detail::connection_state& state() const { return usable(); }

private:
    [[nodiscard]] detail::connection_state& usable() const;

    std::shared_ptr<detail::connection_state> state_;
    bool reusing_ = false;
};

}  // namespace gino
