// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace gino::net {

/// Asks the system for the addresses of a host. Cancelling the coroutine ends it at once, though
/// the system's question cannot be taken back: it goes on in Asio's thread for them.
///
/// @param failure  Why there are none.
[[nodiscard]] awaitable<std::vector<boost::asio::ip::tcp::endpoint>> resolve(
    boost::asio::any_io_executor executor,
    std::string host,
    std::uint16_t port,
    boost::system::error_code& failure
);

}  // namespace gino::net
