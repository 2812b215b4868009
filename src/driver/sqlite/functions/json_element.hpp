// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

namespace gino::sqlite {

/// Adds json_element() and json_element_text(), PostgreSQL's `->` and `->>`, and json_element_at()
/// and json_element_at_text(), its `#>` and `#>>` with a JSON array of texts as the path. SQLite's
/// own `->` and `->>` read a key that begins with "$" as a path.
///
/// @return A result code of SQLite.
[[nodiscard]] int register_json_functions(sqlite3* database) noexcept;

}  // namespace gino::sqlite
