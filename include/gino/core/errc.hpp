// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino {

/// Why an operation failed, as seen by this library. `docs/errors.md` has a page per code.
///
/// A database's own codes are not here: see `database_error::sqlstate()`.
enum class errc {
    /// An argument can never be right: out of range, unknown name, not part of the statement.
    invalid_argument = 1,
    /// A URL cannot be read, or has a part or parameter that nobody knows.
    invalid_url,
    /// An option's name or value is not known.
    invalid_option,
    /// The object was closed, released or finished before this call.
    closed,
    /// The call is right, but not in this state (a nested commit, a second begin, no connection).
    wrong_state,
    /// The database object has no engine yet: `set_bind()` was not called.
    uninitialized,
    /// The dialect cannot write this statement.
    cannot_compile,
    /// `one()` found no row.
    no_result,
    /// `one()` or `one_or_none()` found more than one row.
    multiple_results,
    /// The row that an object stands for is not in the database (any more).
    no_such_row,
    /// A JSON column has a key that its type does not declare.
    unknown_json_property,
    /// No connection came free in time.
    pool_timeout,
    /// A statement did not finish in time; its connection was interrupted.
    statement_timeout,
    /// A connection could not be opened in time.
    connect_timeout,
    /// The operation was cancelled.
    cancelled,
    /// No connection could be opened: nobody listens, the host is unknown, the file is missing.
    connect_failed,
    /// The server refused the user, the password, or the way to authenticate.
    authentication_failed,
    /// TLS could not be agreed on, or the server's certificate is not trusted.
    tls_failed,
    /// The connection broke while it was in use.
    connection_lost,
    /// The connection broke while COMMIT was under way: the transaction may be committed or not.
    commit_unknown,
    /// COMMIT was answered by ROLLBACK: an error inside of the transaction was swallowed.
    transaction_aborted,
    /// The peer sent something that the protocol does not allow here.
    protocol_violation,
    /// A message, value or count is larger than the protocol or a limit allows.
    limit_exceeded,
    /// A value cannot be read as the C++ type, or written as the SQL type.
    bad_value,
    /// A column that must not be NULL was NULL.
    unexpected_null,
    /// The database reported an error; `database_error` has its fields.
    database,
    /// A request of a web client cannot be served as asked; `http_error` has the status.
    http,
};

/// Returns the code's name as written above, such as "pool_timeout".
[[nodiscard]] std::string_view to_string(errc code) noexcept;

}  // namespace gino
