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

/// The state that the handles of one connection share: the borrowed connection (none while it is
/// lazy), its open transactions and cursors, and the FIFO mutex that orders its statements.
///
/// Locks, in this order: the lock of `fifo_` is held across waits, for a whole statement; `mutex_`
/// is held for a few instructions, never across a wait. Flags that other threads may ask for are
/// guarded by `mutex_`, everything else by `fifo_`.
///
/// Invariants:
/// - only the holder of the lock of `fifo_` touches `lease_` and the driver's cursors, and runs
///   SQL;
/// - the holder rolls back abandoned transactions before it runs a statement;
/// - no cursor of the driver outlives the lease that it was opened on;
/// - after the loss of the connection inside of a transaction, no statement runs before the handle
///   of that transaction has ended.
///
/// Lifetime: every coroutine below keeps a `shared_ptr` to the state, so that a handle may be
/// destroyed while its statement runs.
///
/// Thread safety: any thread.
class connection_state : public std::enable_shared_from_this<connection_state> {
public:
    /// @param where  The borrowing place, for reports of leaks.
    connection_state(std::shared_ptr<engine_state> engine, std::source_location where)
        : engine_(std::move(engine)), where_(where) {}

    connection_state(const connection_state&) = delete;
    connection_state& operator=(const connection_state&) = delete;
    ~connection_state() = default;

    [[nodiscard]] const std::shared_ptr<engine_state>& engine() const noexcept { return engine_; }

    /// Borrows a connection from the pool, unless one is borrowed already.
    ///
    /// @param timeout  Zero: the pool's acquire_timeout.
    [[nodiscard]] awaitable<void> borrow(std::chrono::milliseconds timeout);

    /// Runs a statement, a batch, or opens a cursor, once the statements before it have finished.
    ///
    /// @param within  The transaction that the statement belongs to: it must still be open when the
    ///                lock is acquired. Default: the transaction that is open then, or none.
    [[nodiscard]] awaitable<gino::status> run(
        execution what, driver::row_sink& sink, transaction_id within = {}
    );
    [[nodiscard]] awaitable<void> run(batch& together, transaction_id within = {});
    [[nodiscard]] awaitable<open_cursor> open(
        const statement_base& statement, transaction_id within = {}
    );
    /// Runs a statement that is given as SQL text.
    [[nodiscard]] awaitable<gino::status> run_text(std::string sql);
    /// Runs SQL text with values for its placeholders, which are all sent as text.
    [[nodiscard]] awaitable<gino::status> run_text(
        std::string sql, std::vector<value> parameters, driver::row_sink& sink
    );
    [[nodiscard]] awaitable<void> run_script(std::string sql);
    /// An operation of a driver other than running one statement: COPY, scripts, backups,
    /// pipelines.
    using driver_call =
        std::function<awaitable<gino::status>(driver::connection& raw, std::string_view sql)>;
    /// Runs an operation of the driver with hooks and timeout, as a statement.
    ///
    /// @param sql  Passed to `call`, to hooks and into messages.
    [[nodiscard]] awaitable<gino::status> run_call(std::string sql, driver_call call);

    /// See `transaction` for the errors of these functions.
    [[nodiscard]] awaitable<transaction_id> begin(transaction_options options);
    [[nodiscard]] awaitable<void> commit(transaction_id id);
    [[nodiscard]] awaitable<void> rollback(transaction_id id);
    /// Marks a transaction as abandoned: it is rolled back before the next statement, or by a
    /// coroutine that this spawns. Does nothing when it has ended. For destructors.
    void abandon(transaction_id id) noexcept;
    /// True until `id` is committed, rolled back or abandoned, or the connection is lost.
    [[nodiscard]] bool is_active(transaction_id id) const;
    /// True until `id` is committed, rolled back or abandoned.
    [[nodiscard]] bool is_wanted(transaction_id id) const;
    [[nodiscard]] bool has_transaction() const;
    /// Begins the callback of `id`. Until `leave_callback()`, statements that name no transaction
    /// are refused once `id` has ended.
    void enter_callback(transaction_id id, bool returns_value);
    void leave_callback(transaction_id id) noexcept;
    /// Returns the reason that the callback of `id` cannot be left early; empty: it can be left.
    [[nodiscard]] std::string_view why_not_left(transaction_id id) const;

    /// Gives the connection back once the statements before it have finished, and waits until the
    /// pool has reset it.
    [[nodiscard]] awaitable<void> release(bool permanent);
    /// Releases the connection permanently without waiting. Does nothing when it was released. For
    /// destructors.
    void release_later() noexcept;
    [[nodiscard]] bool is_released() const;
    [[nodiscard]] bool is_borrowed() const;
    void set_options(const execution_options& options);

private:
    friend class cursor_state;
    using fifo_lock = fifo_mutex::lock;

    /// The conditions under which an operation may run.
    struct entry {
        transaction_id within;  ///< Serial number 0: any transaction, or none.
        time_limit limit;
        std::string_view sql;  ///< For messages. Empty: the operation is no statement.
        std::span<const driver::parameter> parameters{};  ///< For hooks.
    };

    // Acquiring the lock of `fifo_`, and making the connection ready.
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

    // REQUIRES for all: the lock of `fifo_` is held.
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

    // Without the lock of `fifo_`.
    static awaitable<void> clean_up_when_free(std::shared_ptr<connection_state> self);
    void clean_up_soon() noexcept;
    static awaitable<void> release_when_free(std::shared_ptr<connection_state> self);
    [[nodiscard]] execution_options options_for(const execution_options& stated) const;
    [[nodiscard]] time_limit limit_of(const execution_options& stated) const;

    const std::shared_ptr<engine_state> engine_;
    const std::source_location where_;
    fifo_mutex fifo_;
    // Guarded by fifo_.
    lease lease_;
    bool has_unknown_transaction_ = false;  // a transaction without a handle may be open

    // Guarded by mutex_.
    mutable std::mutex mutex_;
    bool is_released_ = false;
    bool is_borrowed_ = false;
    execution_options options_;
    transaction_stack transactions_;
    boost::intrusive::list<cursor_state> cursors_;
    std::vector<std::unique_ptr<driver::cursor>> abandoned_cursors_;
};

}  // namespace gino::detail
