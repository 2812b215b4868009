// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <chrono>
#include <memory>
#include <string>

#include "driver/sqlite/session.hpp"

namespace gino::sqlite {

/// Opens a session with a worker of its own.
///
/// @param name     For people.
/// @param timeout  For waiting for other connections that keep the database locked; zero or less:
///                 the busy timeout.
/// @throws connection_error  The file cannot be opened, or there can be no more threads.
[[nodiscard]] awaitable<std::unique_ptr<driver::connection>> open_connection(
    std::shared_ptr<const database_location> where,
    std::string name,
    std::chrono::milliseconds timeout
);

}  // namespace gino::sqlite
