// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/session.hpp"

#include <gino/core/sqlstate.hpp>

#include <algorithm>
#include <utility>

#include "driver/sqlite/codec/binding.hpp"

namespace gino::sqlite {

namespace {

fault closed_session() {
    fault why;
    why.from = fault::origin::closed;
    why.code = errc::closed;
    why.message = "cannot use the SQLite session: it is closed";
    return why;
}

fault failed_transaction(std::string_view sql) {
    fault why;
    why.fields.sqlstate = sqlstate::in_failed_sql_transaction;
    why.fields.severity = "ERROR";
    why.fields.message = "SQLite has rolled the transaction back after an error";
    why.fields.hint = "it takes nothing but ROLLBACK; look for the error before this one";
    why.fields.statement = sql;
    return why;
}

}  // namespace

session::session(std::shared_ptr<const database_location> where, interrupter& by) noexcept
    : where_(std::move(where)), interrupter_(by), cache_(where_->options.statement_cache_size) {}

session::~session() {
    close();
}

// One statement.

// Finds the statement in the cache, or prepares it. A statement that the cache does not keep is
// owned by the execution.
outcome session::prepare(const driver::request& what, execution& run) {
    run.prepared = what.cacheable ? cache_.find(what.sql) : nullptr;
    if (run.prepared != nullptr) {
        run.prepared->in_use = true;
        return {};
    }
    std::string_view rest = what.sql;
    std::unique_ptr<statement> fresh;
    // sqlite3_prepare_v3() compiles the first statement of a text only ("Compiling An SQL
    // Statement"), and a leading semicolon is an empty one.
    while (fresh == nullptr && !is_empty_text(rest)) {
        const std::string_view text = rest;
        if (auto wrong = statement::prepare(database_, text, what.cacheable, rest, fresh)) {
            return wrong;
        }
    }
    if (!is_empty_text(rest)) {
        return bad_argument(
            errc::invalid_argument,
            "cannot run the text: there is a second statement behind the first; run them one by "
            "one, or as a script (execute_script); text: " +
                std::string(what.sql)
        );
    }
    run.prepared = fresh.get();
    if (fresh != nullptr && !(what.cacheable && cache_.keep(fresh))) {
        run.owned = std::move(fresh);
    }
    if (run.prepared != nullptr) {
        run.prepared->in_use = true;
    }
    return {};
}

outcome session::start(const driver::request& what, execution& run, bound_lifetime lifetime) {
    if (!is_open_) {
        return closed_session();
    }
    // An earlier statement that was not read to its end would keep its lock.
    end(run);
    run.abandoned = false;
    run.columns = nullptr;
    run.batch.clear();
    run.result = {};
    run.rows = 0;
    run.max_rows = what.max_rows;
    run.began_in_transaction = is_in_transaction();
    run.clock.begin_statement();
    if (auto wrong = prepare(what, run)) {
        return failed(run, std::move(*wrong));
    }
    if (run.prepared == nullptr) {
        return {};  // the text has only comments
    }
    run.is_done = false;
    bool is_answered = false;
    if (auto wrong = check_transaction(*run.prepared, is_answered)) {
        return failed(run, std::move(*wrong));
    }
    if (is_answered) {
        end(run);
        run.result.tag = "ROLLBACK";
        run.result.kind = driver::command_kind::rollback;
        return {};
    }
    if (auto wrong = bind(run.prepared->handle(), what.parameters, lifetime)) {
        return failed(run, std::move(*wrong));
    }
    return {};
}

outcome session::begin(const driver::request& statement, execution& run, batch_limit limit) {
    if (auto wrong = start(statement, run, bound_lifetime::statement)) {
        return wrong;
    }
    return resume(run, limit);
}

outcome session::resume(execution& run, batch_limit limit) {
    if (!is_open_) {
        return closed_session();
    }
    run.batch.clear();
    if (run.is_done) {
        return {};
    }
    clock_ = &run.clock;
    auto wrong = step(run, limit);
    clock_ = &idle_clock_;
    return wrong;
}

outcome session::step(execution& run, batch_limit limit) {
    statement& what = *run.prepared;
    while (true) {
        // sqlite3_interrupt() has no effect while no statement runs, so the flag is read as well.
        if (interrupter_.is_requested()) {
            return failed(run, interrupted(what.sql()));
        }
        const int code = sqlite3_step(what.handle());
        // The columns are read after the first step: it prepares the statement anew when the schema
        // has changed.
        if (run.columns == nullptr && (code == SQLITE_ROW || code == SQLITE_DONE) &&
            what.has_columns()) {
            run.columns = what.columns();
        }
        if (code == SQLITE_DONE) {
            complete(run);
            return {};
        }
        if (code != SQLITE_ROW) {
            return failed(run, step_error(code, what));
        }
        if (!what.copy_row(*run.columns, run.batch)) {
            return failed(run, describe_error(database_, SQLITE_NOMEM, what.sql()));
        }
        if (++run.rows == run.max_rows) {
            return finish_change(run);
        }
        if (run.batch.rows() >= limit.rows || run.batch.size() >= batch_limit::bytes) {
            return {};
        }
    }
}

// Ends an execution that has returned `max_rows` rows. A statement that writes is complete, and
// committed, only by its last step, so its remaining rows are stepped over. A query is only reset.
outcome session::finish_change(execution& run) {
    int code = SQLITE_DONE;
    if (!run.prepared->is_read_only()) {
        do {
            code = sqlite3_step(run.prepared->handle());
        } while (code == SQLITE_ROW);
    }
    if (code != SQLITE_DONE) {
        return failed(run, step_error(code, *run.prepared));
    }
    complete(run);
    return {};
}

// Fills in the result, and ends the execution.
void session::complete(execution& run) {
    const statement_words& words = run.prepared->words();
    const bool ends_transaction =
        words.verb == statement_verb::commit || words.verb == statement_verb::rollback;
    has_failed_ = has_failed_ && !ends_transaction;
    is_marked_ = is_marked_ || words.marks_session;
    // Statements other than INSERT, UPDATE and DELETE leave SQLite's count as it was ("Count The
    // Number Of Rows Modified").
    run.result.affected_rows =
        words.is_change() ? static_cast<std::uint64_t>(sqlite3_changes64(database_)) : run.rows;
    run.result.tag = complete_tag(words, run.result.affected_rows);
    run.result.kind = driver::kind_of_tag(run.result.tag);
    if (words.verb == statement_verb::insert && run.result.affected_rows > 0) {
        run.result.last_inserted_id = sqlite3_last_insert_rowid(database_);
    }
    end(run);
}

// Ends an execution, and returns its fault.
outcome session::failed(execution& run, fault why) {
    // Before end(), which gives the statement back.
    const statement_verb verb =
        run.prepared != nullptr ? run.prepared->words().verb : statement_verb::other;
    end(run);
    // Some errors roll the whole transaction back, such as SQLITE_FULL and SQLITE_IOERR (SQLite's
    // page "Transaction", "Response To Errors Within A Transaction"). SQLite is in autocommit mode
    // then and would commit each of the transaction's next statements on its own; they are refused.
    const bool ends_transaction =
        verb == statement_verb::commit || verb == statement_verb::rollback;
    if (run.began_in_transaction && !is_in_transaction() && !ends_transaction) {
        has_failed_ = true;
    }
    update_status();
    run.batch.clear();
    return why;
}

void session::end(execution& run) noexcept {
    if (run.prepared != nullptr) {
        run.prepared->reset();
        run.prepared->in_use = false;
        run.prepared = nullptr;  // dangles behind the next line, if the execution owns it
        run.owned.reset();
    }
    run.is_done = true;
    if (run.is_cursor) {
        run.is_cursor = false;
        interrupter_.count_cursors(-1);
    }
    update_status();
}

fault session::step_error(int code, const statement& what) const {
    // An interruption makes the busy handler return 0, which SQLite reports as SQLITE_BUSY.
    const bool gave_up_waiting = (code & 0xff) == SQLITE_BUSY && interrupter_.is_requested();
    if (code == SQLITE_INTERRUPT || gave_up_waiting) {
        return interrupted(what.sql());
    }
    return describe_error(database_, code, what.sql());
}

// Transactions.

// SQLite leaves autocommit mode with BEGIN or SAVEPOINT ("Test For Auto-Commit Mode").
bool session::is_in_transaction() const noexcept {
    return sqlite3_get_autocommit(database_) == 0;
}

void session::update_status() noexcept {
    if (database_ == nullptr) {
        status_ = driver::transaction_status::idle;
    } else if (has_failed_) {
        status_ = driver::transaction_status::failed;
    } else {
        status_ = is_in_transaction() ? driver::transaction_status::in_transaction
                                      : driver::transaction_status::idle;
    }
    has_cursors_ = std::any_of(cursors_.begin(), cursors_.end(), [](const auto& cursor) {
        return !cursor->is_done;
    });
}

outcome session::check_transaction(const statement& what, bool& is_answered) {
    if (!has_failed_) {
        return {};
    }
    // ROLLBACK TO is refused as well: SQLite's rollback has removed the savepoints.
    const statement_verb verb = what.words().verb;
    if (verb != statement_verb::commit && verb != statement_verb::rollback) {
        return failed_transaction(what.sql());
    }
    has_failed_ = false;
    is_answered = true;
    return {};
}

// Cursors.

outcome session::open_cursor(
    const driver::request& statement, const std::shared_ptr<execution>& run
) {
    if (auto wrong = start(statement, *run, bound_lifetime::call)) {
        return wrong;
    }
    if (!run->is_done) {
        // The session shares the execution: close() ends it although its owner still has it.
        cursors_.push_back(run);
        run->is_cursor = true;
        interrupter_.count_cursors(1);
        update_status();
    }
    return {};
}

// Runs on the worker's thread before each job: an owner that abandons an execution may be on any
// thread, where SQLite must not be called.
void session::collect() noexcept {
    if (main_.abandoned && !main_.is_done) {
        end(main_);
    }
    for (const auto& cursor : cursors_) {
        if (cursor->abandoned && !cursor->is_done) {
            end(*cursor);
        }
    }
    std::erase_if(cursors_, [](const auto& cursor) { return cursor->is_done; });
    update_status();
}

// Several statements.

outcome session::execute_many(
    const driver::request& statement, std::size_t sets, driver::command_result& result
) {
    if (!is_open_) {
        return closed_session();
    }
    end(main_);
    main_.began_in_transaction = is_in_transaction();
    if (auto wrong = prepare(statement, main_)) {
        return failed(main_, std::move(*wrong));
    }
    if (main_.prepared == nullptr || sets == 0) {
        end(main_);
        return {};
    }
    main_.is_done = false;
    if (main_.prepared->words().is_transaction_control()) {
        return failed(
            main_,
            bad_argument(
                errc::invalid_argument,
                "cannot run the statement many times: it begins or ends a transaction, and they "
                "run in one: " +
                    std::string(statement.sql)
            )
        );
    }
    bool is_answered = false;
    if (auto wrong = check_transaction(*main_.prepared, is_answered)) {
        return failed(main_, std::move(*wrong));
    }
    auto wrong = run_sets(statement, sets, result);
    if (wrong) {
        return failed(main_, std::move(*wrong));
    }
    is_marked_ = is_marked_ || main_.prepared->words().marks_session;
    end(main_);
    return {};
}

// Runs all sets in a transaction, or in a savepoint of the caller's transaction.
outcome session::run_sets(
    const driver::request& what, std::size_t sets, driver::command_result& result
) {
    const bool is_nested = main_.began_in_transaction;
    // BEGIN IMMEDIATE takes the write lock before the first set, where the busy handler can wait
    // for it; a deferred transaction that has read first may fail at its first write instead.
    const char* const start = is_nested
                                  ? "SAVEPOINT gino_execute_many"
                                  : (main_.prepared->is_read_only() ? "BEGIN" : "BEGIN IMMEDIATE");
    if (auto wrong = run_plain(start)) {
        return wrong;
    }
    outcome wrong;
    const std::size_t width = what.parameters.size() / sets;
    for (std::size_t set = 0; set < sets && !wrong; ++set) {
        wrong = run_set(what.parameters.subspan(set * width, width), result);
    }
    if (!wrong) {
        wrong = run_plain(is_nested ? "RELEASE gino_execute_many" : "COMMIT");
    }
    if (wrong && is_in_transaction()) {
        // ROLLBACK TO keeps the savepoint open ("Savepoints"), so RELEASE follows. The outcome is
        // ignored: this fails only if SQLite has rolled back already.
        static_cast<void>(run_plain(
            is_nested ? "ROLLBACK TO gino_execute_many; RELEASE gino_execute_many" : "ROLLBACK"
        ));
    }
    return wrong;
}

// Runs the statement with one set of parameters. Its rows are counted, not copied.
outcome session::run_set(
    std::span<const driver::parameter> parameters, driver::command_result& result
) {
    statement& what = *main_.prepared;
    if (auto wrong = bind(what.handle(), parameters, bound_lifetime::statement)) {
        return wrong;
    }
    std::uint64_t rows = 0;
    main_.clock.begin_statement();
    clock_ = &main_.clock;
    int code = SQLITE_ROW;
    while (code == SQLITE_ROW) {
        code = interrupter_.is_requested() ? SQLITE_INTERRUPT : sqlite3_step(what.handle());
        rows += code == SQLITE_ROW ? 1U : 0U;
    }
    clock_ = &idle_clock_;
    if (code != SQLITE_DONE) {
        fault why = step_error(code, what);
        what.reset();
        return why;
    }
    if (what.words().is_change()) {
        rows = static_cast<std::uint64_t>(sqlite3_changes64(database_));
    }
    what.reset();
    result.affected_rows += rows;
    result.tag = complete_tag(what.words(), rows);
    result.kind = driver::kind_of_tag(result.tag);
    return {};
}

outcome session::execute_script(std::string_view sql) {
    if (!is_open_) {
        return closed_session();
    }
    while (!is_empty_text(sql)) {
        if (auto wrong = run_script_statement(sql)) {
            return wrong;
        }
    }
    return {};
}

// Runs the first statement of `sql`, and removes it from `sql`.
outcome session::run_script_statement(std::string_view& sql) {
    end(main_);
    std::string_view rest;
    if (auto wrong = statement::prepare(database_, sql, false, rest, main_.owned)) {
        return wrong;
    }
    sql = rest;
    if (main_.owned == nullptr) {
        return {};
    }
    // The same state as start() makes, for a statement that is prepared already.
    main_.prepared = main_.owned.get();
    main_.prepared->in_use = true;
    main_.is_done = false;
    main_.abandoned = false;
    main_.rows = 0;
    main_.max_rows = 0;
    main_.columns = nullptr;
    main_.began_in_transaction = is_in_transaction();
    main_.clock.begin_statement();
    bool is_answered = false;
    if (auto wrong = check_transaction(*main_.prepared, is_answered)) {
        return failed(main_, std::move(*wrong));
    }
    if (is_answered) {
        end(main_);
    } else if (auto wrong = bind(main_.prepared->handle(), {}, bound_lifetime::statement)) {
        return failed(main_, std::move(*wrong));  // a script's statement has a parameter
    }
    while (!main_.is_done) {
        if (auto wrong = resume(main_)) {
            return wrong;
        }
    }
    main_.batch.clear();
    return {};
}

// Runs the session's own transaction control, outside of any execution.
outcome session::run_plain(const char* sql) {
    const int code = sqlite3_exec(database_, sql, nullptr, nullptr, nullptr);
    if (code == SQLITE_OK) {
        return {};
    }
    if (interrupter_.is_requested()) {
        return interrupted(sql);
    }
    return describe_error(database_, code, sql);
}

outcome session::begin_backup(const std::string& to_file, file_backup& into) {
    if (is_in_transaction()) {
        return bad_argument(
            errc::wrong_state, "a backup is made outside of transactions: commit or roll back first"
        );
    }
    return into.open(database_, where_->options.path, to_file);
}

outcome session::reset() {
    if (!is_open_) {
        return closed_session();
    }
    end(main_);
    for (const auto& cursor : cursors_) {
        cursor->abandoned = true;  // the next fetch() of its owner reports a closed cursor
        end(*cursor);
    }
    cursors_.clear();
    has_failed_ = false;
    outcome wrong;
    if (is_in_transaction()) {
        wrong = run_plain("ROLLBACK");
    }
    if (!wrong && is_marked_) {
        // SQLite has no command that resets every PRAGMA, detaches all databases and drops all
        // temporary tables; a new connection has none of them.
        close();
        wrong = open(where_->options.busy_timeout);
    }
    if (wrong) {
        close();
        wrong->from = fault::origin::connection;
        wrong->code = errc::connection_lost;
        wrong->message = "cannot make the SQLite session ready for its next user: " +
                         (wrong->message.empty() ? wrong->fields.message : wrong->message);
        return wrong;
    }
    update_status();
    return {};
}

}  // namespace gino::sqlite
