// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <chrono>
#include <cstdint>

#include "driver/postgresql/cancel_request.hpp"
#include "driver/postgresql/channel.hpp"
#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/sansio/exchange.hpp"
#include "driver/postgresql/sansio/scram_keys.hpp"

namespace gino::postgresql {

/// The use of TLS in one attempt to connect.
enum class tls_attempt : std::uint8_t {
    without,     ///< No SSLRequest is sent.
    if_offered,  ///< Without TLS if the server has none.
    required,    ///< An error if the server has none.
};

/// Connects, performs the TLS handshake if `tls` requests that, authenticates, and waits until the
/// server is ready (manual, 55.2.1). After an exception the stream is closed.
///
/// @param state    Receives the settings that the server reports.
/// @param keys     The cache of SCRAM's keys.
/// @param timeout  For all steps together; 0: none.
/// @throws connection_error  `connect_failed`, `connect_timeout`, `tls_failed`,
///                           `authentication_failed`.
/// @throws database_error    The server refused for another reason (57P03, 53300, 3D000).
[[nodiscard]] awaitable<backend_key> start_up(
    channel& on,
    sansio::exchange& state,
    const connect_options& options,
    const host_options& host,
    tls_attempt tls,
    sansio::scram_key_cache& keys,
    std::chrono::milliseconds timeout
);

}  // namespace gino::postgresql
