// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/decoder.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <bit>
#include <limits>
#include <string>

#include "driver/postgresql/codec/bad_field.hpp"
#include "driver/postgresql/codec/numeric.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

namespace {

// The days from 1970-01-01 to 2000-01-01, from which PostgreSQL counts dates and timestamps.
constexpr std::int64_t epoch_days = 10957;
constexpr std::int64_t epoch_microseconds = epoch_days * 86'400'000'000;
// PostgreSQL's limit, MAXDIM. It also limits the recursion of elements().
constexpr std::int32_t most_dimensions = 6;

// The name of a type in messages; its number if the catalogue does not have it.
std::string name_of(const field_view& field) {
    return field.column().type_name.empty() ? std::to_string(field.column().type_id)
                                            : field.column().type_name;
}

[[noreturn]] void throw_mismatch(const field_view& field, std::string_view wanted) {
    throw data_error(
        errc::bad_value,
        "column \"" + field.column().name + "\" is " +
            (field.column().kind == type_kind::unknown
                 ? "of PostgreSQL's type " + name_of(field)
                 : "a " + std::string(to_string(field.column().kind))) +
            ", which cannot be read as " + std::string(wanted),
        {.column = field.column().name}
    );
}

// Returns the integer of a field, which must have exactly its size.
template <class Integer>
Integer fixed(const field_view& field) {
    protocol::reader from(field.raw());
    const auto v = from.number<Integer>();
    if (!from.is_done()) {
        throw_malformed(field.column());
    }
    return v;
}

template <class Time>
Time time_in(const field_view& field) {
    // The limits are infinity and -infinity, in PostgreSQL and in gino.
    const auto since_2000 = fixed<std::int64_t>(field);
    if (since_2000 == std::numeric_limits<std::int64_t>::max()) {
        return Time::max();
    }
    if (since_2000 == std::numeric_limits<std::int64_t>::min()) {
        return Time::min();
    }
    if (since_2000 > std::numeric_limits<std::int64_t>::max() - epoch_microseconds) {
        throw_late_timestamp(field.column());
    }
    return Time(typename Time::duration(since_2000 + epoch_microseconds));
}

template <class Bytes>
Bytes bytes_of(const field_view& field) {
    Bytes made{};
    if (field.raw().size() != made.size()) {
        throw_malformed(field.column());
    }
    std::ranges::copy(field.raw(), made.begin());
    return made;
}

// PostgreSQL's timestamp.c, interval_send(): microseconds, days, months.
interval interval_in(const field_view& field) {
    protocol::reader from(field.raw());
    const std::chrono::microseconds time(from.number<std::int64_t>());
    const std::int32_t days = from.int32();
    const std::int32_t months = from.int32();
    if (!from.is_done()) {
        throw_malformed(field.column());
    }
    return {.months = months, .days = days, .time = time};
}

// PostgreSQL's network.c, network_send(): the family, the length of the prefix, 1 for cidr, the
// size of the address, the address. The families are PostgreSQL's own numbers, not the system's.
network_address address_in(const field_view& field) {
    constexpr std::uint8_t v4 = 2;
    constexpr std::uint8_t v6 = 3;
    protocol::reader from(field.raw());
    const std::uint8_t family = from.byte();
    network_address made;
    made.is_v6 = family == v6;
    made.prefix_length = from.byte();
    static_cast<void>(from.byte());
    const std::size_t size = from.byte();
    const bool is_known = family == v4 || family == v6;
    const bool fits = made.prefix_length <= (made.is_v6 ? 128 : 32);
    const auto bytes = from.bytes(size);
    if (!from.is_done() || !is_known || !fits || size != (made.is_v6 ? 16U : 4U)) {
        throw_malformed(field.column());
    }
    std::ranges::copy(bytes, made.bytes.begin());
    return made;
}

std::string_view as_text(std::span<const std::byte> raw) {
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

/// The decoder of the binary format. Each function for one type checks the column's type first: the
/// bytes of another type could be a valid value of the requested one.
///
/// Security: the sizes come from the server. Every read is checked by `protocol::reader`, and no
/// memory is allocated for elements that the field cannot have.
class postgresql_decoder final : public field_decoder {
public:
    [[nodiscard]] bool boolean(const field_view& field) const override {
        if (field.column().type_id != oid::boolean) {
            throw_mismatch(field, "a boolean");
        }
        return fixed<std::uint8_t>(field) != 0;
    }

    [[nodiscard]] std::int64_t integer(const field_view& field) const override {
        switch (field.column().type_id) {
            case oid::int8:
            case oid::xid8:
                return fixed<std::int64_t>(field);
            case oid::int4:
                return fixed<std::int32_t>(field);
            case oid::int2:
                return fixed<std::int16_t>(field);
            case oid::oid_:
            case oid::xid:
            case oid::cid:
                return fixed<std::uint32_t>(field);
            case oid::numeric:
                if (const auto whole = numeric(field).to_integer()) {
                    return *whole;
                }
                throw_mismatch(field, "an integer: it has a fraction, or too many digits");
            default:
                throw_mismatch(field, "an integer");
        }
    }

    [[nodiscard]] double floating(const field_view& field) const override {
        switch (field.column().type_id) {
            case oid::float8:
                return std::bit_cast<double>(fixed<std::uint64_t>(field));
            case oid::float4:
                return std::bit_cast<float>(fixed<std::uint32_t>(field));
            case oid::numeric:
                return numeric(field).to_double();
            case oid::int8: {
                // A double has 53 bits for an integer: larger ones would be rounded silently.
                const std::int64_t n = integer(field);
                constexpr std::int64_t exact = std::int64_t{1} << 53;
                if (n < -exact || n > exact) {
                    throw_mismatch(field, "a double without loss");
                }
                return static_cast<double>(n);
            }
            default:
                return static_cast<double>(integer(field));
        }
    }

    [[nodiscard]] std::string_view text(const field_view& field) const override {
        switch (field.column().kind) {
            case type_kind::text:
            case type_kind::varchar:
            case type_kind::json:
            case type_kind::unknown:  // requested as text, see is_binary()
                return as_text(field.raw());
            case type_kind::jsonb:
                return json(field);
            default:
                throw_mismatch(field, "a text");
        }
    }

    [[nodiscard]] std::span<const std::byte> binary(const field_view& field) const override {
        if (field.column().type_id != oid::bytea) {
            throw_mismatch(field, "bytes");
        }
        return field.raw();
    }

    [[nodiscard]] date day(const field_view& field) const override {
        if (field.column().type_id != oid::date) {
            throw_mismatch(field, "a date");
        }
        const auto since_2000 = fixed<std::int32_t>(field);
        if (since_2000 == std::numeric_limits<std::int32_t>::max()) {
            return date::max();
        }
        if (since_2000 == std::numeric_limits<std::int32_t>::min()) {
            return date::min();
        }
        const std::int64_t since_1970 = since_2000 + epoch_days;
        // date::max() is infinity, so the day itself is out of range.
        if (since_1970 >= date::max().time_since_epoch().count()) {
            throw_malformed(field.column());
        }
        return date(date::duration(static_cast<date::rep>(since_1970)));
    }

    [[nodiscard]] timestamp local_time(const field_view& field) const override {
        if (field.column().type_id != oid::timestamp) {
            throw_mismatch(field, "a timestamp without time zone");
        }
        return time_in<timestamp>(field);
    }

    [[nodiscard]] timestamptz instant(const field_view& field) const override {
        if (field.column().type_id != oid::timestamptz) {
            throw_mismatch(field, "a timestamp with time zone");
        }
        return time_in<timestamptz>(field);
    }

    [[nodiscard]] std::string_view json(const field_view& field) const override {
        switch (field.column().type_id) {
            case oid::json:
                return as_text(field.raw());
            case oid::jsonb:
                // The first byte is the version of the format, 1 so far.
                if (field.raw().empty() || field.raw().front() != std::byte{1}) {
                    throw_malformed(field.column());
                }
                return as_text(field.raw().subspan(1));
            default:
                throw_mismatch(field, "JSON");
        }
    }

    [[nodiscard]] value any(const field_view& field) const override {
        switch (field.column().kind) {
            case type_kind::boolean:
                return value(boolean(field));
            case type_kind::smallint:
            case type_kind::integer:
            case type_kind::bigint:
                return value(integer(field));
            case type_kind::real:
            case type_kind::double_precision:
                return value(floating(field));
            case type_kind::binary:
                return value(bytes(field.raw().begin(), field.raw().end()));
            case type_kind::date:
                return value(day(field));
            case type_kind::timestamp:
                return value(local_time(field));
            case type_kind::timestamptz:
                return value(instant(field));
            case type_kind::json:
            case type_kind::jsonb:
                return value(json_text{std::string(json(field))});
            case type_kind::array:
                return array(field);
            case type_kind::numeric:
                return value(numeric(field));
            case type_kind::time:
                return value(time_of_day{std::chrono::microseconds(fixed<std::int64_t>(field))});
            case type_kind::interval:
                return value(interval_in(field));
            case type_kind::uuid:
                return value(bytes_of<uuid_bytes>(field));
            case type_kind::macaddr:
                return value(mac_address{bytes_of<decltype(mac_address::bytes)>(field)});
            case type_kind::inet:
            case type_kind::cidr:
                return value(address_in(field));
            case type_kind::int4range:
            case type_kind::int8range:
            case type_kind::numrange:
            case type_kind::daterange:
            case type_kind::tsrange:
            case type_kind::tstzrange:
                return range(field);
            default:
                return value(std::string(as_text(field.raw())));
        }
    }

private:
    [[nodiscard]] static decimal numeric(const field_view& field) {
        auto number = decode_numeric(field.raw());
        if (!number) {
            throw_malformed(field.column());
        }
        return std::move(*number);
    }

    // PostgreSQL's rangetypes.c, range_send(), because the manual does not describe the format:
    // flags, then each bound that exists, after its length.
    [[nodiscard]] value range(const field_view& field) const {
        constexpr std::uint8_t empty = 0x01;
        constexpr std::uint8_t lower_included = 0x02;
        constexpr std::uint8_t upper_included = 0x04;
        constexpr std::uint8_t no_lower = 0x08;
        constexpr std::uint8_t no_upper = 0x10;
        protocol_reader from(field.raw());
        const std::uint8_t flags = from.byte();
        value::range made;
        made.is_empty = (flags & empty) != 0;
        made.includes_lower = (flags & lower_included) != 0;
        made.includes_upper = (flags & upper_included) != 0;
        // range_send() writes no type for the bounds: it follows from the range's.
        const std::uint32_t bound = bound_of(field.column().type_id);
        const column_description inner{
            .name = field.column().name, .kind = kind_of(bound), .type_id = bound};
        for (const auto missing : {no_lower, no_upper}) {
            const bool is_present = !made.is_empty && (flags & missing) == 0;
            made.bounds.push_back(is_present ? element(from, inner) : value());
        }
        if (!from.is_done()) {
            throw_malformed(field.column());
        }
        return value(std::move(made));
    }

    // Reads a value after its length; -1: NULL.
    [[nodiscard]] value element(protocol::reader& from, const column_description& inner) const {
        const std::int32_t length = from.int32();
        if (length < 0) {
            return {};
        }
        const auto bytes = from.bytes(static_cast<std::size_t>(length));
        // A null pointer means NULL: an empty value needs another one.
        static constexpr std::byte nothing{};
        const field_view one(bytes.empty() ? &nothing : bytes.data(), bytes.size(), inner, *this);
        if (from.is_bad()) {
            throw_malformed(one.column());
        }
        return any(one);
    }

    // PostgreSQL's arrayfuncs.c, array_send(): the number of dimensions, a flag for NULLs, the
    // element type, the size and the lower bound of each dimension, then the elements.
    [[nodiscard]] value array(const field_view& field) const {
        protocol_reader from(field.raw());
        const std::int32_t dimensions = from.int32();
        static_cast<void>(from.int32());  // whether there are NULLs
        auto element = static_cast<std::uint32_t>(from.int32());
        if (element >= oid::first_of_users) {
            // A type of a user. The catalogue has replaced the column's type by the array of the
            // built-in type with the same format.
            element = element_of(field.column().type_id);
        }
        if (dimensions < 0 || dimensions > most_dimensions ||
            kind_of(element) == type_kind::unknown) {
            throw_malformed(field.column());
        }
        std::vector<std::int32_t> sizes;
        std::size_t total = dimensions == 0 ? 0 : 1;
        for (std::int32_t i = 0; i < dimensions; ++i) {
            sizes.push_back(from.int32());
            static_cast<void>(from.int32());  // the lower bound
            // Each element has a length of 4 bytes, so the rest limits their number. Divided, not
            // multiplied: the product could overflow.
            if (sizes.back() <= 0 ||
                static_cast<std::size_t>(sizes.back()) > from.rest().size() / 4 / total) {
                throw_malformed(field.column());
            }
            total *= static_cast<std::size_t>(sizes.back());
        }
        const column_description inner{
            .name = field.column().name, .kind = kind_of(element), .type_id = element};
        value made = sizes.empty() ? value(value::array()) : elements(from, inner, sizes, 0);
        if (!from.is_done()) {
            throw_malformed(field.column());
        }
        return made;
    }

    using protocol_reader = protocol::reader;

    // Reads the elements of a dimension: arrays, or values in the last dimension.
    [[nodiscard]] value elements(
        protocol_reader& from,
        const column_description& inner,
        const std::vector<std::int32_t>& sizes,
        std::size_t level
    ) const {
        value::array made;
        for (std::int32_t i = 0; i < sizes[level]; ++i) {
            if (level + 1 < sizes.size()) {
                made.push_back(elements(from, inner, sizes, level + 1));
                continue;
            }
            made.push_back(element(from, inner));
        }
        return value(std::move(made));
    }
};

}  // namespace

const field_decoder& decoder() noexcept {
    static const postgresql_decoder instance;
    return instance;
}

}  // namespace gino::postgresql::codec
