// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <string>

namespace gino::sqlite {

/// The time that `now()` tells: the same within one statement.
class statement_clock {
public:
    /// The next call of `now()` looks at the clock again.
    void begin_statement() noexcept { text_.clear(); }

    /// UTC, as a timestamp with time zone is stored.
    [[nodiscard]] const std::string& now();

private:
    std::string text_;
};

/// Adds `now()` to a session.
///
/// @param clock  Must outlive the session. Changing what it points to is allowed.
/// @return A result code of SQLite.
[[nodiscard]] int register_functions(sqlite3* database, statement_clock** clock) noexcept;

}  // namespace gino::sqlite
