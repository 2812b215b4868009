// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/engine/engine.hpp>
#include <gino/engine/engine_options.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "engine/compiled_cache.hpp"
#include "engine/pool.hpp"

namespace gino::detail {

/// A statement that is ready to be sent: its text, and what its parameters point to.
struct prepared_execution {
    std::shared_ptr<const compiled> text;
    std::string raw_text;  ///< Instead of `text`, for SQL that is no statement of the language.
    std::vector<driver::parameter> parameters;
    driver::request request;
};

/// Everything that the handles of one engine share.
///
/// Thread safety: any thread.
class engine_state {
public:
    using clock = std::chrono::steady_clock;

    engine_state(const dialect& by, engine_options options)
        : by_(by), options_(std::move(options)), cache_(options_.compiled_cache_size) {}

    /// Opens the pool. Called once, before the state is shared.
    [[nodiscard]] awaitable<void> open(
        boost::asio::any_io_executor executor, std::unique_ptr<driver::driver> opener
    );

    [[nodiscard]] const dialect& written_by() const noexcept { return by_; }

    [[nodiscard]] const engine_options& options() const noexcept { return options_; }

    [[nodiscard]] const std::shared_ptr<pool>& connections() const noexcept { return pool_; }

    /// Compiles a statement, or finds its text. What it returns points into `statement`.
    void prepare(const execution& what, prepared_execution& out);

    /// Sends a statement over a connection that the caller has for itself.
    ///
    /// @param deadline  When it is interrupted; nothing: never.
    /// @param limit     For the message: how long it may take.
    /// @throws statement_timeout  The deadline came first.
    [[nodiscard]] awaitable<gino::status> execute(
        driver::connection& on,
        const prepared_execution& what,
        driver::row_sink& sink,
        std::optional<clock::time_point> deadline,
        std::chrono::milliseconds limit
    );

private:
    void before(const statement_event& event) const;
    void after(const statement_event& event) const;

    const dialect& by_;
    engine_options options_;
    compiled_cache cache_;
    std::shared_ptr<pool> pool_;
};

/// When a statement with these options has to be done.
[[nodiscard]] std::optional<std::chrono::steady_clock::time_point> deadline_of(
    const execution_options& options
);

}  // namespace gino::detail
