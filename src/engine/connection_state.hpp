// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/connection.hpp>

#include <deque>
#include <memory>
#include <mutex>
#include <optional>
#include <source_location>
#include <string>
#include <vector>

#include "driver/one_shot.hpp"
#include "engine/engine_state.hpp"

namespace gino::detail {

/// What the handles of one connection share: the borrowed connection, or none while it is lazy; its
/// open transactions; and the queue of those that want to use it.
///
/// Invariants:
/// - only the holder of the turn touches `leased_` and `open_`, except that the destructor of a
///   transaction shortens `keep_`;
/// - turns are given first come, first served; whoever takes one first rolls back what destructors
///   have left behind (`open_` longer than `keep_`);
/// - the serial number of a transaction is never used twice.
///
/// Thread safety: any thread.
class connection_state : public std::enable_shared_from_this<connection_state> {
public:
    connection_state(std::shared_ptr<engine_state> engine, std::source_location where)
        : engine_(std::move(engine)), where_(where) {}

    connection_state(const connection_state&) = delete;
    connection_state& operator=(const connection_state&) = delete;
    /// Gives the connection back without waiting.
    ~connection_state();

    [[nodiscard]] const std::shared_ptr<engine_state>& engine() const noexcept { return engine_; }

    /// Borrows from the pool now, if that has not happened.
    [[nodiscard]] awaitable<void> borrow(std::chrono::milliseconds timeout);

    [[nodiscard]] awaitable<gino::status> run(execution what, driver::row_sink& sink);
    [[nodiscard]] awaitable<open_cursor> open(const statement_base& statement);
    [[nodiscard]] awaitable<gino::status> run_text(std::string sql);
    [[nodiscard]] awaitable<void> run_script(std::string sql);
    /// Runs hand-written SQL with values for its marks.
    [[nodiscard]] awaitable<gino::status> run_raw(
        std::string sql, std::vector<value> parameters, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<std::size_t> fetch(
        driver::cursor& from, std::size_t lease, std::size_t count, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<void> close(driver::cursor& opened, std::size_t lease);

    /// A transaction that is open: its depth, counted from 1, and its serial number.
    struct transaction_mark {
        std::size_t depth = 0;
        std::size_t serial = 0;
    };

    [[nodiscard]] awaitable<transaction_mark> begin(const transaction_options& options);
    [[nodiscard]] awaitable<void> commit(transaction_mark mark);
    [[nodiscard]] awaitable<void> rollback(transaction_mark mark);
    /// Leaves a transaction to be rolled back before the next statement, and sees to it that this
    /// happens soon. For destructors.
    void abandon(transaction_mark mark) noexcept;
    [[nodiscard]] bool is_active(transaction_mark mark) const;

    [[nodiscard]] awaitable<void> release(bool permanent);
    /// As release(true), without waiting; does nothing when it was released. For destructors.
    void release_later() noexcept;
    [[nodiscard]] bool is_released() const;
    [[nodiscard]] bool is_borrowed() const;
    void set_options(const execution_options& options);

private:
    /// The right to use the connection; given up by the destructor.
    class turn {
    public:
        explicit turn(std::shared_ptr<connection_state> of) noexcept : of_(std::move(of)) {}

        turn(turn&& other) noexcept = default;
        turn(const turn&) = delete;
        turn& operator=(const turn&) = delete;
        turn& operator=(turn&&) = delete;

        ~turn() {
            if (of_ != nullptr) {
                of_->pass_turn_on();
            }
        }

    private:
        std::shared_ptr<connection_state> of_;
    };

    struct waiter {
        std::shared_ptr<one_shot> wake = std::make_shared<one_shot>();
        bool has_turn = false;
        bool timed_out = false;
    };

    using time_point = std::chrono::steady_clock::time_point;

    [[nodiscard]] awaitable<turn> take_turn(std::optional<time_point> deadline);
    void pass_turn_on();
    [[nodiscard]] awaitable<void> make_ready(std::optional<time_point> deadline);
    [[nodiscard]] awaitable<void> roll_back_abandoned();
    [[nodiscard]] awaitable<gino::status> execute_text(std::string sql);
    [[nodiscard]] awaitable<void> roll_back_to(std::size_t depth);
    void check_usable() const;
    void drop_if_broken();
    void forget_transactions();
    [[nodiscard]] execution_options effective(const execution_options& stated) const;
    [[nodiscard]] static std::string savepoint_name(std::size_t depth);

    std::shared_ptr<engine_state> engine_;
    std::source_location where_;
    std::unique_ptr<pooled> leased_;
    std::size_t lease_ = 0;  // counts borrowings, so that a cursor knows its own

    mutable std::mutex mutex_;
    bool busy_ = false;
    std::deque<std::shared_ptr<waiter>> waiters_;
    bool released_ = false;
    bool borrowed_ = false;
    execution_options options_;
    std::vector<std::size_t> open_;  // serial numbers of open transactions, the outermost first
    std::size_t keep_ = 0;           // how many of them are still wanted
    std::size_t next_serial_ = 1;
};

/// A cursor of a driver on a connection.
class cursor_state {
public:
    cursor_state(
        std::shared_ptr<connection_state> on,
        std::unique_ptr<driver::cursor> opened,
        std::size_t lease
    )
        : on_(std::move(on)), opened_(std::move(opened)), lease_(lease) {}

    [[nodiscard]] awaitable<std::size_t> fetch(std::size_t count, driver::row_sink& sink) {
        return on_->fetch(*opened_, lease_, count, sink);
    }

    [[nodiscard]] awaitable<void> close() { return on_->close(*opened_, lease_); }

private:
    std::shared_ptr<connection_state> on_;
    std::unique_ptr<driver::cursor> opened_;
    std::size_t lease_;
};

}  // namespace gino::detail
