// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino {

/// The reason for a failure, as this library sees it. `docs/errors.md` has an entry for each code.
///
/// The database's own codes are separate: see `database_error::sqlstate()`.
enum class errc {
    /// An argument can never be correct: out of range, an unknown name, not part of the statement.
    invalid_argument = 1,
    /// A URL cannot be read, or has an unknown part or parameter.
    invalid_url,
    /// The name or value of an option is unknown.
    invalid_option,
    /// The object was closed, released or finished before this call.
    closed,
    /// The call is correct, but not in this state (a nested commit, a second begin, no connection).
    wrong_state,
    /// The database object has no engine yet: `set_bind()` was not called.
    uninitialized,
    /// The dialect cannot write this statement.
    cannot_compile,
    /// The result of `one()` has no row.
    no_result,
    /// The result of `one()` or `one_or_none()` has more than one row.
    multiple_results,
    /// The row of an object does not exist in the database, or no longer.
    no_such_row,
    /// A JSON column has a key that its type does not declare.
    unknown_json_property,
    /// No connection of the pool became free in time.
    pool_timeout,
    /// A statement did not finish in time; its connection was interrupted.
    statement_timeout,
    /// A connection could not be opened in time.
    connect_timeout,
    /// The operation was cancelled.
    cancelled,
    /// No connection could be opened: the port is closed, the host is unknown, the file is missing.
    connect_failed,
    /// The server refused the user or the password, or asked for an authentication method that is
    /// not allowed.
    authentication_failed,
    /// The TLS handshake failed, or the server's certificate is not trusted.
    tls_failed,
    /// The connection broke while it was in use: the statement may have run or not.
    connection_lost,
    /// The connection broke during COMMIT: the transaction may be committed or not.
    commit_unknown,
    /// The server answered COMMIT with ROLLBACK, because the program ignored an error inside the
    /// transaction; or another statement of the same batch failed.
    transaction_aborted,
    /// The peer sent a message that the protocol does not allow here; the connection is closed.
    protocol_violation,
    /// A message, value or count is larger than the protocol or a limit allows.
    limit_exceeded,
    /// A value cannot be read as the C++ type, or written as the SQL type.
    bad_value,
    /// A column was NULL, and the C++ type cannot hold NULL.
    unexpected_null,
    /// The database reported an error; `database_error` has its fields.
    database,
    /// A web client's request cannot be served; `http_error` has the status.
    http,
};

/// Returns the name of the code as it is written above, such as "pool_timeout"; "unknown" for a
/// number that is no code.
[[nodiscard]] std::string_view to_string(errc code) noexcept;

}  // namespace gino
