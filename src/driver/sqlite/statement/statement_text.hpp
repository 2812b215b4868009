// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gino::sqlite {

/// The kinds of statements that the driver distinguishes.
enum class statement_verb : std::uint8_t {
    other,
    select,
    insert,
    update,
    delete_,
    commit,
    rollback,     ///< Of the whole transaction.
    rollback_to,  ///< To a savepoint.
    transaction,  ///< BEGIN, SAVEPOINT, RELEASE.
};

/// The kind of a statement, from its keywords. SQLite has no command tags: these are PostgreSQL's.
struct statement_words {
    statement_verb verb = statement_verb::other;
    std::string tag;  ///< "INSERT", "CREATE TABLE"; `complete_tag()` adds the number of rows.
    /// True when the statement may change the session itself: a PRAGMA that sets a value, ATTACH, a
    /// temporary table. `session::reset()` has to undo that.
    bool marks_session = false;

    /// INSERT, UPDATE, DELETE: `sqlite3_changes64()` counts its rows.
    [[nodiscard]] bool is_change() const noexcept {
        return verb == statement_verb::insert || verb == statement_verb::update ||
               verb == statement_verb::delete_;
    }

    /// True for the enumerators from `commit` on.
    [[nodiscard]] bool is_transaction_control() const noexcept {
        return verb >= statement_verb::commit;
    }
};

/// Reads the keywords of one statement. REQUIRES: SQLite has accepted it.
[[nodiscard]] statement_words read_words(std::string_view sql);

/// Returns the tag with its number: "INSERT 0 3", "SELECT 7", "CREATE TABLE".
[[nodiscard]] std::string complete_tag(const statement_words& words, std::uint64_t rows);

/// True for a text without any statement: blanks, comments and semicolons.
[[nodiscard]] bool is_empty_text(std::string_view sql) noexcept;

}  // namespace gino::sqlite
