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

/// A statement that is about to run, or has run: the argument of `engine_hooks::before_execute` and
/// `after_execute`.
///
/// A batch is one event: its `sql` has the texts of all statements, and `parameters` the parameters
/// of all. Opening a cursor is an event, its fetches are not.
///
/// Lifetime: the views are valid during the call.
struct statement_event {
    std::string_view sql;
    std::string_view connection = {};  ///< The session, for people: "127.0.0.1:5432/app, ...".
    /// The values that are sent; empty unless `engine_options::log_parameters` is set.
    std::span<const value* const> parameters = {};
    std::chrono::nanoseconds duration{};  ///< After: the time from sending to the last row.
    std::uint64_t affected_rows = 0;      ///< After; 0 for a failure.
    std::exception_ptr failure = {};      ///< After: the error; null when the statement succeeded.
};

/// Functions that an engine calls when its connections and statements change their state. Empty
/// ones are not called.
///
/// A hook is called on the thread that runs the statement or uses the pool, so with several threads
/// calls may overlap. It must not wait, throw or use the engine. `connection` names the session for
/// people and is valid during the call.
struct engine_hooks {
    /// A connection was opened, and is ready for statements.
    std::function<void(std::string_view connection)> connected;
    /// A connection was closed, or is closed after this call.
    std::function<void(std::string_view connection)> disconnected;
    /// A connection was borrowed from the pool.
    std::function<void(std::string_view connection)> acquired;
    /// A connection was given back; it may still have to be reset. A lost connection that is
    /// discarded is reported by `disconnected` only.
    std::function<void(std::string_view connection)> released;
    /// A statement is about to be sent. Statements that begin and end transactions are included.
    std::function<void(const statement_event&)> before_execute;
    /// A statement has finished or failed.
    std::function<void(const statement_event&)> after_execute;
    /// A connection has been borrowed for longer than `pool_options::leak_threshold`. The argument
    /// is the place that acquired it. Called once per loan, on the pool's executor.
    std::function<void(std::source_location acquired_at)> leaked;
    /// The server sent a warning or a note. Called on the executor of the connection.
    std::function<void(const error_fields&)> notice;
};

}  // namespace gino
