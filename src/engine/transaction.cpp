// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/connection.hpp>
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

// The connection of a transaction that its handle has not ended. It may be lost: the verbs say so.
detail::connection_state& transaction::unended() const {
    if (state_ == nullptr || !state_->is_wanted({.depth = depth_, .serial = serial_})) {
        throw state_error(
            errc::wrong_state,
            "this transaction has ended: it was committed or rolled back, or its connection was "
            "released"
        );
    }
    return *state_;
}

gino::connection transaction::connection() const {
    return {unended().shared_from_this(), true};
}

awaitable<void> transaction::commit() {
    auto& state = unended();
    const detail::transaction_mark mark{.depth = depth_, .serial = serial_};
    std::exception_ptr failure;
    try {
        co_await state.commit(mark);
    } catch (...) {
        failure = std::current_exception();
    }
    // A commit that was refused for an open savepoint, or cancelled while it waited, changes
    // nothing.
    if (!state.is_wanted(mark)) {
        give_back();
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> transaction::rollback() {
    auto& state = unended();
    const detail::transaction_mark mark{.depth = depth_, .serial = serial_};
    std::exception_ptr failure;
    try {
        co_await state.rollback(mark);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!state.is_wanted(mark)) {
        give_back();
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

// The connection is clean now, so that there is nothing to wait for.
void transaction::give_back() noexcept {
    if (owns_) {
        state_->release_later();
    }
}

awaitable<gino::transaction> transaction::begin() {
    static_cast<void>(unended());
    auto state = state_;
    const auto mark = co_await state->begin({});
    co_return gino::transaction(std::move(state), mark.depth, mark.serial, false);
}

awaitable<gino::status> transaction::run(detail::execution what, driver::row_sink& sink) {
    return unended().run(what, sink, {.depth = depth_, .serial = serial_});
}

awaitable<void> transaction::run_batch(batch& together) {
    return unended().run(together, {.depth = depth_, .serial = serial_});
}

awaitable<detail::open_cursor> transaction::open_cursor(const statement_base& statement) {
    return unended().open(statement, {.depth = depth_, .serial = serial_});
}

}  // namespace gino
