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

/// A transaction, or a savepoint within one. It is stored by commit() and by nothing else.
///
/// Destroyed without commit(), it is rolled back: the destructor does not wait, but every later
/// statement of the connection does. When the connection is lost inside of a transaction, it cannot
/// be used before rollback() or the destructor: nothing runs outside of the transaction by
/// accident.
///
/// Objects in memory do not change back.
///
/// Thread safety: as `connection`.
class transaction : public statement_executor {
public:
    /// For the library. @param owns  Give the connection back at the end.
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

    /// Stores what was done. Whatever it throws but the first, the transaction has ended.
    ///
    /// @throws state_error        It has ended, or a transaction within it is still open.
    /// @throws operational_error  `errc::transaction_aborted`: a statement had failed and the
    ///                            database rolled back; nothing is stored.
    /// @throws connection_error   `errc::commit_unknown`: there was no answer; it is stored or not.
    ///                            `errc::connection_lost`: the connection broke before; nothing is
    ///                            stored.
    /// @throws database_error     The database refused: nothing is stored.
    [[nodiscard]] awaitable<void> commit();

    /// Undoes what was done.
    ///
    /// @throws state_error  It has ended.
    [[nodiscard]] awaitable<void> rollback();

    /// Leaves the callback of this transaction from anywhere within it, callbacks of savepoints
    /// included, and commits it. No statement of the blocks that are left runs.
    ///
    /// What it throws passes the blocks in between, is no `std::exception`, and ends where
    /// `transaction(f)` was called.
    ///
    /// @throws state_error  It has ended; it is an object of begin(); or its callback returns a
    ///                      value, which there would be none of.
    [[noreturn]] void raise_commit() const;
    /// As raise_commit(), and rolls back.
    [[noreturn]] void raise_rollback() const;

    /// Begins a transaction within this one, as an object: a savepoint.
    [[nodiscard]] awaitable<gino::transaction> begin();

    /// Runs `f()` or `f(transaction&)` in a savepoint of this transaction, as
    /// `engine::transaction(f)` does.
    ///
    /// @throws state_error  It has ended.
    template <class F>
    [[nodiscard]] auto savepoint(F&& f) {
        static_cast<void>(unended());
        auto run = [state = state_](const detail::transaction_body& body) {
            return detail::run_in_transaction(state, body, {});
        };
        return detail::run_returning<gino::transaction>(std::forward<F>(f), std::move(run));
    }

    /// True until commit(), rollback(), or the loss of the connection.
    [[nodiscard]] bool is_active() const noexcept;

    /// Returns a handle on the connection that it runs on.
    ///
    /// @throws state_error  It has ended.
    [[nodiscard]] gino::connection connection() const;

    [[nodiscard]] awaitable<gino::status> run(detail::execution what, driver::row_sink& sink)
        override;
    [[nodiscard]] awaitable<void> run_batch(batch& together) override;
    [[nodiscard]] awaitable<void> run_together(detail::together f) override;
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
