// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Each message of a PostgreSQL server is parsed or refused. Its fields lie within the message, and
/// each field is decoded as some type, or refused.

#include <gino/core/error.hpp>
#include <gino/types/mapping.hpp>

#include <array>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <span>
#include <string_view>
#include <vector>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace {

using namespace gino;
using namespace gino::postgresql;

/// The message and the types that the first bytes of an input select.
struct choices {
    std::uint8_t message;
    std::uint8_t sql_type;
    std::uint8_t cpp_type;
};

template <class T>
void load(const field_view& view) {
    static_cast<void>(load_field<T>(view));
}

/// Decodes a field as the selected type.
void decode(const driver::field_slice& field, const choices& chosen) {
    namespace oid = codec::oid;
    static constexpr std::array<std::uint32_t, 21> types{
        oid::boolean, oid::bytea,  oid::char_,   oid::name, oid::int8,      oid::int2,
        oid::int4,    oid::text,   oid::oid_,    oid::json, oid::float4,    oid::float8,
        oid::unknown, oid::bpchar, oid::varchar, oid::date, oid::timestamp, oid::timestamptz,
        oid::jsonb,   1007,        1009};
    using loader = void (*)(const field_view&);
    static constexpr std::array<loader, 10> loaders{
        [](const field_view& view) { static_cast<void>(view.decoder().any(view)); },
        load<bool>,
        load<std::int16_t>,
        load<std::int64_t>,
        load<double>,
        load<std::string>,
        load<bytes>,
        load<date>,
        load<timestamp>,
        load<timestamptz>};
    const std::uint32_t type = types[chosen.sql_type % types.size()];
    const column_description column{
        .name = "n", .kind = codec::kind_of(type), .type_id = type, .table_id = 0};
    const field_view view{field.data, field.size, column, codec::decoder()};
    if (view.is_null()) {
        return;
    }
    try {
        loaders[chosen.cpp_type % loaders.size()](view);
    } catch (const error&) {
        // The decoder refuses the field.
    }
}

void read_row(std::span<const std::byte> body, const choices& chosen) {
    std::vector<driver::field_slice> fields(chosen.sql_type % 8U);
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
            decode(field, chosen);
        }
    }
}

void read(std::span<const std::byte> body, const choices& chosen) {
    error_fields fields;
    std::vector<protocol::column> columns;
    driver::command_result result;
    driver::transaction_status status{};
    driver::notification heard;
    std::string_view name;
    std::string_view setting;
    switch (chosen.message % 8U) {
        case 0:
            static_cast<void>(protocol::read_error(body, fields));
            break;
        case 1:
            static_cast<void>(protocol::read_row_description(body, columns));
            break;
        case 2:
            static_cast<void>(protocol::read_command_complete(body, result));
            break;
        case 3:
            static_cast<void>(protocol::read_parameter_status(body, name, setting));
            break;
        case 4:
            static_cast<void>(protocol::read_ready(body, status));
            break;
        case 5:
            static_cast<void>(protocol::read_notification(body, heard));
            break;
        case 6:
            read_row(body, chosen);
            break;
        default:
            decode({.data = body.data(), .size = body.size()}, chosen);
    }
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    constexpr std::size_t header = 3;
    if (size < header) {
        return 0;
    }
    // A sanitizer detects a read past the end of the copy.
    const std::vector<std::byte> body(
        reinterpret_cast<const std::byte*>(data) + header,
        reinterpret_cast<const std::byte*>(data) + size
    );
    read(body, {.message = data[0], .sql_type = data[1], .cpp_type = data[2]});
    return 0;
}
