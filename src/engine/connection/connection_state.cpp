// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connection/connection_state.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/this_coro.hpp>

#include <algorithm>
#include <utility>

#include "engine/connection/batch_run.hpp"
#include "engine/timing/cancellation.hpp"

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
        "this transaction has ended: it was committed or rolled back, or its connection was "
        "released"
    );
}

[[noreturn]] void throw_callback_over() {
    throw state_error(
        errc::wrong_state,
        "the transaction of this callback has ended: it was committed or rolled back by hand; "
        "nothing can run here before the callback has returned"
    );
}

[[noreturn]] void throw_transaction_lost() {
    throw connection_error(
        errc::connection_lost,
        "the connection was lost inside of a transaction, of which nothing is stored; roll it back "
        "(or leave its block), and begin again"
    );
}

[[noreturn]] void throw_cursor_over() {
    throw state_error(
        errc::closed,
        "cannot fetch: the cursor is over, because it was closed, or its connection was released "
        "or "
        "lost"
    );
}

bool is_plain(const transaction_options& options) {
    return options.isolation == isolation_level::unspecified && !options.read_only &&
           !options.deferrable;
}

bool is_same(const transaction_options& a, const transaction_options& b) {
    return a.isolation == b.isolation && a.read_only == b.read_only && a.deferrable == b.deferrable;
}

// The outcome of a COMMIT that failed: the server refused it, or the outcome is unknown.
enum class commit_failure : std::uint8_t { refused, unknown };

// An error that the database reported proves that nothing is stored, and so does a session that is
// still in the transaction. Otherwise the answer may have been lost on the way
// (errc::commit_unknown).
commit_failure judge_commit(const std::exception_ptr& failure, const driver::connection& on) {
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        if (e.code() == errc::database && !e.is_connection_lost()) {
            return commit_failure::refused;
        }
    } catch (...) {
        // After a cancellation or a timeout, the state of the session decides.
    }
    const bool is_open_still = on.is_open() && on.status() != driver::transaction_status::idle;
    return is_open_still ? commit_failure::refused : commit_failure::unknown;
}

[[noreturn]] void throw_commit_unknown(const std::exception_ptr& failure) {
    std::string why;
    error_fields fields;
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        why = e.what();
        fields = e.fields();
    } catch (const std::exception& e) {
        why = e.what();
    }
    throw connection_error(
        errc::commit_unknown,
        "COMMIT was sent and not answered: the transaction is stored, or it is not; look before "
        "doing it again; " +
            why,
        std::move(fields)
    );
}

std::string savepoint_name(std::size_t depth) {
    return "gino_" + std::to_string(depth);
}

}  // namespace

// Queries of handles: under mutex_ alone, so that they never wait for a statement.

execution_options connection_state::options_for(const execution_options& stated) const {
    const std::lock_guard lock(mutex_);
    return stated.or_else(options_).or_else(engine_->options().execution);
}

time_limit connection_state::limit_of(const execution_options& stated) const {
    return engine_->limit_of(options_for(stated));
}

void connection_state::set_options(const execution_options& options) {
    const std::lock_guard lock(mutex_);
    options_ = options;
}

bool connection_state::is_released() const {
    const std::lock_guard lock(mutex_);
    return is_released_;
}

bool connection_state::is_borrowed() const {
    const std::lock_guard lock(mutex_);
    return is_borrowed_;
}

bool connection_state::is_active(transaction_id id) const {
    const std::lock_guard lock(mutex_);
    return transactions_.is_wanted(id) && !transactions_.is_lost();
}

bool connection_state::is_wanted(transaction_id id) const {
    const std::lock_guard lock(mutex_);
    return transactions_.is_wanted(id);
}

bool connection_state::has_transaction() const {
    const std::lock_guard lock(mutex_);
    return transactions_.wanted() > 0;
}

void connection_state::enter_callback(transaction_id id, bool returns_value) {
    const std::lock_guard lock(mutex_);
    transactions_.enter_callback(id, returns_value);
}

void connection_state::leave_callback(transaction_id id) noexcept {
    const std::lock_guard lock(mutex_);
    transactions_.leave_callback(id);
}

std::string_view connection_state::why_not_left(transaction_id id) const {
    const std::lock_guard lock(mutex_);
    const auto* found = transactions_.find_callback(id);
    if (found == nullptr) {
        return "it is an object of begin(), without a callback: use commit() or rollback()";
    }
    if (found->returns_value) {
        return "it has to return a value";
    }
    return {};
}

// Acquiring the lock.

// REQUIRES: the lock of fifo_ is held.
bool connection_state::is_ready() const {
    return lease_ && lease_->is_open() && !must_clean_up();
}

// Returns whether destructors or failed calls have left a transaction or a cursor behind.
bool connection_state::must_clean_up() const {
    const std::lock_guard lock(mutex_);
    return transactions_.has_abandoned() || has_unknown_transaction_ || !abandoned_cursors_.empty();
}

// Throws if the operation may not run: its transaction has ended, the connection was released or
// lost, or it would run outside of a transaction by accident. Called after each wait, because all
// of this may change meanwhile. An ended transaction is reported before a released connection: the
// release has ended it.
void connection_state::check(const entry& wanted) const {
    const std::lock_guard lock(mutex_);
    if (wanted.within.serial != 0 && !transactions_.is_wanted(wanted.within)) {
        throw_transaction_over();
    }
    if (is_released_) {
        throw_released();
    }
    if (wanted.within.serial == 0 && transactions_.has_ended_callback()) {
        throw_callback_over();
    }
    if (transactions_.is_lost()) {
        throw_transaction_lost();
    }
}

// Returns true when the lock was free and the connection is ready. This is the fast path of nearly
// all statements: it saves the coroutine frame of enter().
bool connection_state::may_go_on(const fifo_lock& lock, const entry& wanted) const {
    if (!lock || !is_ready()) {
        return false;
    }
    check(wanted);
    return true;
}

awaitable<connection_state::fifo_lock> connection_state::wait_for_lock(entry wanted) {
    fifo_lock lock =
        co_await fifo_.acquire(engine_->connections()->deadlines(), wanted.limit.until);
    if (!lock && wanted.sql.empty()) {
        throw pool_timeout(
            errc::pool_timeout,
            "the connection of the scope could not be borrowed within " +
                std::to_string(wanted.limit.limit.count()) + " ms: statements run on it"
        );
    }
    if (!lock) {
        throw_statement_timeout(
            wanted.limit.limit, "it waited for other statements on its connection", wanted.sql
        );
    }
    co_return lock;
}

// Acquires the lock, unless `lock` holds it already, and makes the connection ready: borrows one,
// replaces a broken one, rolls back abandoned transactions. It repeats this until nothing is left
// to do, since a clean-up that fails closes the connection.
awaitable<connection_state::fifo_lock> connection_state::enter(fifo_lock lock, entry wanted) {
    if (!lock) {
        lock = co_await wait_for_lock(wanted);
    }
    check(wanted);
    while (!is_ready()) {
        if (lease_ && !lease_->is_open()) {
            drop();
            check(wanted);
        }
        if (!lease_) {
            co_await borrow_from_pool(wanted);
        }
        co_await clean_up();
        check(wanted);
    }
    co_return lock;
}

// The cursor may end while the coroutine waits for the lock, and again during the clean-up: hence
// both checks. There is no borrowing here, because a cursor ends with its lease.
awaitable<connection_state::fifo_lock> connection_state::enter_for_cursor(
    const cursor_state& which, time_limit limit
) {
    fifo_lock held = co_await wait_for_lock({.within = {}, .limit = limit, .sql = which.sql_});
    if (which.opened_ != nullptr) {
        co_await clean_up();
    }
    if (which.opened_ == nullptr) {
        throw_cursor_over();
    }
    co_return held;
}

// It tries without waiting first, which saves the coroutine frames of a wait.
awaitable<void> connection_state::borrow_from_pool(entry wanted) {
    lease taken = engine_->connections()->try_acquire(where_);
    if (!taken) {
        taken = co_await engine_->borrow(wanted.limit, where_, wanted.sql);
    }
    lease_ = std::move(taken);
    const std::lock_guard lock(mutex_);
    is_borrowed_ = true;
}

// With the lock of fifo_ held.

// The failure is kept in a variable because a catch block cannot co_await; the functions of this
// file that await nothing there are written alike.
awaitable<gino::status> connection_state::execute(
    driver::request what, driver::row_sink& sink, time_limit limit
) {
    try {
        auto done = co_await engine_->execute(*lease_, what, sink, limit);
        co_return done;
    } catch (...) {
        drop_if_lost(std::current_exception());
        throw;
    }
}

// Runs the statements that begin and end transactions and savepoints. The driver does not keep them
// as prepared statements.
awaitable<gino::status> connection_state::control(std::string sql, time_limit limit) {
    driver::discarding_sink nothing;
    driver::request what{.sql = sql, .cacheable = false};
    auto done = co_await execute(what, nothing, limit);
    co_return done;
}

// Ends abandoned cursors and transactions. Closes the connection if that fails: the server then
// rolls back, and the next statement borrows another one. Only a cancellation is thrown.
awaitable<void> connection_state::clean_up() {
    end_abandoned_cursors();
    if (!must_clean_up()) {
        co_return;
    }
    std::size_t wanted = 0;
    {
        const std::lock_guard lock(mutex_);
        wanted = transactions_.wanted();
    }
    std::exception_ptr failure;
    try {
        co_await roll_back_to(wanted, limit_of({}));
    } catch (...) {
        failure = std::current_exception();
    }
    if (failure != nullptr) {
        drop();
        throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    }
}

// Rolls back all transactions deeper than `depth`. ROLLBACK TO keeps the savepoint itself, so that
// it has to be released too.
awaitable<void> connection_state::roll_back_to(std::size_t depth, time_limit limit) {
    if (depth == 0) {
        if (lease_->status() != driver::transaction_status::idle) {
            co_await control("ROLLBACK", limit);
        }
        has_unknown_transaction_ = false;
    } else {
        const auto& by = engine_->written_by();
        const std::string name = savepoint_name(depth + 1);
        co_await control(by.rollback_to_savepoint(name), limit);
        co_await control(by.release_savepoint(name), limit);
    }
    const std::lock_guard lock(mutex_);
    transactions_.cut(depth);
}

void connection_state::drop_if_lost(const std::exception_ptr& failure) noexcept {
    if (lease_ && (!lease_->is_open() || is_connection_lost(failure))) {
        drop();
    }
}

// Closes the connection. A transaction whose handle has not ended it becomes lost.
void connection_state::drop() noexcept {
    lease lost = take_lease_away();
    lost.discard();
    const std::lock_guard lock(mutex_);
    transactions_.lose();
}

// Takes the lease out of the state; the caller gives it back or discards it. Cursors go first: no
// cursor of the driver may outlive its connection.
lease connection_state::take_lease_away() noexcept {
    end_cursors();
    has_unknown_transaction_ = false;
    const std::lock_guard lock(mutex_);
    is_borrowed_ = false;
    return std::move(lease_);
}

// Ends the cursors whose handles are still there. push_back() does not throw: each cursor_state has
// reserved a place in abandoned_cursors_.
void connection_state::end_cursors() noexcept {
    {
        const std::lock_guard lock(mutex_);
        for (auto& one : cursors_) {
            if (one.opened_ != nullptr) {
                abandoned_cursors_.push_back(std::move(one.opened_));
            }
        }
    }
    end_abandoned_cursors();
}

// `over` is declared before the lock, so that the driver's cursor is destroyed after the lock was
// released.
void connection_state::end_abandoned_cursors() noexcept {
    for (;;) {
        std::unique_ptr<driver::cursor> over;
        const std::lock_guard lock(mutex_);
        if (abandoned_cursors_.empty()) {
            return;
        }
        over = std::move(abandoned_cursors_.back());
        abandoned_cursors_.pop_back();
    }
}

// Statements.

awaitable<void> connection_state::borrow(std::chrono::milliseconds timeout) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const entry wanted{.within = {}, .limit = engine_->limit_of({.timeout = timeout}), .sql = {}};
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
}

awaitable<gino::status> connection_state::run(
    execution what, driver::row_sink& sink, transaction_id within
) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const prepared_execution ready = engine_->prepare(what);
    const entry wanted{
        .within = within, .limit = limit_of(what.statement->options()), .sql = ready.request.sql};
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
    auto done = co_await execute(ready.request, sink, wanted.limit);
    co_return done;
}

awaitable<void> connection_state::run(batch& together, transaction_id within) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    batch_run sent(together, *engine_, options_for({}));
    if (sent.is_empty()) {
        co_return;
    }
    auto send = [&sent](driver::connection& raw, std::string_view /*sql*/) {
        return sent.send(raw);
    };
    const entry wanted{
        .within = within,
        .limit = sent.limit(),
        .sql = sent.text(),
        .parameters = sent.parameters()};
    std::exception_ptr failure;
    try {
        static_cast<void>(co_await run_call(wanted, send));
    } catch (...) {
        failure = std::current_exception();
    }
    sent.end(failure);
}

awaitable<gino::status> connection_state::run_text(std::string sql) {
    driver::discarding_sink nothing;
    auto done = co_await run_text(std::move(sql), {}, nothing);
    co_return done;
}

awaitable<gino::status> connection_state::run_text(
    std::string sql, std::vector<value> parameters, driver::row_sink& sink
) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    std::vector<driver::parameter> bound;
    bound.reserve(parameters.size());
    for (const auto& one : parameters) {
        bound.push_back({.bound = &one, .type = {.kind = type_kind::text}});
    }
    const driver::request what{.sql = sql, .parameters = bound, .cacheable = false};
    const entry wanted{.within = {}, .limit = limit_of({}), .sql = sql};
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
    auto done = co_await execute(what, sink, wanted.limit);
    co_return done;
}

awaitable<void> connection_state::run_script(std::string sql) {
    auto run = [](driver::connection& raw, std::string_view text) -> awaitable<gino::status> {
        co_await raw.execute_script(text);
        co_return gino::status();
    };
    static_cast<void>(co_await run_call(std::move(sql), run));
}

awaitable<gino::status> connection_state::run_call(std::string sql, driver_call call) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const entry wanted{.within = {}, .limit = limit_of({}), .sql = sql};
    auto done = co_await run_call(wanted, std::move(call));
    co_return std::move(done);
}

awaitable<gino::status> connection_state::run_call(entry wanted, driver_call call) {
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
    const driver::request what{
        .sql = wanted.sql, .parameters = wanted.parameters, .cacheable = false};
    statement_guard guard(*engine_, *lease_, what, wanted.limit);
    gino::status done;
    std::exception_ptr failure;
    try {
        done = co_await call(*lease_, wanted.sql);
    } catch (...) {
        failure = std::current_exception();
    }
    finish(guard, std::move(failure), done.affected_rows);
    co_return std::move(done);
}

awaitable<open_cursor> connection_state::open(
    const statement_base& statement, transaction_id within
) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const prepared_execution ready = engine_->prepare({.statement = &statement});
    const entry wanted{
        .within = within, .limit = limit_of(statement.options()), .sql = ready.request.sql};
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
    statement_guard guard(*engine_, *lease_, ready.request, wanted.limit);
    std::unique_ptr<driver::cursor> opened;
    std::exception_ptr failure;
    try {
        opened = co_await lease_->open_cursor(ready.request);
    } catch (...) {
        failure = std::current_exception();
    }
    finish(guard, std::move(failure));
    co_return open_cursor(std::make_shared<cursor_state>(
        self, std::move(opened), wanted.limit.limit, std::string(wanted.sql)
    ));
}

// Ends a statement_guard and throws the failure that it returns.
void connection_state::finish(
    statement_guard& guard, std::exception_ptr failure, std::uint64_t affected_rows
) {
    failure = guard.finish(std::move(failure), affected_rows);
    if (failure != nullptr) {
        drop_if_lost(failure);
        std::rethrow_exception(failure);
    }
}

// Transactions.

awaitable<transaction_id> connection_state::begin(transaction_options options) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const entry wanted{.within = {}, .limit = limit_of({}), .sql = "BEGIN"};
    fifo_lock held = fifo_.try_acquire();
    if (!may_go_on(held, wanted)) {
        held = co_await enter(std::move(held), wanted);
    }
    std::size_t depth = 0;
    {
        const std::lock_guard lock(mutex_);
        depth = transactions_.wanted() + 1;
        const bool fits = is_plain(options) || is_same(options, transactions_.outermost());
        if (depth > 1 && !fits) {
            throw argument_error(
                errc::invalid_argument,
                "a transaction within another one is a savepoint: it has the isolation level and "
                "the modes of the outer one, and takes no others"
            );
        }
    }
    const auto& by = engine_->written_by();
    const bool was_idle = lease_->status() == driver::transaction_status::idle;
    std::string sql = depth == 1 ? by.begin(options) : by.savepoint(savepoint_name(depth));
    try {
        co_await control(std::move(sql), wanted.limit);
    } catch (...) {
        if (was_idle) {
            leave_unknown_transaction();
        }
        throw;
    }
    const std::lock_guard lock(mutex_);
    co_return transactions_.push(options);
}

// Marks the transaction of a failed or cancelled call as unknown, if one is open: BEGIN may have
// succeeded although its answer was not awaited, or COMMIT may not have ended the transaction.
void connection_state::leave_unknown_transaction() {
    if (lease_ && lease_->is_open() && lease_->status() != driver::transaction_status::idle) {
        has_unknown_transaction_ = true;
        clean_up_soon();
    }
}

// Throws if `id` cannot be committed. Losing the connection ends the transaction here: its program
// has now seen that nothing is stored.
void connection_state::check_transaction(const transaction_id& id) {
    const std::lock_guard lock(mutex_);
    if (!transactions_.is_wanted(id)) {
        throw_transaction_over();
    }
    if (transactions_.is_lost()) {
        transactions_.cut(id.depth - 1);
        throw_transaction_lost();
    }
    if (transactions_.wanted() > id.depth) {
        throw state_error(
            errc::wrong_state,
            "cannot commit: a transaction within this one is still open; commit or roll it back "
            "first"
        );
    }
}

// The check is repeated after the clean-up, which may lose the connection.
awaitable<void> connection_state::commit(transaction_id id) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const entry wanted{.within = id, .limit = limit_of({}), .sql = "COMMIT"};
    const fifo_lock held = co_await wait_for_lock(wanted);
    check_transaction(id);
    co_await clean_up();
    check_transaction(id);
    {
        // From here on, the transaction has ended, whatever the server answers: no further
        // statement may run in it.
        const std::lock_guard lock(mutex_);
        transactions_.cut(id.depth - 1);
    }
    if (id.depth > 1) {
        co_await release_savepoint(id.depth, wanted.limit);
    } else {
        co_await commit_outermost(wanted.limit);
    }
}

// PostgreSQL refuses RELEASE after a failed statement: the savepoint is rolled back first, so that
// the transaction around it can go on.
awaitable<void> connection_state::release_savepoint(std::size_t depth, time_limit limit) {
    const auto& by = engine_->written_by();
    const std::string name = savepoint_name(depth);
    const bool has_failed = lease_->status() == driver::transaction_status::failed;
    if (has_failed) {
        co_await control(by.rollback_to_savepoint(name), limit);
    }
    co_await control(by.release_savepoint(name), limit);
    if (has_failed) {
        throw operational_error(
            errc::transaction_aborted,
            "a statement of this savepoint had failed and the program went on: nothing of it is "
            "stored; the transaction around it goes on"
        );
    }
}

// judge_commit() has to see the connection before drop_if_lost() takes it away.
awaitable<void> connection_state::commit_outermost(time_limit limit) {
    driver::discarding_sink nothing;
    const driver::request what{.sql = "COMMIT", .cacheable = false};
    gino::status done;
    try {
        done = co_await engine_->execute(*lease_, what, nothing, limit);
    } catch (...) {
        const auto failure = std::current_exception();
        const auto known = judge_commit(failure, *lease_);
        drop_if_lost(failure);
        // SQLite leaves the transaction open when it refuses to commit it.
        leave_unknown_transaction();
        if (known == commit_failure::unknown) {
            throw_commit_unknown(failure);
        }
        throw;
    }
    if (done.kind == driver::command_kind::rollback) {
        throw operational_error(
            errc::transaction_aborted,
            "COMMIT was answered by ROLLBACK: a statement of the transaction had failed and the "
            "program went on; nothing is stored"
        );
    }
}

// A lost connection needs no ROLLBACK: the server has rolled back. If ROLLBACK fails, closing the
// connection has the same effect.
awaitable<void> connection_state::rollback(transaction_id id) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    const entry wanted{.within = id, .limit = limit_of({}), .sql = "ROLLBACK"};
    const fifo_lock held = co_await wait_for_lock(wanted);
    {
        const std::lock_guard lock(mutex_);
        if (!transactions_.is_wanted(id)) {
            throw_transaction_over();
        }
        if (transactions_.is_lost()) {
            transactions_.cut(id.depth - 1);
            co_return;
        }
    }
    end_abandoned_cursors();
    try {
        co_await roll_back_to(id.depth - 1, wanted.limit);
    } catch (...) {
        drop();
        const std::lock_guard lock(mutex_);
        transactions_.cut(id.depth - 1);
        throw;
    }
}

void connection_state::abandon(transaction_id id) noexcept {
    bool must_clean_up = false;
    {
        const std::lock_guard lock(mutex_);
        must_clean_up = transactions_.abandon(id) && transactions_.has_abandoned();
    }
    if (must_clean_up) {
        clean_up_soon();
    }
}

// Rolls back on the pool's executor as soon as the lock is free, so that locks in the database do
// not wait for the program's next statement.
void connection_state::clean_up_soon() noexcept {
    try {
        const auto& executor = engine_->connections()->executor();
        asio::co_spawn(executor, clean_up_when_free(shared_from_this()), asio::detached);
    } catch (...) {
        // No memory for the coroutine: the next statement rolls back, or giving the connection back
        // does. This also holds when nobody runs the executor any more.
    }
}

awaitable<void> connection_state::clean_up_when_free(std::shared_ptr<connection_state> self) {
    const fifo_lock lock =
        co_await self->fifo_.acquire(self->engine_->connections()->deadlines(), {});
    if (self->lease_) {
        co_await self->clean_up();
    }
}

// Giving back.

// The lock is released before the wait for the reset, which is the pool's business.
awaitable<void> connection_state::release(bool permanent) {
    const auto self = shared_from_this();
    throw_if_cancelled(co_await asio::this_coro::cancellation_state);
    lease returned;
    {
        const fifo_lock held = co_await wait_for_lock({});
        if (is_released()) {
            throw_released();
        }
        returned = take_lease_away();
        const std::lock_guard lock(mutex_);
        transactions_.cut(0);
        is_released_ = permanent;
    }
    if (const auto cleaned = returned.give_back()) {
        co_await one_shot_event::wait(cleaned);
    }
}

// The flag is set at once, so that waiting statements are refused; the connection follows when the
// running statement has finished.
void connection_state::release_later() noexcept {
    {
        const std::lock_guard lock(mutex_);
        if (is_released_) {
            return;
        }
        is_released_ = true;
    }
    if (const auto held = fifo_.try_acquire()) {
        give_back_now();
        return;
    }
    try {
        const auto& executor = engine_->connections()->executor();
        asio::co_spawn(executor, release_when_free(shared_from_this()), asio::detached);
    } catch (...) {
        // No memory for the coroutine: the destructor of the lease gives the connection back, with
        // the last handle, cursor or statement.
    }
}

awaitable<void> connection_state::release_when_free(std::shared_ptr<connection_state> self) {
    const fifo_lock lock =
        co_await self->fifo_.acquire(self->engine_->connections()->deadlines(), {});
    self->give_back_now();
}

// REQUIRES: the lock of fifo_ is held. The destructor of `returned` runs after mutex_ was released:
// locals are destroyed in reverse order.
void connection_state::give_back_now() noexcept {
    const lease returned = take_lease_away();
    const std::lock_guard lock(mutex_);
    transactions_.cut(0);
}

}  // namespace gino::detail
