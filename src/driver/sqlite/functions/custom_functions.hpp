// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

namespace gino::sqlite {

/// Adds the functions of `add_function()` to a session. Returns a result code of SQLite.
[[nodiscard]] int register_custom_functions(sqlite3* database);

}  // namespace gino::sqlite
