// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/batch.hpp>

#include <string>

#include "driver/pipeline.hpp"
#include "engine/connection/batch_run.hpp"
#include "engine/engine_state.hpp"

namespace gino {

namespace detail {

void throw_not_sent() {
    throw state_error(errc::wrong_state, "the batch was not sent: `co_await db.send(...)` first");
}

void batch_item::end(const gino::status& said, std::exception_ptr failure) {
    has_ended_ = true;
    failure_ = std::move(failure);
    if (failure_ == nullptr) {
        try {
            make(said);
        } catch (...) {
            failure_ = std::current_exception();
        }
    }
}

// A request points into the prepared_execution beside it. A prepared_execution may move within the
// growing vector: its text is shared, and a moved vector of parameters keeps its memory.
batch_run::batch_run(batch& of, engine_state& by, const execution_options& defaults)
    : sync_(of.sync()), items_(of.take()) {
    for (const auto& item : items_) {
        const auto what = item->what();
        const auto& ready = prepared_.emplace_back(by.prepare(what));
        text_ += (text_.empty() ? "" : "; ") + std::string(ready.request.sql);
        parameters_.insert(parameters_.end(), ready.parameters.begin(), ready.parameters.end());
        statements_.push_back({.statement = ready.request, .sink = &item->sink()});
        const auto limit = by.limit_of(what.statement->options().or_else(defaults));
        if (limit.until && (!limit_.until || *limit.until < *limit_.until)) {
            limit_ = limit;
        }
    }
}

// When one statement of a batch has failed, the others have transaction_aborted; the failure with
// the reason is thrown.
awaitable<gino::status> batch_run::send(driver::connection& on) {
    co_await on.execute_pipeline(statements_, sync_);
    has_answers_ = true;
    gino::status all;
    for (const auto& one : statements_) {
        if (one.failure != nullptr && !has_code(one.failure, errc::transaction_aborted)) {
            std::rethrow_exception(one.failure);
        }
        all.affected_rows += one.result.affected_rows;
    }
    co_return all;
}

// Without answers, or when the timeout interrupted a statement, every item gets `failure` of the
// batch: the error of an interrupted statement is only a consequence of the timeout.
void batch_run::end(const std::exception_ptr& failure) {
    const bool is_timeout = has_code(failure, errc::statement_timeout);
    for (std::size_t i = 0; i < items_.size(); ++i) {
        const std::exception_ptr& own = statements_[i].failure;
        const bool is_own = has_answers_ && !(is_timeout && driver::detail::was_ended(own));
        items_[i]->end(statements_[i].result, is_own ? own : failure);
    }
    const bool is_of_one = has_answers_ && sync_ == pipeline_sync::each && !is_timeout;
    if (failure != nullptr && !is_of_one) {
        std::rethrow_exception(failure);
    }
}

}  // namespace detail

std::vector<std::shared_ptr<detail::batch_item>> batch::take() {
    if (std::exchange(was_sent_, true)) {
        throw state_error(errc::wrong_state, "the batch was sent before; make a new one");
    }
    return std::move(items_);
}

}  // namespace gino
