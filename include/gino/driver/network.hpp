// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/network.hpp>

#include <boost/asio/ip/address.hpp>

#include <cstdint>

namespace gino {

/// Makes Asio's address of a database's; the prefix is left out.
[[nodiscard]] boost::asio::ip::address to_asio(const network_address& address);

/// Makes a database's address of Asio's: the host alone, or with the prefix of its network.
///
/// @throws argument_error  The prefix is longer than the address.
[[nodiscard]] network_address from_asio(const boost::asio::ip::address& host);
[[nodiscard]] network_address from_asio(
    const boost::asio::ip::address& host, std::uint8_t prefix_length
);

}  // namespace gino
