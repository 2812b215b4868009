// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace gino::net {

/// Connects to the first of several addresses that accepts (RFC 8305): the addresses alternate
/// between IPv6 and IPv4, and an attempt that has not ended after 250 ms runs on while the next
/// one starts.
///
/// Cancellation: ends all attempts.
///
/// @param failure  The error of the last attempt that failed.
/// @return The connected socket; a closed one: no address has accepted.
[[nodiscard]] awaitable<boost::asio::ip::tcp::socket> connect_first(
    boost::asio::any_io_executor executor,
    std::vector<boost::asio::ip::tcp::endpoint> addresses,
    boost::system::error_code& failure
);

}  // namespace gino::net
