// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <sqlite3.h>

#include <optional>
#include <string>
#include <string_view>

namespace gino::sqlite {

/// An error as a value: the worker's thread returns it, and the caller's thread throws it.
struct fault {
    /// The origin of an error, which chooses the exception's type.
    enum class origin {
        database,    ///< SQLite reported it: a subclass of `database_error`, from `fields` alone.
        argument,    ///< The call can never be right: `argument_error`.
        closed,      ///< The session or the cursor is closed: `state_error`.
        connection,  ///< The session could not be opened, or is lost: `connection_error`.
    };

    origin from = origin::database;
    errc code = errc::database;
    std::string message;  ///< Empty for `origin::database`.
    error_fields fields;
};

/// The fault of a function; empty when it has succeeded.
using outcome = std::optional<fault>;

/// Throws a fault as the exception of its origin.
[[noreturn]] void raise(fault why);

/// Describes the error that a call to SQLite has returned. REQUIRES: the handle was not used since,
/// because its next call overwrites the message.
///
/// @param code  The extended result code.
/// @param sql   The statement's text, or empty.
[[nodiscard]] fault describe_error(sqlite3* database, int code, std::string_view sql);

/// Describes an error by its code and SQLite's message alone, without a session.
[[nodiscard]] error_fields fields_of_error(int code, std::string_view message);

/// Returns the fault of a statement that `interrupt()` or a cancellation has ended.
[[nodiscard]] fault interrupted(std::string_view sql);

/// Returns the fault of a call that can never be right.
[[nodiscard]] fault bad_argument(errc code, std::string message);

}  // namespace gino::sqlite
