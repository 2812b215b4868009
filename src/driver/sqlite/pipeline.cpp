// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/pipeline.hpp"

#include <gino/core/error.hpp>

#include <exception>

#include "driver/pipeline.hpp"

namespace gino::sqlite {

awaitable<void> run_pipeline(
    driver::connection& on, std::span<driver::pipelined> statements, driver::pipeline_sync sync
) {
    const bool is_batch = sync == driver::pipeline_sync::batch;
    driver::detail::forget_results(statements);
    // In autocommit mode, a savepoint begins a transaction, and its RELEASE commits it.
    if (is_batch) {
        co_await on.execute_script("SAVEPOINT gino_pipeline");
    }
    std::exception_ptr thrown;  // an argument_error: a batch rolls back before it is thrown
    bool has_failed = false;
    for (auto& one : statements) {
        if (has_failed && is_batch) {
            break;
        }
        driver::detail::guarded_sink rows(one.sink);
        try {
            one.result = co_await on.execute(one.statement, rows);
            one.failure = rows.thrown;
        } catch (const error& e) {
            one.failure = std::current_exception();
            has_failed = true;
            // A cancelled coroutine cannot await the ROLLBACK, and a closed session has nothing to
            // roll back.
            if (!on.is_open() || e.code() == errc::cancelled) {
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
        co_await on.execute_script("ROLLBACK TO gino_pipeline");
        driver::detail::abort_others(statements);
    }
    co_await on.execute_script("RELEASE gino_pipeline");
    if (thrown != nullptr) {
        std::rethrow_exception(thrown);
    }
}

}  // namespace gino::sqlite
