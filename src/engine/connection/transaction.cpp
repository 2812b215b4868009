// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/connection.hpp>
#include <gino/engine/transaction.hpp>

#include <boost/asio/this_coro.hpp>

#include <exception>
#include <string>
#include <string_view>
#include <utility>

#include "engine/connection/connection_state.hpp"
#include "engine/timing/cancellation.hpp"

namespace gino {

namespace asio = boost::asio;

namespace {

// Thrown to leave the callback of a transaction and the callbacks within it. It is no
// std::exception, so that error handlers of the program do not catch it.
struct leaving {
    detail::transaction_id left;
    bool commits = false;
};

}  // namespace

namespace detail {

transaction_body body_of(together f) {
    return {.call = [f = std::move(f)](transaction& handle) { return f(handle); }};
}

// The exception leaves the catch block as a value, because a catch block cannot co_await. A
// cancelled coroutine does not wait for the rollback: the destructor of `handle` abandons the
// transaction, which is rolled back before the connection's next statement.
awaitable<void> run_in_transaction(
    std::shared_ptr<connection_state> on, transaction_body body, transaction_options options
) {
    const auto id = co_await on->begin(options);
    transaction handle(on, id.depth, id.serial, false);
    on->enter_callback(id, body.returns_value);
    std::exception_ptr failure;
    bool commits = true;
    bool ends_here = true;
    try {
        co_await body.call(handle);
    } catch (const leaving& exit) {
        commits = exit.commits;
        ends_here = exit.left.serial == id.serial;
        failure = std::current_exception();
    } catch (...) {
        commits = false;
        ends_here = false;
        failure = std::current_exception();
    }
    on->leave_callback(id);
    if (commits && on->is_wanted(id)) {
        co_await handle.commit();
    }
    const auto cancelled = is_cancelled(co_await asio::this_coro::cancellation_state);
    if (!commits && on->is_wanted(id) && !cancelled) {
        try {
            co_await handle.rollback();
        } catch (...) {
            // The exception of the callback is thrown below; it is the cause.
        }
    }
    if (!ends_here) {
        std::rethrow_exception(failure);
    }
}

}  // namespace detail

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

// Returns the connection of a transaction that its handle has not ended. The connection may be
// lost: the verbs then throw.
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

void transaction::leave(bool commits) const {
    const detail::transaction_id id{.depth = depth_, .serial = serial_};
    const std::string_view why_not = unended().why_not_left(id);
    if (!why_not.empty()) {
        throw state_error(
            errc::wrong_state,
            std::string("the callback of this transaction cannot be left early: ").append(why_not)
        );
    }
    throw leaving{.left = id, .commits = commits};
}

void transaction::raise_commit() const {
    leave(true);
}

void transaction::raise_rollback() const {
    leave(false);
}

// `state` belongs to the handle, which is used after the wait: the handle must neither move nor end
// meanwhile.
awaitable<void> transaction::commit() {
    auto& state = unended();
    const detail::transaction_id id{.depth = depth_, .serial = serial_};
    std::exception_ptr failure;
    try {
        co_await state.commit(id);
    } catch (...) {
        failure = std::current_exception();
    }
    // A commit that was refused because of an open savepoint, or cancelled while it waited for the
    // lock, leaves the transaction open.
    if (!state.is_wanted(id)) {
        give_back();
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> transaction::rollback() {
    auto& state = unended();
    const detail::transaction_id id{.depth = depth_, .serial = serial_};
    std::exception_ptr failure;
    try {
        co_await state.rollback(id);
    } catch (...) {
        failure = std::current_exception();
    }
    if (!state.is_wanted(id)) {
        give_back();
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

// The transaction has ended, so giving the connection back has nothing to wait for.
void transaction::give_back() noexcept {
    if (owns_) {
        state_->release_later();
    }
}

awaitable<gino::transaction> transaction::begin() {
    static_cast<void>(unended());
    auto state = state_;
    const auto id = co_await state->begin({});
    co_return gino::transaction(std::move(state), id.depth, id.serial, false);
}

awaitable<gino::status> transaction::run(detail::execution what, driver::row_sink& sink) {
    return unended().run(what, sink, {.depth = depth_, .serial = serial_});
}

awaitable<void> transaction::run_batch(batch& together) {
    return unended().run(together, {.depth = depth_, .serial = serial_});
}

const capabilities& transaction::capabilities() const {
    return unended().engine()->written_by().capabilities();
}

awaitable<void> transaction::run_together(detail::together f) {
    static_cast<void>(unended());
    return detail::run_in_transaction(state_, detail::body_of(std::move(f)), {});
}

awaitable<detail::open_cursor> transaction::open_cursor(const statement_base& statement) {
    return unended().open(statement, {.depth = depth_, .serial = serial_});
}

}  // namespace gino
