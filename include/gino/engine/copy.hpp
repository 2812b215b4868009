// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/connection.hpp>

#include <cstddef>
#include <functional>
#include <span>
#include <string>
#include <vector>

namespace gino {

/// Runs `COPY table FROM STDIN`, in whichever format its options say.
///
/// The server holds the source up when it cannot take more. When the source throws, the coroutine
/// is cancelled, or the statement runs out of time, nothing of it is stored. For rows of values see
/// model/copy.hpp. PostgreSQL only.
///
/// @param on    Of a transaction: its connection().
/// @param sql   The program's own text, never data from outside.
/// @param from  Must outlive the wait.
/// @return Its `affected_rows` are the rows that were stored.
/// @throws argument_error  The statement is no COPY ... FROM STDIN, or the database has none.
/// @throws database_error  The server refused a row; the message says which.
[[nodiscard]] awaitable<status> copy_in(connection& on, std::string sql, driver::copy_source& from);

/// Runs `COPY table TO STDOUT` or `COPY (query) TO STDOUT`.
///
/// What the sink has not taken yet waits at the server. When the sink throws, the server is asked
/// to stop, and the connection lives on. PostgreSQL only.
///
/// @param on, sql  As above.
/// @param to       Must outlive the wait.
[[nodiscard]] awaitable<status> copy_out(connection& on, std::string sql, driver::copy_sink& to);

/// As above, for a function that does not wait: `[&](std::span<const std::byte> bytes) { ... }`.
[[nodiscard]] awaitable<status> copy_out(
    connection& on, std::string sql, std::function<void(std::span<const std::byte>)> take
);

namespace detail {

[[nodiscard]] awaitable<status> copy_rows_in(
    connection& on, std::string sql, std::vector<sql_type> types, driver::row_source& from
);

}  // namespace detail
}  // namespace gino
