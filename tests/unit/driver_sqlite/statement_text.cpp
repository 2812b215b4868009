// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/statement/statement_text.hpp"

#include <gtest/gtest.h>

#include <vector>

namespace gino::sqlite {
namespace {

struct words_row {
    const char* sql;
    statement_verb verb;
    const char* tag;
    bool marks_session = false;
};

TEST(StatementWords, GiveVerbAndTag) {
    const std::vector<words_row> rows{
        {"select 1", statement_verb::select, "SELECT"},
        {"-- x\n/* y */ ;SELECT 1", statement_verb::select, "SELECT"},
        {"VALUES (1)", statement_verb::select, "SELECT"},
        {"insert INTO t VALUES (1)", statement_verb::insert, "INSERT"},
        {"REPLACE INTO t VALUES (1)", statement_verb::insert, "INSERT"},
        {"UPDATE t SET a = 1", statement_verb::update, "UPDATE"},
        {"DELETE FROM t", statement_verb::delete_, "DELETE"},
        {"BEGIN IMMEDIATE", statement_verb::transaction, "BEGIN"},
        {"SAVEPOINT s", statement_verb::transaction, "SAVEPOINT"},
        {"RELEASE SAVEPOINT s", statement_verb::transaction, "RELEASE"},
        {"COMMIT TRANSACTION", statement_verb::commit, "COMMIT"},
        {"END", statement_verb::commit, "COMMIT"},
        {"ROLLBACK", statement_verb::rollback, "ROLLBACK"},
        {"ROLLBACK TRANSACTION", statement_verb::rollback, "ROLLBACK"},
        {"ROLLBACK TRANSACTION TO SAVEPOINT s", statement_verb::rollback_to, "ROLLBACK"},
        {"CREATE TABLE t (a)", statement_verb::other, "CREATE TABLE"},
        {"CREATE UNIQUE INDEX i ON t (a)", statement_verb::other, "CREATE INDEX"},
        {"CREATE VIRTUAL TABLE t USING x", statement_verb::other, "CREATE TABLE"},
        {"CREATE TEMP VIEW v AS SELECT 1", statement_verb::other, "CREATE VIEW", true},
        {"DROP TABLE t", statement_verb::other, "DROP TABLE"},
        {"ALTER TABLE t RENAME TO u", statement_verb::other, "ALTER TABLE"},
        {"PRAGMA foreign_keys", statement_verb::other, "PRAGMA"},
        {"PRAGMA foreign_keys = 0", statement_verb::other, "PRAGMA", true},
        {"PRAGMA main.cache_size(10)", statement_verb::other, "PRAGMA", true},
        {"PRAGMA main.table_info(t)", statement_verb::other, "PRAGMA"},
        {"PRAGMA table_info(t)", statement_verb::other, "PRAGMA"},
        {"ATTACH 'x' AS y", statement_verb::other, "ATTACH", true},
        {"DETACH y", statement_verb::other, "DETACH", true},
        {"VACUUM", statement_verb::other, "VACUUM"},
        {"", statement_verb::other, ""},
    };

    for (const words_row& row : rows) {
        const statement_words words = read_words(row.sql);

        EXPECT_EQ(words.verb, row.verb) << row.sql;
        EXPECT_EQ(words.tag, row.tag) << row.sql;
        EXPECT_EQ(words.marks_session, row.marks_session) << row.sql;
    }
}

TEST(StatementWords, FindTheVerbAfterWith) {
    EXPECT_EQ(read_words("WITH a AS (SELECT 1) DELETE FROM t").verb, statement_verb::delete_);
    EXPECT_EQ(
        read_words("WITH RECURSIVE a (x) AS (SELECT ')' UNION SELECT \"(\"), b AS (VALUES (1)) "
                   "INSERT INTO t SELECT 1")
            .verb,
        statement_verb::insert
    );
    EXPECT_EQ(read_words("WITH a AS (DELETE) SELECT [update] FROM a").verb, statement_verb::select);
    EXPECT_EQ(
        read_words("WITH `delete` AS (SELECT 1) /* update */ UPDATE t SET a = 1").verb,
        statement_verb::update
    );
}

TEST(StatementWords, CompleteTheTag) {
    EXPECT_EQ(complete_tag(read_words("INSERT INTO t VALUES (1)"), 3), "INSERT 0 3");
    EXPECT_EQ(complete_tag(read_words("UPDATE t SET a = 1"), 0), "UPDATE 0");
    EXPECT_EQ(complete_tag(read_words("SELECT 1"), 1), "SELECT 1");
    EXPECT_EQ(complete_tag(read_words("CREATE TABLE t (a)"), 9), "CREATE TABLE");
}

TEST(EmptyText, HasNothingButBlanksCommentsAndSemicolons) {
    EXPECT_TRUE(is_empty_text(""));
    EXPECT_TRUE(is_empty_text(" \t\r\n\f;; -- all\n/* of * it / */;"));
    EXPECT_TRUE(is_empty_text("-- without an end"));
    EXPECT_TRUE(is_empty_text("/* without an end"));
    EXPECT_FALSE(is_empty_text("; x"));
    EXPECT_FALSE(is_empty_text("'"));
    EXPECT_FALSE(is_empty_text("-"));
    EXPECT_FALSE(is_empty_text("/"));
}

TEST(StatementWords, AreReadSafelyFromAnyPrefix) {
    const std::string whole =
        "WITH a AS (SELECT 'it''s', \"x\", `y`, [z] /* c */ -- d\n) INSERT INTO t SELECT 1;";

    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string prefix = whole.substr(0, size);  // a separate allocation, for ASan
        EXPECT_LE(read_words(prefix).tag.size(), 20U);
        EXPECT_EQ(is_empty_text(prefix), size == 0);
    }
}

}  // namespace
}  // namespace gino::sqlite
