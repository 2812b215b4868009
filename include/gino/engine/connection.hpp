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

/// How a connection is acquired. May be written in place: `acquire({.reuse = true})`.
struct acquire_options {
    /// The longest wait for a connection; zero: the pool's `acquire_timeout`.
    std::chrono::milliseconds timeout{0};
    /// Use the connection of the scope, if there is one.
    bool reuse = false;
    /// Borrow from the pool when the first statement runs.
    bool lazy = false;
};

/// How a connection is given back.
struct release_options {
    /// False: the connection goes back to the pool, and the next statement borrows one again.
    bool permanent = true;
};

/// A connection: borrowed from the pool, alone to its holder unless shared on purpose.
///
/// Statements that are awaited at the same time run one after the other, in order. Destroying it
/// gives the connection back without waiting; an open transaction is rolled back.
///
/// Thread safety: statements may come from any thread; the handle itself is used by one at a time.
class connection : public statement_executor {
public:
    /// For the library. `reusing`: the handle belongs to a connection that somebody else holds.
    connection(std::shared_ptr<detail::connection_state> state, bool reusing) noexcept;
    connection(connection&& other) noexcept = default;
    connection& operator=(connection&& other) noexcept;
    connection(const connection&) = delete;
    connection& operator=(const connection&) = delete;
    ~connection() override;

    /// Begins a transaction, as an object; within one, a savepoint.
    [[nodiscard]] awaitable<gino::transaction> begin(transaction_options options = {});

    /// Runs `f()` or `f(transaction&)` in a transaction on this connection; see
    /// `engine::transaction(f)`. All verbs of this connection within `f` join it; those of the
    /// engine do in a scope on this connection.
    template <class F>
        requires(!std::convertible_to<F, transaction_options>)
    [[nodiscard]] auto transaction(F&& f, transaction_options options = {}) {
        static_cast<void>(usable());
        auto run = [state = state_, options](const detail::transaction_body& body) {
            return detail::run_in_transaction(state, body, options);
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// Does not compile: it has no callback. For an object, see begin().
    template <class Never = void>
    void transaction(transaction_options = {}) {
        detail::refuse_transaction_without_callback<Never>();
    }

    /// Gives the connection back.
    ///
    /// A handle that reuses another's connection only closes itself; its `permanent = false` does
    /// nothing.
    ///
    /// @throws state_error  `errc::closed`: it was released permanently before.
    [[nodiscard]] awaitable<void> release(release_options options = {});

    /// True after a permanent release, of the handle or of the connection that it reuses.
    [[nodiscard]] bool is_released() const noexcept;

    /// True while a connection of the pool is held: false while it is lazy.
    [[nodiscard]] bool is_borrowed() const noexcept;

    /// For statements of this connection that do not say otherwise.
    void set_execution_options(const execution_options& options);

    [[nodiscard]] const gino::dialect& dialect() const;

    /// Runs a script of several statements without parameters: DDL, settings.
    ///
    /// @param sql  The program's own text, never data from outside.
    [[nodiscard]] awaitable<void> execute_script(std::string sql);

    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
    [[nodiscard]] awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) override;

    /// For the library.
    ///
    /// @throws state_error  As for statements.
    [[nodiscard]] detail::connection_state& state() const { return usable(); }

private:
    [[nodiscard]] detail::connection_state& usable() const;

    std::shared_ptr<detail::connection_state> state_;
    bool reusing_ = false;
};

}  // namespace gino
