// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/cursor.hpp>

#include <exception>
#include <mutex>
#include <utility>

#include "engine/connection/connection_state.hpp"
#include "engine/connection/cursor_state.hpp"

namespace gino::detail {

using namespace std::chrono_literals;

cursor_state::cursor_state(
    std::shared_ptr<connection_state> on,
    std::unique_ptr<driver::cursor> opened,
    std::chrono::milliseconds timeout,
    std::string sql
)
    : on_(std::move(on)), opened_(std::move(opened)), timeout_(timeout), sql_(std::move(sql)) {
    const std::lock_guard lock(on_->mutex_);
    on_->cursors_.push_back(*this);
    // Room for every cursor of the connection, so that the destructor and end_cursors() do not
    // allocate.
    on_->abandoned_cursors_.reserve(on_->abandoned_cursors_.size() + on_->cursors_.size());
}

// Only the holder of the lock may touch the driver's cursor: if the lock is not free, the next
// holder destroys the cursor.
cursor_state::~cursor_state() {
    {
        const std::lock_guard lock(on_->mutex_);
        if (is_linked()) {
            on_->cursors_.erase(on_->cursors_.iterator_to(*this));
        }
        if (opened_ == nullptr) {
            return;
        }
        on_->abandoned_cursors_.push_back(std::move(opened_));
    }
    if (const auto held = on_->fifo_.try_acquire()) {
        on_->end_abandoned_cursors();
    }
}

// `self` keeps the cursor alive when its handle is destroyed during the fetch. The guard makes no
// reports: hooks see the opening of a cursor only.
awaitable<std::size_t> cursor_state::fetch(std::size_t count, driver::row_sink& sink) {
    const auto self = shared_from_this();
    const time_limit limit = on_->limit_of({.timeout = timeout_});
    const auto held = co_await on_->enter_for_cursor(*this, limit);
    const driver::request what{.sql = sql_};
    statement_guard guard(*on_->engine_, *on_->lease_, what, limit, statement_guard::reports::none);
    std::size_t fetched = 0;
    std::exception_ptr failure;
    try {
        fetched = co_await opened_->fetch(count, sink);
    } catch (...) {
        failure = std::current_exception();
    }
    failure = guard.finish(std::move(failure), fetched);
    if (failure != nullptr) {
        on_->drop_if_lost(failure);
        std::rethrow_exception(failure);
    }
    co_return fetched;
}

// The connection may end the cursor while this waits for the lock: hence the check behind it.
awaitable<void> cursor_state::close() {
    const auto self = shared_from_this();
    const auto held = co_await on_->fifo_.acquire(on_->engine_->connections()->deadlines(), {});
    if (opened_ == nullptr) {
        co_return;
    }
    std::exception_ptr failure;
    try {
        co_await opened_->close();
    } catch (...) {
        failure = std::current_exception();
    }
    opened_.reset();
    if (failure != nullptr) {
        on_->drop_if_lost(failure);
        std::rethrow_exception(failure);
    }
}

awaitable<std::size_t> open_cursor::fetch(std::size_t count, driver::row_sink& sink) const {
    return state_->fetch(count, sink);
}

awaitable<void> open_cursor::close() const {
    return state_->close();
}

}  // namespace gino::detail
