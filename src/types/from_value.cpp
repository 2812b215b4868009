// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/array_text.hpp>
#include <gino/core/error.hpp>
#include <gino/types/array.hpp>
#include <gino/types/enumeration.hpp>
#include <gino/types/from_value.hpp>
#include <gino/types/network.hpp>
#include <gino/types/numeric.hpp>
#include <gino/types/range.hpp>
#include <gino/types/temporal.hpp>
#include <gino/types/uuid.hpp>

#include <algorithm>
#include <string>

namespace gino {

namespace {

// Returns the value itself, or reads it from a text: SQLite stores such types as text, and
// PostgreSQL sends unknown types as text.
template <class T, class Parse>
T held_or_parsed(const value& v, const field_view& field, Parse parse, const char* wanted) {
    if (const auto* held = v.get_if<T>()) {
        return *held;
    }
    if (const auto* text = v.get_if<std::string>()) {
        if (auto parsed = parse(*text)) {
            return *parsed;
        }
    }
    detail::throw_cannot_read(field, wanted);
}

}  // namespace

decimal mapping<decimal>::from_value(const value& v, const field_view& field) {
    // Integers are exact. SQLite returns one for a literal such as 7, and PostgreSQL for an integer
    // column that is read as a decimal.
    if (const auto* integer = v.get_if<std::int64_t>()) {
        return *integer;
    }
    return held_or_parsed<decimal>(v, field, &decimal::parse, "an exact decimal number");
}

time_of_day mapping<time_of_day>::from_value(const value& v, const field_view& field) {
    return held_or_parsed<time_of_day>(v, field, &parse_time_of_day, "a time of day");
}

interval mapping<interval>::from_value(const value& v, const field_view& field) {
    return held_or_parsed<interval>(v, field, &parse_interval, "an interval");
}

namespace detail {

uuid_bytes uuid_of(const value& v, const field_view& field) {
    return held_or_parsed<uuid_bytes>(v, field, &parse_uuid, "a UUID");
}

void throw_cannot_read(const field_view& field, const char* wanted) {
    throw data_error(
        errc::bad_value,
        "cannot read column \"" + field.column().name + "\" (" +
            std::string(to_string(field.column().kind)) + ") as " + wanted,
        {.column = field.column().name}
    );
}

value::array array_in(const value& v, const field_view& field) {
    if (const auto* elements = v.get_if<value::array>()) {
        return *elements;
    }
    // The driver does not know the element type's OID (an enumeration, hstore): the server then
    // sent the array's text.
    if (const auto* text = v.get_if<std::string>()) {
        if (auto elements = parse_array_text(*text)) {
            return std::move(*elements);
        }
    }
    throw_cannot_read(field, "an array of as many dimensions as the C++ type has");
}

const value::range& range_in(const value& v, const field_view& field) {
    // No text form: ranges exist on PostgreSQL alone, whose driver decodes them.
    const auto* range = v.get_if<value::range>();
    if (range == nullptr) {
        throw_cannot_read(field, "a range");
    }
    return *range;
}

mac_address mac_address_of(const value& v, const field_view& field) {
    return held_or_parsed<mac_address>(v, field, &parse_mac_address, "a MAC address");
}

network_address address_of(const value& v, const field_view& field) {
    return held_or_parsed<network_address>(v, field, &parse_network_address, "a network address");
}

std::size_t find_label(
    const enumeration_info& info, std::string_view label, const field_view& field
) {
    const auto* const end = info.labels + info.size;
    // A linear search: enumerations are short, and the labels are contiguous.
    const auto* const found = std::find(info.labels, end, label);
    if (found == end) {
        throw data_error(
            errc::bad_value,
            "column \"" + field.column().name + "\" has the value \"" + std::string(label) +
                "\", which enumeration " + std::string(info.name) + " does not have",
            {.column = field.column().name}
        );
    }
    return static_cast<std::size_t>(found - info.labels);
}

std::string_view label_in(const value& v, const field_view& field) {
    const auto* text = v.get_if<std::string>();
    if (text == nullptr) {
        throw_cannot_read(field, "an enumeration");
    }
    return *text;
}

void throw_no_enumerator(const enumeration_info& info, long long value) {
    throw argument_error(
        errc::bad_value,
        std::to_string(value) + " is no value of enumeration " + std::string(info.name)
    );
}

}  // namespace detail
}  // namespace gino
