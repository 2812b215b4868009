// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace gino::sqlite {

/// Finds the name of a UNIQUE index or constraint, or of a primary key, of which SQLite's message
/// tells only the columns. Without a name it has the one that PostgreSQL would give it. Empty: it
/// is not found.
///
/// @param columns  "users.a, users.b".
[[nodiscard]] std::string find_constraint(
    sqlite3* database, std::string_view table, std::string_view columns
);

}  // namespace gino::sqlite
