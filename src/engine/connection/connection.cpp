// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/connection.hpp>

#include <utility>

#include "engine/connection/connection_state.hpp"

namespace gino {

connection::connection(std::shared_ptr<detail::connection_state> state, bool reusing) noexcept
    : state_(std::move(state)), reusing_(reusing) {}

// A reusing handle never gives the connection back: its owner does.
connection& connection::operator=(connection&& other) noexcept {
    if (this != &other) {
        if (state_ != nullptr && !reusing_) {
            state_->release_later();
        }
        state_ = std::move(other.state_);
        reusing_ = other.reusing_;
    }
    return *this;
}

connection::~connection() {
    if (state_ != nullptr && !reusing_) {
        state_->release_later();
    }
}

// Throws for a handle that was released or moved from. Verbs that are no coroutines throw it when
// they are called, the others when they are awaited.
detail::connection_state& connection::usable() const {
    if (state_ == nullptr || state_->is_released()) {
        throw state_error(
            errc::closed, "this connection was released permanently; acquire another one"
        );
    }
    return *state_;
}

// The coroutines begin() and release() copy state_, since the handle may be destroyed or moved
// while they wait.
awaitable<gino::transaction> connection::begin(transaction_options options) {
    static_cast<void>(usable());
    auto state = state_;
    const auto id = co_await state->begin(options);
    co_return gino::transaction(std::move(state), id.depth, id.serial, false);
}

awaitable<void> connection::release(release_options options) {
    static_cast<void>(usable());
    auto state = state_;
    if (!reusing_) {
        co_await state->release(options.permanent);
    } else if (options.permanent) {
        state_.reset();
    }
}

bool connection::is_released() const noexcept {
    return state_ == nullptr || state_->is_released();
}

bool connection::is_borrowed() const noexcept {
    return state_ != nullptr && state_->is_borrowed();
}

void connection::set_execution_options(const execution_options& options) {
    usable().set_options(options);
}

const gino::dialect& connection::dialect() const {
    return usable().engine()->written_by();
}

awaitable<void> connection::execute_script(std::string sql) {
    return usable().run_script(std::move(sql));
}

awaitable<gino::status> connection::run(detail::execution what, driver::row_sink& sink) {
    return usable().run(what, sink);
}

awaitable<void> connection::run_batch(batch& together) {
    return usable().run(together);
}

const capabilities& connection::capabilities() const {
    return dialect().capabilities();
}

awaitable<void> connection::run_together(detail::together f) {
    return detail::run_in_transaction(
        usable().shared_from_this(), detail::body_of(std::move(f)), {}
    );
}

awaitable<detail::open_cursor> connection::open_cursor(const statement_base& statement) {
    return usable().open(statement);
}

}  // namespace gino
