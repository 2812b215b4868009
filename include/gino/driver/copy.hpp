// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/driver/awaitable.hpp>
#include <gino/driver/driver.hpp>
#include <gino/types/sql_type.hpp>

#include <cstddef>
#include <span>
#include <string>
#include <string_view>
#include <vector>

/// COPY: the part of a session with a database that has it (manual, COPY).
namespace gino::driver {

/// A producer of the bytes for COPY ... FROM STDIN.
class copy_source {
public:
    copy_source() = default;
    copy_source(const copy_source&) = delete;
    copy_source& operator=(const copy_source&) = delete;
    virtual ~copy_source() = default;

    /// Returns the next bytes. Chunks may have any size and need not end with a row.
    ///
    /// An exception ends COPY: the server discards the rows, and the call that copies throws that
    /// exception.
    ///
    /// @return The bytes, valid until the next call. Empty: there are no more.
    [[nodiscard]] virtual awaitable<std::span<const std::byte>> next() = 0;
};

/// A consumer of the bytes of COPY ... TO STDOUT. While `take()` waits, the driver does not read,
/// so that the server waits as well.
class copy_sink {
public:
    copy_sink() = default;
    copy_sink(const copy_sink&) = delete;
    copy_sink& operator=(const copy_sink&) = delete;
    virtual ~copy_sink() = default;

    /// Consumes the next bytes. Chunks need not end with a row.
    ///
    /// An exception ends COPY, and the call that copies throws it; the connection stays usable.
    ///
    /// @param bytes  Valid until the wait is over.
    [[nodiscard]] virtual awaitable<void> take(std::span<const std::byte> bytes) = 0;
};

/// A producer of rows of values for COPY ... FROM STDIN.
class row_source {
public:
    row_source() = default;
    row_source(const row_source&) = delete;
    row_source& operator=(const row_source&) = delete;
    virtual ~row_source() = default;

    /// Fills in the values of the next row.
    ///
    /// An exception ends COPY: the server discards the rows, and the call that copies throws that
    /// exception.
    ///
    /// @param row  One value for each column, in their order. The driver passes the same vector
    ///             each time.
    /// @return False: there are no more rows; `row` is ignored.
    [[nodiscard]] virtual bool next(std::vector<value>& row) = 0;
};

/// Runs COPY on the session that hands it out, see `connection::copying()`.
///
/// Thread safety, errors, cancellation: as the calls of the session, with which these must not
/// overlap.
class copier {
public:
    copier() = default;
    copier(const copier&) = delete;
    copier& operator=(const copier&) = delete;

    /// Runs COPY ... FROM STDIN with bytes in the format that the statement names.
    ///
    /// @param sql   A COPY statement. Must outlive the call.
    /// @param from  Produces the bytes. Must outlive the call.
    /// @throws argument_error  `errc::invalid_argument`: the statement is no COPY ... FROM STDIN
    ///                         (the server has run it by then).
    [[nodiscard]] virtual awaitable<command_result> copy_in(
        std::string_view sql, copy_source& from
    ) = 0;

    /// Runs COPY ... TO STDOUT and passes the bytes to `to`.
    ///
    /// @param sql  A COPY statement. Must outlive the call.
    /// @param to   Consumes the bytes. Must outlive the call.
    /// @throws argument_error  `errc::invalid_argument`: the statement is no COPY ... TO STDOUT
    ///                         (the server has run it by then).
    [[nodiscard]] virtual awaitable<command_result> copy_out(
        std::string_view sql, copy_sink& to
    ) = 0;

    /// Runs COPY table (columns) FROM STDIN with rows of values. The driver chooses the format,
    /// text or binary, by the types, and appends it as an option.
    ///
    /// @param sql    A COPY statement without options.
    /// @param types  The types of the columns. Must outlive the call.
    /// @param from   Produces the rows. Must outlive the call.
    /// @throws argument_error  A value cannot be sent as its type; the server discards the rows.
    [[nodiscard]] virtual awaitable<command_result> copy_rows_in(
        std::string_view sql, std::span<const sql_type> types, row_source& from
    ) = 0;

    /// Runs COPY table (columns) TO STDOUT and passes the rows to `sink`.
    ///
    /// @param sql    A COPY statement without options.
    /// @param types  The types of the columns.
    /// @param names  The names of the columns, as many as types; for `column_description::name`.
    /// @param sink   Must outlive the call.
    [[nodiscard]] virtual awaitable<command_result> copy_rows_out(
        std::string_view sql,
        std::span<const sql_type> types,
        std::span<const std::string> names,
        row_sink& sink
    ) = 0;

protected:
    ~copier() = default;
};

}  // namespace gino::driver
