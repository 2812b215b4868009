// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <vector>

namespace gino::net {

/// Connects to the first of several addresses that answers (RFC 8305): their families take turns,
/// and while one does not answer, the next one is tried beside it after 250 ms.
///
/// @return The open socket; closed: nobody answered, and `failure` says why the last one did not.
[[nodiscard]] awaitable<boost::asio::ip::tcp::socket> connect_first(
    boost::asio::any_io_executor executor,
    std::vector<boost::asio::ip::tcp::endpoint> addresses,
    boost::system::error_code& failure
);

}  // namespace gino::net
