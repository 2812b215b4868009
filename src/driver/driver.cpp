// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/sqlstate.hpp>
#include <gino/driver/driver.hpp>

#include "driver/pipeline.hpp"

namespace gino::driver {

namespace {

[[noreturn]] void throw_no_copy() {
    throw argument_error(
        errc::invalid_argument, "this database has no COPY; create_many() stores many objects"
    );
}

}  // namespace

// Runs the statements one after the other. For databases in this process, where a round trip costs
// nothing. A batch runs in a savepoint, which works within a transaction and without one.
awaitable<void> connection::execute_pipeline(std::span<pipelined> statements, pipeline_sync sync) {
    const bool is_batch = sync == pipeline_sync::batch;
    detail::forget_results(statements);
    // In autocommit mode, a savepoint begins a transaction, and its RELEASE commits it.
    if (is_batch) {
        co_await execute_script("SAVEPOINT gino_pipeline");
    }
    std::exception_ptr thrown;  // an argument_error: a batch rolls back before it is thrown
    bool has_failed = false;
    for (auto& one : statements) {
        if (has_failed && is_batch) {
            break;
        }
        detail::guarded_sink rows(one.sink);
        try {
            one.result = co_await execute(one.statement, rows);
            one.failure = rows.thrown;
        } catch (const error& e) {
            one.failure = std::current_exception();
            has_failed = true;
            // A cancelled coroutine cannot await the ROLLBACK, and a closed session has nothing to
            // roll back.
            if (!is_open() || e.code() == errc::cancelled) {
                throw;
            }
            if (is_batch && dynamic_cast<const argument_error*>(&e) != nullptr) {
                thrown = one.failure;
            }
        }
    }
    if (!is_batch) {
        co_return;
    }
    // ROLLBACK TO keeps the savepoint, so RELEASE follows in both cases.
    if (has_failed) {
        co_await execute_script("ROLLBACK TO gino_pipeline");
        detail::abort_others(statements);
    }
    co_await execute_script("RELEASE gino_pipeline");
    if (thrown != nullptr) {
        std::rethrow_exception(thrown);
    }
}

void detail::forget_results(std::span<pipelined> statements) {
    for (auto& one : statements) {
        one.result = {};
        one.failure = nullptr;
    }
}

void detail::abort_others(std::span<pipelined> batch) {
    for (auto& one : batch) {
        if (one.failure == nullptr) {
            one.result = {};
            one.failure = std::make_exception_ptr(operational_error(
                errc::transaction_aborted,
                "another statement of the same batch failed: nothing of the batch is stored"
            ));
        }
    }
}

bool detail::was_ended(const std::exception_ptr& failure) {
    try {
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    } catch (const database_error& e) {
        return e.sqlstate() == sqlstate::query_canceled;
    } catch (...) {
        // The exception of a sink.
    }
    return false;
}

awaitable<command_result> connection::copy_in(std::string_view /*sql*/, copy_source& /*from*/) {
    throw_no_copy();
}

awaitable<command_result> connection::copy_out(std::string_view /*sql*/, copy_sink& /*to*/) {
    throw_no_copy();
}

awaitable<command_result> connection::copy_rows_in(
    std::string_view /*sql*/, std::span<const sql_type> /*types*/, row_source& /*from*/
) {
    throw_no_copy();
}

awaitable<command_result> connection::copy_rows_out(
    std::string_view /*sql*/,
    std::span<const sql_type> /*types*/,
    std::span<const std::string> /*names*/,
    row_sink& /*sink*/
) {
    throw_no_copy();
}

awaitable<void> connection::backup(
    const std::string& /*to_file*/, const backup_callback& /*progress*/
) {
    throw argument_error(
        errc::invalid_argument,
        "this database is no file that could be copied; PostgreSQL's is backed up by pg_dump or "
        "pg_basebackup"
    );
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): drivers that override it move it
void connection::on_notification(notification_callback /*callback*/) {}

awaitable<bool> connection::wait_for_notification(std::chrono::milliseconds /*at_most*/) {
    throw argument_error(errc::invalid_argument, "this database has no LISTEN and NOTIFY");
}

// NOLINTNEXTLINE(performance-unnecessary-value-param): drivers that override it keep it
void driver::on_password(password_callback /*callback*/) {
    throw argument_error(
        errc::invalid_option,
        "engine_options::password is for databases that ask for one; this one does not"
    );
}

}  // namespace gino::driver
