// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/backup.hpp>

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>

#include "driver/sqlite/fault.hpp"
#include "driver/sqlite/interrupter.hpp"

namespace gino::sqlite {

/// A copy of a database to a file, some pages at a time (SQLite's page "Online Backup API"). An
/// unfinished copy is rolled back: the file keeps its old content.
///
/// Thread safety: the worker's thread; `is_done()` and `progress()`: any thread, between two jobs.
class file_backup {
public:
    /// @param lock_timeout  How long a step waits for other connections' locks.
    file_backup(interrupter& by, std::chrono::milliseconds lock_timeout) noexcept
        : by_(by), lock_timeout_(lock_timeout) {}

    file_backup(const file_backup&) = delete;
    file_backup& operator=(const file_backup&) = delete;
    ~file_backup();

    /// Opens the file, creating it if it does not exist.
    ///
    /// @param from       Must outlive the copy.
    /// @param from_path  The file of `from`; empty for a database in memory.
    [[nodiscard]] outcome open(sqlite3* from, const std::string& from_path, std::string to);

    /// Copies the next pages. REQUIRES: `open()` has succeeded, and the copy is not done.
    [[nodiscard]] outcome step();

    [[nodiscard]] bool is_done() const noexcept { return is_done_; }

    /// The pages of the database and those that are left, as of the last step.
    [[nodiscard]] driver::backup_progress progress() const noexcept;

private:
    [[nodiscard]] fault refused(int code) const;

    interrupter& by_;
    std::chrono::milliseconds lock_timeout_;
    std::string to_;
    sqlite3* file_ = nullptr;         ///< The destination.
    sqlite3_backup* copy_ = nullptr;  ///< Null: not open.
    bool is_done_ = false;
};

}  // namespace gino::sqlite
