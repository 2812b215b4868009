// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/session.hpp"

#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>

#include <boost/asio/this_coro.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <exception>
#include <utility>

#include "driver/guarded_timer.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// The longest duration of reset(); the connection is cut then.
constexpr auto reset_timeout = 2s;

/// Undoes the changes that hand-written SQL may have made to a session. DISCARD ALL would drop the
/// prepared statements of the cache too, and cannot run in the implicit transaction of a script.
constexpr std::string_view reset_script =
    "RESET SESSION AUTHORIZATION; RESET ALL; CLOSE ALL; UNLISTEN *; "
    "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// True for the tags of statements that change no state of the session. SELECT may have called
/// set_config(), and CREATE TABLE may have created a temporary table.
bool leaves_nothing(std::string_view tag) {
    return tag == "BEGIN" || tag == "START TRANSACTION" || tag == "COMMIT" || tag == "ROLLBACK" ||
           tag == "SAVEPOINT" || tag == "RELEASE" || tag.starts_with("INSERT ") ||
           tag.starts_with("UPDATE ") || tag.starts_with("DELETE ");
}

constexpr std::string_view no_rows_to_copy = "the client has no rows for this COPY";

/// Reads one short text of one row.
class text_sink final : public driver::row_sink {
public:
    std::string text;

private:
    void columns(
        std::span<const column_description> /*columns*/, const field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const driver::field_slice> fields) override {
        constexpr std::size_t longest = 64;
        if (!fields.empty()) {
            const std::size_t size = std::min(fields[0].size, longest);
            text.assign(reinterpret_cast<const char*>(fields[0].data), size);
        }
    }
};

}  // namespace

// Opening.

session::~session() {
    // The interrupter may outlive the session: its timer or its request may be under way.
    interrupter_->detach();
    OPENSSL_cleanse(host_.password.data(), host_.password.size());
}

awaitable<void> session::open(tls_attempt tls, std::chrono::milliseconds timeout) {
    key_ = co_await start_up(channel_, exchange_, *options_, host_, tls, *keys_, timeout);
    interrupter_->set_target(
        {.options = options_,
         .host = host_.host,
         .name = host_.name(),
         .peer = channel_.bytes().peer(),
         .is_encrypted = channel_.bytes().tls() != nullptr,
         .key = key_}
    );
    interrupter_->enter(interrupter::phase::idle);
    // Set last: during the start-up a cancellation closes the connection, because a CancelRequest
    // needs the server's BackendKeyData.
    channel_.bytes().on_cancelled([this] { return interrupter_->interrupt(); });
}

awaitable<bool> session::is_wanted(session_target wanted) {
    if (wanted == session_target::any) {
        co_return true;
    }
    std::string standby = exchange_.in_hot_standby();
    std::string read_only = exchange_.read_only_by_default();
    if (standby.empty() || read_only.empty()) {  // before PostgreSQL 14, or behind a pooler
        text_sink both;
        const driver::request question{
            .sql =
                "SELECT CASE WHEN pg_catalog.pg_is_in_recovery() THEN 'on ' ELSE 'off ' END || "
                "pg_catalog.current_setting('default_transaction_read_only')",
            .cacheable = false};
        static_cast<void>(co_await execute(question, both));
        standby = both.text.substr(0, both.text.find(' '));
        read_only = both.text.substr(both.text.find(' ') + 1);
        session_changed_ = false;
    }
    const bool is_standby = standby == "on";
    const bool is_read_only = is_standby || read_only == "on";
    switch (wanted) {
        case session_target::read_write:
            co_return !is_read_only;
        case session_target::read_only:
            co_return is_read_only;
        case session_target::primary:
            co_return !is_standby;
        case session_target::standby:
        case session_target::prefer_standby:
            co_return is_standby;
        case session_target::any:
            break;
    }
    co_return true;
}

// Calls.

void session::check_usable(asio::cancellation_type cancelled) const {
    if (cancelled != asio::cancellation_type::none) {
        throw error(errc::cancelled, "cancelled: a statement on " + description());
    }
    if (!is_open()) {
        throw connection_error(
            errc::connection_lost, "the connection to " + description() + " is closed"
        );
    }
}

// Leaves the session idle after a CancelRequest. The request has a connection of its own, so it may
// reach the server's process after the statement has ended (manual, 55.2.8), and would end the next
// one. Therefore: wait until the server has delivered it, then send a Sync and discard the answer,
// a late 57014 included.
awaitable<std::exception_ptr> session::drain_cancelled(std::exception_ptr failure) {
    co_await interrupter_->wait_until_passed_on();
    if (is_open() && !exchange_.is_waiting()) {
        try {
            response done{.kind = request_kind::round_trip};
            write_sync(done);
            co_await receive_all();
        } catch (...) {
            failure = std::current_exception();
        }
    }
    // A call that has succeeded in spite of the request returns its result. If the caller was
    // cancelled, the failure is the cancellation; after interrupt() it is the server's 57014.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (failure != nullptr && state.cancelled() != asio::cancellation_type::none) {
        failure = is_open() ? std::make_exception_ptr(error(
                                  errc::cancelled, "cancelled: a statement on " + description()
                              ))
                            : std::make_exception_ptr(connection_error(
                                  errc::cancelled,
                                  "cancelled while PostgreSQL at " + host_.name() +
                                      " was working; the connection is closed"
                              ));
    }
    co_return failure;
}

// A coroutine is destroyed in the middle of a call when its context shuts down. Its response is
// gone, and the server may be in the middle of a statement.
void session::close_if_abandoned() noexcept {
    if (is_in_call_) {
        give_up();
    }
}

// The responses are objects of coroutines that are ending: the exchange must not refer to them.
void session::give_up() noexcept {
    channel_.bytes().close();
    exchange_.abandon_all();
}

void session::end_call(bool must_close) {
    if (must_close) {
        give_up();
    }
    // With no transaction open the changes of types are committed, or lost with the connection.
    const bool is_idle = !is_open() || status() == driver::transaction_status::idle;
    if (is_idle) {
        exchange_.publish_type_changes();
    }
    // Within a transaction the caller still has to be able to roll back.
    if (is_demoted_ && is_idle) {
        channel_.bytes().close();
    }
    interrupter_->enter(interrupter::phase::idle);
    channel_.trim();
    is_in_call_ = false;
}

sansio::action session::take(const protocol::message& m) {
    const auto next = exchange_.take(m);
    if (next == sansio::action::lost) {
        channel_.lose(exchange_.lost().why, std::move(exchange_.lost().reason));
    }
    return next;
}

void session::take_arrived() {
    try {
        protocol::message m;
        while (channel_.try_next(m)) {
            static_cast<void>(take(m));
        }
    } catch (...) {
        give_up();
        throw;
    }
}

awaitable<void> session::receive_all() {
    try {
        // Without a coroutine for the usual case: the socket accepts a short statement at once.
        if (exchange_.is_waiting() && !channel_.try_flush()) {
            co_await channel_.flush();
        }
        protocol::message m;
        while (exchange_.is_waiting()) {
            while (!channel_.try_next(m)) {
                co_await channel_.fill();
            }
            if (take(m) == sansio::action::refuse_copy_in) {
                protocol::write_copy_fail(channel_.out(), no_rows_to_copy);
                co_await channel_.flush();
            }
        }
    } catch (...) {
        give_up();
        throw;
    }
}

awaitable<sansio::action> session::receive(protocol::message& m) {
    try {
        for (;;) {
            while (!channel_.try_next(m)) {
                co_await channel_.fill();
            }
            const auto next = take(m);
            if (next == sansio::action::refuse_copy_in) {
                protocol::write_copy_fail(channel_.out(), no_rows_to_copy);
                co_await channel_.flush();
            } else if (next != sansio::action::read) {
                co_return next;
            }
        }
    } catch (...) {
        give_up();
        throw;
    }
}

bool session::is_alive() noexcept {
    // Asynchronous messages may have arrived in the pool. The limit ends the loop with a server
    // that sends them without a pause.
    constexpr int most_reads = 16;
    if (is_with_demoted_host() || is_in_call_) {
        return false;
    }
    try {
        for (int reads = 0; reads < most_reads; ++reads) {
            protocol::message m;
            while (channel_.try_next(m)) {
                if (exchange_.take(m) != sansio::action::read) {
                    return false;
                }
            }
            if (channel_.bytes().is_silent()) {
                return !channel_.has_rest();
            }
            if (!is_open() || !channel_.bytes().try_fill()) {
                return false;
            }
        }
    } catch (...) {
        // The server has broken the protocol, or there is no memory.
    }
    return false;
}

// Statements.

void session::write_sync(response& to) {
    protocol::write_sync(channel_.out());
    exchange_.expect(to, sansio::sync::sent);
}

void session::write_query(std::string_view sql, response& to) {
    protocol::write_query(channel_.out(), sql);
    exchange_.expect(to, sansio::sync::sent);
}

void session::finish(response& done, std::string_view sql) {
    if (done.failure != nullptr) {
        note_failure(*done.failure);
        done.failure->statement = sql;
        throw_database_error(std::move(*done.failure));
    }
    if (done.thrown != nullptr) {
        std::rethrow_exception(done.thrown);
    }
}

awaitable<driver::command_result> session::execute(
    const driver::request& statement, driver::row_sink& sink
) {
    return in_call([this, &statement, &sink] { return run(statement, sink); });
}

awaitable<driver::command_result> session::run(
    const driver::request& statement, driver::row_sink& sink
) {
    if (options_->statements == statement_mode::simple) {
        auto done = co_await run_simple(statement, sink);
        co_return done;
    }
    // A stale statement is prepared and run once more, unless a transaction was open, which has
    // failed with it, or the sink has received rows.
    for (bool again = false;; again = true) {
        forget_changed_types();
        const bool was_idle = status() == driver::transaction_status::idle;
        // prepare() would find it as well, but is a coroutine.
        auto* prepared = find_prepared(statement);
        if (prepared == nullptr) {
            prepared = co_await prepare(statement);
        }
        response done{.prepared = prepared, .sink = &sink, .max_rows = statement.max_rows};
        write_execution(statement, *prepared, done);
        co_await receive_all();
        if (forget_if_stale(*prepared, done) && was_idle && !again && done.rows == 0) {
            continue;
        }
        // PortalSuspended takes the place of CommandComplete: there is no tag (manual, 55.2.3).
        if (done.is_suspended) {
            done.result.tag = "SELECT " + std::to_string(done.rows);
            done.result.affected_rows = done.rows;
            done.result.kind = driver::command_kind::select;
        }
        track_session_state(statement, done.result.tag);
        finish(done, statement.sql);
        co_return std::move(done.result);
    }
}

// Writes the messages of a statement and its Sync. After an exception the Close messages of evicted
// statements stay in the buffer, for the next statement; their names are forgotten already.

void session::write_execution(
    const driver::request& statement, const prepared_statement& prepared, response& to
) {
    write_evicted();
    const std::size_t before = channel_.out().size();
    try {
        write_pipelined(statement, prepared);
    } catch (const argument_error&) {
        channel_.out().cut(before);
        throw;
    }
    write_sync(to);
}

// Runs a statement by the simple protocol (manual, 55.2.2), for servers that know no other, such as
// the console of PgBouncer. It has no parameters, and all columns are text.
awaitable<driver::command_result> session::run_simple(
    const driver::request& statement, driver::row_sink& sink
) {
    if (!statement.parameters.empty()) {
        refuse_simple();
    }
    unnamed_ = {};
    unnamed_.is_text = true;
    track_read_only(statement.sql);
    response done{
        .kind = request_kind::script,
        .prepared = &unnamed_,
        .described = &unnamed_,
        .sink = &sink,
        .max_rows = statement.max_rows};
    write_query(statement.sql, done);
    co_await receive_all();
    if (statement.max_rows != 0 && done.rows > statement.max_rows) {
        done.result.tag = "SELECT " + std::to_string(statement.max_rows);
        done.result.affected_rows = statement.max_rows;
    }
    track_session_state(statement, done.result.tag);
    finish(done, statement.sql);
    co_return std::move(done.result);
}

awaitable<driver::command_result> session::execute_many(
    const driver::request& statement, std::size_t sets
) {
    // The sets are one response with several executions.
    return in_call([this, &statement, sets]() -> awaitable<driver::command_result> {
        if (sets == 0) {
            co_return driver::command_result();
        }
        driver::request first = statement;
        first.parameters = statement.parameters.first(statement.parameters.size() / sets);
        for (bool again = false;; again = true) {
            forget_changed_types();
            const bool was_idle = status() == driver::transaction_status::idle;
            auto* prepared = co_await prepare(first);
            response done{.prepared = prepared, .executions = sets};
            co_await send_sets(statement, sets, *prepared, done);
            co_await receive_all();
            if (forget_if_stale(*prepared, done) && was_idle && !again) {
                continue;
            }
            track_session_state(statement, done.result.tag);
            finish(done, statement.sql);
            co_return std::move(done.result);
        }
    });
}

awaitable<void> session::send_sets(
    const driver::request& statement,
    std::size_t sets,
    const prepared_statement& prepared,
    response& to
) {
    write_evicted();
    const auto all = statement.parameters;
    const std::size_t width = all.size() / sets;
    const std::size_t before = channel_.out().size();
    bool has_sent = false;
    driver::request set = statement;
    set.parameters = all.first(width);
    write_parse_if_unnamed(set, prepared);
    for (std::size_t i = 0; i < sets; ++i) {
        set.parameters = all.subspan(i * width, width);
        write_set(set, prepared, before, has_sent);
        if (channel_.out().size() > write_ahead) {
            has_sent = true;
            co_await channel_.flush();
        }
    }
    // One Sync: the server rolls back all sets if one fails (manual, 55.2.3). expect() comes last,
    // so that no response is outstanding if a set cannot be sent.
    write_sync(to);
}

// Writes one of several sets. If it cannot be encoded, the sets before it must not be stored
// either: they are removed from the buffer, or the connection is closed if some were sent.
void session::write_set(
    const driver::request& set,
    const prepared_statement& prepared,
    std::size_t before,
    bool has_sent
) {
    try {
        write_bind("", prepared, set.sql, set.parameters);
        protocol::write_execute(channel_.out(), "", 0);
    } catch (...) {
        if (has_sent) {
            // The implicit transaction has no Sync: the server rolls it back at the end of the
            // connection.
            channel_.bytes().close();
        } else {
            channel_.out().cut(before);
        }
        throw;
    }
}

awaitable<void> session::execute_script(std::string_view sql) {
    return in_call([this, sql] {
        session_changed_ = true;
        track_read_only(sql);
        return run_script(sql);
    });
}

awaitable<void> session::run_script(std::string_view sql) {
    response done{.kind = request_kind::script};
    write_query(sql, done);
    co_await receive_all();
    finish(done, sql);
}

// Changes that hand-written SQL makes to the session.

// Notes a statement whose changes reset() has to undo.
void session::track_session_state(const driver::request& statement, std::string_view tag) {
    session_changed_ = session_changed_ || (!statement.cacheable && !leaves_nothing(tag));
}

void session::note_failure(const error_fields& failure) {
    if (shows_demotion(failure) && !is_demoted_) {
        is_demoted_ = true;
        demoted_->note(host_.name());
    }
}

// True when the server has refused to write although the program did not request a standby or a
// read-only transaction (docs/decisions/0034).
bool session::shows_demotion(const error_fields& failure) const {
    const auto target = options_->target;
    const bool wants_standby = target == session_target::read_only ||
                               target == session_target::standby ||
                               target == session_target::prefer_standby;
    if (failure.sqlstate != sqlstate::read_only_sql_transaction || wants_standby || reads_only_ ||
        transaction_reads_only_) {
        return false;
    }
    // A server that reports in_hot_standby=off is a primary: default_transaction_read_only is the
    // reason for its refusal.
    return exchange_.in_hot_standby() != "off" ||
           (target == session_target::read_write && exchange_.read_only_by_default() == "on");
}

bool session::is_with_demoted_host() const noexcept {
    return is_demoted_ || (demoted_->has_any() && demoted_->times(host_.name()) != demotions_);
}

// Notes hand-written SQL that makes a transaction, or all transactions of the session, read-only:
// BEGIN READ ONLY, SET TRANSACTION READ ONLY, SET default_transaction_read_only. Only the first
// statement of a text is read, without a parser: an error there costs or keeps a connection.
void session::track_read_only(std::string_view sql) {
    const auto upper = [](char c) {
        return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
    };
    const auto same = [upper](char a, char b) { return upper(a) == upper(b); };
    const auto says = [&](std::string_view words) {
        return !std::ranges::search(sql, words, same).empty();
    };
    const auto begins_with = [&](std::string_view word) {
        return std::ranges::equal(sql.substr(0, word.size()), word, same);
    };
    sql.remove_prefix(std::min(sql.find_first_not_of(" \t\r\n"), sql.size()));
    if (begins_with("BEGIN") || begins_with("START")) {
        transaction_reads_only_ = says("READ ONLY");
    } else if (begins_with("SET")) {
        reads_only_ = reads_only_ || says("READ ONLY") || says("READ_ONLY");
    }
}

// Notifications.

void session::on_notification(driver::notification_callback callback) {
    exchange_.on_notification(std::move(callback));
}

awaitable<bool> session::wait_for_notification(std::chrono::milliseconds at_most) {
    // Not in_call(): no statement runs, so there is nothing that a CancelRequest could end, and the
    // connection stays open after the deadline and after a cancellation.
    const std::uint64_t before = exchange_.notifications();
    const auto end = std::chrono::steady_clock::now() + at_most;
    for (bool is_late = false;; is_late = std::chrono::steady_clock::now() >= end) {
        // Also between two reads: a server that sends notices without a pause never lets one wait.
        const auto state = co_await asio::this_coro::cancellation_state;
        close_if_abandoned();
        check_usable(state.cancelled());
        take_arrived();
        if (exchange_.notifications() != before) {
            co_return true;
        }
        if (is_late) {
            co_return false;
        }
        const bool has_come = co_await channel_.bytes().fill_until(end);
        if (!has_come) {
            co_return false;
        }
    }
}

// Ending.

awaitable<void> session::reset() {
    if (is_clean()) {
        co_return;
    }
    close_if_abandoned();
    check_usable(asio::cancellation_type::none);
    is_in_call_ = true;
    // closing: interrupt() cuts the connection, because the caller waits for no result.
    interrupter_->enter(interrupter::phase::closing);
    const auto executor = co_await asio::this_coro::executor;
    const auto end = std::chrono::steady_clock::now() + reset_timeout;
    const detail::guarded_timer deadline(executor, end, [this] { channel_.bytes().interrupt(); });
    if (status() != driver::transaction_status::idle) {
        co_await run_script("ROLLBACK");
    }
    // With unnamed statements a pooler may be in between: the script could reach another server's
    // session, and the pooler resets its sessions itself.
    if (session_changed_ && options_->statements == statement_mode::named) {
        co_await run_script(reset_script);
    }
    session_changed_ = reads_only_ = transaction_reads_only_ = false;
    interrupter_->enter(interrupter::phase::idle);
    is_in_call_ = false;
}

awaitable<void> session::close() {
    if (is_open()) {
        interrupter_->enter(interrupter::phase::closing);
        try {
            protocol::write_terminate(channel_.out());
            co_await channel_.flush();
        } catch (const gino::error&) {
            // Terminate is a courtesy to the server's log: the connection is closed without it too.
        }
        channel_.bytes().close();
    }
}

}  // namespace gino::postgresql
