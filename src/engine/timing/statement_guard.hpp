// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>
#include <gino/engine/engine_options.hpp>

#include <chrono>
#include <cstdint>
#include <exception>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "engine/timing/deadline_queue.hpp"

namespace gino::detail {

class engine_state;

/// How long a statement may take, waiting for a connection included.
struct time_limit {
    std::optional<deadline::time_point> until;  ///< Nothing: as long as it wants.
    std::chrono::milliseconds limit{0};         ///< For messages.
};

/// @param waited_for  What it was doing: "it waited for a connection".
[[noreturn]] void throw_statement_timeout(
    std::chrono::milliseconds limit, std::string_view waited_for, std::string_view sql
);

/// Watches over one statement while a driver runs it: hooks, echo, and the deadline, at which the
/// connection is interrupted. The error of a lock that does not come free names the places in the
/// program that hold the engine's other connections.
class statement_guard {
public:
    enum class reports : std::uint8_t { all, none };

    /// @param engine, on, what, limit  Must outlive the statement_guard.
    statement_guard(
        const engine_state& engine,
        driver::connection& on,
        const driver::request& what,
        const time_limit& limit,
        reports wanted = reports::all
    );
    statement_guard(const statement_guard&) = delete;
    statement_guard& operator=(const statement_guard&) = delete;
    ~statement_guard() = default;

    /// Says that the statement is done: the connection is not touched any more.
    ///
    /// @param failure  What the driver threw; null: nothing.
    /// @return What the caller is told: a `statement_timeout` if it failed because its time was
    ///         over, otherwise `failure`.
    [[nodiscard]] std::exception_ptr finish(
        std::exception_ptr failure, std::uint64_t affected_rows = 0
    );

private:
    void begin_report();
    void end_report(const std::exception_ptr& failure, std::uint64_t affected_rows);

    const engine_state& engine_;
    driver::connection& on_;
    const driver::request& what_;
    const time_limit& limit_;
    const bool is_observed_;
    bool was_interrupted_ = false;  // written under the lock of the deadlines
    std::string connection_;
    std::vector<const value*> shown_;
    std::chrono::steady_clock::time_point began_;
    deadline deadline_;  // last, so that it goes first
};

}  // namespace gino::detail
