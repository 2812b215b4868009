// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>

namespace gino {

/// Converts an address of a database to Asio's type. The prefix length is dropped.
[[nodiscard]] boost::asio::ip::address to_asio(const network_address& address);

/// Converts an address of Asio to a database's: the host alone, or the host with the prefix of its
/// network. The scope of an IPv6 address is dropped.
///
/// @param prefix_length  In bits; by default 32 or 128, which is the host alone.
/// @throws argument_error  `errc::bad_value`: the prefix is longer than the address.
[[nodiscard]] network_address from_asio(const boost::asio::ip::address& host);
[[nodiscard]] network_address from_asio(
    const boost::asio::ip::address& host, std::uint8_t prefix_length
);

}  // namespace gino
