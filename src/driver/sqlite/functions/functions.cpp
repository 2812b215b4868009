// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions/functions.hpp"

#include <gino/core/date_time.hpp>
#include <gino/core/decimal.hpp>

#include <chrono>
#include <compare>

namespace gino::sqlite {

namespace {

// The user data is the address of a pointer: the session sets the pointer to the clock of the
// statement that it steps.
void call_now(sqlite3_context* context, int /*count*/, sqlite3_value** /*arguments*/) noexcept {
    auto* const clock = *static_cast<statement_clock**>(sqlite3_user_data(context));
    try {
        const std::string& text = clock->now();
        sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

// Compares two texts as decimal numbers. A text that is no number is less than every number; two of
// them are compared as texts. SQLite requires a total order of a collation ("Define New Collating
// Sequences").
int compare_decimals(
    void* /*nothing*/, int left_size, const void* left, int right_size, const void* right
) noexcept {
    const std::string_view l(static_cast<const char*>(left), static_cast<std::size_t>(left_size));
    const std::string_view r(static_cast<const char*>(right), static_cast<std::size_t>(right_size));
    try {
        const auto a = decimal::parse(l);
        const auto b = decimal::parse(r);
        if (a && b) {
            const auto order = *a <=> *b;
            return std::is_lt(order) ? -1 : (std::is_gt(order) ? 1 : 0);
        }
        if (a.has_value() != b.has_value()) {
            return a ? 1 : -1;
        }
    } catch (...) {  // out of memory: compare as texts
    }
    return l.compare(r);
}

}  // namespace

const std::string& statement_clock::now() {
    if (text_.empty()) {
        const auto point =
            std::chrono::floor<std::chrono::microseconds>(std::chrono::system_clock::now());
        text_ = to_string(timestamp(point.time_since_epoch()));
    }
    return text_;
}

int register_functions(sqlite3* database, statement_clock** clock) noexcept {
    // The name and the order of the extension "decimal" in SQLite's shell.
    const int code = sqlite3_create_collation_v2(
        database, "decimal", SQLITE_UTF8, nullptr, compare_decimals, nullptr
    );
    if (code != SQLITE_OK) {
        return code;
    }
    // INNOCUOUS: allowed in DEFAULT although the session does not trust schemas. Not DETERMINISTIC:
    // the time changes.
    return sqlite3_create_function_v2(
        database,
        "now",
        0,
        SQLITE_UTF8 | SQLITE_INNOCUOUS,
        clock,
        call_now,
        nullptr,
        nullptr,
        nullptr
    );
}

}  // namespace gino::sqlite
