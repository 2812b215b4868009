// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

#include <sqlite3.h>

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "driver/sqlite/codec/row_batch.hpp"
#include "driver/sqlite/fault.hpp"
#include "driver/sqlite/statement/statement_text.hpp"

namespace gino::sqlite {

/// A prepared statement and what is known about it.
///
/// Thread safety: its session's worker only, except `columns()`.
class statement {
public:
    using column_list = std::vector<column_description>;

    /// Prepares the first statement of a text.
    ///
    /// @param persistent  It will be kept: SQLite allocates differently.
    /// @param rest        Set to what stands behind it.
    /// @param into        Set to the statement; null for a text without one.
    [[nodiscard]] static outcome prepare(
        sqlite3* database,
        std::string_view sql,
        bool persistent,
        std::string_view& rest,
        std::unique_ptr<statement>& into
    );

    [[nodiscard]] sqlite3_stmt* handle() const noexcept { return handle_.get(); }

    /// Its text, with the blanks and comments behind it.
    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }

    [[nodiscard]] const statement_words& words() const noexcept { return words_; }

    /// It returns rows, be it none.
    [[nodiscard]] bool has_columns() const noexcept {
        return sqlite3_column_count(handle_.get()) > 0;
    }

    [[nodiscard]] bool is_read_only() const noexcept {
        return sqlite3_stmt_readonly(handle_.get()) != 0;
    }

    /// The columns as of the last preparation. SQLite prepares a statement anew by itself when the
    /// schema has changed, in its first step.
    [[nodiscard]] std::shared_ptr<const column_list> columns();

    /// Copies the row that the last step has found.
    ///
    /// @return  False: no memory.
    [[nodiscard]] bool copy_row(const column_list& columns, row_batch& into) const;

    /// Makes it as it was when it was new. What it did not finish is given up.
    void reset() noexcept;

    bool in_use = false;  ///< By an execution; the cache does not lend it a second time.

private:
    struct finalizer {
        void operator()(sqlite3_stmt* handle) const noexcept { sqlite3_finalize(handle); }
    };

    statement(sqlite3_stmt* handle, std::string sql);

    [[nodiscard]] bool copy_field(int place, type_kind kind, row_batch& into) const;

    std::unique_ptr<sqlite3_stmt, finalizer> handle_;
    std::string sql_;
    statement_words words_;
    std::shared_ptr<const column_list> columns_;
    int prepared_anew_ = -1;  ///< How often, when `columns_` was read.
};

}  // namespace gino::sqlite
