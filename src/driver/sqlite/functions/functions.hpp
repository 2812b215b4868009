// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <string>

namespace gino::sqlite {

/// The time that `now()` returns: the same one within a statement.
class statement_clock {
public:
    /// Makes the next call of `now()` read the system's clock.
    void begin_statement() noexcept { text_.clear(); }

    /// Returns the time in UTC, in the form of a stored timestamp with time zone.
    [[nodiscard]] const std::string& now();

private:
    std::string text_;
};

/// Adds `now()` and the collation `decimal` to a session.
///
/// @param clock  The address of the session's current clock. Must outlive the session; the pointer
///               that it refers to may change between two calls of `now()`.
/// @return A result code of SQLite.
[[nodiscard]] int register_functions(sqlite3* database, statement_clock** clock) noexcept;

}  // namespace gino::sqlite
