// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/statement_executor.hpp>

#include <cstddef>
#include <memory>
#include <utility>

namespace gino {

class connection;

namespace detail {

class connection_state;

}  // namespace detail

/// A transaction, or a savepoint within one. Only `commit()` stores its changes.
///
/// A transaction that is destroyed without `commit()` is rolled back. The destructor does not wait;
/// later statements of the connection wait until the rollback is done.
///
/// When the connection is lost, the transaction stays open for the program: its statements throw a
/// `connection_error` until `rollback()`, `commit()` or the destructor. So no statement runs
/// outside of the transaction by accident.
///
/// A rollback does not restore objects in memory that verbs have changed.
///
/// Thread safety: as `connection`.
class transaction : public statement_executor {
public:
    /// Makes a handle; for the library.
    ///
    /// @param owns  True: the transaction gives the connection back at its end.
    transaction(
        std::shared_ptr<detail::connection_state> state,
        std::size_t depth,
        std::size_t serial,
        bool owns
    ) noexcept;
    transaction(transaction&& other) noexcept = default;
    transaction& operator=(transaction&& other) noexcept;
    transaction(const transaction&) = delete;
    transaction& operator=(const transaction&) = delete;
    ~transaction() override;

    /// Stores the changes of the transaction. A savepoint is released: its changes are stored by
    /// the outermost transaction.
    ///
    /// Except as noted below, the transaction has ended whatever `commit()` throws, and its
    /// connection can be used again.
    ///
    /// @throws state_error        The transaction has ended before. Or a transaction within it is
    ///                            still open; then it stays open.
    /// @throws operational_error  `errc::transaction_aborted`: a statement of it had failed, and
    ///                            the database rolled it back; nothing of it is stored.
    /// @throws connection_error   `errc::commit_unknown`: COMMIT was sent and not answered; the
    ///                            changes are stored, or they are not. `errc::connection_lost`: the
    ///                            connection broke before COMMIT was sent; nothing is stored.
    /// @throws database_error     The database refused to commit; nothing is stored.
    /// @throws statement_timeout  Other statements of the connection took too long; the transaction
    ///                            stays open.
    ///
    /// Cancellation: partial. Cancelled while it waits for other statements of the connection, it
    /// changes nothing. Cancelled after COMMIT was sent, it throws `errc::commit_unknown`, unless
    /// the session shows that the transaction is still open; that is rolled back then.
    [[nodiscard]] awaitable<void> commit();

    /// Undoes the changes of the transaction. A savepoint is rolled back; the transaction around it
    /// goes on. After the loss of the connection it sends nothing and succeeds.
    ///
    /// @throws state_error        The transaction has ended before.
    /// @throws statement_timeout  Other statements of the connection took too long; the transaction
    ///                            stays open.
    /// @throws database_error     ROLLBACK has failed. The connection is closed, by which the
    ///                            server rolls the transaction back; it has ended.
    [[nodiscard]] awaitable<void> rollback();

    /// Leaves the callback of this transaction from anywhere within it, callbacks of its savepoints
    /// included, and commits the transaction. The blocks that are left run no further statement.
    /// Savepoints of callbacks in between are released; an object of `begin()` that is destroyed on
    /// the way is rolled back.
    ///
    /// It throws an object that is no `std::exception`, so that error handlers in between do not
    /// catch it. `transaction(f)` catches it and returns normally. Code in between must not catch
    /// it with `catch (...)` without rethrowing it.
    ///
    /// @throws state_error  The transaction has ended; it is an object of `begin()` and has no
    ///                      callback; or its callback has to return a value.
    [[noreturn]] void raise_commit() const;
    /// Leaves the callback as `raise_commit()` does, and rolls the transaction back.
    ///
    /// @throws state_error  As `raise_commit()`.
    [[noreturn]] void raise_rollback() const;

    /// Begins a savepoint in this transaction and returns it as an object. It has the isolation
    /// level and the modes of the outermost transaction.
    ///
    /// @throws state_error  This transaction has ended.
    [[nodiscard]] awaitable<gino::transaction> begin();

    /// Runs `f()` or `f(transaction&)` in a savepoint of this transaction: releases it when `f`
    /// returns, rolls back to it when `f` throws. See `engine::transaction(f)`.
    ///
    /// @param f     As for `engine::transaction()`.
    /// @return The value of `f`.
    /// @throws state_error  When called: this transaction has ended.
    /// @throws ...          As `engine::transaction()`.
    template <class F>
    [[nodiscard]] auto savepoint(F&& f) {
        static_cast<void>(unended());
        auto run = [state = state_](const detail::transaction_body& body) {
            return detail::run_in_transaction(state, body, {});
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// True until the transaction has ended by `commit()` or `rollback()`, its connection was
    /// released, or the connection was lost.
    [[nodiscard]] bool is_active() const noexcept;

    /// Returns a handle on the connection of the transaction, for COPY, scripts and other functions
    /// that take a connection. Destroying the handle does not give the connection back.
    ///
    /// @throws state_error  The transaction has ended.
    [[nodiscard]] gino::connection connection() const;

    /// Implement the verbs; see `statement_executor`. They throw a `state_error` once the
    /// transaction has ended.
    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
    [[nodiscard]] const gino::capabilities& capabilities() const override;
    [[nodiscard]] awaitable<detail::open_cursor> open_cursor(const statement_base& statement
    ) override;

private:
    [[nodiscard]] detail::connection_state& unended() const;
    [[noreturn]] void leave(bool commits) const;
    void abandon() noexcept;
    void give_back() noexcept;

    std::shared_ptr<detail::connection_state> state_;
    std::size_t depth_;
    std::size_t serial_;
    bool owns_;
};

}  // namespace gino
