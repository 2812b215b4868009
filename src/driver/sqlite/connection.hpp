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
/// @param name     Shown in messages and by `description()`.
/// @param timeout  How long to wait for other connections' locks, at most the busy timeout; zero
///                 or less means the busy timeout.
/// @throws connection_error  The file cannot be opened, or the worker's thread cannot be started.
[[nodiscard]] awaitable<std::unique_ptr<driver::connection>> open_connection(
    std::shared_ptr<const database_location> where,
    std::string name,
    std::chrono::milliseconds timeout
);

}  // namespace gino::sqlite
