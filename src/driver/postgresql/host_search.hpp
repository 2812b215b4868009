// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <chrono>
#include <memory>

#include "driver/postgresql/session.hpp"

namespace gino::postgresql {

/// Opens a session with the first host that is of the requested kind.
///
/// @param timeout  For the whole search; 0: `connect_timeout` for each host applies alone.
/// @throws connection_error  See `driver::connect()`. With several hosts the message has the error
///                           of each.
[[nodiscard]] awaitable<std::unique_ptr<driver::connection>> connect(
    boost::asio::any_io_executor executor,
    session_settings settings,
    std::chrono::milliseconds timeout
);

}  // namespace gino::postgresql
