// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

namespace gino::sqlite {

/// Adds the functions that statements of the dialect call where SQLite's own operators have another
/// result than PostgreSQL's: exact decimals, casts to numbers and booleans that check their value,
/// rounding, greatest() and least().
///
/// @return A result code of SQLite.
[[nodiscard]] int register_exact_functions(sqlite3* database) noexcept;

}  // namespace gino::sqlite
