// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/exact_functions.hpp"

#include <gino/core/date_time.hpp>
#include <gino/core/decimal.hpp>

#include <array>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <limits>
#include <new>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gino::sqlite {

namespace {

/// What SQLite gives to a function.
class argument {
public:
    explicit argument(sqlite3_value* of) noexcept : of_(of) {}

    [[nodiscard]] int kind() const noexcept { return sqlite3_value_type(of_); }

    [[nodiscard]] bool is_null() const noexcept { return kind() == SQLITE_NULL; }

    [[nodiscard]] std::int64_t integer() const noexcept { return sqlite3_value_int64(of_); }

    [[nodiscard]] double real() const noexcept { return sqlite3_value_double(of_); }

    /// Numbers too are given as the text that SQLite writes.
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

/// What is wrong with a value, in PostgreSQL's words; fault.cpp knows their SQLSTATEs.
struct refusal {
    std::string message;
};

[[noreturn]] void refuse_text(std::string_view text, std::string_view type) {
    throw refusal{
        "invalid input syntax for type " + std::string(type) + ": \"" + std::string(text) + "\""};
}

[[noreturn]] void refuse_range(std::string_view type) {
    throw refusal{std::string(type) + " out of range"};
}

void give(sqlite3_context* context, std::string_view text) {
    sqlite3_result_text64(context, text.data(), text.size(), SQLITE_TRANSIENT, SQLITE_UTF8);
}

void give(sqlite3_context* context, const decimal& number) {
    give(context, std::string_view(number.to_string()));
}

std::string_view without_blanks(std::string_view text) {
    constexpr std::string_view blanks = " \t\n\r\f\v";
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

decimal decimal_of(const argument& given) {
    if (given.kind() == SQLITE_INTEGER) {
        return {given.integer()};
    }
    const auto text = without_blanks(given.text());
    auto number = decimal::parse(text);
    if (!number) {
        refuse_text(text, "numeric");
    }
    return *std::move(number);
}

/// A C++ function as one of SQLite's: NULL among its arguments is its result.
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
    } catch (const std::exception& e) {
        sqlite3_result_error(context, e.what(), -1);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

// Casts.

struct integer_type {
    std::string_view name;
    std::int64_t lowest;
    std::int64_t highest;
};

constexpr integer_type smallint{"smallint", -32'768, 32'767};
constexpr integer_type integer{"integer", -2'147'483'648, 2'147'483'647};
constexpr integer_type bigint{
    "bigint", std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};

// Halves go to the even number, as in PostgreSQL.
std::int64_t integer_of(double number, const integer_type& type) {
    const double rounded = std::nearbyint(number);
    constexpr double beyond = 9223372036854775808.0;  // 2^63
    if (std::isnan(rounded) || rounded < -beyond || rounded >= beyond) {
        refuse_range(type.name);
    }
    return static_cast<std::int64_t>(rounded);
}

std::int64_t integer_of(std::string_view text, const integer_type& type) {
    const auto bare = without_blanks(text);
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(bare.data(), bare.data() + bare.size(), number);
    if (failure == std::errc() && end == bare.data() + bare.size()) {
        return number;
    }
    // A decimal number; an integer in text has no point (PostgreSQL), but a NUMERIC is a text here.
    const auto exact = decimal::parse(bare);
    if (!exact) {
        refuse_text(text, type.name);
    }
    const auto rounded = exact->is_finite() ? exact->rounded(0).to_integer() : std::nullopt;
    if (!rounded) {
        refuse_range(type.name);
    }
    return *rounded;
}

template <const integer_type& Type>
void to_integer(sqlite3_context* context, sqlite3_value** arguments) {
    const argument given(arguments[0]);
    std::int64_t number = 0;
    switch (given.kind()) {
        case SQLITE_INTEGER:
            number = given.integer();
            break;
        case SQLITE_FLOAT:
            number = integer_of(given.real(), Type);
            break;
        default:
            number = integer_of(given.text(), Type);
            break;
    }
    if (number < Type.lowest || number > Type.highest) {
        refuse_range(Type.name);
    }
    sqlite3_result_int64(context, number);
}

void to_double(sqlite3_context* context, sqlite3_value** arguments) {
    const argument given(arguments[0]);
    if (given.kind() != SQLITE_TEXT) {
        return sqlite3_result_double(context, given.real());
    }
    const auto number = decimal::parse(without_blanks(given.text()));
    if (!number) {
        refuse_text(given.text(), "double precision");
    }
    sqlite3_result_double(context, number->to_double());
}

void to_numeric(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, decimal_of(argument(arguments[0])));
}

void to_boolean(sqlite3_context* context, sqlite3_value** arguments) {
    const argument given(arguments[0]);
    if (given.kind() == SQLITE_INTEGER) {
        return sqlite3_result_int(context, given.integer() != 0 ? 1 : 0);
    }
    static constexpr std::array<std::pair<std::string_view, bool>, 12> words{
        {{"true", true},
         {"t", true},
         {"yes", true},
         {"y", true},
         {"on", true},
         {"1", true},
         {"false", false},
         {"f", false},
         {"no", false},
         {"n", false},
         {"off", false},
         {"0", false}}};
    std::string word(without_blanks(given.text()));
    for (auto& c : word) {
        c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    }
    for (const auto& [name, meaning] : words) {
        if (word == name) {
            return sqlite3_result_int(context, meaning ? 1 : 0);
        }
    }
    refuse_text(given.text(), "boolean");
}

timestamp timestamp_of(std::string_view text, std::string_view type) {
    if (const auto point = parse_timestamptz(text)) {
        return timestamp(point->time_since_epoch());
    }
    const auto day = parse_date(text);
    if (!day) {
        refuse_text(text, type);
    }
    return timestamp(*day);
}

void to_date(sqlite3_context* context, sqlite3_value** arguments) {
    const auto point = timestamp_of(argument(arguments[0]).text(), "date");
    give(context, to_string(std::chrono::floor<std::chrono::days>(point)));
}

void to_timestamp(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, to_string(timestamp_of(argument(arguments[0]).text(), "timestamp")));
}

void to_time(sqlite3_context* context, sqlite3_value** arguments) {
    const auto text = argument(arguments[0]).text();
    if (const auto time = parse_time_of_day(text)) {
        return give(context, to_string(*time));
    }
    const auto point = timestamp_of(text, "time");
    const auto midnight = std::chrono::floor<std::chrono::days>(point);
    give(context, to_string(time_of_day{.since_midnight = point - midnight}));
}

// Decimals.

void add(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, decimal_of(argument(arguments[0])) + decimal_of(argument(arguments[1])));
}

void subtract(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, decimal_of(argument(arguments[0])) - decimal_of(argument(arguments[1])));
}

void multiply(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, decimal_of(argument(arguments[0])) * decimal_of(argument(arguments[1])));
}

void negate(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, -decimal_of(argument(arguments[0])));
}

void absolute(sqlite3_context* context, sqlite3_value** arguments) {
    const auto number = decimal_of(argument(arguments[0]));
    give(context, number.is_negative() ? -number : number);
}

/// The sum of the rows so far, or of a window. What is no finite number is only counted, so that it
/// can leave the window again.
struct running_sum {
    decimal finite;
    std::int64_t rows = 0;
    std::int64_t nan = 0;
    std::int64_t infinite = 0;
    std::int64_t negative_infinite = 0;

    void count(const decimal& number, std::int64_t by) {
        rows += by;
        if (number.is_finite()) {
            finite = by > 0 ? finite + number : finite - number;
        } else if (number.is_nan()) {
            nan += by;
        } else {
            (number.is_negative() ? negative_infinite : infinite) += by;
        }
    }

    [[nodiscard]] decimal result() const {
        if (nan > 0 || (infinite > 0 && negative_infinite > 0)) {
            return decimal("NaN");
        }
        if (infinite > 0 || negative_infinite > 0) {
            return decimal(infinite > 0 ? "Infinity" : "-Infinity");
        }
        return finite;
    }
};

running_sum** sum_of(sqlite3_context* context) {
    auto** held =
        static_cast<running_sum**>(sqlite3_aggregate_context(context, sizeof(running_sum*)));
    if (held == nullptr) {
        throw std::bad_alloc();
    }
    if (*held == nullptr) {
        *held = new running_sum;
    }
    return held;
}

template <int By>
void step_sum(sqlite3_context* context, int /*count*/, sqlite3_value** arguments) noexcept {
    try {
        const argument given(arguments[0]);
        if (!given.is_null()) {
            (*sum_of(context))->count(decimal_of(given), By);
        }
    } catch (const refusal& why) {
        sqlite3_result_error(context, why.message.c_str(), -1);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

void give_sum(sqlite3_context* context, const running_sum* sum) noexcept {
    try {
        if (sum == nullptr || sum->rows == 0) {
            return sqlite3_result_null(context);
        }
        give(context, sum->result());
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

void value_of_sum(sqlite3_context* context) noexcept {
    auto** held = static_cast<running_sum**>(sqlite3_aggregate_context(context, 0));
    give_sum(context, held == nullptr ? nullptr : *held);
}

void end_sum(sqlite3_context* context) noexcept {
    auto** held = static_cast<running_sum**>(sqlite3_aggregate_context(context, 0));
    give_sum(context, held == nullptr ? nullptr : *held);
    if (held != nullptr) {
        delete *held;
        *held = nullptr;
    }
}

// greatest() and least(), for which NULL does not count.

int compare_numbers(const argument& left, const argument& right) {
    if (left.kind() == SQLITE_INTEGER && right.kind() == SQLITE_INTEGER) {
        return left.integer() < right.integer() ? -1 : (left.integer() > right.integer() ? 1 : 0);
    }
    return left.real() < right.real() ? -1 : (left.real() > right.real() ? 1 : 0);
}

int compare_values(const argument& left, const argument& right) {
    const auto is_number = [](const argument& a) {
        return a.kind() == SQLITE_INTEGER || a.kind() == SQLITE_FLOAT;
    };
    if (is_number(left) && is_number(right)) {
        return compare_numbers(left, right);
    }
    return left.text().compare(right.text());
}

int compare_as_decimals(const argument& left, const argument& right) {
    const auto order = decimal_of(left) <=> decimal_of(right);
    return std::is_lt(order) ? -1 : (std::is_gt(order) ? 1 : 0);
}

template <int Wanted, auto Compare>
void choose(sqlite3_context* context, int count, sqlite3_value** arguments) noexcept {
    try {
        std::optional<argument> best;
        for (int i = 0; i < count; ++i) {
            const argument one(arguments[i]);
            if (!one.is_null() && (!best || Compare(one, *best) * Wanted > 0)) {
                best.emplace(one);
            }
        }
        if (!best) {
            return sqlite3_result_null(context);
        }
        sqlite3_result_value(context, best->raw());
    } catch (const refusal& why) {
        sqlite3_result_error(context, why.message.c_str(), -1);
    } catch (...) {
        sqlite3_result_error_nomem(context);
    }
}

struct function {
    const char* name;
    int arguments;
    void (*call)(sqlite3_context*, int, sqlite3_value**);
};

constexpr std::array functions{
    function{"to_smallint", 1, call<to_integer<smallint>>},
    function{"to_integer", 1, call<to_integer<integer>>},
    function{"to_bigint", 1, call<to_integer<bigint>>},
    function{"to_double", 1, call<to_double>},
    function{"to_numeric", 1, call<to_numeric>},
    function{"to_boolean", 1, call<to_boolean>},
    function{"to_date", 1, call<to_date>},
    function{"to_time", 1, call<to_time>},
    function{"to_timestamp", 1, call<to_timestamp>},
    function{"decimal_add", 2, call<add>},
    function{"decimal_sub", 2, call<subtract>},
    function{"decimal_mul", 2, call<multiply>},
    function{"decimal_neg", 1, call<negate>},
    function{"decimal_abs", 1, call<absolute>},
    function{"greatest", -1, choose<1, compare_values>},
    function{"least", -1, choose<-1, compare_values>},
    function{"decimal_greatest", -1, choose<1, compare_as_decimals>},
    function{"decimal_least", -1, choose<-1, compare_as_decimals>},
};

// Innocuous: allowed in schemas although those are not trusted.
constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

}  // namespace

int register_exact_functions(sqlite3* database) noexcept {
    for (const auto& one : functions) {
        const int code = sqlite3_create_function_v2(
            database, one.name, one.arguments, flags, nullptr, one.call, nullptr, nullptr, nullptr
        );
        if (code != SQLITE_OK) {
            return code;
        }
    }
    return sqlite3_create_window_function(
        database,
        "decimal_sum",
        1,
        flags,
        nullptr,
        step_sum<1>,
        end_sum,
        value_of_sum,
        step_sum<-1>,
        nullptr
    );
}

}  // namespace gino::sqlite
