// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <sqlite3.h>

#include <chrono>
#include <memory>
#include <string>

#include "driver/sqlite/fault.hpp"
#include "driver/sqlite/interrupter.hpp"

namespace gino::sqlite {

/// Copies a database into a file, some pages at a time (SQLite's manual, "Online Backup API").
/// Until it is done, the file has what it had.
class file_backup {
public:
    /// @param patience  How long a step waits for a writer.
    file_backup(interrupter& by, std::chrono::milliseconds patience) noexcept
        : by_(by), patience_(patience) {}

    file_backup(const file_backup&) = delete;
    file_backup& operator=(const file_backup&) = delete;
    ~file_backup();

    [[nodiscard]] outcome open(sqlite3* from, const std::string& from_path, std::string to);
    [[nodiscard]] outcome step();

    [[nodiscard]] bool is_done() const noexcept { return is_done_; }

    [[nodiscard]] driver::backup_progress progress() const noexcept;

private:
    [[nodiscard]] fault refused(int code) const;

    interrupter& by_;
    std::chrono::milliseconds patience_;
    std::string to_;
    sqlite3* file_ = nullptr;
    sqlite3_backup* copy_ = nullptr;
    bool is_done_ = false;
};

}  // namespace gino::sqlite
