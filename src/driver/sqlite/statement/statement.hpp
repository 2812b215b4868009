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

/// A prepared statement of SQLite, its text, its keywords and its columns.
///
/// Thread safety: its session's worker only. The list that `columns()` returns never changes, so
/// other threads may read it.
class statement {
public:
    using column_list = std::vector<column_description>;

    /// Prepares the first statement of a text.
    ///
    /// @param persistent  The statement will be cached: SQLite takes its memory from the heap, not
    ///                    from the lookaside allocator (SQLITE_PREPARE_PERSISTENT).
    /// @param rest        Set to the text behind the statement.
    /// @param into        Set to the statement; null for a text without one.
    [[nodiscard]] static outcome prepare(
        sqlite3* database,
        std::string_view sql,
        bool persistent,
        std::string_view& rest,
        std::unique_ptr<statement>& into
    );

    [[nodiscard]] sqlite3_stmt* handle() const noexcept { return handle_.get(); }

    /// Returns its text. The last statement of a text includes the blanks and comments behind it,
    /// so that it is equal to the text by which the cache finds it.
    [[nodiscard]] const std::string& sql() const noexcept { return sql_; }

    [[nodiscard]] const statement_words& words() const noexcept { return words_; }

    /// True for a statement that returns rows, also when it returns none.
    [[nodiscard]] bool has_columns() const noexcept {
        return sqlite3_column_count(handle_.get()) > 0;
    }

    /// True for a statement that does not write to the database file. BEGIN and COMMIT count as
    /// read-only ("Determine If An SQL Statement Writes The Database").
    [[nodiscard]] bool is_read_only() const noexcept {
        return sqlite3_stmt_readonly(handle_.get()) != 0;
    }

    /// Returns the columns as of the last preparation. SQLite prepares a statement anew in its
    /// first step when the schema has changed, so the columns are read after that step.
    [[nodiscard]] std::shared_ptr<const column_list> columns();

    /// Copies the row of the last step.
    ///
    /// @return  False when SQLite had not enough memory for a field.
    [[nodiscard]] bool copy_row(const column_list& columns, row_batch& into) const;

    /// Ends the current run and forgets its parameters; the statement can be run again.
    void reset() noexcept;

    bool in_use = false;  ///< By an execution; the cache does not return it to a second one.

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
    int prepared_anew_ = -1;  ///< SQLite's count of preparations when `columns_` was read.
};

}  // namespace gino::sqlite
