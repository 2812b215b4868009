// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions/custom_functions.hpp"

#include <gino/core/error.hpp>
#include <gino/driver/sqlite/functions.hpp>

#include <algorithm>
#include <map>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

namespace gino::sqlite {

namespace {

/// The functions of the program, by name and number of arguments: SQLite, too, distinguishes
/// functions of one name by that number (SQLite's page "Create Or Redefine SQL Functions").
///
/// Thread safety: any thread; sessions open on threads of their own. A session shares each
/// function, so one that is replaced lives as long as the last session that uses it.
class function_registry {
public:
    void add(detail::custom_function function) {
        const std::lock_guard lock(mutex_);
        const auto key = std::pair(function.name, function.arguments);
        functions_[key] = std::make_shared<const detail::custom_function>(std::move(function));
    }

    [[nodiscard]] std::vector<std::shared_ptr<const detail::custom_function>> all() const {
        const std::lock_guard lock(mutex_);
        std::vector<std::shared_ptr<const detail::custom_function>> made;
        made.reserve(functions_.size());
        for (const auto& [key, function] : functions_) {
            made.push_back(function);
        }
        return made;
    }

private:
    mutable std::mutex mutex_;
    std::map<std::pair<std::string, int>, std::shared_ptr<const detail::custom_function>>
        functions_;
};

function_registry& registry() {
    static function_registry instance;
    return instance;
}

value value_of(sqlite3_value* given) {
    // For a number, sqlite3_value_bytes() would convert the value to text, so only the cases of
    // text and blob call it, after they have read the content.
    const auto size = [given] { return static_cast<std::size_t>(sqlite3_value_bytes(given)); };
    switch (sqlite3_value_type(given)) {
        case SQLITE_INTEGER:
            return value(std::int64_t{sqlite3_value_int64(given)});
        case SQLITE_FLOAT:
            return value(sqlite3_value_double(given));
        case SQLITE_TEXT: {
            const auto* const begin = reinterpret_cast<const char*>(sqlite3_value_text(given));
            return value(std::string(begin, size()));
        }
        case SQLITE_BLOB: {
            const auto* const begin = static_cast<const std::byte*>(sqlite3_value_blob(given));
            return value(bytes(begin, begin + size()));
        }
        default:
            return {};
    }
}

void give_result(sqlite3_context* context, const value& made) {
    if (const auto* flag = made.get_if<bool>()) {
        sqlite3_result_int64(context, *flag ? 1 : 0);
    } else if (const auto* whole = made.get_if<std::int64_t>()) {
        sqlite3_result_int64(context, *whole);
    } else if (const auto* number = made.get_if<double>()) {
        sqlite3_result_double(context, *number);
    } else if (const auto* text = made.get_if<std::string>()) {
        sqlite3_result_text64(context, text->data(), text->size(), SQLITE_TRANSIENT, SQLITE_UTF8);
    } else if (const auto* blob = made.get_if<bytes>()) {
        // The pointer of an empty vector may be null, of which SQLite would make NULL.
        sqlite3_result_blob64(
            context,
            blob->empty() ? "" : static_cast<const void*>(blob->data()),
            blob->size(),
            SQLITE_TRANSIENT
        );
    } else if (made.is_null()) {
        sqlite3_result_null(context);
    } else {
        throw argument_error(
            errc::bad_value, "it returned a value that SQLite has no type for; make it a text"
        );
    }
}

// SQLite calls this function for each of the program's; the registered one is the user data. No
// exception may pass through SQLite, which is written in C: each becomes the statement's error.
void call(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
    const auto& function =
        **static_cast<std::shared_ptr<const detail::custom_function>*>(sqlite3_user_data(context));
    try {
        std::vector<value> given;
        given.reserve(static_cast<std::size_t>(count));
        for (int i = 0; i < count; ++i) {
            given.push_back(value_of(arguments[i]));
        }
        const bool has_null = std::ranges::any_of(given, &value::is_null);
        if (has_null && !function.takes_null) {
            return sqlite3_result_null(context);
        }
        give_result(context, function.call(given));
    } catch (const std::bad_alloc&) {
        sqlite3_result_error_nomem(context);
    } catch (const std::exception& e) {
        sqlite3_result_error(context, (function.name + "(): " + e.what()).c_str(), -1);
    } catch (...) {
        sqlite3_result_error(context, (function.name + "() has failed").c_str(), -1);
    }
}

// Called by SQLite when the function is replaced or the session is closed.
void forget(void* held) noexcept {
    delete static_cast<std::shared_ptr<const detail::custom_function>*>(held);
}

}  // namespace

void detail::throw_wrong_argument(std::size_t place, const char* wanted) {
    throw argument_error(
        errc::bad_value, "argument " + std::to_string(place + 1) + " has to be " + wanted
    );
}

void detail::add(custom_function function) {
    // SQLite's limit ("Create Or Redefine SQL Functions"). Without this check, opening a session
    // would fail.
    constexpr std::size_t longest_name = 255;
    if (function.name.empty() || function.name.size() > longest_name) {
        throw argument_error(
            errc::invalid_argument, "a function for SQLite has a name of 1 to 255 bytes"
        );
    }
    registry().add(std::move(function));
}

int register_custom_functions(sqlite3* database) {
    for (auto& function : registry().all()) {
        const int flags =
            SQLITE_UTF8 | SQLITE_INNOCUOUS | (function->deterministic ? SQLITE_DETERMINISTIC : 0);
        const std::string name = function->name;
        const int arguments = function->arguments;
        // sqlite3_create_function_v2() calls forget() also when it fails.
        auto* const held = new std::shared_ptr<const detail::custom_function>(std::move(function));
        const int code = sqlite3_create_function_v2(
            database, name.c_str(), arguments, flags, held, call, nullptr, nullptr, forget
        );
        if (code != SQLITE_OK) {
            return code;
        }
    }
    return SQLITE_OK;
}

}  // namespace gino::sqlite
