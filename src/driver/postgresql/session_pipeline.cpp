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
    static_cast<void>(co_await in_call(execute_pipeline_now(statements, sync)));
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none &&
        std::ranges::any_of(statements, driver::detail::was_ended, &driver::pipelined::failure)) {
        throw error(errc::cancelled, "cancelled: a pipeline on " + description());
    }
}

// Statements that the server does not know yet cost a round trip each. Null: it cannot be run.
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
            if (statements.size() > options_->statement_cache_size) {
                distinct.insert(prepared.back());
            }
        } catch (const database_error&) {
            if (!is_open() || canceller_->is_requested()) {
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

awaitable<std::size_t> session::execute_pipeline_now(
    std::span<driver::pipelined> statements, driver::pipeline_sync sync
) {
    driver::detail::forget_results(statements);
    forget_changed_types();
    std::vector<prepared_statement> parsed_with_them;
    std::vector<prepared_statement*> prepared;
    if (options_->statements == statement_mode::simple) {
        refuse_simple();
    }
    if (!options_->pipeline && sync == driver::pipeline_sync::each) {
        std::vector<std::size_t> places(statements.size());
        std::iota(places.begin(), places.end(), std::size_t{0});
        co_await run_one_by_one(statements, places);
        co_return statements.size();
    }
    if (cache_.is_off()) {
        parsed_with_them.resize(statements.size());
        for (auto& one : parsed_with_them) {
            one.is_text = true;  // nobody knows yet what the columns are
            prepared.push_back(&one);
        }
    } else {
        prepared = co_await prepare_all(statements);
    }
    const auto is_missing = [](const prepared_statement* one) { return one == nullptr; };
    if (sync == driver::pipeline_sync::batch && std::ranges::any_of(prepared, is_missing)) {
        driver::detail::abort_others(statements);
        co_return 0;
    }
    write_all_pipelined(statements, prepared, sync);
    const bool was_idle = status() == driver::transaction_status::idle;
    co_await channel_.flush();
    const auto stale = co_await read_pipeline(statements, prepared, sync);
    for (const auto& one : statements) {
        track_session_state(one.statement, one.result.tag);
    }
    forget_all(stale, prepared);
    if (sync == driver::pipeline_sync::each && was_idle) {
        // The server forgot these, or their results have another shape now: nothing was done.
        co_await run_one_by_one(statements, stale);
    }
    co_return statements.size();
}

// What cannot be sent fails alone, and is null in `prepared` then; in a batch nothing is sent.
void session::write_all_pipelined(
    std::span<driver::pipelined> statements,
    std::vector<prepared_statement*>& prepared,
    driver::pipeline_sync sync
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
            channel_.write_sync();
        }
    }
    if (is_batch) {
        channel_.write_sync();
    }
}

void session::write_pipelined(
    const driver::request& statement, const prepared_statement& prepared
) {
    protocol::writer& out = channel_.out();
    if (!statement.cacheable) {
        note_read_only(statement.sql);
    }
    if (prepared.name.empty()) {
        protocol::write_parse(out, "", statement.sql, types_of(statement));
    }
    write_bind("", prepared, statement.sql, statement.parameters);
    if (prepared.name.empty()) {
        protocol::write_describe_portal(out, "");
    }
    protocol::write_execute(out, "", statement.max_rows);
}

void session::forget_all(
    const std::vector<std::size_t>& stale, const std::vector<prepared_statement*>& prepared
) {
    std::set<prepared_statement*> distinct;
    for (const auto place : stale) {
        distinct.insert(prepared[place]);
    }
    for (const auto* one : distinct) {
        forget(*one);
    }
}

awaitable<void> session::run_one_by_one(
    std::span<driver::pipelined> statements, const std::vector<std::size_t>& places
) {
    for (const auto place : places) {
        auto& one = statements[place];
        one.failure = nullptr;
        driver::detail::guarded_sink rows(one.sink);
        try {
            one.result = co_await execute_now(one.statement, rows);
            one.failure = rows.thrown;
        } catch (const error&) {
            one.failure = std::current_exception();
        }
        const bool has_ended = !is_open() || canceller_->is_requested();
        if (has_ended && one.failure != nullptr) {
            std::rethrow_exception(one.failure);
        }
        if (has_ended && place != places.back()) {
            throw error(errc::cancelled, "cancelled: a pipeline on " + description());
        }
    }
}

// Takes the answers to a pipeline, and hands each to its statement.
class session::pipeline_answers {
public:
    pipeline_answers(
        session& of,
        std::span<driver::pipelined> statements,
        const std::vector<prepared_statement*>& prepared,
        driver::pipeline_sync sync
    )
        : of_(of),
          statements_(statements),
          prepared_(prepared),
          is_batch_(sync == driver::pipeline_sync::batch),
          at_(sent_from(0)),
          are_complete_(!is_batch_ && at_ == statements.size()) {}

    [[nodiscard]] bool are_complete() const noexcept { return are_complete_; }

    /// The places of statements that have to be prepared again.
    [[nodiscard]] const std::vector<std::size_t>& stale() const noexcept { return stale_; }

    void take(const protocol::message& m) {
        if (m.type == 'Z') {
            take_ready(m);
            return;
        }
        const bool is_answered = at_ == statements_.size() || (has_ended_ && !is_batch_);
        const bool fails_at_sync = is_answered && m.type == 'E' && !statements_.empty();
        if (has_failed_ || (is_answered && !fails_at_sync)) {
            of_.channel_.fail_unexpected(m, "the end of a pipeline");
        }
        if (fails_at_sync) {  // the Sync commits, and a deferred constraint does not hold
            fail(of_.error_of(m), statements_[std::min(at_, statements_.size() - 1)]);
            return;
        }
        auto& one = statements_[at_];
        switch (m.type) {
            case 'D':
                take_row(m, one);
                break;
            case 'E':
                take_error(of_.error_of(m), one);
                break;
            case 'C':
                take_end(m, one);
                break;
            case 's':  // as many rows as were asked for
                one.result.tag = "SELECT " + std::to_string(one.result.affected_rows);
                end_statement();
                break;
            case 'I':  // EmptyQueryResponse
                end_statement();
                break;
            case 'T':  // of a statement that was parsed with the others
                if (!prepared_[at_]->name.empty() || !prepared_[at_]->columns.empty()) {
                    of_.channel_.fail_unexpected(m, "a pipeline");
                }
                of_.describe_columns(m, *prepared_[at_]);
                break;
            case '1':  // ParseComplete
            case '2':  // BindComplete
            case '3':  // CloseComplete
            case 'n':  // NoData
                break;
            case 'G':  // CopyInResponse
            case 'H':  // CopyOutResponse
                of_.refuse_copy();
            default:
                of_.channel_.fail_unexpected(m, "a pipeline");
        }
    }

private:
    // The first place from there on whose statement was sent.
    [[nodiscard]] std::size_t sent_from(std::size_t place) const {
        while (place < prepared_.size() && prepared_[place] == nullptr) {
            ++place;
        }
        return place;
    }

    // A batch has one Sync at its end; otherwise each statement has its own.
    void take_ready(const protocol::message& m) {
        of_.channel_.handle_ready(m);
        const bool is_answered = is_batch_ ? at_ == statements_.size() : has_ended_;
        if (!is_answered && !has_failed_) {
            of_.channel_.fail_unexpected(m, "a pipeline");
        }
        if (!is_batch_) {
            at_ = sent_from(at_ + 1);
            has_ended_ = has_failed_ = false;
        }
        are_complete_ = is_batch_ || at_ == statements_.size();
        if (has_failed_ && is_batch_) {
            driver::detail::abort_others(statements_);
        }
    }

    void end_statement() {
        has_ended_ = true;
        if (is_batch_) {
            ++at_;
        }
    }

    void take_row(const protocol::message& m, driver::pipelined& one) {
        ++one.result.affected_rows;
        of_.check_count(one.result.affected_rows, one.statement.max_rows);
        if (one.sink != nullptr && one.failure == nullptr) {
            const bool is_first = one.result.affected_rows == 1;
            of_.give_row(m, *prepared_[at_], *one.sink, is_first, one.failure);
        }
    }

    void take_error(error_fields failure, driver::pipelined& one) {
        if (is_stale(*prepared_[at_], failure)) {
            stale_.push_back(at_);
        }
        fail(std::move(failure), one);
    }

    void fail(error_fields failure, driver::pipelined& one) {
        one.failure = failure_of(std::move(failure), one.statement.sql);
        has_failed_ = true;
    }

    void take_end(const protocol::message& m, driver::pipelined& one) {
        if (one.sink != nullptr && one.result.affected_rows == 0) {
            of_.give_no_rows(*prepared_[at_], *one.sink, one.failure);
        }
        of_.take_command_complete(m, one.result);
        end_statement();
    }

    session& of_;
    const std::span<driver::pipelined> statements_;
    const std::vector<prepared_statement*>& prepared_;
    const bool is_batch_;
    std::size_t at_;  // the statement whose answer comes next
    bool are_complete_;
    bool has_ended_ = false;   // a statement, since the last Sync
    bool has_failed_ = false;  // also one, since then
    std::vector<std::size_t> stale_;
};

// Returns the places of statements that have to be prepared again.
awaitable<std::vector<std::size_t>> session::read_pipeline(
    std::span<driver::pipelined> statements,
    const std::vector<prepared_statement*>& prepared,
    driver::pipeline_sync sync
) {
    pipeline_answers answers(*this, statements, prepared, sync);
    protocol::message m;
    while (!answers.are_complete()) {
        while (!channel_.try_next(m)) {
            co_await channel_.fill();
        }
        answers.take(m);
    }
    co_return answers.stale();
}

}  // namespace gino::postgresql
