// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/transaction.hpp>

#include <exception>
#include <utility>

#include "engine/connection_state.hpp"

namespace gino {

transaction::transaction(
    std::shared_ptr<detail::connection_state> state,
    std::size_t depth,
    std::size_t serial,
    bool owns
) noexcept
    : state_(std::move(state)), depth_(depth), serial_(serial), owns_(owns) {}

transaction& transaction::operator=(transaction&& other) noexcept {
    if (this != &other) {
        abandon();
        state_ = std::move(other.state_);
        depth_ = other.depth_;
        serial_ = other.serial_;
        owns_ = other.owns_;
    }
    return *this;
}

transaction::~transaction() {
    abandon();
}

void transaction::abandon() noexcept {
    if (state_ == nullptr) {
        return;
    }
    if (owns_) {
        state_->release_later();  // giving back rolls back
    } else {
        state_->abandon({.depth = depth_, .serial = serial_});
    }
    state_.reset();
}

bool transaction::is_active() const noexcept {
    return state_ != nullptr && state_->is_active({.depth = depth_, .serial = serial_});
}

detail::connection_state& transaction::active() const {
    if (!is_active()) {
        throw state_error(
            errc::wrong_state,
            "this transaction has ended: it was committed, rolled back, or its connection was lost"
        );
    }
    return *state_;
}

awaitable<void> transaction::commit() {
    auto& state = active();
    std::exception_ptr failure;
    try {
        co_await state.commit({.depth = depth_, .serial = serial_});
    } catch (...) {
        failure = std::current_exception();
    }
    if (!is_active()) {
        co_await give_back();
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> transaction::rollback() {
    auto& state = active();
    std::exception_ptr failure;
    try {
        co_await state.rollback({.depth = depth_, .serial = serial_});
    } catch (...) {
        failure = std::current_exception();
    }
    co_await give_back();
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> transaction::give_back() {
    if (owns_ && state_ != nullptr && !state_->is_released()) {
        co_await state_->release(true);
    }
}

awaitable<gino::transaction> transaction::begin() {
    static_cast<void>(active());
    auto state = state_;
    const auto mark = co_await state->begin({});
    co_return gino::transaction(std::move(state), mark.depth, mark.serial, false);
}

awaitable<gino::status> transaction::run(detail::execution what, driver::row_sink& sink) {
    return active().run(what, sink);
}

awaitable<detail::open_cursor> transaction::open_cursor(const statement_base& statement) {
    return active().open(statement);
}

}  // namespace gino
