// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstdint>
#include <memory>
#include <string>

#include "driver/net/byte_stream.hpp"
#include "driver/postgresql/connect_options.hpp"

namespace gino::postgresql {

/// The identification of a session in a CancelRequest: the body of BackendKeyData.
struct backend_key {
    std::int32_t process = 0;
    std::int32_t secret = 0;
};

/// The destination of a CancelRequest: the address of the session's own connection, because another
/// address of the host may be another server, and with TLS if the session has it.
// NOLINTNEXTLINE(bugprone-exception-escape): Asio's endpoint is copied with a size that it has
struct cancel_target {
    std::shared_ptr<const connect_options> options;
    std::string host;  ///< For SNI and the certificate.
    std::string name;  ///< Host and port, for messages.
    net::byte_stream::endpoint peer;
    bool is_encrypted = false;
    backend_key key;
};

/// Sends a CancelRequest on a connection of its own (manual, 55.2.8), and waits until the server
/// has delivered it. Until then the request could end the session's next statement.
///
/// @throws connection_error  The server cannot be reached within `connect_options::cancel_timeout`.
[[nodiscard]] awaitable<void> send_cancel_request(
    boost::asio::any_io_executor executor, cancel_target target
);

}  // namespace gino::postgresql
