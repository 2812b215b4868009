// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/session.hpp"

#include <gino/core/error.hpp>
#include <gino/core/sqlstate.hpp>

#include <boost/asio/this_coro.hpp>
#include <openssl/crypto.h>

#include <algorithm>
#include <exception>
#include <optional>
#include <utility>

#include "driver/guarded_timer.hpp"
#include "driver/postgresql/codec/decoder.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;

namespace {

/// How long reset() may take before the connection is given up.
constexpr auto reset_patience = 2s;

/// Undoes what hand-written SQL may have left in a session, and keeps its prepared statements.
constexpr std::string_view reset_script =
    "RESET SESSION AUTHORIZATION; RESET ALL; CLOSE ALL; UNLISTEN *; "
    "SELECT pg_advisory_unlock_all(); DISCARD TEMP; DISCARD SEQUENCES";

/// Not CREATE TABLE: it may be a temporary one.
bool leaves_nothing(std::string_view tag) {
    return tag == "BEGIN" || tag == "START TRANSACTION" || tag == "COMMIT" || tag == "ROLLBACK" ||
           tag == "SAVEPOINT" || tag == "RELEASE" || tag.starts_with("INSERT ") ||
           tag.starts_with("UPDATE ") || tag.starts_with("DELETE ");
}

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
    canceller_->detach();
    OPENSSL_cleanse(host_.password.data(), host_.password.size());
}

awaitable<void> session::open(tls_attempt tls, std::chrono::milliseconds timeout) {
    key_ = co_await start_up(channel_, *options_, host_, tls, *keys_, timeout);
    canceller_->set_target(
        {.options = options_,
         .host = host_,
         .peer = channel_.bytes().peer(),
         .is_encrypted = channel_.bytes().tls() != nullptr,
         .key = key_}
    );
    canceller_->enter(canceller::phase::idle);
    channel_.bytes().on_cancelled([this] { return canceller_->request(); });
}

awaitable<bool> session::is_wanted(session_target wanted) {
    if (wanted == session_target::any) {
        co_return true;
    }
    std::string standby = channel_.in_hot_standby();
    std::string read_only = channel_.read_only_by_default();
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

awaitable<std::exception_ptr> session::come_to_rest(std::exception_ptr failure) {
    co_await canceller_->settle();
    if (is_open()) {
        try {
            co_await channel_.synchronize();
        } catch (...) {
            failure = std::current_exception();
        }
    }
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

// Statements.

awaitable<void> session::check() {
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        throw error(errc::cancelled, "cancelled: a statement on " + description());
    }
    if (!channel_.bytes().is_open()) {
        throw connection_error(
            errc::connection_lost, "the connection to " + description() + " is closed"
        );
    }
}

void session::give_row(
    const protocol::message& m,
    const prepared_statement& prepared,
    driver::row_sink& sink,
    bool is_first,
    std::exception_ptr& thrown
) {
    fields_.resize(prepared.columns.size());
    if (!protocol::read_data_row(m.body, fields_)) {
        channel_.bytes().fail_protocol("a malformed DataRow");
    }
    try {
        if (is_first) {
            sink.columns(prepared.columns, codec::decoder());
        }
        if (prepared.is_text) {
            text_rows_.make_binary(fields_, prepared.columns);
        }
        sink.row(fields_);
    } catch (...) {
        thrown = std::current_exception();
    }
}

// A sink is told of the columns of a result without rows too.
void session::give_no_rows(
    const prepared_statement& prepared, driver::row_sink& sink, std::exception_ptr& thrown
) {
    if (prepared.columns.empty()) {
        return;
    }
    try {
        sink.columns(prepared.columns, codec::decoder());
    } catch (...) {
        thrown = std::current_exception();
    }
}

// Of the simple protocol: the columns of the result that begins.
void session::describe_simple(const protocol::message& m, outcome& done) {
    if (!unnamed_.columns.empty()) {
        done.thrown = std::make_exception_ptr(argument_error(
            errc::invalid_argument, "a text has several statements with rows; run one at a time"
        ));
        return;
    }
    describe_columns(m, unnamed_);
}

// The rows that a sink keeps are bounded by what its caller has asked for, whatever a server sends.
void session::check_count(std::uint64_t rows, std::uint32_t max_rows) {
    if (max_rows != 0 && rows > max_rows) {
        channel_.bytes().fail_protocol(
            "more rows than the " + std::to_string(max_rows) + " that were asked for"
        );
    }
}

// Reads up to ReadyForQuery. An exception of the sink does not stop the reading.
awaitable<session::outcome> session::read_result(
    const prepared_statement* prepared, driver::row_sink* sink, std::uint32_t max_rows
) {
    outcome done;
    const bool is_wanted = prepared != nullptr && sink != nullptr;
    const bool is_extended = is_wanted && !prepared->is_text;
    protocol::message m;
    for (;;) {
        while (!channel_.try_next(m)) {
            co_await channel_.fill();
        }
        switch (m.type) {
            case 'D':
                if (is_extended && done.is_answered) {
                    channel_.fail_unexpected(m, "the end of a statement");
                }
                ++done.rows;
                if (is_extended) {
                    check_count(done.rows, max_rows);
                }
                // The simple protocol cannot ask for fewer rows than there are.
                if (is_wanted && done.thrown == nullptr &&
                    (max_rows == 0 || done.rows <= max_rows)) {
                    give_row(
                        m,
                        done.reshaped ? *done.reshaped : *prepared,
                        *sink,
                        done.rows == 1,
                        done.thrown
                    );
                }
                break;
            case 'C': {
                driver::command_result one;
                take_command_complete(m, one);
                one.affected_rows += done.result.affected_rows;
                done.result = std::move(one);
                done.is_answered = true;
                break;
            }
            case 'E':
                done.failure = error_of(m);
                break;
            case 's':
                done.suspended = true;
                done.is_answered = true;
                break;
            case 'Z':
                channel_.handle_ready(m);
                if (prepared != nullptr && !done.is_answered && !done.failure) {
                    channel_.fail_unexpected(m, "a statement");
                }
                if (is_wanted && done.rows == 0 && !done.failure) {
                    give_no_rows(done.reshaped ? *done.reshaped : *prepared, *sink, done.thrown);
                }
                co_return done;
            case 'T':  // RowDescription, of the simple protocol or an unnamed statement
                if (is_extended && (!prepared->name.empty() || done.rows > 0 || done.reshaped)) {
                    channel_.fail_unexpected(m, "a statement");
                }
                if (is_extended) {
                    take_description(m, *prepared, done);
                } else if (is_wanted) {
                    describe_simple(m, done);
                }
                break;
            case '1':  // ParseComplete
            case '2':  // BindComplete
            case '3':  // CloseComplete
            case 'n':  // NoData
                break;
            case 'I':  // EmptyQueryResponse
                done.is_answered = true;
                break;
            case 'G':  // CopyInResponse
            case 'H':  // CopyOutResponse
                refuse_copy();
            default:
                channel_.fail_unexpected(m, "a statement");
        }
    }
}

void session::throw_if_failed(std::optional<error_fields> failure, std::string_view sql) {
    if (failure) {
        failure->statement = sql;
        throw_database_error(std::move(*failure));
    }
}

void session::finish(outcome& done, std::string_view sql) {
    throw_if_failed(std::move(done.failure), sql);
    if (done.thrown != nullptr) {
        std::rethrow_exception(done.thrown);
    }
}

awaitable<driver::command_result> session::execute(
    const driver::request& statement, driver::row_sink& sink
) {
    return in_call(execute_now(statement, sink));
}

awaitable<driver::command_result> session::execute_now(
    const driver::request& statement, driver::row_sink& sink
) {
    if (options_->statements == statement_mode::simple) {
        auto done = co_await execute_simple(statement, sink);
        co_return done;
    }
    for (bool again = false;; again = true) {
        forget_changed_types();
        const bool was_idle = status() == driver::transaction_status::idle;
        auto* prepared = find_prepared(statement);
        if (prepared == nullptr) {
            prepared = co_await prepare(statement);
        }
        outcome done = co_await run_prepared(statement, *prepared, sink);
        if (done.reshaped) {
            forget(*prepared);
        }
        if (forget_if_stale(*prepared, done) && was_idle && !again && done.rows == 0) {
            continue;
        }
        if (done.suspended) {
            done.result.tag = "SELECT " + std::to_string(done.rows);
            done.result.affected_rows = done.rows;
        }
        track_session_state(statement, done.result.tag);
        finish(done, statement.sql);
        co_return std::move(done.result);
    }
}

awaitable<session::outcome> session::run_prepared(
    const driver::request& statement, const prepared_statement& prepared, driver::row_sink& sink
) {
    if (!statement.cacheable) {
        note_read_only(statement.sql);
    }
    write_evicted();
    const std::size_t before = channel_.out().size();
    try {
        write_parse_if_unnamed(statement, prepared);
        write_bind("", prepared, statement.sql, statement.parameters);
    } catch (const argument_error&) {
        channel_.out().cut(before);
        throw;
    }
    if (prepared.name.empty()) {
        protocol::write_describe_portal(channel_.out(), "");
    }
    protocol::write_execute(channel_.out(), "", statement.max_rows);
    channel_.write_sync();
    co_await channel_.flush();
    outcome done = co_await read_result(&prepared, &sink, statement.max_rows);
    co_return done;
}

error_fields session::error_of(const protocol::message& m) {
    error_fields failure = channel_.error_of(m);
    if (shows_demotion(failure) && !is_demoted_) {
        is_demoted_ = true;
        demoted_->note(host_.name());
    }
    return failure;
}

// The server has refused to write, and nobody had asked it to.
bool session::shows_demotion(const error_fields& failure) const {
    const auto target = options_->target;
    const bool wants_standby = target == session_target::read_only ||
                               target == session_target::standby ||
                               target == session_target::prefer_standby;
    if (failure.sqlstate != sqlstate::read_only_sql_transaction || wants_standby || reads_only_ ||
        transaction_reads_only_) {
        return false;
    }
    // A primary refuses to write when its settings say so.
    return channel_.in_hot_standby() != "off" ||
           (target == session_target::read_write && channel_.read_only_by_default() == "on");
}

bool session::is_with_demoted_host() const noexcept {
    return is_demoted_ || (demoted_->has_any() && demoted_->times(host_.name()) != demotions_);
}

// Hand-written SQL that asks for a transaction, or all of them, to be read-only: BEGIN READ ONLY,
// SET TRANSACTION READ ONLY, SET default_transaction_read_only.
void session::note_read_only(std::string_view sql) {
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

// Hand-written SQL may have left something in the session, for reset() to undo.
void session::track_session_state(const driver::request& statement, std::string_view tag) {
    session_changed_ = session_changed_ || (!statement.cacheable && !leaves_nothing(tag));
}

// COPY was sent as if it were any other statement, and the server waits for rows, or sends them.
void session::refuse_copy() {
    channel_.bytes().close();
    throw argument_error(
        errc::invalid_argument,
        "COPY ... FROM STDIN and TO STDOUT have calls of their own, copy_in() and copy_out(); the "
        "connection is closed"
    );
}

// What knows no other protocol, such as the console of a pooler, has no parameters.
awaitable<driver::command_result> session::execute_simple(
    const driver::request& statement, driver::row_sink& sink
) {
    if (!statement.parameters.empty()) {
        refuse_simple();
    }
    unnamed_ = {};
    unnamed_.is_text = true;
    note_read_only(statement.sql);
    channel_.write_query(statement.sql);
    co_await channel_.flush();
    outcome done = co_await read_result(&unnamed_, &sink, statement.max_rows);
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
    return in_call(execute_many_now(statement, sets));
}

awaitable<driver::command_result> session::execute_many_now(
    const driver::request& statement, std::size_t sets
) {
    if (sets == 0) {
        co_return driver::command_result{};
    }
    driver::request first = statement;
    first.parameters = statement.parameters.first(statement.parameters.size() / sets);
    for (bool again = false;; again = true) {
        forget_changed_types();
        const bool was_idle = status() == driver::transaction_status::idle;
        auto* prepared = co_await prepare(first);
        co_await send_sets(statement, sets, *prepared);
        outcome done = co_await read_result(nullptr, nullptr);
        if (forget_if_stale(*prepared, done) && was_idle && !again) {
            continue;
        }
        track_session_state(statement, done.result.tag);
        finish(done, statement.sql);
        co_return std::move(done.result);
    }
}

awaitable<void> session::send_sets(
    const driver::request& statement, std::size_t sets, const prepared_statement& prepared
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
    // One Sync: the server undoes all of them if one fails (manual, 55.2.3).
    channel_.write_sync();
    co_await channel_.flush();
}

// One of several sets. If it cannot be sent, those in front of it must not be done either.
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
            // The server waits for a Sync that never comes, and undoes them.
            channel_.bytes().close();
        } else {
            channel_.out().cut(before);
        }
        throw;
    }
}

awaitable<session::outcome> session::run_script(std::string_view sql) {
    channel_.write_query(sql);
    co_await channel_.flush();
    outcome done = co_await read_result(nullptr, nullptr);
    co_return done;
}

awaitable<void> session::execute_script(std::string_view sql) {
    static_cast<void>(co_await in_call(execute_script_now(sql)));
}

awaitable<session::outcome> session::execute_script_now(std::string_view sql) {
    session_changed_ = true;
    note_read_only(sql);
    outcome done = co_await run_script(sql);
    finish(done, sql);
    co_return done;
}

void session::on_notification(driver::notification_callback callback) {
    channel_.on_notification([this, callback = std::move(callback)](const auto& received) {
        ++notifications_;
        callback(received);
    });
}

awaitable<bool> session::wait_for_notification(std::chrono::milliseconds at_most) {
    co_await check();
    const std::uint64_t before = notifications_;
    const auto end = std::chrono::steady_clock::now() + at_most;
    for (;;) {
        protocol::message m;
        if (channel_.try_next(m)) {
            if (m.type == 'E') {  // a goodbye
                channel_.bytes().fail_with(channel_.refusal_of(m));
            }
            channel_.fail_unexpected(m, "the wait for a notification");
        }
        if (notifications_ != before) {
            co_return true;
        }
        const bool has_come = co_await channel_.bytes().fill_until(end);
        if (!has_come) {
            co_return false;
        }
    }
}

awaitable<void> session::reset() {
    if (is_clean()) {
        co_return;
    }
    canceller_->enter(canceller::phase::winding_up);
    const auto executor = co_await asio::this_coro::executor;
    const auto end = std::chrono::steady_clock::now() + reset_patience;
    const detail::guarded_timer deadline(executor, end, [this] { channel_.bytes().interrupt(); });
    if (status() != driver::transaction_status::idle) {
        outcome done = co_await run_script("ROLLBACK");
        finish(done, "ROLLBACK");
    }
    // Behind a pooler the next transaction may be another server's: it resets them itself.
    if (session_changed_ && options_->statements == statement_mode::named) {
        outcome done = co_await run_script(reset_script);
        finish(done, reset_script);
    }
    session_changed_ = reads_only_ = transaction_reads_only_ = false;
    canceller_->enter(canceller::phase::idle);
}

awaitable<void> session::close() {
    if (is_open()) {
        canceller_->enter(canceller::phase::winding_up);
        try {
            protocol::write_terminate(channel_.out());
            co_await channel_.flush();
        } catch (const gino::error&) {
            // It is closed all the same.
        }
        channel_.bytes().close();
    }
}

}  // namespace gino::postgresql
