// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/connection.hpp>

#include <boost/intrusive/list.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <mutex>
#include <source_location>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/connection/cursor_state.hpp"
#include "engine/connection/fifo_mutex.hpp"
#include "engine/connection/transaction_stack.hpp"
#include "engine/engine_state.hpp"

namespace gino::detail {

/// What the handles of one connection share: the borrowed connection, or none while it is lazy; its
/// open transactions; and the queue of those that want to use it.
///
/// Invariants:
/// - only the holder of the turn touches `lease_`, what a cursor has opened, and SQL;
/// - whoever takes a turn first rolls back what destructors have left behind;
/// - no cursor of the driver outlives the lease that it was opened on;
/// - after the loss of the connection inside of a transaction nothing is run before the handle of
///   that transaction has ended.
///
/// Thread safety: any thread.
class connection_state : public std::enable_shared_from_this<connection_state> {
public:
    /// @param where  Who borrows, for reports of leaks.
    connection_state(std::shared_ptr<engine_state> engine, std::source_location where)
        : engine_(std::move(engine)), where_(where) {}

    connection_state(const connection_state&) = delete;
    connection_state& operator=(const connection_state&) = delete;
    ~connection_state() = default;

    [[nodiscard]] const std::shared_ptr<engine_state>& engine() const noexcept { return engine_; }

    /// Borrows from the pool now, if that has not happened.
    ///
    /// @param timeout  Zero: the pool's.
    [[nodiscard]] awaitable<void> borrow(std::chrono::milliseconds timeout);

    /// @param within  The transaction that the statement belongs to: it must still be open when its
    ///                turn comes. By default: whichever is open then, or none.
    [[nodiscard]] awaitable<gino::status> run(
        execution what, driver::row_sink& sink, transaction_id within = {}
    );
    [[nodiscard]] awaitable<void> run(batch& together, transaction_id within = {});
    [[nodiscard]] awaitable<open_cursor> open(
        const statement_base& statement, transaction_id within = {}
    );
    /// Runs SQL that is no statement of the language.
    [[nodiscard]] awaitable<gino::status> run_text(std::string sql);
    /// As run_text(), with values for its marks, all of them text.
    [[nodiscard]] awaitable<gino::status> run_text(
        std::string sql, std::vector<value> parameters, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<void> run_script(std::string sql);
    /// Runs what a driver does with a connection beside statements. The text is for it, and for
    /// messages.
    using driver_call =
        std::function<awaitable<gino::status>(driver::connection& raw, std::string_view sql)>;
    [[nodiscard]] awaitable<gino::status> run_call(std::string sql, driver_call call);

    [[nodiscard]] awaitable<transaction_id> begin(transaction_options options);
    [[nodiscard]] awaitable<void> commit(transaction_id id);
    [[nodiscard]] awaitable<void> rollback(transaction_id id);
    /// Leaves a transaction to be rolled back before the next statement, and sees to it that this
    /// happens soon. Does nothing when it has ended. For destructors.
    void abandon(transaction_id id) noexcept;
    /// True until it is committed, rolled back or abandoned, or the connection is lost.
    [[nodiscard]] bool is_active(transaction_id id) const;
    /// True until it is committed, rolled back or abandoned.
    [[nodiscard]] bool is_wanted(transaction_id id) const;
    [[nodiscard]] bool has_transaction() const;
    /// Until leave_callback(), what is in no transaction by name is refused once `id` has ended.
    void enter_callback(transaction_id id, bool returns_value);
    void leave_callback(transaction_id id) noexcept;
    /// Returns why the callback of `id` cannot be left early; empty: it can.
    [[nodiscard]] std::string_view why_not_left(transaction_id id) const;

    [[nodiscard]] awaitable<void> release(bool permanent);
    /// As release(true), without waiting; does nothing when it was released. For destructors.
    void release_later() noexcept;
    [[nodiscard]] bool is_released() const;
    [[nodiscard]] bool is_borrowed() const;
    void set_options(const execution_options& options);

private:
    friend class cursor_state;
    using fifo_lock = fifo_mutex::lock;

    /// What a statement needs before it may run.
    struct entry {
        transaction_id within;  ///< Serial number 0: any.
        time_limit limit;
        std::string_view sql;  ///< For messages. Empty: it is no statement that wants to enter.
        std::span<const driver::parameter> parameters{};  ///< For hooks.
    };

    // Turns.
    [[nodiscard]] bool is_ready() const;
    void check(const entry& wanted) const;
    void check_transaction(const transaction_id& id);
    [[nodiscard]] bool may_go_on(const fifo_lock& lock, const entry& wanted) const;
    [[nodiscard]] awaitable<fifo_lock> enter(fifo_lock lock, entry wanted);
    [[nodiscard]] awaitable<fifo_lock> wait_for_lock(entry wanted);
    [[nodiscard]] awaitable<fifo_lock> enter_for_cursor(
        const cursor_state& which, time_limit limit
    );
    [[nodiscard]] awaitable<void> borrow_from_pool(entry wanted);

    [[nodiscard]] awaitable<gino::status> run_call(entry wanted, driver_call call);

    // With the turn.
    [[nodiscard]] awaitable<gino::status> execute(
        driver::request what, driver::row_sink& sink, time_limit limit
    );
    [[nodiscard]] awaitable<gino::status> control(std::string sql, time_limit limit);
    [[nodiscard]] awaitable<void> clean_up();
    [[nodiscard]] awaitable<void> roll_back_to(std::size_t depth, time_limit limit);
    [[nodiscard]] awaitable<void> release_savepoint(std::size_t depth, time_limit limit);
    [[nodiscard]] awaitable<void> commit_outermost(time_limit limit);
    [[nodiscard]] bool must_clean_up() const;
    void finish(
        statement_guard& guard, std::exception_ptr failure, std::uint64_t affected_rows = 0
    );
    void leave_unknown_transaction();
    void drop_if_lost(const std::exception_ptr& failure) noexcept;
    void drop() noexcept;
    [[nodiscard]] lease take_lease_away() noexcept;
    void end_cursors() noexcept;
    void end_abandoned_cursors() noexcept;
    void give_back_now() noexcept;

    // Without the turn.
    static awaitable<void> clean_up_when_free(std::shared_ptr<connection_state> self);
    void clean_up_soon() noexcept;
    static awaitable<void> release_when_free(std::shared_ptr<connection_state> self);
    [[nodiscard]] execution_options options_for(const execution_options& stated) const;
    [[nodiscard]] time_limit limit_of(const execution_options& stated) const;

    const std::shared_ptr<engine_state> engine_;
    const std::source_location where_;
    fifo_mutex fifo_;
    lease lease_;
    bool has_unknown_transaction_ = false;  // one that no handle knows of

    mutable std::mutex mutex_;
    bool is_released_ = false;
    bool is_borrowed_ = false;
    execution_options options_;
    transaction_stack transactions_;
    boost::intrusive::list<cursor_state> cursors_;
    std::vector<std::unique_ptr<driver::cursor>> abandoned_cursors_;
};

}  // namespace gino::detail
