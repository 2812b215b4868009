// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions/exact_functions.hpp"

#include <gino/core/decimal.hpp>

#include <algorithm>
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

#include "driver/sqlite/functions/sql_function.hpp"

namespace gino::sqlite {

namespace {

using sqlite::give;

// A NUMERIC is a text in SQLite: its own REAL would round it.
void give(sqlite3_context* context, const decimal& number) {
    give(context, std::string_view(number.to_string()));
}

// Reads an integer, or the text of a decimal number; a REAL is read from the text that SQLite
// writes.
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

// Casts.

/// An integer type of PostgreSQL, with its range. SQLite's own INTEGER has 64 bits.
struct integer_type {
    std::string_view name;
    std::int64_t lowest;
    std::int64_t highest;
};

constexpr integer_type smallint{"smallint", -32'768, 32'767};
constexpr integer_type integer{"integer", -2'147'483'648, 2'147'483'647};
constexpr integer_type bigint{
    "bigint", std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()};

// Rounds halves to the even number, as PostgreSQL does; nearbyint() does so in the default rounding
// mode. SQLite's own CAST truncates.
std::int64_t integer_of(double number, const integer_type& type) {
    const double rounded = std::nearbyint(number);
    // 2^63 is a double, the largest std::int64_t is not: the upper limit is exclusive.
    constexpr double beyond = 9223372036854775808.0;
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
    // A decimal number. PostgreSQL casts no text with a point to an integer, but a NUMERIC, which
    // is a text here, it rounds.
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

// numeric(precision, scale): rounds to the scale, and refuses a number with more digits in front of
// the point than the precision allows.
void to_sized_numeric(sqlite3_context* context, sqlite3_value** arguments) {
    const auto number = decimal_of(argument(arguments[0]));
    if (number.is_nan()) {
        return give(context, number);
    }
    const auto precision = static_cast<std::size_t>(argument(arguments[1]).integer());
    const auto scale = static_cast<std::size_t>(argument(arguments[2]).integer());
    const auto rounded = number.is_finite() ? number.rounded(scale) : number;
    std::string_view digits = rounded.to_string();
    digits = digits.substr(0, digits.find('.'));
    digits.remove_prefix(std::min(digits.find_first_not_of("-0"), digits.size()));
    if (!rounded.is_finite() || digits.size() > precision - scale) {
        throw refusal{"numeric field overflow"};
    }
    give(context, rounded);
}

// varchar(length): refuses a text with more characters. As in PostgreSQL, excess characters that
// are all blanks are cut off.
void to_varchar(sqlite3_context* context, sqlite3_value** arguments) {
    const std::string_view text = argument(arguments[0]).text();
    const auto length = argument(arguments[1]).integer();
    std::size_t end = 0;
    for (std::int64_t left = length; end < text.size(); ++end) {
        const bool begins_character = (static_cast<unsigned char>(text[end]) & 0xc0U) != 0x80U;
        if (begins_character && left-- == 0) {
            break;
        }
    }
    if (text.find_first_not_of(' ', end) != std::string_view::npos) {
        throw refusal{"value too long for type character varying(" + std::to_string(length) + ")"};
    }
    give(context, text.substr(0, end));
}

// Rounds halves to the even number, as PostgreSQL does; SQLite's round() rounds them away from
// zero.
void round_double(sqlite3_context* context, sqlite3_value** arguments) {
    sqlite3_result_double(context, std::nearbyint(argument(arguments[0]).real()));
}

// The words of PostgreSQL's boolean type, without their abbreviations such as "tr".
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

// Divisions. SQLite's own operators return NULL for a division by zero.

void divide_integers(sqlite3_context* context, sqlite3_value** arguments) {
    const auto dividend = argument(arguments[0]).integer();
    const auto divisor = argument(arguments[1]).integer();
    if (divisor == 0) {
        throw refusal{"division by zero"};
    }
    // The only quotient that does not fit; C++ leaves it undefined.
    if (divisor == -1 && dividend == bigint.lowest) {
        refuse_range("bigint");
    }
    sqlite3_result_int64(context, dividend / divisor);
}

void integer_remainder(sqlite3_context* context, sqlite3_value** arguments) {
    const auto dividend = argument(arguments[0]).integer();
    const auto divisor = argument(arguments[1]).integer();
    if (divisor == 0) {
        throw refusal{"division by zero"};
    }
    // C++ leaves the remainder of the lowest integer and -1 undefined.
    sqlite3_result_int64(context, divisor == -1 ? 0 : dividend % divisor);
}

void divide_doubles(sqlite3_context* context, sqlite3_value** arguments) {
    const double dividend = argument(arguments[0]).real();
    const double divisor = argument(arguments[1]).real();
    if (divisor == 0) {
        throw refusal{"division by zero"};
    }
    const double quotient = dividend / divisor;
    if (std::isinf(quotient) && !std::isinf(dividend)) {
        throw refusal{"value out of range: overflow"};
    }
    sqlite3_result_double(context, quotient);
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

// Rounds to a number of digits behind the point; a negative one counts digits in front of it.
void round_decimal(sqlite3_context* context, sqlite3_value** arguments) {
    constexpr std::int64_t most_digits = 2000;
    const auto number = decimal_of(argument(arguments[0]));
    const auto digits = std::clamp(argument(arguments[1]).integer(), -most_digits, most_digits);
    if (!number.is_finite()) {
        return give(context, number);
    }
    if (digits >= 0) {
        return give(context, number.rounded(static_cast<std::size_t>(digits)));
    }
    // Rounding to tens means: divide by ten, round to an integer, multiply by ten.
    const decimal unit("1e" + std::to_string(-digits));
    const decimal part("1e" + std::to_string(digits));
    give(context, (number * part).rounded(0) * unit);
}

/// The sum of the rows so far, or of a window. NaN and the infinities are only counted, because a
/// sum that contains them could not be reduced again when they leave the window.
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

// Returns the place for the sum, which SQLite allocates with zeros at the first call for a group
// ("Obtain Aggregate Function Context"). SQLite frees the place, but knows no C++ destructor: the
// sum itself is allocated here and deleted by end_sum().
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

// Adds a row (By = 1), or removes the row that leaves the window (-1: xInverse of SQLite's page
// "Window Functions").
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

// xValue: the current sum of a window. A size of 0 allocates nothing: null means no row.
void value_of_sum(sqlite3_context* context) noexcept {
    auto** held = static_cast<running_sum**>(sqlite3_aggregate_context(context, 0));
    give_sum(context, held == nullptr ? nullptr : *held);
}

// xFinal. SQLite calls it also when the statement ends early, so that nothing leaks.
void end_sum(sqlite3_context* context) noexcept {
    auto** held = static_cast<running_sum**>(sqlite3_aggregate_context(context, 0));
    give_sum(context, held == nullptr ? nullptr : *held);
    if (held != nullptr) {
        delete *held;
        *held = nullptr;
    }
}

// greatest() and least(), which ignore NULL as PostgreSQL's do; SQLite's max() and min() return
// NULL.

// Two integers are compared exactly; as doubles, large ones would seem equal.
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

constexpr sql_function functions[] = {
    {"to_smallint", 1, call<to_integer<smallint>>},
    {"to_integer", 1, call<to_integer<integer>>},
    {"to_bigint", 1, call<to_integer<bigint>>},
    {"to_double", 1, call<to_double>},
    {"to_numeric", 1, call<to_numeric>},
    {"to_numeric", 3, call<to_sized_numeric>},
    {"to_varchar", 2, call<to_varchar>},
    {"to_boolean", 1, call<to_boolean>},
    {"integer_div", 2, call<divide_integers>},
    {"integer_mod", 2, call<integer_remainder>},
    {"double_div", 2, call<divide_doubles>},
    {"decimal_add", 2, call<add>},
    {"decimal_sub", 2, call<subtract>},
    {"decimal_mul", 2, call<multiply>},
    {"decimal_neg", 1, call<negate>},
    {"decimal_abs", 1, call<absolute>},
    {"decimal_round", 2, call<round_decimal>},
    {"round_half_even", 1, call<round_double>},
    {"greatest", -1, choose<1, compare_values>},
    {"least", -1, choose<-1, compare_values>},
    {"decimal_greatest", -1, choose<1, compare_as_decimals>},
    {"decimal_least", -1, choose<-1, compare_as_decimals>},
};

// As in register_all().
constexpr int flags = SQLITE_UTF8 | SQLITE_DETERMINISTIC | SQLITE_INNOCUOUS;

}  // namespace

int register_exact_functions(sqlite3* database) noexcept {
    if (const int code = register_all(database, functions); code != SQLITE_OK) {
        return code;
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
