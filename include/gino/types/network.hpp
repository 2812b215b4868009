// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>
#include <gino/types/mapping.hpp>

namespace gino {

/// SQL's INET: the address of a host, and optionally the prefix length of its network (PostgreSQL's
/// manual, 8.9.1).
///
/// `gino::inet{gino::from_asio(host)}` makes one from an address of Boost.Asio, and
/// `gino::to_asio()` is the way back (`<gino/driver/network.hpp>`).
struct inet : network_address {
    friend bool operator==(const inet&, const inet&) = default;
};

/// SQL's CIDR: a network (PostgreSQL's manual, 8.9.2). The bits after the prefix are zero; the
/// server refuses others.
struct cidr : network_address {
    friend bool operator==(const cidr&, const cidr&) = default;
};

namespace detail {

/// Returns the address in a value, or reads it from a text. @throws data_error  It is no address.
[[nodiscard]] network_address address_of(const value& v, const field_view& field);
[[nodiscard]] mac_address mac_address_of(const value& v, const field_view& field);

}  // namespace detail

/// INET on PostgreSQL; text such as "192.168.0.1/24" on SQLite.
template <>
struct mapping<inet> {
    static constexpr sql_type type{.kind = type_kind::inet};

    static inet load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static inet from_value(const value& v, const field_view& field) {
        return {detail::address_of(v, field)};
    }

    static value store(const inet& v) { return value(static_cast<const network_address&>(v)); }
};

/// CIDR on PostgreSQL; text on SQLite, which does not check the bits after the prefix.
template <>
struct mapping<cidr> {
    static constexpr sql_type type{.kind = type_kind::cidr};

    static cidr load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static cidr from_value(const value& v, const field_view& field) {
        return {detail::address_of(v, field)};
    }

    static value store(const cidr& v) { return value(static_cast<const network_address&>(v)); }
};

/// MACADDR on PostgreSQL; text on SQLite.
template <>
struct mapping<mac_address> {
    static constexpr sql_type type{.kind = type_kind::macaddr};

    static mac_address load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static mac_address from_value(const value& v, const field_view& field) {
        return detail::mac_address_of(v, field);
    }

    static value store(const mac_address& v) { return value(v); }
};

}  // namespace gino
