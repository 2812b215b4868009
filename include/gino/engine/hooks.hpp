// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/core/value.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <source_location>
#include <span>
#include <string_view>

namespace gino {

/// A statement that is about to run, or has run.
struct statement_event {
    std::string_view sql;
    std::string_view connection = {};  ///< For people.
    /// The values that are sent; empty unless `engine_options::log_parameters` is set.
    std::span<const value* const> parameters = {};
    std::chrono::nanoseconds duration{};  ///< After: how long it took.
    std::uint64_t affected_rows = 0;      ///< After.
    std::exception_ptr failure = {};      ///< After: empty when it succeeded.
};

/// Functions that an engine calls as things happen, on the coroutine's executor. They must not
/// wait, throw or use the engine.
struct engine_hooks {
    std::function<void(std::string_view connection)> connected;
    std::function<void(std::string_view connection)> disconnected;
    std::function<void(std::string_view connection)> acquired;
    std::function<void(std::string_view connection)> released;
    std::function<void(const statement_event&)> before_execute;
    std::function<void(const statement_event&)> after_execute;
    /// A connection has been held longer than `pool_options::leak_threshold`.
    std::function<void(std::source_location acquired_at)> leaked;
    /// A warning or note of the server.
    std::function<void(const error_fields&)> notice;
};

}  // namespace gino
