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

/// Where a session finds its database.
struct database_location {
    connect_options options;
    std::string uri;   ///< What SQLite opens.
    std::string name;  ///< For people.
};

/// One session with SQLite, without threads and waiting: each function blocks until it is done.
///
/// What can fail returns an `outcome`; only want of memory is thrown.
///
/// Thread safety: the worker's thread, except where it is said.
class session {
public:
    session(std::shared_ptr<const database_location> where, interrupter& by) noexcept;
    session(const session&) = delete;
    session& operator=(const session&) = delete;
    ~session();

    /// @param patience  The longest time to wait for other connections.
    [[nodiscard]] outcome open(std::chrono::milliseconds patience);

    /// Ends all executions and closes. Does nothing when it is closed.
    void close() noexcept;

    /// Begins a statement and reads its first rows.
    [[nodiscard]] outcome begin(
        const driver::request& statement, execution& run, batch_limit limit = {}
    );

    /// Reads the next rows, or ends the statement.
    [[nodiscard]] outcome resume(execution& run, batch_limit limit = {});

    /// Begins a statement without a step; it is read by `resume()`.
    [[nodiscard]] outcome open_cursor(
        const driver::request& statement, const std::shared_ptr<execution>& run
    );

    /// Gives up what is left of a statement.
    void end(execution& run) noexcept;

    /// Gives up what was abandoned.
    void collect() noexcept;

    [[nodiscard]] outcome execute_many(
        const driver::request& statement, std::size_t sets, driver::command_result& result
    );

    [[nodiscard]] outcome execute_script(std::string_view sql);

    /// Begins a backup of the database.
    [[nodiscard]] outcome begin_backup(const std::string& to_file, file_backup& into);

    [[nodiscard]] outcome reset();

    /// Any thread, between two jobs.
    [[nodiscard]] driver::transaction_status status() const noexcept { return status_; }

    /// Any thread.
    [[nodiscard]] bool is_open() const noexcept { return is_open_; }

    /// Any thread, between two jobs: whether `reset()` has anything to do.
    [[nodiscard]] bool is_clean() const noexcept {
        return !is_marked_ && status_ == driver::transaction_status::idle && !has_cursors_;
    }

    [[nodiscard]] std::chrono::milliseconds busy_timeout() const noexcept {
        return where_->options.busy_timeout;
    }

    /// Any thread: false when the file of an idle session was deleted or replaced.
    [[nodiscard]] bool has_its_file() const noexcept;

    /// The execution for `begin()` when there is no cursor.
    [[nodiscard]] execution& main() noexcept { return main_; }

private:
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
    /// Answers what a failed transaction takes; `is_answered` is set when nothing is to be run.
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

    static int on_busy(void* self, int attempt) noexcept;
    static int on_progress(void* self) noexcept;

    std::shared_ptr<const database_location> where_;
    interrupter& interrupter_;
    sqlite3* database_ = nullptr;
    std::chrono::milliseconds patience_{0};
    file_identity file_;
    statement_cache cache_;
    execution main_;
    std::vector<std::shared_ptr<execution>> cursors_;
    statement_clock idle_clock_;
    statement_clock* clock_ = &idle_clock_;
    bool has_failed_ = false;  ///< SQLite rolled back in the middle of a transaction.

    std::atomic<bool> is_open_ = false;
    std::atomic<bool> is_marked_ = false;
    std::atomic<bool> has_cursors_ = false;
    std::atomic<driver::transaction_status> status_ = driver::transaction_status::idle;
};

}  // namespace gino::sqlite
