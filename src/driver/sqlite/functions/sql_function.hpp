// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <sqlite3.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <new>
#include <string>
#include <string_view>

#include "core/trimmed.hpp"

/// @file
/// Wraps C++ functions as SQL functions (SQLite's page "Application-Defined SQL Functions").
namespace gino::sqlite {

/// An argument of a call. Valid during the call.
class argument {
public:
    explicit argument(sqlite3_value* of) noexcept : of_(of) {}

    [[nodiscard]] int kind() const noexcept { return sqlite3_value_type(of_); }

    [[nodiscard]] bool is_null() const noexcept { return kind() == SQLITE_NULL; }

    [[nodiscard]] std::int64_t integer() const noexcept { return sqlite3_value_int64(of_); }

    [[nodiscard]] double real() const noexcept { return sqlite3_value_double(of_); }

    /// Returns the text; for a number, the text that SQLite writes. Valid until the value is read
    /// as another type. The text is read before its size, because the conversion changes the size.
    [[nodiscard]] std::string_view text() const noexcept {
        const auto* bytes = reinterpret_cast<const char*>(sqlite3_value_text(of_));
        return bytes == nullptr
                   ? std::string_view()
                   : std::string_view(bytes, static_cast<std::size_t>(sqlite3_value_bytes(of_)));
    }

    [[nodiscard]] sqlite3_value* raw() const noexcept { return of_; }

private:
    sqlite3_value* of_;
};

/// The error of a value, with PostgreSQL's message. SQLite passes on the message only: fault.cpp
/// finds the SQLSTATE by its words.
struct refusal {
    std::string message;
};

[[noreturn]] inline void refuse_text(std::string_view text, std::string_view type) {
    throw refusal{
        "invalid input syntax for type " + std::string(type) + ": \"" + std::string(text) + "\""};
}

[[noreturn]] inline void refuse_range(std::string_view type) {
    throw refusal{std::string(type) + " out of range"};
}

inline void give(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

/// Returns the text without the characters at both ends that PostgreSQL ignores.
inline std::string_view without_blanks(std::string_view text) noexcept {
    return gino::detail::trimmed(text, " \t\n\r\f\v");
}

/// Wraps a C++ function for SQLite. The result is NULL when an argument is NULL, as for
/// PostgreSQL's STRICT functions. Exceptions become the statement's error: SQLite is written in C.
template <auto Function>
void call(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
    try {
        for (int i = 0; i < count; ++i) {
            if (argument(arguments[i]).is_null()) {
                return sqlite3_result_null(context);
            }
        }
        Function(context, arguments);
    } catch (const refusal& why) {
        sqlite3_result_error(context, why.message.c_str(), static_cast<int>(why.message.size()));
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& e) {
        sqlite3_result_error(context, e.what(), -1);
    } catch (...) {
        sqlite3_result_error(context, "a function failed", -1);
    }
}

/// An SQL function and its implementation.
struct sql_function {
    const char* name;
    int arguments;  ///< -1: any number.
    void (*call)(sqlite3_context*, int, sqlite3_value**);
};

/// Adds functions whose result depends on their arguments only. With SQLITE_INNOCUOUS they are
/// allowed in triggers, views and generated columns, although the session does not trust schemas
/// (SQLite's page "Function Flags").
///
/// @return A result code of SQLite.
template <std::size_t N>
[[nodiscard]] int register_all(sqlite3* database, const sql_function (&functions)[N]) noexcept {
    constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;
    for (const auto& one : functions) {
        const int code = sqlite3_create_function_v2(
            database, one.name, one.arguments, flags, nullptr, one.call, nullptr, nullptr, nullptr
        );
        if (code != SQLITE_OK) {
            return code;
        }
    }
    return SQLITE_OK;
}

}  // namespace gino::sqlite
