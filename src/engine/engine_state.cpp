// SPDX-License-Identifier: BSD-3-Clause
#include "engine/engine_state.hpp"

#include <gino/sql/shape.hpp>

#include <atomic>
#include <exception>
#include <utility>

#include "engine/cancellation.hpp"

namespace gino::detail {

using namespace std::chrono_literals;

namespace {

// Notes what a deadline did, for the coroutine that it interrupted.
struct interruption {
    std::atomic<bool> happened{false};
};

std::string describe_parameters(std::span<const value* const> parameters) {
    std::string text = " [";
    for (const auto* one : parameters) {
        text += (text.size() > 2 ? ", " : "") + to_string(*one);
    }
    return text + "]";
}

}  // namespace

std::optional<std::chrono::steady_clock::time_point> deadline_of(const execution_options& options) {
    if (!options.timeout || *options.timeout <= 0ms) {
        return std::nullopt;
    }
    return std::chrono::steady_clock::now() + *options.timeout;
}

awaitable<void> engine_state::open(
    boost::asio::any_io_executor executor, std::unique_ptr<driver::driver> opener
) {
    pool_ = std::make_shared<pool>(
        std::move(executor), std::move(opener), options_.pool, options_.hooks
    );
    co_await pool_->open();
}

void engine_state::prepare(const execution& what, prepared_execution& out) {
    thread_local sql::shape described;  // manners: its memory is reused; nothing is kept in it
    const auto& tree = what.statement->node();
    sql::describe_shape(tree, described);
    out.text = cache_.find_or_compile(by_, tree, described);
    out.parameters.clear();
    out.parameters.reserve(out.text->parameters.size());
    for (const auto place : out.text->parameters) {
        const auto* parameter = described.parameters[place];
        out.parameters.push_back({.bound = &parameter->bound, .type = parameter->type});
    }
    out.request = {
        .sql = out.text->text,
        .parameters = out.parameters,
        .cacheable = tree.kind != sql::statement_kind::text,
        .max_rows = what.max_rows};
}

void engine_state::before(const statement_event& event) const {
    if (options_.hooks.before_execute) {
        options_.hooks.before_execute(event);
    }
    if (options_.echo) {
        std::string line = options_.logging_name.empty() ? "" : options_.logging_name + ": ";
        line += event.sql;
        if (options_.log_parameters) {
            line += describe_parameters(event.parameters);
        }
        options_.echo(line);
    }
}

void engine_state::after(const statement_event& event) const {
    if (options_.hooks.after_execute) {
        options_.hooks.after_execute(event);
    }
}

awaitable<gino::status> engine_state::execute(
    driver::connection& on,
    const prepared_execution& what,
    driver::row_sink& sink,
    std::optional<clock::time_point> deadline,
    std::chrono::milliseconds limit
) {
    const bool observed =
        options_.hooks.before_execute || options_.hooks.after_execute || options_.echo;
    statement_event event{.sql = what.request.sql};
    std::string name;
    std::vector<const value*> shown;
    clock::time_point began;
    if (observed) {
        name = on.description();
        event.connection = name;
        if (options_.log_parameters) {
            for (const auto& one : what.parameters) {
                shown.push_back(one.bound);
            }
            event.parameters = shown;
        }
        before(event);
        began = clock::now();
    }
    auto interrupted = std::make_shared<interruption>();
    gino::status done;
    std::exception_ptr failure;
    {
        std::optional<deadline_guard> guard;
        if (deadline) {
            auto expire = [interrupted, &on] {
                interrupted->happened = true;
                on.interrupt();
            };
            guard.emplace(
                pool_->deadlines(), pool_->deadlines()->add(*deadline, std::move(expire))
            );
        }
        try {
            done = co_await on.execute(what.request, sink);
        } catch (...) {
            failure = std::current_exception();
        }
    }
    if (failure != nullptr && interrupted->happened) {
        failure = std::make_exception_ptr(statement_timeout(
            errc::statement_timeout,
            "a statement did not finish within " + std::to_string(limit.count()) +
                " ms and was interrupted: " + std::string(what.request.sql)
        ));
    }
    if (observed) {
        event.duration = clock::now() - began;
        event.affected_rows = done.affected_rows;
        event.failure = failure;
        after(event);
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
    co_return done;
}

}  // namespace gino::detail
