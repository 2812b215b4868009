// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <string>
#include <string_view>

namespace gino::sqlite {

/// Finds the name of a UNIQUE index or constraint, or of a primary key, by its columns: SQLite's
/// message contains only those.
///
/// @param columns  As in the message: "users.a, users.b".
/// @return  Its name, or the name that PostgreSQL would give it if it has none; empty when it is
///          not found.
[[nodiscard]] std::string find_constraint(
    sqlite3* database, std::string_view table, std::string_view columns
);

}  // namespace gino::sqlite
