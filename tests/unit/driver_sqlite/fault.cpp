// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/fault.hpp"

#include <gtest/gtest.h>

#include <vector>

#include "driver/sqlite/codec/binding.hpp"
#include "driver/sqlite/statement/statement_cache.hpp"

namespace gino::sqlite {
namespace {

struct code_row {
    int code;
    const char* sqlstate;
};

TEST(SqliteCode, HasAnSqlstate) {
    const std::vector<code_row> rows{
        {SQLITE_CONSTRAINT_UNIQUE, "23505"},
        {SQLITE_CONSTRAINT_PRIMARYKEY, "23505"},
        {SQLITE_CONSTRAINT_ROWID, "23505"},
        {SQLITE_CONSTRAINT_FOREIGNKEY, "23503"},
        {SQLITE_CONSTRAINT_NOTNULL, "23502"},
        {SQLITE_CONSTRAINT_CHECK, "23514"},
        {SQLITE_CONSTRAINT_TRIGGER, "P0001"},
        {SQLITE_CONSTRAINT_VTAB, "23000"},
        {SQLITE_BUSY, "55P03"},
        {SQLITE_BUSY_RECOVERY, "55P03"},
        {SQLITE_BUSY_SNAPSHOT, "40001"},
        {SQLITE_LOCKED_SHAREDCACHE, "55P03"},
        {SQLITE_INTERRUPT, "57014"},
        {SQLITE_READONLY, "25006"},
        {SQLITE_READONLY_DBMOVED, "25006"},
        {SQLITE_FULL, "53100"},
        {SQLITE_NOMEM, "53200"},
        {SQLITE_IOERR_FSYNC, "58030"},
        {SQLITE_CORRUPT_INDEX, "XX001"},
        {SQLITE_NOTADB, "XX001"},
        {SQLITE_CANTOPEN_ISDIR, "58P01"},
        {SQLITE_TOOBIG, "54000"},
        {SQLITE_ABORT_ROLLBACK, "40000"},
        {SQLITE_MISUSE, "XX000"},
        {SQLITE_ERROR, "58000"},
        {12345 << 8, "58000"},
    };

    for (const code_row& row : rows) {
        EXPECT_EQ(fields_of_error(row.code, "x").sqlstate, row.sqlstate) << row.code;
    }
}

TEST(SqliteMessage, NamesTableColumnAndConstraint) {
    const auto unique =
        fields_of_error(SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: users.nick.name");
    const auto index =
        fields_of_error(SQLITE_CONSTRAINT_UNIQUE, "UNIQUE constraint failed: index 'ix'");
    const auto column = fields_of_error(SQLITE_ERROR, "no such column: u.x");

    EXPECT_EQ(unique.table, "users");
    EXPECT_EQ(unique.column, "nick.name");
    EXPECT_EQ(index.constraint, "ix");
    EXPECT_EQ(column.column, "x");
}

TEST(SqliteMessage, IsReadSafelyWhenMalformed) {
    for (const char* message :
         {"",
          "UNIQUE constraint failed: ",
          "UNIQUE constraint failed: index '",
          ".",
          "no such table: "}) {
        EXPECT_EQ(fields_of_error(SQLITE_CONSTRAINT_UNIQUE, message).sqlstate, "23505");
    }
}

TEST(ArrayText, IsJson) {
    using namespace std::chrono_literals;
    const value::array elements{
        value(std::int64_t{-1}),
        value(true),
        value(1.0),
        value(1e300),
        value(std::string("\"\\\x1f")),
        value(),
        value(date(std::chrono::days(0))),
        value(timestamptz(0us)),
        value(json_text{"{}"}),
        value(value::array{value(false)})};
    std::string written;

    EXPECT_FALSE(write_array(elements, written));

    EXPECT_EQ(
        written,
        R"([-1,1,1.0,1e+300,"\"\\\u001f",null,"1970-01-01","1970-01-01 00:00:00.000000","{}",[0]])"
    );
}

TEST(ArrayText, RefusesBinaryElements) {
    std::string written;
    const auto wrong = write_array({value(bytes{std::byte{1}})}, written);

    ASSERT_TRUE(wrong);
    EXPECT_EQ(wrong->from, fault::origin::argument);
    EXPECT_EQ(wrong->code, errc::bad_value);
}

class SqliteStatementCache : public testing::Test {
protected:
    SqliteStatementCache() { sqlite3_open(":memory:", &database_); }

    ~SqliteStatementCache() override {
        cache_.clear();
        sqlite3_close(database_);
    }

    std::unique_ptr<statement> prepare(std::string_view sql) {
        std::unique_ptr<statement> made;
        std::string_view rest;
        EXPECT_FALSE(statement::prepare(database_, sql, true, rest, made));
        return made;
    }

    bool keep(std::string_view sql) {
        auto made = prepare(sql);
        return cache_.keep(made);
    }

    sqlite3* database_ = nullptr;
    statement_cache cache_{2};
};

TEST_F(SqliteStatementCache, EvictsLeastRecentlyUsedStatement) {
    EXPECT_TRUE(keep("SELECT 1"));
    EXPECT_TRUE(keep("SELECT 2"));
    EXPECT_NE(cache_.find("SELECT 1"), nullptr);

    EXPECT_TRUE(keep("SELECT 3"));

    EXPECT_EQ(cache_.size(), 2U);
    EXPECT_EQ(cache_.find("SELECT 2"), nullptr);
    EXPECT_NE(cache_.find("SELECT 1"), nullptr);
}

TEST_F(SqliteStatementCache, NeitherLendsNorEvictsStatementsInUse) {
    EXPECT_TRUE(keep("SELECT 1"));
    EXPECT_TRUE(keep("SELECT 2"));
    statement* const first = cache_.find("SELECT 1");
    statement* const second = cache_.find("SELECT 2");
    first->in_use = true;
    second->in_use = true;

    EXPECT_EQ(cache_.find("SELECT 1"), nullptr);
    EXPECT_FALSE(keep("SELECT 3"));
    EXPECT_FALSE(keep("SELECT 1"));
    second->in_use = false;
    EXPECT_TRUE(keep("SELECT 3"));
    EXPECT_EQ(cache_.size(), 2U);
}

TEST_F(SqliteStatementCache, FindsTextsWithTrailingComments) {
    EXPECT_TRUE(keep("SELECT 1; -- one"));

    EXPECT_NE(cache_.find("SELECT 1; -- one"), nullptr);
    EXPECT_EQ(cache_.find("SELECT 1"), nullptr);
}

TEST_F(SqliteStatementCache, KeepsNothingWithoutCapacity) {
    statement_cache none(0);
    auto made = prepare("SELECT 1");

    EXPECT_FALSE(none.keep(made));
    EXPECT_NE(made, nullptr);
}

}  // namespace
}  // namespace gino::sqlite
