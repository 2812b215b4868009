// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/encode.hpp"

#include <gino/core/error.hpp>

#include <bit>
#include <chrono>
#include <limits>
#include <string>

#include "core/text_form.hpp"
#include "driver/postgresql/codec/numeric.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "types/text_value.hpp"

namespace gino::postgresql::codec {

namespace {

using namespace std::chrono_literals;

// The days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts dates and timestamps.
constexpr std::int64_t epoch_days = 10957;
constexpr std::int64_t epoch_microseconds = epoch_days * 86'400'000'000;

[[noreturn]] void throw_cannot_send(type_kind kind) {
    throw argument_error(
        errc::bad_value,
        "a value cannot be sent to PostgreSQL as " + std::string(to_string(kind)) +
            "; nothing was sent"
    );
}

// Returns the stored object of a value. A value of another type is refused: the server would take
// its bytes for a value of the declared type.
template <class Stored>
const Stored& stored(const value& v, type_kind kind) {
    const auto* found = v.get_if<Stored>();
    if (found == nullptr) {
        throw_cannot_send(kind);
    }
    return *found;
}

double number(const value& v, type_kind kind) {
    if (const auto* integer = v.get_if<std::int64_t>()) {
        return static_cast<double>(*integer);
    }
    return stored<double>(v, kind);
}

// Returns an integer that fits into a smaller type. A truncated one would be stored silently.
template <class Integer>
Integer narrow(const value& v, type_kind kind) {
    const auto n = stored<std::int64_t>(v, kind);
    if (n < std::numeric_limits<Integer>::min() || n > std::numeric_limits<Integer>::max()) {
        throw argument_error(
            errc::bad_value,
            std::to_string(n) + " does not fit into a " + std::string(to_string(kind)) +
                "; nothing was sent"
        );
    }
    return static_cast<Integer>(n);
}

// Returns the microseconds since 2000. Times that would overflow are refused.
template <class Time>
std::int64_t microseconds(Time time) {
    if (time == Time::max() || time == Time::min()) {
        return time.time_since_epoch().count();  // infinity and -infinity
    }
    const auto since_1970 = time.time_since_epoch().count();
    if (since_1970 <= std::numeric_limits<std::int64_t>::min() + epoch_microseconds) {
        throw_cannot_send(type_kind::timestamp);
    }
    return since_1970 - epoch_microseconds;
}

std::int32_t days(date day) {
    if (day == date::max()) {
        return std::numeric_limits<std::int32_t>::max();
    }
    if (day == date::min()) {
        return std::numeric_limits<std::int32_t>::min();
    }
    constexpr std::int64_t first = std::numeric_limits<std::int32_t>::min() + epoch_days;
    constexpr std::int64_t last = std::numeric_limits<std::int32_t>::max() + epoch_days;
    const std::int64_t since_1970 = day.time_since_epoch().count();
    if (since_1970 <= first || since_1970 >= last) {  // both would be sent as infinities
        throw_cannot_send(type_kind::date);
    }
    return static_cast<std::int32_t>(since_1970 - epoch_days);
}

// Returns a text without a NUL byte: the server refuses it, but only after the statement was sent.
std::string_view without_nul(std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw argument_error(
            errc::bad_value,
            "a text for PostgreSQL has a NUL byte in it, which no text of a database can have; "
            "nothing was sent"
        );
    }
    return text;
}

std::string_view text_of(const value& v, type_kind kind) {
    std::string_view text;
    if (const auto* json = v.get_if<json_text>()) {
        text = json->text;
    } else {
        text = stored<std::string>(v, kind);
    }
    return without_nul(text);
}

// Returns the sizes of the dimensions of an array, the outermost first; empty: it has no elements.
//
// Throws argument_error if the inner arrays differ in size: PostgreSQL's arrays are rectangular.
std::vector<std::size_t> sizes_of(const value::array& elements) {
    if (elements.empty()) {
        return {};
    }
    std::vector<std::size_t> sizes{elements.size()};
    const auto* first = elements.front().get_if<value::array>();
    const auto inner = first != nullptr ? sizes_of(*first) : std::vector<std::size_t>();
    for (const auto& one : elements) {
        const auto* other = one.get_if<value::array>();
        const bool is_alike = (other != nullptr) == (first != nullptr);
        if (!is_alike || (other != nullptr && sizes_of(*other) != inner)) {
            throw argument_error(
                errc::bad_value,
                "the arrays within an array have different sizes, which PostgreSQL does not know; "
                "nothing was sent"
            );
        }
    }
    if (first == nullptr) {
        return sizes;
    }
    // Arrays of empty arrays are an empty array: PostgreSQL has no dimension of size 0.
    if (inner.empty()) {
        return {};
    }
    sizes.insert(sizes.end(), inner.begin(), inner.end());
    return sizes;
}

// The array's header has a flag for NULLs.
bool has_null(const value::array& elements) {
    for (const auto& one : elements) {
        const auto* inner = one.get_if<value::array>();
        if (one.is_null() || (inner != nullptr && has_null(*inner))) {
            return true;
        }
    }
    return false;
}

// Appends the elements in row-major order: the last dimension varies fastest.
void append_elements(protocol::writer& to, const value::array& elements, const sql_type& type) {
    for (const auto& one : elements) {
        if (const auto* inner = one.get_if<value::array>()) {
            append_elements(to, *inner, type);
        } else {
            append_parameter(to, one, type);
        }
    }
}

// The format is described at postgresql_decoder::array().
void append_array(protocol::writer& to, const value& v, const sql_type& type) {
    const auto& elements = stored<value::array>(v, type_kind::array);
    const auto sizes = sizes_of(elements);
    const sql_type element{.kind = type.element};
    to.int32(static_cast<std::int32_t>(sizes.size()));
    to.int32(has_null(elements) ? 1 : 0);
    to.int32(static_cast<std::int32_t>(oid_of(element)));
    for (const auto size : sizes) {
        to.int32(static_cast<std::int32_t>(size));
        to.int32(1);  // the lower bound
    }
    if (!sizes.empty()) {
        append_elements(to, elements, element);
    }
}

decimal number_of(const value& v) {
    if (const auto* integer = v.get_if<std::int64_t>()) {
        return *integer;
    }
    return stored<decimal>(v, type_kind::numeric);
}

// The format is described at address_in() of the decoder.
void append_address(protocol::writer& to, const value& v, type_kind kind) {
    const auto& address = stored<network_address>(v, kind);
    const std::size_t size = address.is_v6 ? 16 : 4;
    to.byte(address.is_v6 ? 3 : 2);
    to.byte(address.prefix_length);
    to.byte(kind == type_kind::cidr ? 1 : 0);
    to.byte(static_cast<std::uint8_t>(size));
    to.raw(std::span(address.bytes).first(size));
}

// Not in the order of the members: PostgreSQL sends the time first.
void append_interval(protocol::writer& to, const interval& i) {
    to.int64(i.time.count());
    to.int32(i.days);
    to.int32(i.months);
}

// The flags are described at postgresql_decoder::range(). A missing bound is never included.
void append_range(protocol::writer& to, const value& v, const sql_type& type) {
    const auto& range = stored<value::range>(v, type.kind);
    if (range.is_empty) {
        return to.byte(0x01);
    }
    const bool no_lower = range.bounds[0].is_null();
    const bool no_upper = range.bounds[1].is_null();
    to.byte(static_cast<std::uint8_t>(
        (range.includes_lower && !no_lower ? 0x02 : 0) |
        (range.includes_upper && !no_upper ? 0x04 : 0) | (no_lower ? 0x08 : 0) |
        (no_upper ? 0x10 : 0)
    ));
    const sql_type bound{.kind = detail::bound_of(type.kind)};
    for (const auto& one : range.bounds) {
        if (!one.is_null()) {
            append_parameter(to, one, bound);
        }
    }
}

// Appends the bytes of a value that is not NULL. Types without a binary format that gino knows are
// sent as text, with format 0 in Bind.
void append_bytes(protocol::writer& to, const value& v, const sql_type& type) {
    switch (type.kind) {
        case type_kind::boolean:
            return to.byte(stored<bool>(v, type.kind) ? 1 : 0);
        case type_kind::smallint:
            return to.int16(narrow<std::int16_t>(v, type.kind));
        case type_kind::integer:
            return to.int32(narrow<std::int32_t>(v, type.kind));
        case type_kind::bigint:
            return to.int64(stored<std::int64_t>(v, type.kind));
        case type_kind::real:
            return to.int32(std::bit_cast<std::int32_t>(static_cast<float>(number(v, type.kind))));
        case type_kind::double_precision:
            return to.int64(std::bit_cast<std::int64_t>(number(v, type.kind)));
        case type_kind::text:
        case type_kind::varchar:
        case type_kind::json:
            return to.raw(text_of(v, type.kind));
        case type_kind::jsonb:
            to.byte(1);  // the version of the format
            return to.raw(text_of(v, type.kind));
        case type_kind::binary:
            return to.raw(stored<bytes>(v, type.kind));
        case type_kind::date:
            return to.int32(days(stored<date>(v, type.kind)));
        case type_kind::timestamp:
            return to.int64(microseconds(stored<timestamp>(v, type.kind)));
        case type_kind::timestamptz:
            return to.int64(microseconds(stored<timestamptz>(v, type.kind)));
        case type_kind::array:
            return is_sent_as_text(type) ? to.raw(without_nul(detail::text_form(v)))
                                         : append_array(to, v, type);
        case type_kind::numeric:
            return encode_numeric(to, number_of(v));
        case type_kind::time:
            return to.int64(stored<time_of_day>(v, type.kind).since_midnight.count());
        case type_kind::interval:
            return append_interval(to, stored<interval>(v, type.kind));
        case type_kind::uuid:
            return to.raw(stored<uuid_bytes>(v, type.kind));
        case type_kind::inet:
        case type_kind::cidr:
            return append_address(to, v, type.kind);
        case type_kind::macaddr:
            return to.raw(stored<mac_address>(v, type.kind).bytes);
        case type_kind::int4range:
        case type_kind::int8range:
        case type_kind::numrange:
        case type_kind::daterange:
        case type_kind::tsrange:
        case type_kind::tstzrange:
            return append_range(to, v, type);
        case type_kind::unknown:
        case type_kind::named:
        case type_kind::enumeration:
        case type_kind::composite:
            return to.raw(without_nul(detail::text_form(v)));
    }
}

}  // namespace

bool is_sent_as_text(const sql_type& type) noexcept {
    const type_kind kind = type.kind == type_kind::array ? type.element : type.kind;
    return kind == type_kind::unknown || kind == type_kind::named ||
           kind == type_kind::enumeration || kind == type_kind::composite;
}

void append_parameter(protocol::writer& to, const value& v, const sql_type& type) {
    // The length is known after the bytes are written: -1, which means NULL, is replaced then.
    const std::size_t at = to.size();
    to.int32(-1);
    if (!v.is_null()) {
        append_bytes(to, v, type);
        to.set_length(at);
    }
}

}  // namespace gino::postgresql::codec
