// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <cstddef>
#include <exception>
#include <numeric>
#include <set>
#include <utility>

#include "driver/pipeline.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/session.hpp"

// Several statements in one round trip (manual, 55.2.4).
namespace gino::postgresql {

namespace {

std::exception_ptr failure_of(error_fields fields, std::string_view sql) {
    fields.statement = sql;
    try {
        throw_database_error(std::move(fields));
    } catch (...) {
        return std::current_exception();
    }
}

}  // namespace

awaitable<void> session::execute_pipeline(
    std::span<driver::pipelined> statements, driver::pipeline_sync sync
) {
    co_await in_call([this, statements, sync] { return run_pipeline(statements, sync); });
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none &&
        std::ranges::any_of(statements, driver::detail::was_ended, &driver::pipelined::failure)) {
        throw error(errc::cancelled, "cancelled: a pipeline on " + description());
    }
}

// Prepares the statements of a pipeline: a round trip for each one that is new. A null pointer: the
// statement cannot be prepared, and has its `failure`.
//
// The pointers stay valid although the cache evicts statements: those of this pipeline are the most
// recently used ones, and more of them than the cache keeps are refused.
awaitable<std::vector<prepared_statement*>> session::prepare_all(
    std::span<driver::pipelined> statements
) {
    std::vector<prepared_statement*> prepared;
    prepared.reserve(statements.size());
    std::set<const prepared_statement*> distinct;
    for (auto& one : statements) {
        driver::request kept = one.statement;
        kept.cacheable = true;
        prepared.push_back(find_prepared(kept));
        try {
            if (prepared.back() == nullptr) {
                prepared.back() = co_await prepare(kept);
            }
            // Fewer statements than the cache keeps never evict each other.
            if (statements.size() > options_->statement_cache_size) {
                distinct.insert(prepared.back());
            }
        } catch (const database_error&) {
            if (!is_open() || interrupter_->is_requested()) {
                throw;
            }
            one.failure = std::current_exception();
        }
        if (distinct.size() > options_->statement_cache_size) {
            throw argument_error(
                errc::limit_exceeded,
                "a pipeline wants its statements prepared, and there is room for " +
                    std::to_string(options_->statement_cache_size) +
                    " (statement_cache_size); nothing was sent"
            );
        }
    }
    co_return prepared;
}

awaitable<void> session::run_pipeline(
    std::span<driver::pipelined> statements, driver::pipeline_sync sync
) {
    if (statements.empty()) {
        co_return;
    }
    driver::detail::forget_results(statements);
    forget_changed_types();
    if (options_->statements == statement_mode::simple) {
        refuse_simple();
    }
    const bool is_batch = sync == driver::pipeline_sync::batch;
    if (!options_->pipeline && !is_batch) {
        std::vector<std::size_t> places(statements.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        co_await run_one_by_one(statements, places);
        co_return;
    }
    std::vector<prepared_statement> parsed_with_them;
    std::vector<prepared_statement*> prepared;
    if (cache_.is_off()) {
        // Sized once: `prepared` and the responses have pointers to the elements.
        parsed_with_them.resize(statements.size());
        for (auto& one : parsed_with_them) {
            one.is_text = true;  // the columns, and so their binary formats, are not known yet
            prepared.push_back(&one);
        }
    } else {
        prepared = co_await prepare_all(statements);
    }
    const auto is_missing = [](const prepared_statement* one) { return one == nullptr; };
    if (is_batch && std::ranges::any_of(prepared, is_missing)) {
        driver::detail::abort_others(statements);
        co_return;
    }
    std::vector<response> responses(statements.size());
    write_pipeline(statements, prepared, sync, responses);
    const bool was_idle = status() == driver::transaction_status::idle;
    co_await receive_all();
    const auto stale = take_responses(statements, prepared, responses);
    const auto has_failed = [](const response& one) { return one.failure != nullptr; };
    if (is_batch && std::ranges::any_of(responses, has_failed)) {
        driver::detail::abort_others(statements);
    }
    if (!is_batch && was_idle) {
        // These have failed without an effect, because they were prepared for another state of the
        // server. Run again only outside a transaction, which would have failed with them.
        co_await run_one_by_one(statements, stale);
    }
}

// Writes the messages of a pipeline. A statement that cannot be encoded becomes null in `prepared`
// and has its `failure`; in a batch the error is thrown, and nothing of the batch stays in the
// buffer.
void session::write_pipeline(
    std::span<driver::pipelined> statements,
    std::vector<prepared_statement*>& prepared,
    driver::pipeline_sync sync,
    std::vector<response>& responses
) {
    write_evicted();
    const std::size_t before = channel_.out().size();
    const bool is_batch = sync == driver::pipeline_sync::batch;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (prepared[i] == nullptr) {
            continue;
        }
        const std::size_t here = channel_.out().size();
        try {
            write_pipelined(statements[i].statement, *prepared[i]);
        } catch (const argument_error&) {
            channel_.out().cut(is_batch ? before : here);
            if (is_batch) {
                throw;
            }
            statements[i].failure = std::current_exception();
            prepared[i] = nullptr;
            continue;
        }
        if (!is_batch) {
            protocol::write_sync(channel_.out());
        }
    }
    if (is_batch) {
        protocol::write_sync(channel_.out());
    }
    expect_pipeline(statements, prepared, is_batch, responses);
}

// Adds the responses. Called after all messages are written, so that a batch that cannot be encoded
// leaves no response outstanding.
void session::expect_pipeline(
    std::span<driver::pipelined> statements,
    const std::vector<prepared_statement*>& prepared,
    bool is_batch,
    std::vector<response>& responses
) {
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (prepared[i] == nullptr) {
            continue;
        }
        response& to = responses[i];
        to.prepared = prepared[i];
        to.described = prepared[i]->name.empty() ? prepared[i] : nullptr;
        to.sink = statements[i].sink;
        to.max_rows = statements[i].statement.max_rows;
        const bool has_sync = !is_batch || i + 1 == statements.size();
        exchange_.expect(to, has_sync ? sansio::sync::sent : sansio::sync::none);
    }
}

// Writes the messages of a statement, without a Sync. The columns of an unnamed statement are
// described again: they may have changed since its earlier description.
void session::write_pipelined(
    const driver::request& statement, const prepared_statement& prepared
) {
    if (!statement.cacheable) {
        track_read_only(statement.sql);
    }
    write_parse_if_unnamed(statement, prepared);
    write_bind("", prepared, statement.sql, statement.parameters);
    if (prepared.name.empty()) {
        protocol::write_describe_portal(channel_.out(), "");
    }
    protocol::write_execute(channel_.out(), "", statement.max_rows);
}

// Moves the responses into their statements. Returns the places of the statements that have to be
// prepared again. Statements are forgotten after the loop, because several may share one.
std::vector<std::size_t> session::take_responses(
    std::span<driver::pipelined> statements,
    const std::vector<prepared_statement*>& prepared,
    std::vector<response>& responses
) {
    std::vector<std::size_t> stale;
    std::set<const prepared_statement*> forgotten;
    for (std::size_t i = 0; i < statements.size(); ++i) {
        if (prepared[i] == nullptr) {
            continue;
        }
        auto& one = statements[i];
        response& done = responses[i];
        if (done.failure != nullptr) {
            if (is_stale(*prepared[i], *done.failure)) {
                stale.push_back(i);
                forgotten.insert(prepared[i]);
            }
            note_failure(*done.failure);
            one.failure = failure_of(std::move(*done.failure), one.statement.sql);
        } else {
            one.failure = done.thrown;
        }
        one.result = std::move(done.result);
        if (done.is_suspended) {
            one.result.tag = "SELECT " + std::to_string(done.rows);
            one.result.affected_rows = done.rows;
            one.result.kind = driver::command_kind::select;
        }
        track_session_state(one.statement, one.result.tag);
    }
    for (const auto* one : forgotten) {
        forget(*one);
    }
    return stale;
}

// Runs statements with a round trip each, inside the call of the pipeline. Stops when the
// connection was closed or the call interrupted: the rest must not run after that.
awaitable<void> session::run_one_by_one(
    std::span<driver::pipelined> statements, const std::vector<std::size_t>& places
) {
    for (const auto place : places) {
        auto& one = statements[place];
        one.failure = nullptr;
        driver::detail::guarded_sink rows(one.sink);
        try {
            one.result = co_await run(one.statement, rows);
            one.failure = rows.thrown;
        } catch (const error&) {
            one.failure = std::current_exception();
        }
        const bool has_ended = !is_open() || interrupter_->is_requested();
        if (has_ended && one.failure != nullptr) {
            std::rethrow_exception(one.failure);
        }
        if (has_ended && place != places.back()) {
            throw error(errc::cancelled, "cancelled: a pipeline on " + description());
        }
    }
}

}  // namespace gino::postgresql
