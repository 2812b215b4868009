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

/// The run of one batch: its compiled statements, and their results on the way to the program.
class batch_run {
public:
    /// Compiles the statements of the batch, which can be sent only once.
    ///
    /// @param defaults  The options for fields that a statement does not set.
    /// @throws compile_error  The dialect cannot write a statement.
    /// @throws state_error    The batch was sent before.
    batch_run(batch& of, engine_state& by, const execution_options& defaults);

    /// The texts of all statements, separated by "; ", for messages.
    [[nodiscard]] std::string_view text() const noexcept { return text_; }

    /// The parameters of every statement, for hooks.
    [[nodiscard]] std::span<const driver::parameter> parameters() const noexcept {
        return parameters_;
    }

    /// The shortest time limit of its statements.
    [[nodiscard]] const time_limit& limit() const noexcept { return limit_; }

    [[nodiscard]] bool is_empty() const noexcept { return items_.empty(); }

    /// Sends the statements, and throws the first failure that is not a consequence of another one.
    ///
    /// @return The sum of all affected rows.
    [[nodiscard]] awaitable<gino::status> send(driver::connection& on);

    /// Stores the results in the batch's items, and throws `failure`, unless it belongs to a single
    /// statement of a batch with `pipeline_sync::each`.
    ///
    /// @param failure  The exception of `send()`, or of the statement guard around it; null: none.
    void end(const std::exception_ptr& failure);

private:
    const pipeline_sync sync_;
    const std::vector<std::shared_ptr<batch_item>> items_;
    std::vector<prepared_execution> prepared_;
    std::vector<driver::pipelined> statements_;
    std::string text_;
    std::vector<driver::parameter> parameters_;
    time_limit limit_;
    bool has_answers_ = false;  // statements_ has the results of the server
};

}  // namespace gino::detail
