// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>

#include "driver/net/byte_stream.hpp"
#include "driver/postgresql/connect_options.hpp"

namespace gino::postgresql {

/// What a CancelRequest names a session by: the body of BackendKeyData.
struct backend_key {
    std::int32_t process = 0;
    std::int32_t secret = 0;
};

/// Where to send a CancelRequest: to the address of the session's own connection, encrypted if that
/// is.
struct cancel_target {
    std::shared_ptr<const connect_options> options;
    host_options host;
    net::byte_stream::endpoint peer;
    bool is_encrypted = false;
    backend_key key;
};

/// Asks a server to end the statement of a session (manual, 55.2.8), and waits until it has passed
/// the request on. Until then the request might hit the session's next statement.
///
/// @throws connection_error  The server cannot be reached.
[[nodiscard]] awaitable<void> send_cancel_request(
    boost::asio::any_io_executor executor, cancel_target target
);

}  // namespace gino::postgresql
