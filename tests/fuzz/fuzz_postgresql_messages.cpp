// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Each message of a PostgreSQL server is read or refused, whatever is in it; fields lie within the
/// message, and each is decoded as some type, or refused.

#include <gino/core/error.hpp>
#include <gino/types/mapping.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string_view>
#include <vector>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace {

using namespace gino;
using namespace gino::postgresql;

template <class T>
void load(const field_view& view) {
    try {
        static_cast<void>(load_field<T>(view));
    } catch (const error&) {
        // refused
    }
}

void decode(const driver::field_slice& field, std::uint32_t type) {
    const column_description column{
        .name = "n", .kind = codec::kind_of(type), .type_id = type, .table_id = 0};
    const field_view view{field.data, field.size, column, codec::decoder()};
    if (view.is_null()) {
        return;
    }
    try {
        static_cast<void>(view.decoder().any(view));
    } catch (const error&) {
        // refused
    }
    load<bool>(view);
    load<std::int16_t>(view);
    load<std::int64_t>(view);
    load<double>(view);
    load<std::string>(view);
    load<bytes>(view);
    load<date>(view);
    load<timestamp>(view);
    load<timestamptz>(view);
}

/// Decodes a field as one of the types that there are, chosen by the input.
void decode_as(const driver::field_slice& field, std::uint8_t choice) {
    namespace oid = codec::oid;
    static constexpr std::array<std::uint32_t, 21> types{
        oid::boolean, oid::bytea,  oid::char_,   oid::name, oid::int8,      oid::int2,
        oid::int4,    oid::text,   oid::oid_,    oid::json, oid::float4,    oid::float8,
        oid::unknown, oid::bpchar, oid::varchar, oid::date, oid::timestamp, oid::timestamptz,
        oid::jsonb,   1007,        1009};
    decode(field, types[choice % types.size()]);
}

void read_row(std::span<const std::byte> body, std::uint8_t choice) {
    std::vector<driver::field_slice> fields(choice % 8U);
    if (!protocol::read_data_row(body, fields)) {
        return;
    }
    for (const auto& field : fields) {
        const bool is_inside =
            field.data == nullptr ||
            (field.data >= body.data() && field.data + field.size <= body.data() + body.size());
        if (!is_inside) {
            std::abort();
        }
        if (field.data != nullptr) {
            decode_as(field, choice);
        }
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    if (size == 0) {
        return 0;
    }
    const std::vector<std::byte> body(
        reinterpret_cast<const std::byte*>(data) + 1,
        reinterpret_cast<const std::byte*>(data) + size
    );
    error_fields fields;
    std::vector<protocol::column> columns;
    driver::command_result result;
    driver::transaction_status status{};
    std::string_view name;
    std::string_view setting;
    static_cast<void>(protocol::read_error(body, fields));
    static_cast<void>(protocol::read_row_description(body, columns));
    static_cast<void>(protocol::read_command_complete(body, result));
    static_cast<void>(protocol::read_parameter_status(body, name, setting));
    static_cast<void>(protocol::read_ready(body, status));
    read_row(body, data[0]);
    decode_as({.data = body.data(), .size = body.size()}, data[0]);
    return 0;
}
