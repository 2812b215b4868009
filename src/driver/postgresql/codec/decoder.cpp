// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/decoder.hpp"

#include <gino/core/error.hpp>

#include <bit>
#include <limits>
#include <string>

#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql::codec {

namespace {

constexpr std::int64_t epoch_days = 10957;
constexpr std::int64_t epoch_microseconds = epoch_days * 86'400'000'000;
constexpr std::int32_t most_dimensions = 6;

[[noreturn]] void throw_mismatch(const field_view& field, std::string_view wanted) {
    throw data_error(
        errc::bad_value,
        "column \"" + field.column().name + "\" is " +
            (field.column().kind == type_kind::unknown
                 ? "of PostgreSQL's type " + std::to_string(field.column().type_id)
                 : "a " + std::string(to_string(field.column().kind))) +
            ", which cannot be read as " + std::string(wanted),
        {.column = field.column().name}
    );
}

[[noreturn]] void throw_malformed(const field_view& field) {
    throw data_error(
        errc::bad_value,
        "the server sent a malformed " + std::string(to_string(field.column().kind)) +
            " for column \"" + field.column().name + "\"",
        {.column = field.column().name}
    );
}

// A big-endian integer that has to fill the field.
std::uint64_t fixed(const field_view& field, std::size_t size) {
    if (field.raw().size() != size) {
        throw_malformed(field);
    }
    std::uint64_t v = 0;
    for (const auto b : field.raw()) {
        v = v << 8U | std::to_integer<std::uint64_t>(b);
    }
    return v;
}

template <class Time>
Time time_in(const field_view& field) {
    const auto since_2000 = static_cast<std::int64_t>(fixed(field, 8));
    if (since_2000 == std::numeric_limits<std::int64_t>::max()) {
        return Time::max();
    }
    if (since_2000 == std::numeric_limits<std::int64_t>::min()) {
        return Time::min();
    }
    if (since_2000 > std::numeric_limits<std::int64_t>::max() - epoch_microseconds) {
        throw_malformed(field);
    }
    return Time(typename Time::duration(since_2000 + epoch_microseconds));
}

std::string_view as_text(std::span<const std::byte> raw) {
    return {reinterpret_cast<const char*>(raw.data()), raw.size()};
}

class postgresql_decoder final : public field_decoder {
public:
    [[nodiscard]] bool boolean(const field_view& field) const override {
        if (field.column().type_id != oid::boolean) {
            throw_mismatch(field, "a boolean");
        }
        return fixed(field, 1) != 0;
    }

    [[nodiscard]] std::int64_t integer(const field_view& field) const override {
        switch (field.column().type_id) {
            case oid::int8:
                return static_cast<std::int64_t>(fixed(field, 8));
            case oid::int4:
                return static_cast<std::int32_t>(fixed(field, 4));
            case oid::int2:
                return static_cast<std::int16_t>(fixed(field, 2));
            case oid::oid_:
                return static_cast<std::int64_t>(fixed(field, 4));
            default:
                throw_mismatch(field, "an integer");
        }
    }

    [[nodiscard]] double floating(const field_view& field) const override {
        switch (field.column().type_id) {
            case oid::float8:
                return std::bit_cast<double>(fixed(field, 8));
            case oid::float4:
                return std::bit_cast<float>(static_cast<std::uint32_t>(fixed(field, 4)));
            case oid::int8: {
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
            case type_kind::unknown:  // sent as text: enums, numeric, uuid, ...
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
        const auto since_2000 = static_cast<std::int32_t>(fixed(field, 4));
        if (since_2000 == std::numeric_limits<std::int32_t>::max()) {
            return date::max();
        }
        if (since_2000 == std::numeric_limits<std::int32_t>::min()) {
            return date::min();
        }
        const std::int64_t since_1970 = since_2000 + epoch_days;
        if (since_1970 >= date::max().time_since_epoch().count()) {
            throw_malformed(field);
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
                if (field.raw().empty() || field.raw().front() != std::byte{1}) {
                    throw_malformed(field);
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
            default:
                return value(std::string(as_text(field.raw())));
        }
    }

private:
    [[nodiscard]] value array(const field_view& field) const {
        protocol_reader from(field.raw());
        const std::int32_t dimensions = from.int32();
        static_cast<void>(from.int32());  // whether there are NULLs
        const auto element = static_cast<std::uint32_t>(from.int32());
        if (dimensions < 0 || dimensions > most_dimensions ||
            kind_of(element) == type_kind::unknown) {
            throw_malformed(field);
        }
        std::vector<std::int32_t> sizes;
        std::size_t total = dimensions == 0 ? 0 : 1;
        for (std::int32_t i = 0; i < dimensions; ++i) {
            sizes.push_back(from.int32());
            static_cast<void>(from.int32());  // the lower bound
            // An element has at least its length: more of them cannot be in the rest.
            if (sizes.back() <= 0 ||
                static_cast<std::size_t>(sizes.back()) > from.rest().size() / 4 / total) {
                throw_malformed(field);
            }
            total *= static_cast<std::size_t>(sizes.back());
        }
        const column_description inner{
            .name = field.column().name, .kind = kind_of(element), .type_id = element};
        value made = sizes.empty() ? value(value::array()) : elements(from, inner, sizes, 0);
        if (!from.is_done()) {
            throw_malformed(field);
        }
        return made;
    }

    using protocol_reader = protocol::reader;

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
            const std::int32_t length = from.int32();
            if (length < 0) {
                made.emplace_back();
                continue;
            }
            const auto bytes = from.bytes(static_cast<std::size_t>(length));
            static constexpr std::byte nothing{};
            const field_view element(
                bytes.empty() ? &nothing : bytes.data(), bytes.size(), inner, *this
            );
            if (from.is_bad()) {
                throw_malformed(element);
            }
            made.push_back(any(element));
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
