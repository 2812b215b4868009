// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <chrono>
#include <memory>

#include "driver/postgresql/session.hpp"

namespace gino::postgresql {

/// Opens a session with the first of the hosts that is wanted.
///
/// @throws connection_error  See `driver::connect()`; of several hosts it says what each has said.
[[nodiscard]] awaitable<std::unique_ptr<driver::connection>> connect(
    boost::asio::any_io_executor executor,
    session_settings settings,
    std::chrono::milliseconds timeout
);

}  // namespace gino::postgresql
