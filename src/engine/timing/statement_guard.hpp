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

/// The time limit of a statement, waiting for a connection included.
struct time_limit {
    std::optional<deadline::time_point> until;  ///< Nothing: no limit.
    std::chrono::milliseconds limit{0};         ///< The whole time, for messages.
};

/// Throws `statement_timeout`.
///
/// @param waited_for  The reason, for the message: "it waited for a connection".
[[noreturn]] void throw_statement_timeout(
    std::chrono::milliseconds limit, std::string_view waited_for, std::string_view sql
);

/// Accompanies one statement while a driver runs it: calls hooks and echo before and after it, and
/// interrupts the connection at the deadline. It also adds to the error of a lock that was not
/// available (SQLSTATE 55P03) the places in the program that hold the engine's other connections.
///
/// Lifetime: a local of the coroutine that runs the statement. Destroyed without `finish()`,
/// because the coroutine was destroyed, it disarms the deadline and reports nothing.
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

    /// Ends the observation; called once, when the statement has finished or failed. After it, the
    /// guard does not touch the connection any more.
    ///
    /// @param failure  The exception of the driver; null: none.
    /// @return The exception for the caller: a `statement_timeout` if the statement failed because
    ///         its time was over, otherwise `failure`, possibly with a hint. Null for a success.
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
    bool was_interrupted_ = false;  // written under the mutex of the deadlines; read when disarmed
    std::string connection_;
    std::vector<const value*> shown_;
    std::chrono::steady_clock::time_point began_;
    deadline deadline_;  // the last member, so that it is disarmed first
};

}  // namespace gino::detail
