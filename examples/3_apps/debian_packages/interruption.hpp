// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <stdexcept>

/// SIGINT or SIGTERM ended a task.
class interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Awaits a task; cancels it when SIGINT or SIGTERM comes. (The application obeys signals only
/// once it listens.)
///
/// @param task  Moved in. Has to end soon after it is cancelled.
/// @throws interrupted  A signal came first.
/// @throws ...          What the task throws.
[[nodiscard]] gino::awaitable<void> run_until_signal(gino::awaitable<void> task);
