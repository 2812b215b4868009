// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>

namespace gino::sqlite {

/// Makes the driver for `sqlite://` URLs. Each session has a worker thread of its own, named
/// "gino-sqlite", which makes all calls to SQLite. A sink receives its rows on the caller's
/// executor.
///
/// Values: booleans are the integers 0 and 1. Dates and times are text: `2024-02-29`, `2024-02-29
/// 23:59:58.123456`; those with a time zone are in UTC and written without an offset, so that they
/// compare with `CURRENT_TIMESTAMP`. The texts sort in the order of time, except for years before 1
/// and after 9999 and for the infinities (`infinity` sorts last, but `-infinity` does not sort
/// first). JSON is text; an array is sent as the text of a JSON array, for `json_each(?)`. A value
/// of another storage class (a number in a text column) is an error when it is read, and is never
/// converted silently. A NUL byte in text and NaN cannot be stored.
///
/// Same as PostgreSQL: LIKE is case-sensitive (`PRAGMA case_sensitive_like`, which SQLite
/// deprecates without a successor), names in double quotes are never text, `now()` exists (in UTC,
/// the same within one statement), a `command_result` has PostgreSQL's tags, and errors have its
/// SQLSTATEs. When SQLite itself rolls back a transaction in the middle (disk full, an interrupted
/// write), the session is `transaction_status::failed` until ROLLBACK, so that no later statement
/// commits alone.
///
/// Different from PostgreSQL: an ordinary error leaves a transaction usable, and a script is not
/// one transaction. A statement that waits for another writer longer than `busy_timeout` fails with
/// SQLSTATE 55P03; a transaction that read before another one wrote fails with 40001 (retry it). A
/// cursor needs no transaction; while it is open, it keeps its view of the data.
///
/// The destructor of a session interrupts the running statement, waits for it (for the disk, at
/// worst) and joins the thread; committed data stays in the file's `-wal` until the next session
/// opens it. `close()` moves that data to the database file, without blocking the caller's thread.
///
/// A database in memory belongs to the driver object: it outlives its sessions, and one session at
/// a time can use it. SQLite has no notices.
///
/// Safety: defensive mode, untrusted schemas, no extensions, `PRAGMA cell_size_check`, and limits
/// on the sizes of values and statements.
///
/// @param where  The file, or none for a database in memory; for the parameters see
///               `connect_options`.
/// @throws argument_error    `errc::invalid_url`; the message names an unknown parameter.
/// @throws connection_error  `errc::connect_failed`: SQLite cannot create a database in memory.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::sqlite
