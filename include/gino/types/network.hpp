// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>
#include <gino/types/mapping.hpp>

namespace gino {

/// SQL's INET: the address of a host, and the prefix of the network that it is in.
struct inet : network_address {
    friend bool operator==(const inet&, const inet&) = default;
};

/// SQL's CIDR: a network. The bits behind the prefix are zero.
struct cidr : network_address {
    friend bool operator==(const cidr&, const cidr&) = default;
};

namespace detail {

/// @throws data_error  It is no address.
[[nodiscard]] network_address address_of(const value& v, const field_view& field);
[[nodiscard]] mac_address mac_address_of(const value& v, const field_view& field);

}  // namespace detail

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
