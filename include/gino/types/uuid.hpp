// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>
#include <gino/types/mapping.hpp>

#include <cstddef>
#include <cstdint>

namespace boost::uuids {
struct uuid;
}

namespace gino {

namespace detail {

/// Returns the UUID in a value, or reads it from a text. @throws data_error  It is no UUID.
[[nodiscard]] uuid_bytes uuid_of(const value& v, const field_view& field);

}  // namespace detail

/// UUID on PostgreSQL; text of 36 characters on SQLite, in lower case with hyphens.
///
/// Include `<boost/uuid/uuid.hpp>` where such a member is used: this header only declares the type.
/// Loading a text that is no UUID throws a `data_error`.
template <>
struct mapping<boost::uuids::uuid> {
    static constexpr sql_type type{.kind = type_kind::uuid};

    template <class Uuid = boost::uuids::uuid>
    static Uuid load(const field_view& field) {
        return from_value<Uuid>(field.decoder().any(field), field);
    }

    template <class Uuid = boost::uuids::uuid>
    static Uuid from_value(const value& v, const field_view& field) {
        const uuid_bytes bytes = detail::uuid_of(v, field);
        Uuid made{};
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            made.data[i] = std::to_integer<std::uint8_t>(bytes[i]);
        }
        return made;
    }

    template <class Uuid = boost::uuids::uuid>
    static value store(const Uuid& v) {
        uuid_bytes bytes{};
        for (std::size_t i = 0; i < bytes.size(); ++i) {
            bytes[i] = static_cast<std::byte>(v.data[i]);
        }
        return value(bytes);
    }
};

}  // namespace gino
