// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/backup.hpp>
#include <gino/engine/callback.hpp>
#include <gino/engine/connection.hpp>

#include <string>

namespace gino {

/// Copies a SQLite database into a file, in its state at one moment, while other connections go on
/// using it.
///
/// @snippet tests/sqlite/backup.cpp backup
///
/// The backup starts again by itself when another connection writes meanwhile. In WAL mode it does
/// not block other connections. When it fails or is cancelled, the file keeps its former content. A
/// file that is not a database is refused.
///
/// @param on        Must not be in a transaction.
/// @param to_file   A path: the file is created, or replaced if it is a database. UTF-8. Moved in.
/// @param progress  Called between the steps, on the caller's executor; may be empty. An exception
///                  from it ends the backup.
/// @throws argument_error  `on` is in a transaction, the file is the database itself, or the
///                         database is not SQLite's.
/// @throws database_error  The file cannot be written (SQLSTATE 58030, 53100), is locked (55P03),
///                         or is not a database.
///
/// Cancellation: terminal, as for statements.
[[nodiscard]] awaitable<void> backup(
    connection& on,
    std::string to_file,
    detail::awaited_function<void(const driver::backup_progress&)> progress = {}
);

}  // namespace gino
