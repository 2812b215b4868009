// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/connection.hpp>

#include <string>

namespace gino {

/// Copies a SQLite database into a file, as it is at one moment, while others go on using it.
///
/// @snippet tests/sqlite/backup.cpp backup
///
/// What is written meanwhile by others makes it begin again, by itself; in WAL mode it holds nobody
/// up. When it fails or is cancelled, the file has what it had. A file that has something else than
/// a database is refused.
///
/// @param on        Outside of a transaction.
/// @param to_file   A path: made, or replaced when it is a database. UTF-8.
/// @param progress  Called between its steps, on the caller's executor; may be empty. What it
///                  throws ends the backup.
/// @throws argument_error  The file is the database itself; the database is not SQLite's.
/// @throws database_error  The file cannot be written (SQLSTATE 58030, 53100), or is locked
/// (55P03).
[[nodiscard]] awaitable<void> backup(
    connection& on,
    std::string to_file,
    detail::awaited_function<void(const driver::backup_progress&)> progress = {}
);

}  // namespace gino
