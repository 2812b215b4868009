// SPDX-License-Identifier: BSD-3-Clause
#include "types/text_value.hpp"

#include <gino/core/array_text.hpp>
#include <gino/core/date_time.hpp>
#include <gino/core/decimal.hpp>
#include <gino/core/network.hpp>

#include <algorithm>
#include <charconv>
#include <chrono>
#include <cstdint>
#include <string>
#include <system_error>
#include <utility>

#include "core/hexadecimal.hpp"
#include "core/quoted_text.hpp"

namespace gino::detail {

namespace {

using namespace std::chrono_literals;

// Reads a number that fills the whole text: no blanks, no "+".
template <class Number>
std::optional<Number> number_in(std::string_view text) {
    Number read{};
    const auto* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, read);
    return stop == end && failure == std::errc() ? std::optional(read) : std::nullopt;
}

template <class Read>
std::optional<value> value_of(std::optional<Read> read) {
    return read ? std::optional(value(std::move(*read))) : std::nullopt;
}

// The server writes "t" and "f"; gino's own text form, in composite values on SQLite, has the
// words.
std::optional<value> boolean_in(std::string_view text) {
    const bool is_true = text == "t" || text == "true";
    return is_true || text == "f" || text == "false" ? std::optional(value(is_true)) : std::nullopt;
}

// The server writes the shortest digits that identify a float: read as a double, they would be
// another number.
std::optional<value> single_in(std::string_view text) {
    const auto read = number_in<float>(text);
    return read ? std::optional(value(double{*read})) : std::nullopt;
}

// The escape format, "\000" and "\\": servers with bytea_output=escape write it (manual, 8.4.2).
std::optional<bytes> unescaped_bytes(std::string_view text) {
    bytes made;
    while (!text.empty()) {
        std::size_t size = 1;
        auto byte = static_cast<std::uint8_t>(text.front());
        if (text.starts_with("\\\\")) {
            size = 2;
        } else if (text.front() == '\\') {
            size = 4;
            const auto* const end = text.data() + std::min(size, text.size());
            const auto [stop, failure] = std::from_chars(text.data() + 1, end, byte, 8);
            if (failure != std::errc() || stop != text.data() + size) {
                return std::nullopt;
            }
        }
        made.push_back(static_cast<std::byte>(byte));
        text.remove_prefix(size);
    }
    return made;
}

std::optional<value> bytes_in(std::string_view text) {
    return value_of(
        text.starts_with("\\x") ? parse_hexadecimal(text.substr(2)) : unescaped_bytes(text)
    );
}

// Consumes the text up to the next blank, and the blank.
std::string_view take_word(std::string_view& rest) {
    const std::string_view word = rest.substr(0, rest.find(' '));
    rest.remove_prefix(std::min(word.size() + 1, rest.size()));
    return word;
}

// Reads "-04:05:06.789"; unlike a time of day, the hours have no limit of 24.
std::optional<std::chrono::microseconds> clock_in(std::string_view text) {
    const bool is_negative = text.starts_with('-');
    if (is_negative || text.starts_with('+')) {
        text.remove_prefix(1);
    }
    const std::size_t colon = text.find(':');
    if (colon == std::string_view::npos) {
        return std::nullopt;
    }
    const auto hours = number_in<std::uint32_t>(text.substr(0, colon));
    // The part after the hours has the form of a time of day.
    const auto rest = parse_time_of_day("00" + std::string(text.substr(colon)));
    if (!hours || !rest) {
        return std::nullopt;
    }
    // Unsigned, because the magnitude of the smallest interval does not fit into 64 bits with a
    // sign.
    const auto all = std::uint64_t{*hours} * 3'600'000'000U +
                     static_cast<std::uint64_t>(rest->since_midnight.count());
    constexpr auto most = static_cast<std::uint64_t>(std::chrono::microseconds::max().count());
    if (all > most + (is_negative ? 1 : 0)) {
        return std::nullopt;
    }
    return std::chrono::microseconds(static_cast<std::int64_t>(is_negative ? 0U - all : all));
}

// Reads "1 year 2 mons -3 days 04:05:06.789", the server's default IntervalStyle (manual, 8.5.5),
// or ISO 8601. Each part has its own sign.
std::optional<interval> interval_in(std::string_view text) {
    if (text.starts_with('P')) {
        return parse_interval(text);
    }
    // Wider than the fields of an interval: no text is long enough for the sums to overflow.
    std::int64_t months = 0;
    std::int64_t days = 0;
    std::chrono::microseconds time{};
    while (!text.empty()) {
        const std::string_view number = take_word(text);
        if (number.find(':') != std::string_view::npos) {
            const auto clock = clock_in(number);
            if (!clock || !text.empty()) {
                return std::nullopt;
            }
            time = *clock;
            break;
        }
        const auto count = number_in<std::int32_t>(number.substr(number.starts_with('+') ? 1 : 0));
        const std::string_view unit = take_word(text);
        if (!count) {
            return std::nullopt;
        }
        if (unit.starts_with("year")) {
            months += std::int64_t{*count} * 12;
        } else if (unit.starts_with("mon")) {
            months += *count;
        } else if (unit.starts_with("day")) {
            days += *count;
        } else {
            return std::nullopt;
        }
    }
    if (!std::in_range<std::int32_t>(months) || !std::in_range<std::int32_t>(days)) {
        return std::nullopt;
    }
    return interval{
        .months = static_cast<std::int32_t>(months),
        .days = static_cast<std::int32_t>(days),
        .time = time};
}

// Consumes a bound up to one of the characters of `end`; it may be quoted.
std::optional<std::string> take_bound(std::string_view& rest, std::string_view end) {
    if (rest.starts_with('"')) {
        return take_quoted_text(rest);
    }
    std::string bound(rest.substr(0, rest.find_first_of(end)));
    rest.remove_prefix(bound.size());
    return bound;
}

// Reads "[1,5)", "(,)" or "empty" (manual, 8.17.5). A bound without characters is unbounded: no
// type of bounds has an empty text.
std::optional<value> range_in(std::string_view text, const sql_type& bound) {
    value::range read;
    read.bounds.resize(2);
    if (text == "empty") {
        read.is_empty = true;
        read.includes_lower = false;
        return value(std::move(read));
    }
    const bool is_closed = text.size() >= 3 && (text.front() == '[' || text.front() == '(') &&
                           (text.back() == ']' || text.back() == ')');
    if (!is_closed) {
        return std::nullopt;
    }
    std::string_view rest = text.substr(1, text.size() - 2);
    for (auto& one : read.bounds) {
        const auto inner = take_bound(rest, ",");
        if (!inner) {
            return std::nullopt;
        }
        if (!inner->empty()) {
            auto there = value_in_text(*inner, bound);
            if (!there) {
                return std::nullopt;
            }
            one = std::move(*there);
        }
        const bool is_lower = &one == &read.bounds.front();
        if (is_lower != rest.starts_with(',')) {
            return std::nullopt;
        }
        rest.remove_prefix(is_lower ? 1 : 0);
    }
    // An unbounded side does not include its end, whatever the bracket, as in the binary format.
    read.includes_lower = text.front() == '[' && !read.bounds[0].is_null();
    read.includes_upper = text.back() == ']' && !read.bounds[1].is_null();
    return rest.empty() ? std::optional(value(std::move(read))) : std::nullopt;
}

// Converts the texts of an array's elements to values. Empty: one of them is malformed.
// NOLINTNEXTLINE(misc-no-recursion): as deep as PostgreSQL's arrays are
std::optional<value> elements_in(const value::array& texts, const sql_type& type) {
    value::array elements;
    for (const auto& one : texts) {
        std::optional<value> read{one};  // NULL
        if (const auto* inner = one.get_if<value::array>()) {
            read = elements_in(*inner, type);
        } else if (const auto* text = one.get_if<std::string>()) {
            read = value_in_text(*text, type);
        }
        if (!read) {
            return std::nullopt;
        }
        elements.push_back(std::move(*read));
    }
    return value(std::move(elements));
}

// Reads an array. Explicit bounds, "[0:1]={a,b}", are dropped: `value::array` has none.
std::optional<value> array_in(std::string_view text, const sql_type& element) {
    if (text.starts_with('[')) {
        text.remove_prefix(std::min(text.find('=') + 1, text.size()));
    }
    const auto texts = parse_array_text(text);
    return texts ? elements_in(*texts, element) : std::nullopt;
}

// The element type keeps the other fields, such as the precision and the labels of an enumeration.
sql_type element_of(const sql_type& array) {
    sql_type element = array;
    element.kind = array.element;
    element.element = type_kind::unknown;
    return element;
}

}  // namespace

type_kind bound_of(type_kind range) noexcept {
    switch (range) {
        case type_kind::int4range:
            return type_kind::integer;
        case type_kind::int8range:
            return type_kind::bigint;
        case type_kind::numrange:
            return type_kind::numeric;
        case type_kind::daterange:
            return type_kind::date;
        case type_kind::tsrange:
            return type_kind::timestamp;
        case type_kind::tstzrange:
            return type_kind::timestamptz;
        default:
            return type_kind::unknown;
    }
}

// The cases are the types that `value` has an alternative for; the default keeps the text.
// NOLINTNEXTLINE(misc-no-recursion): elements of arrays and bounds of ranges are neither
std::optional<value> value_in_text(std::string_view text, const sql_type& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return boolean_in(text);
        case type_kind::smallint:
        case type_kind::integer:
        case type_kind::bigint:
            return value_of(number_in<std::int64_t>(text));
        case type_kind::real:
            return single_in(text);
        case type_kind::double_precision:
            return value_of(number_in<double>(text));
        case type_kind::numeric:
            return value_of(decimal::parse(text));
        case type_kind::binary:
            return bytes_in(text);
        case type_kind::date:
            return value_of(parse_date(text));
        case type_kind::timestamp:
            return value_of(parse_timestamp(text));
        case type_kind::timestamptz:
            return value_of(parse_timestamptz(text));
        case type_kind::time:
            return value_of(parse_time_of_day(text));
        case type_kind::interval:
            return value_of(interval_in(text));
        case type_kind::uuid:
            return value_of(parse_uuid(text));
        case type_kind::inet:
        case type_kind::cidr:
            return value_of(parse_network_address(text));
        case type_kind::macaddr:
            return value_of(parse_mac_address(text));
        case type_kind::json:
        case type_kind::jsonb:
            return value(json_text{std::string(text)});
        case type_kind::array:
            return array_in(text, element_of(type));
        case type_kind::int4range:
        case type_kind::int8range:
        case type_kind::numrange:
        case type_kind::daterange:
        case type_kind::tsrange:
        case type_kind::tstzrange:
            return range_in(text, {.kind = bound_of(type.kind)});
        default:
            return value(std::string(text));
    }
}

}  // namespace gino::detail
