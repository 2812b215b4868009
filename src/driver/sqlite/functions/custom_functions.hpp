// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

namespace gino::sqlite {

/// Adds the program's functions to a session. Returns a result code of SQLite.
[[nodiscard]] int register_custom_functions(sqlite3* database);

}  // namespace gino::sqlite
