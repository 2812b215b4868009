// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>

#include <sqlite3.h>

#include <optional>
#include <string>
#include <string_view>

namespace gino::sqlite {

/// Why something failed: found on the worker's thread, thrown on the caller's.
struct fault {
    enum class origin {
        database,    ///< SQLite reported it; `fields` has all.
        argument,    ///< The call can never be right.
        closed,      ///< The session or the cursor is closed.
        connection,  ///< The session could not be opened, or is lost.
    };

    origin from = origin::database;
    errc code = errc::database;
    std::string message;  ///< Not of `origin::database`.
    error_fields fields;
};

/// Nothing: it worked.
using outcome = std::optional<fault>;

/// Throws the exception that a fault stands for.
[[noreturn]] void raise(fault why);

/// Describes the error that a call to SQLite has just returned.
///
/// @param code  The extended result code.
/// @param sql   The statement's text, or empty.
[[nodiscard]] fault describe_error(sqlite3* database, int code, std::string_view sql);

/// Describes an error by its code and SQLite's message. `describe_error()` asks the session first.
[[nodiscard]] error_fields fields_of_error(int code, std::string_view message);

/// The statement was ended by `interrupt()` or a cancellation.
[[nodiscard]] fault interrupted(std::string_view sql);

[[nodiscard]] fault bad_argument(errc code, std::string message);

}  // namespace gino::sqlite
