// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/errc.hpp>

#include <memory>
#include <source_location>
#include <stdexcept>
#include <string>
#include <string_view>

namespace gino {

/// The base of every exception that this library throws.
///
/// `what()` describes what was attempted, what went wrong, and a remedy. It never contains a
/// password or the value of a parameter.
class error : public std::runtime_error {
public:
    /// Makes an error.
    ///
    /// @param code     The reason; `docs/errors.md` has a page for each code.
    /// @param message  The text of `what()`. Copied.
    /// @param where    The place in the source that reports the error.
    error(
        errc code,
        const std::string& message,
        std::source_location where = std::source_location::current()
    );

    /// Returns the reason.
    [[nodiscard]] errc code() const noexcept { return code_; }

    /// Returns the place in the source that reported the error: for logs.
    [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

    /// Returns true when the same call, made again later and unchanged, may succeed. For a
    /// transaction it means the whole transaction, not its last statement.
    [[nodiscard]] virtual bool is_retryable() const noexcept { return false; }

private:
    errc code_;
    std::source_location where_;
};

/// A call that can never succeed: a mistake in the program. Such calls have no effect.
class argument_error : public error {
public:
    using error::error;
};

/// A call that is correct, but not in the present state: closed, released, already in a
/// transaction.
class state_error : public error {
public:
    using error::error;
};

/// A use of a database object before `set_bind()`.
class uninitialized_error : public state_error {
public:
    using state_error::state_error;
};

/// A statement that a dialect cannot write. The message shows the statement as far as it was
/// written and names the construct.
class compile_error : public error {
public:
    using error::error;
};

/// The result of `one()` has no row.
class no_result_found : public error {
public:
    using error::error;
};

/// The result of `one()` or `one_or_none()` has more than one row.
class multiple_results_found : public error {
public:
    using error::error;
};

/// The row of an object is missing: `update()` or `refresh()` did not find it, or the database did
/// not store it for `create()`.
class no_such_row : public error {
public:
    using error::error;
};

/// A key in a JSON column that the C++ type does not declare.
class unknown_json_property : public error {
public:
    using error::error;
};

/// An operation that did not finish in time; `code()` names the operation. Always retryable.
class timeout_error : public error {
public:
    using error::error;

    [[nodiscard]] bool is_retryable() const noexcept override { return true; }
};

/// No connection of a pool became free within the acquire timeout.
class pool_timeout : public timeout_error {
public:
    using timeout_error::timeout_error;
};

/// A statement did not finish within its timeout, which includes the wait for a connection.
class statement_timeout : public timeout_error {
public:
    using timeout_error::timeout_error;
};

/// The fields of an error or notice of a database (PostgreSQL's manual, 55.8). A string is empty if
/// the database did not send the field.
struct error_fields {
    std::string sqlstate = {};    ///< Five characters; see `sqlstate.hpp`.
    std::string severity = {};    ///< "ERROR", "FATAL", "WARNING", ...
    std::string message = {};     ///< The database's own text.
    std::string detail = {};      ///< May contain values of the row.
    std::string hint = {};        ///< The database's advice.
    std::string schema = {};      ///< Of the table.
    std::string table = {};       ///< The table that the error is about.
    std::string column = {};      ///< Also set for a unique violation of a one-column key.
    std::string constraint = {};  ///< The violated constraint.
    std::string statement = {};   ///< The SQL text that was sent, without parameters.
    int position = 0;             ///< 1-based character in `statement`; 0: not known.
};

/// An error that a database reported, or that occurred on the way to it.
///
/// The classes derived from it are those of Python's PEP 249. Copying is cheap and does not throw,
/// because copies share the fields.
///
/// Thread safety: an exception may be read by several threads; its fields never change.
class database_error : public error {
public:
    /// Makes an error.
    ///
    /// @param code     `errc::database` when the database reported it, otherwise gino's own reason.
    /// @param message  gino's sentence; the database's own text is in `fields.message`.
    /// @param fields   Moved in.
    /// @param where    The place in the source that reports the error.
    database_error(
        errc code,
        const std::string& message,
        error_fields fields = {},
        std::source_location where = std::source_location::current()
    );

    /// Returns the SQLSTATE; empty for errors of gino's own. Compare it with the names of
    /// `gino::sqlstate`.
    [[nodiscard]] const std::string& sqlstate() const noexcept { return fields_->sqlstate; }

    /// Returns the database's second sentence. It may contain values of the row: do not show it to
    /// users.
    [[nodiscard]] const std::string& detail() const noexcept { return fields_->detail; }

    /// Returns the database's advice, or an empty string.
    [[nodiscard]] const std::string& hint() const noexcept { return fields_->hint; }

    /// Returns the name of the violated constraint, or an empty string.
    [[nodiscard]] const std::string& constraint() const noexcept { return fields_->constraint; }

    /// Returns the name of the table that the error is about, or an empty string.
    [[nodiscard]] const std::string& table() const noexcept { return fields_->table; }

    /// Returns the name of the column that the error is about, or an empty string.
    [[nodiscard]] const std::string& column() const noexcept { return fields_->column; }

    /// Returns the SQL text that was sent, without parameters, or an empty string.
    [[nodiscard]] const std::string& statement() const noexcept { return fields_->statement; }

    /// Returns all fields.
    [[nodiscard]] const error_fields& fields() const noexcept { return *fields_; }

    /// Returns true when the connection is unusable: it could not be opened
    /// (`errc::connect_failed`, `errc::connect_timeout`), it broke, the peer violated the protocol,
    /// or the SQLSTATE is of class 08 or means a shutdown or start (57P01 to 57P03). It returns
    /// false for `errc::cancelled`, even if the cancellation closed the connection.
    [[nodiscard]] bool is_connection_lost() const noexcept;

    /// Returns true for serialization failures (40001), deadlocks (40P01), a server that is
    /// starting or stopping (57P03) or has too many connections (53300), and a connection that
    /// could not be opened. A connection that broke in use is not retryable, because the statement
    /// may have run.
    [[nodiscard]] bool is_retryable() const noexcept override;

private:
    std::shared_ptr<const error_fields> fields_;
};

/// A failure to connect or to authenticate, or a broken connection.
class connection_error : public database_error {
public:
    using database_error::database_error;
};

/// A violation of the integrity of the data; SQLSTATE class 23.
class integrity_error : public database_error {
public:
    using database_error::database_error;
};

/// A duplicate value in a column or columns declared UNIQUE or PRIMARY KEY; SQLSTATE 23505.
class unique_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A row that refers to a missing row, or is still referred to by others; SQLSTATE 23503.
class foreign_key_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A NULL in a column that is declared NOT NULL; SQLSTATE 23502.
class not_null_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A row for which a CHECK constraint is false; SQLSTATE 23514.
class check_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A wrong value: out of range, not convertible, or NULL where the C++ type cannot hold it;
/// SQLSTATE classes 21 and 22.
class data_error : public database_error {
public:
    using database_error::database_error;
};

/// A failure of the database that need not be the program's fault: out of memory, shutting down, a
/// transaction that could not be serialized. Also every SQLSTATE that fits no other class.
class operational_error : public database_error {
public:
    using database_error::database_error;
};

/// A wrong statement, such as a syntax error or a table that does not exist; SQLSTATE classes 26,
/// 34, 3D, 3F and 42.
class programming_error : public database_error {
public:
    using database_error::database_error;
};

/// A state that the database or the protocol must never be in; SQLSTATE class XX.
class internal_error : public database_error {
public:
    using database_error::database_error;
};

/// A feature that the database does not have; SQLSTATE class 0A.
class not_supported_error : public database_error {
public:
    using database_error::database_error;
};

/// Throws the class that fits `fields.sqlstate`: `unique_violation` for "23505", and so on.
///
/// The code is `errc::database`, or `errc::authentication_failed` for class 28.
///
/// @param fields  Moved in. `message`, `hint` and `statement` become part of `what()`; `detail`
///                does not, because it may contain values.
/// @param where   The place in the source that reports the error.
[[noreturn]] void throw_database_error(
    error_fields fields, std::source_location where = std::source_location::current()
);

}  // namespace gino
