// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <memory>
#include <optional>

namespace gino {

/// How a statement is run. What its rows become is not said here but by `load()` of the statement
/// or of whatever runs it, as the type of the result follows from it.
/// A field without a value leaves the decision to the next level: the
/// statement's word counts more than the connection's, and that more than the engine's.
struct execution_options {
    /// The longest time from the call to the last row, waiting for a connection included; zero: no
    /// limit.
    std::optional<std::chrono::milliseconds> timeout = {};

    /// Fills the fields without a value from `weaker`.
    [[nodiscard]] execution_options or_else(const execution_options& weaker) const {
        return {.timeout = timeout ? timeout : weaker.timeout};
    }
};

}  // namespace gino
