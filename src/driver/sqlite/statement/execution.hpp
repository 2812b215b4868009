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

/// One statement under way, from its first step to its last.
///
/// It is handed to and fro between the worker's thread, which steps, and the caller's, which reads
/// `batch`, `columns` and `result` while no job is under way. Only `abandoned` is for both.
struct execution {
    /// Gives up the rest; the worker sees to it before its next job.
    std::atomic<bool> abandoned = false;

    bool is_done = true;  ///< There are no more rows; the statement is given back.
    std::shared_ptr<const statement::column_list> columns;  ///< Null: it returns no rows.
    row_batch batch;                                        ///< Rows that the sink has not seen.
    driver::command_result result;                          ///< Right when it is done.

    // The worker's.
    statement* prepared = nullptr;     ///< In the cache, or `owned`.
    std::unique_ptr<statement> owned;  ///< Not in the cache.
    std::uint64_t rows = 0;            ///< Found so far.
    std::uint64_t max_rows = 0;        ///< 0: all.
    bool began_in_transaction = false;
    bool is_cursor = false;
    statement_clock clock;
};

/// How much one job of the worker reads.
struct batch_limit {
    /// A job ends with the row that fills this many bytes, so that a large result needs little
    /// memory and a sink that is slow holds up SQLite.
    static constexpr std::size_t bytes = 1'048'576;

    std::size_t rows = SIZE_MAX;
};

}  // namespace gino::sqlite
