// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/driver/sqlite/connect_options.hpp>

#include <sqlite3.h>

#include <atomic>
#include <chrono>
#include <cstddef>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sqlite/codec/binding.hpp"
#include "driver/sqlite/fault.hpp"
#include "driver/sqlite/file_backup.hpp"
#include "driver/sqlite/interrupter.hpp"
#include "driver/sqlite/statement/execution.hpp"
#include "driver/sqlite/statement/statement_cache.hpp"

namespace gino::sqlite {

/// The address of a database, shared by all sessions of a driver.
struct database_location {
    connect_options options;
    std::string uri;   ///< Passed to `sqlite3_open_v2()`.
    std::string name;  ///< Shown in messages.
};

/// One session with SQLite, without threads and coroutines: each function blocks until it is done.
///
/// A function that can fail returns an `outcome`; the only exception is `std::bad_alloc`.
///
/// Invariants: a statement of `cache_` is used by one execution at most; all statements are
/// finalized before the handle is closed; `clock_` is an execution's clock only during its steps.
///
/// Thread safety: the worker's thread, except the functions whose comment names another rule. The
/// handle has no mutex of its own (SQLite's page "Using SQLite In Multi-Threaded Applications").
class session {
public:
    session(std::shared_ptr<const database_location> where, interrupter& by) noexcept;
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    /// Opens the database and configures the connection.
    ///
    /// @param lock_timeout  The longest time to wait for other connections' locks while opening;
    ///                  statements wait up to the busy timeout.
    [[nodiscard]] outcome open(std::chrono::milliseconds lock_timeout);

    /// Ends all executions and closes. Does nothing when the session is closed.
    void close() noexcept;

    /// Begins a statement and reads its first rows.
    ///
    /// Lifetime: the values of the parameters must stay unchanged until `run` is done or abandoned;
    /// they are bound without a copy.
    [[nodiscard]] outcome begin(
        const driver::request& statement, execution& run, batch_limit limit = {}
    );

    /// Reads the next rows, or ends the statement.
    [[nodiscard]] outcome resume(execution& run, batch_limit limit = {});

    /// Begins a statement without a step; `resume()` reads its rows.
    ///
    /// SQLite copies the parameters, which the caller keeps only during this call.
    [[nodiscard]] outcome open_cursor(
        const driver::request& statement, const std::shared_ptr<execution>& run
    );

    /// Resets the statement of an execution, without reading its remaining rows.
    void end(execution& run) noexcept;

    /// Ends the executions that were abandoned.
    void collect() noexcept;

    /// Runs a statement once per set of parameters, all or nothing.
    [[nodiscard]] outcome execute_many(
        const driver::request& statement, std::size_t sets, driver::command_result& result
    );

    /// Runs the statements of a text one by one, each in a transaction of its own unless the
    /// script or the caller has begun one.
    [[nodiscard]] outcome execute_script(std::string_view sql);

    /// Begins a backup of the database.
    [[nodiscard]] outcome begin_backup(const std::string& to_file, file_backup& into);

    /// Restores the state that `open()` has left, for the session's next user. A failure closes
    /// the session.
    [[nodiscard]] outcome reset();

    /// Returns the status after the last job.
    ///
    /// Thread safety: any thread, between two jobs.
    [[nodiscard]] driver::transaction_status status() const noexcept { return status_; }

    /// Thread safety: any thread.
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }

    /// True when `reset()` has nothing to do.
    ///
    /// Thread safety: any thread, between two jobs.
    [[nodiscard]] bool is_clean() const noexcept {
        return !is_marked_ && status_ == driver::transaction_status::idle && !has_cursors_;
    }

    [[nodiscard]] std::chrono::milliseconds busy_timeout() const noexcept {
        return where_->options.busy_timeout;
    }

    /// False when the file of an idle session was deleted or replaced.
    ///
    /// Thread safety: any thread, between two jobs.
    [[nodiscard]] bool has_its_file() const noexcept;

    /// The execution of statements that are not a cursor's.
    [[nodiscard]] execution& main() noexcept { return main_; }

private:
    /// The device and inode of a file; zeros for a database in memory and for a missing file.
    struct file_identity {
        std::uint64_t device = 0;
        std::uint64_t inode = 0;

        friend bool operator==(const file_identity&, const file_identity&) = default;
    };

    [[nodiscard]] outcome open_handle();
    [[nodiscard]] outcome configure();
    [[nodiscard]] outcome configure_journal();
    [[nodiscard]] outcome run_pragma(const char* sql);
    [[nodiscard]] fault cannot_open(int code) const;
    void close_handle() noexcept;
    [[nodiscard]] static file_identity identity_of(const std::string& path) noexcept;

    [[nodiscard]] outcome prepare(const driver::request& what, execution& run);
    [[nodiscard]] outcome start(
        const driver::request& what, execution& run, bound_lifetime lifetime
    );
    /// Refuses every statement but COMMIT and ROLLBACK in a failed transaction. Those two are only
    /// answered, as `is_answered` reports: SQLite has already rolled back.
    [[nodiscard]] outcome check_transaction(const statement& what, bool& is_answered);
    [[nodiscard]] outcome step(execution& run, batch_limit limit);
    [[nodiscard]] outcome finish_change(execution& run);
    void complete(execution& run);
    [[nodiscard]] outcome failed(execution& run, fault why);
    [[nodiscard]] fault step_error(int code, const statement& what) const;
    void update_status() noexcept;
    [[nodiscard]] bool is_in_transaction() const noexcept;
    [[nodiscard]] outcome run_sets(
        const driver::request& what, std::size_t sets, driver::command_result& result
    );
    [[nodiscard]] outcome run_set(
        std::span<const driver::parameter> parameters, driver::command_result& result
    );
    [[nodiscard]] outcome run_script_statement(std::string_view& sql);
    [[nodiscard]] outcome run_plain(const char* sql);

    /// SQLite's busy handler. Returns 0 when the statement has to fail with SQLITE_BUSY.
    static int on_busy(void* self, int attempt) noexcept;
    /// SQLite's progress handler. Returns 1 when the statement has to be interrupted.
    static int on_progress(void* self) noexcept;

    std::shared_ptr<const database_location> where_;
    interrupter& interrupter_;
    sqlite3* database_ = nullptr;
    std::chrono::milliseconds lock_timeout_{0};  ///< How long the busy handler waits.
    file_identity file_;                         ///< The file that `open()` found.
    statement_cache cache_;
    execution main_;
    std::vector<std::shared_ptr<execution>> cursors_;  ///< Shared with the cursors' owners.
    statement_clock idle_clock_;
    statement_clock* clock_ = &idle_clock_;  ///< Read by `now()`.
    bool has_failed_ = false;                ///< SQLite rolled back in the middle of a transaction.

    // Written by the worker's thread; the connection reads them without a job.
    std::atomic<bool> is_open_ = false;
    std::atomic<bool> is_marked_ = false;  ///< Settings, attached or temporary objects changed.
    std::atomic<bool> has_cursors_ = false;
    std::atomic<driver::transaction_status> status_ = driver::transaction_status::idle;
};

}  // namespace gino::sqlite
