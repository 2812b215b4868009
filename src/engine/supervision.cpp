// SPDX-License-Identifier: BSD-3-Clause
#include "engine/supervision.hpp"

#include <gino/core/error.hpp>
#include <gino/engine/hooks.hpp>

#include <span>
#include <utility>

namespace gino::detail {

namespace {

std::string describe_parameters(std::span<const value* const> parameters) {
    std::string text = " [";
    for (const auto* one : parameters) {
        text += (text.size() > 2 ? ", " : "") + to_string(*one);
    }
    return text + "]";
}

}  // namespace

void throw_statement_timeout(
    std::chrono::milliseconds limit, std::string_view waited_for, std::string_view sql
) {
    throw statement_timeout(
        errc::statement_timeout,
        "a statement did not finish within " + std::to_string(limit.count()) +
            " ms: " + std::string(waited_for) + "; statement: " + std::string(sql)
    );
}

supervision::supervision(
    const engine_options& options,
    driver::connection& on,
    const driver::request& what,
    const time_limit& limit,
    const std::shared_ptr<deadline_queue>& deadlines,
    reports wanted
)
    : options_(options),
      on_(on),
      what_(what),
      limit_(limit),
      is_observed_(
          wanted == reports::all &&
          (options.hooks.before_execute || options.hooks.after_execute || options.echo)
      ) {
    if (is_observed_) {
        begin_report();
    }
    if (limit_.until) {
        auto interrupt = [this] {
            was_interrupted_ = true;
            on_.interrupt();
        };
        deadline_.arm(deadlines, *limit_.until, std::move(interrupt));
    }
}

void supervision::begin_report() {
    connection_ = on_.description();
    if (options_.log_parameters) {
        for (const auto& one : what_.parameters) {
            shown_.push_back(one.bound);
        }
    }
    if (options_.hooks.before_execute) {
        options_.hooks.before_execute(
            {.sql = what_.sql, .connection = connection_, .parameters = shown_}
        );
    }
    if (options_.echo) {
        std::string line = options_.logging_name.empty() ? "" : options_.logging_name + ": ";
        line += what_.sql;
        if (options_.log_parameters) {
            line += describe_parameters(shown_);
        }
        options_.echo(line);
    }
    began_ = std::chrono::steady_clock::now();
}

void supervision::end_report(const std::exception_ptr& failure, std::uint64_t affected_rows) {
    if (options_.hooks.after_execute) {
        options_.hooks.after_execute(
            {.sql = what_.sql,
             .connection = connection_,
             .parameters = shown_,
             .duration = std::chrono::steady_clock::now() - began_,
             .affected_rows = affected_rows,
             .failure = failure}
        );
    }
}

std::exception_ptr supervision::finish(std::exception_ptr failure, std::uint64_t affected_rows) {
    deadline_.disarm();
    if (failure != nullptr && was_interrupted_) {
        try {
            throw_statement_timeout(
                limit_.limit, "it ran too long, and was interrupted", what_.sql
            );
        } catch (...) {
            failure = std::current_exception();
        }
    }
    if (is_observed_) {
        end_report(failure, affected_rows);
    }
    return failure;
}

}  // namespace gino::detail
