// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

namespace gino::sqlite {

/// Adds the functions of dates and times that statements of the dialect call: casts that check
/// their value, sums and differences, date_trunc().
///
/// @return A result code of SQLite.
[[nodiscard]] int register_time_functions(sqlite3* database) noexcept;

}  // namespace gino::sqlite
