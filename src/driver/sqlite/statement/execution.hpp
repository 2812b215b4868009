// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <atomic>
#include <cstddef>
#include <cstdint>
#include <memory>

#include "driver/sqlite/codec/row_batch.hpp"
#include "driver/sqlite/functions/functions.hpp"
#include "driver/sqlite/statement/statement.hpp"

namespace gino::sqlite {

/// A running statement, from its first step to its last.
///
/// Thread safety: the worker's thread steps the statement during a job; the caller's thread reads
/// `batch`, `columns`, `result` and `is_done` between two jobs. `abandoned` is for any thread, at
/// any time.
struct execution {
    /// True when the remaining rows will not be read; the worker ends the statement before its next
    /// job.
    std::atomic<bool> abandoned = false;

    bool is_done = true;  ///< There are no more rows; `prepared` is null.
    std::shared_ptr<const statement::column_list> columns;  ///< Null: it returns no rows.
    row_batch batch;                                        ///< Rows that the sink has not seen.
    driver::command_result result;                          ///< Valid when `is_done`.

    // Used by the worker's thread only.
    statement* prepared = nullptr;     ///< In the cache, or `owned`; null when `is_done`.
    std::unique_ptr<statement> owned;  ///< A statement that is not in the cache.
    std::uint64_t rows = 0;            ///< Read so far.
    std::uint64_t max_rows = 0;        ///< 0: all.
    bool began_in_transaction = false;
    bool is_cursor = false;  ///< Counted by the interrupter.
    statement_clock clock;
};

/// The largest amount that one job of the worker reads.
struct batch_limit {
    /// A job ends with the row that reaches this many bytes. A large result therefore needs little
    /// memory, and SQLite waits for a slow sink.
    static constexpr std::size_t bytes = 1'048'576;

    std::size_t rows = SIZE_MAX;
};

}  // namespace gino::sqlite
