// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions.hpp"

#include <gino/core/date_time.hpp>

#include <chrono>

namespace gino::sqlite {

namespace {

void call_now(sqlite3_context* context, int /*count*/, sqlite3_value** /*arguments*/) noexcept {
    auto* const clock = *static_cast<statement_clock**>(sqlite3_user_data(context));
    try {
        const std::string& text = clock->now();
        sqlite3_result_text(context, text.data(), static_cast<int>(text.size()), SQLITE_TRANSIENT);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
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
    // Innocuous: allowed in DEFAULT although schemas are not trusted.
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
