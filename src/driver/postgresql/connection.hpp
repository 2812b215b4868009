// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <chrono>
#include <memory>

#include "driver/postgresql/connect_options.hpp"

namespace gino::postgresql {

/// Opens a session with the first of the hosts that is wanted.
///
/// @throws connection_error  See `driver::connect()`; of several hosts it says what each has said.
[[nodiscard]] awaitable<std::unique_ptr<driver::connection>> connect(
    boost::asio::any_io_executor executor,
    std::shared_ptr<const connect_options> options,
    std::chrono::milliseconds timeout,
    driver::notice_callback on_notice
);

}  // namespace gino::postgresql
