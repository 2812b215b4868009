// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/batch.hpp>

#include <exception>
#include <memory>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "engine/engine_state.hpp"

namespace gino::detail {

/// A batch on its way.
class batch_run {
public:
    /// Compiles its statements.
    ///
    /// @param defaults  For what the statements do not say themselves.
    /// @throws compile_error  The dialect cannot write one of them.
    /// @throws state_error    The batch was sent before.
    batch_run(batch& of, engine_state& by, const execution_options& defaults);

    /// All of its statements, for messages.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// Those of all of its statements, for hooks.
    [[nodiscard]] std::span<const driver::parameter> parameters() const noexcept {
        return parameters_;
    }

    /// The least of what its statements are given.
    [[nodiscard]] const time_limit& limit() const noexcept { return limit_; }

    [[nodiscard]] bool is_empty() const noexcept { return items_.empty(); }

    /// Throws what went wrong first.
    ///
    /// @return The rows of all.
    [[nodiscard]] awaitable<gino::status> send(driver::connection& on);

    /// Hands the results over, and throws `failure`, unless it is that of one statement which is
    /// on its own.
    ///
    /// @param failure  Of `send()`, or of whoever watched over it; null: none.
    void end(const std::exception_ptr& failure);

private:
    const pipeline_sync sync_;
    const std::vector<std::shared_ptr<batch_item>> items_;
    std::vector<prepared_execution> prepared_;
    std::vector<driver::pipelined> statements_;
    std::string text_;
    std::vector<driver::parameter> parameters_;
    time_limit limit_;
    bool has_answers_ = false;
};

}  // namespace gino::detail
