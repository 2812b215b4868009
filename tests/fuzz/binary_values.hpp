// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/types/field.hpp>

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <optional>
#include <span>
#include <vector>

#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/codec/encode.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::fuzz {

/// Copies bytes into a separate allocation, so that a sanitizer detects a read past their end.
inline std::vector<std::byte> copy_of(const std::uint8_t* data, std::size_t size) {
    const auto* const bytes = reinterpret_cast<const std::byte*>(data);
    return {bytes, bytes + size};
}

inline std::optional<value> decode(const std::vector<std::byte>& bytes, std::uint32_t type) {
    namespace codec = postgresql::codec;
    const column_description column{
        .name = "n", .kind = codec::kind_of(type), .type_id = type, .table_id = 0};
    // An empty vector may have a null pointer as its data, which would mean NULL.
    static constexpr std::byte nothing{};
    const std::byte* const begin = bytes.empty() ? &nothing : bytes.data();
    const field_view field(begin, bytes.size(), column, codec::decoder());
    try {
        return codec::decoder().any(field);
    } catch (const error&) {
        return std::nullopt;
    }
}

inline std::optional<std::vector<std::byte>> encode(const value& v, std::uint32_t type) {
    namespace codec = postgresql::codec;
    sql_type as{.kind = codec::kind_of(type)};
    if (const std::uint32_t element = codec::element_of(type); element != 0) {
        as = {.kind = type_kind::array, .element = codec::kind_of(element), .dimensions = 1};
    }
    postgresql::protocol::writer to;
    try {
        to.begin('d');
        codec::append_parameter(to, v, as);
        to.end();
    } catch (const argument_error&) {
        return std::nullopt;  // a value that PostgreSQL cannot represent
    }
    constexpr std::size_t heads = 9;  // bytes of the headers of the message and the parameter
    const auto message = to.messages().subspan(heads);
    return std::vector<std::byte>(message.begin(), message.end());
}

/// Checks that a value decoded from arbitrary bytes of a server survives encoding and decoding.
inline void check_value(const std::uint8_t* data, std::size_t size, std::uint32_t type) {
    const auto decoded = decode(copy_of(data, size), type);
    if (!decoded || decoded->is_null()) {
        return;
    }
    const auto once = encode(*decoded, type);
    if (!once) {
        return;
    }
    const auto again = decode(*once, type);
    if (!again || encode(*again, type) != once) {
        std::abort();
    }
}

/// Calls check_value() for the type that the first byte selects.
template <std::size_t Size>
void check_value_of(
    const std::uint8_t* data, std::size_t size, const std::uint32_t (&types)[Size]
) {
    if (size > 0) {
        check_value(data + 1, size - 1, types[data[0] % Size]);
    }
}

}  // namespace gino::fuzz
