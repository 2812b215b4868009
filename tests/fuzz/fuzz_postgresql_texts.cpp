// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Values in the text format of the simple protocol are parsed or refused. A parsed value has the
/// same value in the binary format.

#include <gino/core/error.hpp>

#include <cstdlib>
#include <string>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/codec/text.hpp"
#include "fuzz/round_trip.hpp"
#include "types/text_value.hpp"

namespace {

// Returns true for values that may contain NaN, which is not equal to itself.
bool has_number(const gino::value& v) {
    return v.get_if<double>() != nullptr || v.get_if<gino::value::array>() != nullptr;
}

void check(std::string_view text, std::uint32_t type) {
    namespace codec = gino::postgresql::codec;
    const auto read = gino::detail::value_in_text(text, codec::type_of(type));
    const gino::column_description column{
        .name = "c", .kind = codec::kind_of(type), .type_id = codec::sent_type_of(type)};
    gino::driver::field_slice field{
        .data = reinterpret_cast<const std::byte*>(text.data()), .size = text.size()};
    codec::text_rows rows;
    try {
        rows.make_binary({&field, 1}, {&column, 1});
    } catch (const gino::error&) {
        return;  // the text is refused, or its value cannot be sent: a NUL or a number out of range
    }
    const gino::field_view made(field.data, field.size, column, codec::decoder());
    if (!read || (codec::decoder().any(made) != *read && !has_number(*read))) {
        std::abort();
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace oid = gino::postgresql::codec::oid;
    static constexpr std::uint32_t types[] = {
        oid::boolean,
        oid::int2,
        oid::int4,
        oid::int8,
        oid::float4,
        oid::float8,
        oid::numeric,
        oid::text,
        oid::bytea,
        oid::date,
        oid::time,
        oid::timestamp,
        oid::timestamptz,
        oid::interval,
        oid::uuid,
        oid::inet,
        oid::cidr,
        oid::macaddr,
        oid::json,
        oid::jsonb,
        oid::int4range,
        oid::numrange,
        oid::tstzrange,
        1005,
        1007,
        1009,
        1185,
        1187,
        1231};
    if (size == 0) {
        return 0;
    }
    check(gino::fuzz::text_of(data + 1, size - 1), types[data[0] % std::size(types)]);
    return 0;
}
