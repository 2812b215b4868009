// SPDX-License-Identifier: BSD-3-Clause
#include "engine/timing/statement_guard.hpp"

#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>
#include <gino/engine/hooks.hpp>

#include <span>
#include <utility>

#include "engine/engine_state.hpp"
#include "engine/pool/pool.hpp"

namespace gino::detail {

namespace {

std::string describe_parameters(std::span<const value* const> parameters) {
    std::string text = " [";
    for (const auto* one : parameters) {
        text += (text.size() > 2 ? ", " : "") + to_string(*one);
    }
    return text + "]";
}

// Returns whether anything observes statements; without, no description is built.
bool is_any_wanted(const engine_options& options) {
    return options.hooks.before_execute || options.hooks.after_execute || options.echo;
}

// Returns the failure; for a lock that was not available, with the places that hold other
// connections as its hint. The exception is thrown and caught to get a pointer to its class.
std::exception_ptr with_holders(
    std::exception_ptr failure, const pool& connections, const driver::connection& mine
) {
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        if (e.sqlstate() != sqlstate::lock_not_available) {
            return failure;
        }
        auto fields = e.fields();
        const std::string places = connections.places_of_others(mine);
        if (!places.empty()) {
            fields.hint += (fields.hint.empty() ? "" : "; ") +
                           ("other connections of this engine are in use: " + places);
        }
        try {
            throw_database_error(std::move(fields));
        } catch (...) {
            return std::current_exception();
        }
    } catch (...) {
        return failure;
    }
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

statement_guard::statement_guard(
    const engine_state& engine,
    driver::connection& on,
    const driver::request& what,
    const time_limit& limit,
    reports wanted
)
    : engine_(engine),
      on_(on),
      what_(what),
      limit_(limit),
      is_observed_(wanted == reports::all && is_any_wanted(engine.options())) {
    if (is_observed_) {
        begin_report();
    }
    if (limit_.until) {
        auto interrupt = [this] {
            was_interrupted_ = true;
            on_.interrupt();
        };
        deadline_.arm(engine.connections()->deadlines(), *limit_.until, std::move(interrupt));
    }
}

void statement_guard::begin_report() {
    const auto& options = engine_.options();
    connection_ = on_.description();
    if (options.log_parameters) {
        for (const auto& one : what_.parameters) {
            shown_.push_back(one.bound);
        }
    }
    if (options.hooks.before_execute) {
        options.hooks.before_execute(
            {.sql = what_.sql, .connection = connection_, .parameters = shown_}
        );
    }
    if (options.echo) {
        std::string line = options.logging_name.empty() ? "" : options.logging_name + ": ";
        line += what_.sql;
        if (options.log_parameters) {
            line += describe_parameters(shown_);
        }
        options.echo(line);
    }
    began_ = std::chrono::steady_clock::now();
}

void statement_guard::end_report(const std::exception_ptr& failure, std::uint64_t affected_rows) {
    const auto& options = engine_.options();
    if (options.hooks.after_execute) {
        options.hooks.after_execute(
            {.sql = what_.sql,
             .connection = connection_,
             .parameters = shown_,
             .duration = std::chrono::steady_clock::now() - began_,
             .affected_rows = affected_rows,
             .failure = failure}
        );
    }
}

// The deadline is disarmed first: disarm() orders the reading of was_interrupted_ after its
// writing, and hooks must not delay it. A success counts even if the interruption came too late for
// it.
std::exception_ptr statement_guard::finish(
    std::exception_ptr failure, std::uint64_t affected_rows
) {
    deadline_.disarm();
    if (failure != nullptr && was_interrupted_) {
        try {
            throw_statement_timeout(
                limit_.limit, "it ran too long, and was interrupted", what_.sql
            );
        } catch (...) {
            failure = std::current_exception();
        }
    } else if (failure != nullptr) {
        failure = with_holders(std::move(failure), *engine_.connections(), on_);
    }
    if (is_observed_) {
        end_report(failure, affected_rows);
    }
    return failure;
}

}  // namespace gino::detail
