// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <stdexcept>

/// The error of a task that SIGINT or SIGTERM has ended.
class interrupted : public std::runtime_error {
public:
    using std::runtime_error::runtime_error;
};

/// Awaits a task; cancels it when SIGINT or SIGTERM arrives. (The application handles signals
/// itself from the moment when it listens.)
///
/// @param task  Moved in. Has to end soon after it is cancelled.
/// @throws interrupted  A signal came first.
/// @throws ...          The exceptions of the task.
[[nodiscard]] gino::awaitable<void> run_until_signal(gino::awaitable<void> task);
