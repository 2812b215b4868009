// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>
#include <gino/types/mapping.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>

/// @file
/// Network addresses. Not part of <gino/gino.hpp>: include it where they are used.
namespace gino {

/// SQL's INET: the address of a host, and the prefix of the network that it is in.
struct inet {
    boost::asio::ip::address host;
    std::uint8_t prefix_length = 32;  ///< 32 (128 of version 6): the host alone.

    friend bool operator==(const inet&, const inet&) = default;
};

/// SQL's CIDR: a network. The bits behind the prefix are zero.
struct cidr {
    boost::asio::ip::address network;
    std::uint8_t prefix_length = 32;

    friend bool operator==(const cidr&, const cidr&) = default;
};

namespace detail {

/// @throws data_error  It is no address.
[[nodiscard]] network_address address_of(const value& v, const field_view& field);
[[nodiscard]] network_address to_network_address(
    const boost::asio::ip::address& host, std::uint8_t prefix_length
);
[[nodiscard]] boost::asio::ip::address to_asio(const network_address& address);

}  // namespace detail

template <>
struct mapping<inet> {
    static constexpr sql_type type{.kind = type_kind::inet};

    static inet load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static inet from_value(const value& v, const field_view& field) {
        const auto address = detail::address_of(v, field);
        return {.host = detail::to_asio(address), .prefix_length = address.prefix_length};
    }

    static value store(const inet& v) {
        return value(detail::to_network_address(v.host, v.prefix_length));
    }
};

template <>
struct mapping<cidr> {
    static constexpr sql_type type{.kind = type_kind::cidr};

    static cidr load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static cidr from_value(const value& v, const field_view& field) {
        const auto address = detail::address_of(v, field);
        return {.network = detail::to_asio(address), .prefix_length = address.prefix_length};
    }

    static value store(const cidr& v) {
        return value(detail::to_network_address(v.network, v.prefix_length));
    }
};

template <>
struct mapping<mac_address> {
    static constexpr sql_type type{.kind = type_kind::macaddr};

    static mac_address load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static mac_address from_value(const value& v, const field_view& field);

    static value store(const mac_address& v) { return value(v); }
};

}  // namespace gino
