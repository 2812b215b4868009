// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace gino::sqlite {

/// What a statement does, as far as the driver must know.
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

/// What the words of a statement tell. SQLite has no command tags: these are PostgreSQL's.
struct statement_words {
    statement_verb verb = statement_verb::other;
    std::string
        tag;  ///< "INSERT", "CREATE TABLE"; the number of rows is added when they are known.
    /// It may leave traces in the session: a PRAGMA that sets something, ATTACH, a temporary table.
    bool marks_session = false;

    /// INSERT, UPDATE, DELETE: `sqlite3_changes64()` counts its rows.
    [[nodiscard]] bool is_change() const noexcept {
        return verb == statement_verb::insert || verb == statement_verb::update ||
               verb == statement_verb::delete_;
    }

    [[nodiscard]] bool is_transaction_control() const noexcept {
        return verb >= statement_verb::commit;
    }
};

/// Reads the words of one statement that SQLite has accepted.
[[nodiscard]] statement_words read_words(std::string_view sql);

/// Returns the tag with its number: "INSERT 0 3", "SELECT 7", "CREATE TABLE".
[[nodiscard]] std::string complete_tag(const statement_words& words, std::uint64_t rows);

/// True for a text without any statement: blanks, comments and semicolons.
[[nodiscard]] bool is_empty_text(std::string_view sql) noexcept;

}  // namespace gino::sqlite
