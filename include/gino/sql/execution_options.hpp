// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace gino {

/// The options for running a statement. The type of its results is not among them: `load()` of the
/// statement, or of the executor that runs it, decides that at compile time.
///
/// Options exist on three levels. A field without a value is decided by the next level: a
/// statement's value overrides the connection's, which overrides the engine's.
struct execution_options {
    /// The longest time from the call to the last row, including the wait for a connection. Zero:
    /// no limit. Without a value: the next level's.
    std::optional<std::chrono::milliseconds> timeout = {};

    /// Returns these options with the fields that have no value filled from `weaker`.
    [[nodiscard]] execution_options or_else(const execution_options& weaker) const {
        return {.timeout = timeout ? timeout : weaker.timeout};
    }
};

}  // namespace gino
