// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <memory>

namespace gino::sqlite {

/// Makes the driver for `sqlite://` URLs. Each session has a worker thread of its own, named
/// "gino-sqlite", that makes all calls to SQLite; rows are handed to the sink on the caller's
/// executor.
///
/// Values: booleans are the integers 0 and 1. Dates and times are text: `2024-02-29`,
/// `2024-02-29 23:59:58.123456`; those with a time zone are in UTC and written without an offset,
/// so that they compare with `CURRENT_TIMESTAMP`. They sort as time does, except years before 1
/// and after 9999 and the infinities (`infinity` sorts last, but `-infinity` not first). JSON is
/// text; an array is sent as the text of a JSON array, for `json_each(?)`. What was stored
/// otherwise (a number in a text column) is an error when read, never converted silently. A NUL
/// byte in text and NaN cannot be stored.
///
/// Made equal to PostgreSQL: LIKE regards case (`PRAGMA case_sensitive_like`, deprecated by SQLite
/// and without a successor), names in double quotes are never text, `now()` exists (in UTC, the
/// same within one statement), a `command_result` has PostgreSQL's tags, errors its SQLSTATEs.
/// When SQLite itself rolls a transaction back in the middle (disk full, a write interrupted), the
/// session is `transaction_status::failed` until ROLLBACK, so that nothing is committed alone.
///
/// Differs from PostgreSQL: an ordinary error leaves a transaction usable, and a script is not one
/// transaction. A statement that waits for another writer longer than `busy_timeout` fails with
/// SQLSTATE 55P03, a transaction that read before another one wrote with 40001 (retry it). A
/// cursor needs no transaction; while it is open, it keeps its view of the data.
///
/// Destroying a session interrupts what it does, waits for that (for the disk, at worst) and joins
/// the thread; what was committed stays in the file's `-wal` until somebody else opens it.
/// `close()` writes it to the file itself, without holding up the caller's thread.
///
/// A database in memory belongs to the driver object: it outlives its sessions, of which there is
/// one at a time. SQLite has no notices.
///
/// Safety: defensive mode, untrusted schemas, no extensions, `PRAGMA cell_size_check`, limits on
/// the sizes of values and statements.
///
/// @param where  The file, or none for a database in memory; parameters: see `connect_options`.
/// @throws argument_error  `errc::invalid_url`; a parameter that nobody knows is named.
[[nodiscard]] std::unique_ptr<driver::driver> make_driver(const url& where);

}  // namespace gino::sqlite
