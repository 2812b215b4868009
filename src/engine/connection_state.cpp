// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connection_state.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>

#include <algorithm>
#include <exception>
#include <utility>

#include "engine/cancellation.hpp"

namespace gino::detail {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

[[noreturn]] void throw_released() {
    throw state_error(
        errc::closed,
        "this connection was released permanently, or its scope has ended; acquire another one"
    );
}

[[noreturn]] void throw_transaction_over() {
    throw state_error(
        errc::wrong_state,
        "this transaction has ended: it was committed, rolled back, or its connection was lost"
    );
}

std::chrono::milliseconds until(std::chrono::steady_clock::time_point deadline) {
    const auto left =
        std::chrono::ceil<std::chrono::milliseconds>(deadline - std::chrono::steady_clock::now());
    return std::max(left, 1ms);
}

}  // namespace

connection_state::~connection_state() {
    if (leased_ != nullptr) {
        pool::give_back_later(engine_->connections(), std::move(leased_));
    }
}

std::string connection_state::savepoint_name(std::size_t depth) {
    return "gino_" + std::to_string(depth);
}

execution_options connection_state::effective(const execution_options& stated) const {
    const std::lock_guard lock(mutex_);
    return stated.or_else(options_).or_else(engine_->options().execution);
}

void connection_state::set_options(const execution_options& options) {
    const std::lock_guard lock(mutex_);
    options_ = options;
}

bool connection_state::is_released() const {
    const std::lock_guard lock(mutex_);
    return released_;
}

bool connection_state::is_borrowed() const {
    const std::lock_guard lock(mutex_);
    return borrowed_;
}

void connection_state::check_usable() const {
    if (is_released()) {
        throw_released();
    }
}

// Turns.

awaitable<connection_state::turn> connection_state::take_turn(std::optional<time_point> deadline) {
    co_await throw_if_cancelled();
    check_usable();
    auto self = shared_from_this();
    std::shared_ptr<waiter> me;
    {
        const std::lock_guard lock(mutex_);
        if (busy_) {
            me = std::make_shared<waiter>();
            waiters_.push_back(me);
        } else {
            busy_ = true;
        }
    }
    if (me != nullptr) {
        std::optional<deadline_guard> guard;
        if (deadline) {
            const auto& deadlines = engine_->connections()->deadlines();
            auto expire = [self, me] {
                {
                    const std::lock_guard lock(self->mutex_);
                    if (me->has_turn) {
                        return;
                    }
                    me->timed_out = true;
                    std::erase(self->waiters_, me);
                }
                me->wake->notify();
            };
            guard.emplace(deadlines, deadlines->add(*deadline, std::move(expire)));
        }
        co_await one_shot::wait(me->wake);
        bool has_turn = false;
        {
            const std::lock_guard lock(mutex_);
            has_turn = me->has_turn;
            if (!has_turn) {
                std::erase(waiters_, me);
            }
        }
        if (!has_turn && me->timed_out) {
            throw statement_timeout(
                errc::statement_timeout,
                "a statement ran out of time while it waited for others on its connection"
            );
        }
        if (!has_turn) {
            throw_cancelled("waiting for other statements on a connection");
        }
    }
    turn mine(self);
    check_usable();
    co_return mine;
}

void connection_state::pass_turn_on() {
    std::shared_ptr<waiter> next;
    {
        const std::lock_guard lock(mutex_);
        if (waiters_.empty()) {
            busy_ = false;
            return;
        }
        next = waiters_.front();
        waiters_.pop_front();
        next->has_turn = true;
    }
    next->wake->notify();
}

// Everything below is called with the turn.

awaitable<void> connection_state::make_ready(std::optional<time_point> deadline) {
    if (leased_ == nullptr) {
        const auto wait = deadline ? until(*deadline) : 0ms;
        auto taken = co_await engine_->connections()->acquire(wait, where_);
        leased_ = std::move(taken);
        ++lease_;
        const std::lock_guard lock(mutex_);
        borrowed_ = true;
    }
    co_await roll_back_abandoned();
}

awaitable<void> connection_state::roll_back_abandoned() {
    std::size_t keep = 0;
    std::size_t open = 0;
    {
        const std::lock_guard lock(mutex_);
        keep = keep_;
        open = open_.size();
    }
    if (open > keep) {
        co_await roll_back_to(keep);
    }
}

// Ends all transactions deeper than `depth`.
awaitable<void> connection_state::roll_back_to(std::size_t depth) {
    const auto& by = engine_->written_by();
    if (depth == 0) {
        co_await execute_text("ROLLBACK");
    } else {
        co_await execute_text(by.rollback_to_savepoint(savepoint_name(depth + 1)));
        co_await execute_text(by.release_savepoint(savepoint_name(depth + 1)));
    }
    const std::lock_guard lock(mutex_);
    open_.resize(std::min(open_.size(), depth));
    keep_ = std::min(keep_, depth);
}

void connection_state::forget_transactions() {
    const std::lock_guard lock(mutex_);
    open_.clear();
    keep_ = 0;
}

void connection_state::drop_if_broken() {
    if (leased_ == nullptr || leased_->raw->is_open()) {
        return;
    }
    forget_transactions();
    {
        const std::lock_guard lock(mutex_);
        borrowed_ = false;
    }
    pool::give_back_later(engine_->connections(), std::move(leased_));
}

awaitable<gino::status> connection_state::execute_text(std::string sql) {
    discarding_sink nothing;
    prepared_execution what;
    what.request = {.sql = sql, .cacheable = false};
    const execution_options options = effective({});
    gino::status done;
    std::exception_ptr failure;
    try {
        done = co_await engine_->execute(
            *leased_->raw, what, nothing, deadline_of(options), options.timeout.value_or(0ms)
        );
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop_if_broken();
        std::rethrow_exception(failure);
    }
    co_return done;
}

// Public operations.

awaitable<void> connection_state::borrow(std::chrono::milliseconds timeout) {
    std::optional<time_point> deadline;
    if (timeout > 0ms) {
        deadline = std::chrono::steady_clock::now() + timeout;
    }
    const turn mine = co_await take_turn(deadline);
    co_await make_ready(deadline);
}

awaitable<gino::status> connection_state::run(execution what, driver::row_sink& sink) {
    const execution_options options = effective(what.statement->options());
    const auto deadline = deadline_of(options);
    prepared_execution ready;
    engine_->prepare(what, ready);
    const turn mine = co_await take_turn(deadline);
    co_await make_ready(deadline);
    gino::status done;
    std::exception_ptr failure;
    try {
        done = co_await engine_->execute(
            *leased_->raw, ready, sink, deadline, options.timeout.value_or(0ms)
        );
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop_if_broken();
        std::rethrow_exception(failure);
    }
    co_return done;
}

awaitable<gino::status> connection_state::run_text(std::string sql) {
    const turn mine = co_await take_turn({});
    co_await make_ready({});
    auto done = co_await execute_text(std::move(sql));
    co_return done;
}

awaitable<void> connection_state::run_script(std::string sql) {
    const turn mine = co_await take_turn({});
    co_await make_ready({});
    std::exception_ptr failure;
    try {
        co_await leased_->raw->execute_script(sql);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop_if_broken();
        std::rethrow_exception(failure);
    }
}

awaitable<gino::status> connection_state::run_raw(
    std::string sql, std::vector<value> parameters, driver::row_sink& sink
) {
    const turn mine = co_await take_turn({});
    co_await make_ready({});
    prepared_execution what;
    for (const auto& one : parameters) {
        what.parameters.push_back({.bound = &one, .type = {.kind = type_kind::text}});
    }
    what.request = {.sql = sql, .parameters = what.parameters, .cacheable = true};
    auto done = co_await engine_->execute(*leased_->raw, what, sink, {}, 0ms);
    co_return done;
}

awaitable<open_cursor> connection_state::open(const statement_base& statement) {
    const execution_options options = effective(statement.options());
    const auto deadline = deadline_of(options);
    prepared_execution ready;
    const execution what{.statement = &statement};
    engine_->prepare(what, ready);
    const turn mine = co_await take_turn(deadline);
    co_await make_ready(deadline);
    std::unique_ptr<driver::cursor> opened;
    std::exception_ptr failure;
    try {
        opened = co_await leased_->raw->open_cursor(ready.request);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop_if_broken();
        std::rethrow_exception(failure);
    }
    co_return open_cursor(
        std::make_shared<cursor_state>(shared_from_this(), std::move(opened), lease_)
    );
}

awaitable<std::size_t> connection_state::fetch(
    driver::cursor& from, std::size_t lease, std::size_t count, driver::row_sink& sink
) {
    const turn mine = co_await take_turn({});
    if (leased_ == nullptr || lease != lease_) {
        throw state_error(
            errc::closed, "this cursor is over: its connection was given back or lost"
        );
    }
    std::size_t fetched = 0;
    std::exception_ptr failure;
    try {
        fetched = co_await from.fetch(count, sink);
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop_if_broken();
        std::rethrow_exception(failure);
    }
    co_return fetched;
}

awaitable<void> connection_state::close(driver::cursor& opened, std::size_t lease) {
    if (is_released()) {
        co_return;
    }
    const turn mine = co_await take_turn({});
    if (leased_ != nullptr && lease == lease_) {
        co_await opened.close();
    }
}

// Transactions.

awaitable<connection_state::transaction_mark> connection_state::begin(
    const transaction_options& options
) {
    const auto& by = engine_->written_by();
    const turn mine = co_await take_turn({});
    co_await make_ready({});
    std::size_t depth = 0;
    {
        const std::lock_guard lock(mutex_);
        depth = open_.size() + 1;
    }
    const bool plain = options.isolation == isolation_level::unspecified && !options.read_only &&
                       !options.deferrable;
    if (depth > 1 && !plain) {
        throw argument_error(
            errc::invalid_argument,
            "a transaction within another one is a savepoint: it has the outer one's isolation "
            "level and modes, and takes none of its own"
        );
    }
    // Not inside of the co_await: GCC 12 destroys what a conditional operator makes there twice.
    std::string sql = depth == 1 ? by.begin(options) : by.savepoint(savepoint_name(depth));
    co_await execute_text(std::move(sql));
    const std::lock_guard lock(mutex_);
    const std::size_t serial = next_serial_++;
    open_.push_back(serial);
    keep_ = open_.size();
    co_return transaction_mark{.depth = depth, .serial = serial};
}

bool connection_state::is_active(transaction_mark mark) const {
    const std::lock_guard lock(mutex_);
    return !released_ && keep_ >= mark.depth && open_.size() >= mark.depth &&
           open_[mark.depth - 1] == mark.serial;
}

awaitable<void> connection_state::commit(transaction_mark mark) {
    const turn mine = co_await take_turn({});
    if (!is_active(mark)) {
        throw_transaction_over();
    }
    co_await make_ready({});
    std::size_t open = 0;
    {
        const std::lock_guard lock(mutex_);
        open = open_.size();
    }
    if (open > mark.depth) {
        throw state_error(
            errc::wrong_state,
            "cannot commit: a transaction within this one is still open; commit or roll it back "
            "first"
        );
    }
    {
        // Whatever happens now, the transaction is over.
        const std::lock_guard lock(mutex_);
        open_.pop_back();
        keep_ = open_.size();
    }
    if (mark.depth > 1) {
        co_await execute_text(engine_->written_by().release_savepoint(savepoint_name(mark.depth)));
        co_return;
    }
    gino::status done;
    std::exception_ptr failure;
    try {
        done = co_await execute_text("COMMIT");
    } catch (const database_error& e) {
        if (e.code() == errc::connection_lost) {
            failure = std::make_exception_ptr(connection_error(
                errc::commit_unknown,
                "the connection was lost while COMMIT was under way: the transaction is stored, or "
                "it is not; look before doing it again",
                e.fields()
            ));
        } else {
            failure = std::current_exception();
        }
    }
    if (failure != nullptr) {
        // A commit that SQLite refuses (a busy database, a deferred key) leaves its transaction
        // open: it must not swallow the statements that follow.
        const bool still_open = leased_ != nullptr && leased_->raw->is_open() &&
                                leased_->raw->status() != driver::transaction_status::idle;
        if (still_open) {
            co_await execute_text("ROLLBACK");
        }
        std::rethrow_exception(failure);
    }
    if (done.tag == "ROLLBACK") {
        throw operational_error(
            errc::transaction_aborted,
            "COMMIT was answered by ROLLBACK: a statement of the transaction had failed and the "
            "program went on; nothing was stored"
        );
    }
}

awaitable<void> connection_state::rollback(transaction_mark mark) {
    const turn mine = co_await take_turn({});
    if (!is_active(mark)) {
        throw_transaction_over();
    }
    co_await roll_back_to(mark.depth - 1);
}

void connection_state::abandon(transaction_mark mark) noexcept {
    {
        const std::lock_guard lock(mutex_);
        const bool active = keep_ >= mark.depth && open_.size() >= mark.depth &&
                            open_[mark.depth - 1] == mark.serial;
        if (!active) {
            return;
        }
        keep_ = mark.depth - 1;
    }
    try {
        auto clean_up = [](std::shared_ptr<connection_state> self) -> awaitable<void> {
            const turn mine = co_await self->take_turn({});
            if (self->leased_ != nullptr) {
                co_await self->roll_back_abandoned();
            }
        };
        asio::co_spawn(
            engine_->connections()->executor(), clean_up(shared_from_this()), asio::detached
        );
    } catch (...) {
        // The next statement rolls back, or the connection's release does.
    }
}

// Giving back.

awaitable<void> connection_state::release(bool permanent) {
    std::unique_ptr<pooled> returned;
    {
        const turn mine = co_await take_turn({});
        forget_transactions();
        returned = std::move(leased_);
        const std::lock_guard lock(mutex_);
        borrowed_ = false;
        released_ = permanent;
    }
    if (returned != nullptr) {
        co_await pool::give_back(engine_->connections(), std::move(returned));
    }
}

void connection_state::release_later() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (released_) {
            return;
        }
        released_ = true;
        if (busy_) {
            return;  // the destructor gives it back, once the last statement is done
        }
        borrowed_ = false;
        open_.clear();
        keep_ = 0;
    }
    if (leased_ != nullptr) {
        pool::give_back_later(engine_->connections(), std::move(leased_));
    }
}

}  // namespace gino::detail
