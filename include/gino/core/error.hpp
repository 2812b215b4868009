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
/// `what()` says what was attempted, what went wrong and what to do. It never has a password, and
/// never the value of a parameter.
class error : public std::runtime_error {
public:
    /// @param code     Copied. Leads to the page in `docs/errors.md`.
    /// @param message  Copied.
    /// @param where    The place that reports the error.
    error(
        errc code,
        const std::string& message,
        std::source_location where = std::source_location::current()
    );

    [[nodiscard]] errc code() const noexcept { return code_; }

    [[nodiscard]] const std::source_location& where() const noexcept { return where_; }

    /// True when the same call may succeed if it is made again later, unchanged.
    [[nodiscard]] virtual bool is_retryable() const noexcept { return false; }

private:
    errc code_;
    std::source_location where_;
};

/// This call can never be right: a mistake in the program.
class argument_error : public error {
public:
    using error::error;
};

/// The call is right, but not at this moment: closed, released, already in a transaction.
class state_error : public error {
public:
    using error::error;
};

/// A database object was used before `set_bind()`.
class uninitialized_error : public state_error {
public:
    using state_error::state_error;
};

/// A dialect cannot write a statement. The message shows the statement and names the construct.
class compile_error : public error {
public:
    using error::error;
};

/// `one()` found no row.
class no_result_found : public error {
public:
    using error::error;
};

/// `one()` or `one_or_none()` found more than one row.
class multiple_results_found : public error {
public:
    using error::error;
};

/// `update()` or `refresh()` of an object whose row is not there, or `create()` of one whose row
/// the database did not store.
class no_such_row : public error {
public:
    using error::error;
};

/// A JSON column holds a key that its type does not declare.
class unknown_json_property : public error {
public:
    using error::error;
};

/// Something did not happen in time; `code()` tells what.
class timeout_error : public error {
public:
    using error::error;

    [[nodiscard]] bool is_retryable() const noexcept override { return true; }
};

/// No connection of a pool came free within the acquire timeout.
class pool_timeout : public timeout_error {
public:
    using timeout_error::timeout_error;
};

/// A statement did not finish within its timeout.
class statement_timeout : public timeout_error {
public:
    using timeout_error::timeout_error;
};

/// What a database says about an error. Empty strings are fields that it did not send.
struct error_fields {
    std::string sqlstate = {};  ///< Five characters; see `sqlstate.hpp`.
    std::string severity = {};  ///< "ERROR", "FATAL", ...
    std::string message = {};   ///< The database's own text.
    std::string detail = {};    ///< May show values of the row.
    std::string hint = {};
    std::string schema = {};
    std::string table = {};
    std::string column = {};  ///< Also of a unique violation whose key is one column.
    std::string constraint = {};
    std::string statement = {};  ///< The SQL text that was sent, without parameters.
    int position = 0;            ///< 1-based character in `statement`; 0: not known.
};

/// An error that came from a database, or from the way to it.
///
/// The names below it are those of Python's PEP 249. Copying is cheap and does not throw.
class database_error : public error {
public:
    /// @param code     `errc::database` when the database reported it, otherwise our own reason.
    /// @param message  Our sentence; the database's own text is in `fields.message`.
    /// @param fields   Moved in.
    database_error(
        errc code,
        const std::string& message,
        error_fields fields = {},
        std::source_location where = std::source_location::current()
    );

    [[nodiscard]] const std::string& sqlstate() const noexcept { return fields_->sqlstate; }

    [[nodiscard]] const std::string& detail() const noexcept { return fields_->detail; }

    [[nodiscard]] const std::string& hint() const noexcept { return fields_->hint; }

    [[nodiscard]] const std::string& constraint() const noexcept { return fields_->constraint; }

    [[nodiscard]] const std::string& table() const noexcept { return fields_->table; }

    [[nodiscard]] const std::string& column() const noexcept { return fields_->column; }

    [[nodiscard]] const std::string& statement() const noexcept { return fields_->statement; }

    [[nodiscard]] const error_fields& fields() const noexcept { return *fields_; }

    /// True when the connection cannot be used any more.
    [[nodiscard]] bool is_connection_lost() const noexcept;

    /// True for serialization failures, deadlocks, a server that starts or stops, and a lost
    /// connection over which nothing had been sent.
    [[nodiscard]] bool is_retryable() const noexcept override;

private:
    std::shared_ptr<const error_fields> fields_;
};

/// The way to the database failed: connecting, authenticating, a broken connection.
class connection_error : public database_error {
public:
    using database_error::database_error;
};

/// The relational integrity of the database is affected.
class integrity_error : public database_error {
public:
    using database_error::database_error;
};

/// Two rows have the same value where it has to be unique; SQLSTATE 23505.
class unique_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A row points to one that is not there, or is pointed to; SQLSTATE 23503.
class foreign_key_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// NULL in a column that cannot be NULL; SQLSTATE 23502.
class not_null_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A CHECK constraint says no; SQLSTATE 23514.
class check_violation : public integrity_error {
public:
    using integrity_error::integrity_error;
};

/// A value is wrong: out of range, not convertible, NULL where the C++ type has no room for it.
class data_error : public database_error {
public:
    using database_error::database_error;
};

/// The database's operation failed, not necessarily by the program's fault: out of memory, shut
/// down, a transaction that could not be serialized.
class operational_error : public database_error {
public:
    using database_error::database_error;
};

/// The statement is wrong: a table that does not exist, a syntax error.
class programming_error : public database_error {
public:
    using database_error::database_error;
};

/// The database or the protocol met a state that it should not be in.
class internal_error : public database_error {
public:
    using database_error::database_error;
};

/// The database does not have the feature.
class not_supported_error : public database_error {
public:
    using database_error::database_error;
};

/// Throws the class that fits `fields.sqlstate`: `unique_violation` for "23505", and so on.
///
/// @param fields  Moved in. `message` and `statement` become part of `what()`.
[[noreturn]] void throw_database_error(
    error_fields fields, std::source_location where = std::source_location::current()
);

}  // namespace gino
