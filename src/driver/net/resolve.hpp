// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace gino::net {

/// Looks up the addresses of a host, in the order of the system.
///
/// Cancellation: ends the wait at once. The lookup itself, getaddrinfo() in Asio's thread for
/// resolvers, cannot be interrupted and continues there.
///
/// @param failure  The error of the lookup.
[[nodiscard]] awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(
    boost::asio::any_io_executor executor,
    std::string host,
    std::uint16_t port,
    boost::system::error_code& failure
);

}  // namespace gino::net
