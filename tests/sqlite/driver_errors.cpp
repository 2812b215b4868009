// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using testing::HasSubstr;

class SqliteError : public testing::Test {
protected:
    SqliteError() {
        session_.script(
            "CREATE TABLE users ("
            "  id INTEGER PRIMARY KEY, nickname TEXT UNIQUE, name TEXT NOT NULL,"
            "  age INTEGER CONSTRAINT adult CHECK (age >= 18));"
            "CREATE TABLE pets (owner INTEGER REFERENCES users (id), a, b, UNIQUE (a, b));"
            "CREATE UNIQUE INDEX ix_lower ON users (lower(name));"
            "INSERT INTO users VALUES (1, 'fantix', 'F', 30);"
        );
    }

    /// Runs a statement that fails, and returns its error of the class `Error`.
    template <class Error>
    Error failure_of(const std::string& sql) {
        try {
            session_.execute(sql);
        } catch (const Error& failure) {
            return failure;
        }
        throw std::logic_error("nothing was thrown by " + sql);
    }

    blocking_session session_{"sqlite://"};
};

TEST_F(SqliteError, NamesTableAndColumnOfAUniqueColumn) {
    const auto failure =
        failure_of<unique_violation>("INSERT INTO users VALUES (2, 'fantix', 'G', 30)");

    EXPECT_EQ(failure.sqlstate(), "23505");
    EXPECT_EQ(failure.table(), "users");
    EXPECT_EQ(failure.column(), "nickname");
    EXPECT_EQ(failure.statement(), "INSERT INTO users VALUES (2, 'fantix', 'G', 30)");
    EXPECT_THAT(failure.what(), HasSubstr("UNIQUE constraint failed: users.nickname"));
}

TEST_F(SqliteError, ReportsDuplicatePrimaryKeyAsUniqueViolation) {
    const auto failure = failure_of<unique_violation>("INSERT INTO users VALUES (1, 'x', 'X', 30)");

    EXPECT_EQ(failure.sqlstate(), "23505");
    EXPECT_EQ(failure.column(), "id");
}

TEST_F(SqliteError, NamesAUniqueIndexOnAnExpression) {
    const auto failure = failure_of<unique_violation>("INSERT INTO users VALUES (2, 'x', 'f', 30)");

    EXPECT_EQ(failure.constraint(), "ix_lower");
}

TEST_F(SqliteError, NamesOnlyTheTableOfSeveralUniqueColumns) {
    session_.execute("INSERT INTO pets VALUES (1, 1, 1)");

    const auto failure = failure_of<unique_violation>("INSERT INTO pets VALUES (1, 1, 1)");

    EXPECT_EQ(failure.table(), "pets");
    EXPECT_EQ(failure.column(), "");
}

TEST_F(SqliteError, ReportsAForeignKeyViolation) {
    EXPECT_EQ(
        failure_of<foreign_key_violation>("INSERT INTO pets VALUES (9, 1, 1)").sqlstate(), "23503"
    );
}

TEST_F(SqliteError, NamesTableAndColumnOfANull) {
    const auto failure = failure_of<not_null_violation>("INSERT INTO users (id) VALUES (2)");

    EXPECT_EQ(failure.sqlstate(), "23502");
    EXPECT_EQ(failure.table(), "users");
    EXPECT_EQ(failure.column(), "name");
}

TEST_F(SqliteError, NamesTheConstraintOfACheck) {
    const auto failure = failure_of<check_violation>("INSERT INTO users VALUES (2, 'x', 'X', 3)");

    EXPECT_EQ(failure.sqlstate(), "23514");
    EXPECT_EQ(failure.constraint(), "adult");
}

TEST_F(SqliteError, KeepsTheMessageOfATrigger) {
    session_.execute(
        "CREATE TRIGGER no_pets BEFORE INSERT ON pets BEGIN SELECT RAISE(ABORT, 'no pets'); END"
    );

    const auto failure = failure_of<operational_error>("INSERT INTO pets VALUES (1, 1, 1)");

    EXPECT_EQ(failure.sqlstate(), "P0001");
    EXPECT_THAT(failure.what(), HasSubstr("no pets"));
}

TEST_F(SqliteError, NamesAnUnknownTableAndItsPosition) {
    const auto failure = failure_of<programming_error>("SELECT '\xc3\xa9' FROM nowhere");

    EXPECT_EQ(failure.sqlstate(), "42P01");
    EXPECT_EQ(failure.table(), "nowhere");
}

TEST_F(SqliteError, HasThePositionInCharacters) {
    const auto failure = failure_of<programming_error>("SELECT '\xc3\xa9', nobody FROM users");

    EXPECT_EQ(failure.sqlstate(), "42703");
    EXPECT_EQ(failure.column(), "nobody");
    EXPECT_EQ(failure.fields().position, 13);
}

struct state_row {
    const char* sql;
    const char* sqlstate;
};

TEST_F(SqliteError, HasTheSqlstateOfPostgresql) {
    const std::vector<state_row> rows{
        {"SELEC 1", "42601"},
        {"SELECT (1", "42601"},
        {"SELECT 'x", "42601"},
        {"INSERT INTO users (nobody) VALUES (1)", "42703"},
        {"SELECT id FROM users a, users b", "42702"},
        {"SELECT nobody(1)", "42883"},
        {"SELECT lower(1, 2, 3)", "42883"},
        {"CREATE TABLE users (a)", "42P07"},
        {"CREATE INDEX ix_lower ON users (id)", "42P07"},
        {"CREATE TABLE x (a, a)", "42701"},
        {"DROP INDEX nobody", "42704"},
        {"DROP TABLE nobody", "42P01"},
        {"ROLLBACK TO nobody", "3B001"},
        {"COMMIT", "25P01"},
        {"ROLLBACK", "25P01"},
        {"SELECT abs(-9223372036854775808)", "22003"},
        {"SELECT json_extract('{', '$.a')", "22P02"},
        {"INSERT INTO users (id) VALUES ('x')", "22P02"},
        {"SELECT zeroblob(600000000)", "54000"},
        {"SELECT load_extension('x')", "58000"},
    };

    for (const state_row& row : rows) {
        EXPECT_EQ(failure_of<database_error>(row.sql).sqlstate(), row.sqlstate) << row.sql;
    }
}

TEST_F(SqliteError, LeavesSessionAndTransactionUsable) {
    session_.execute("BEGIN");
    session_.execute("INSERT INTO pets VALUES (1, 1, 1)");
    static_cast<void>(failure_of<unique_violation>("INSERT INTO pets VALUES (1, 1, 1)"));

    EXPECT_EQ(session_.status(), driver::transaction_status::in_transaction);
    session_.execute("COMMIT");

    EXPECT_EQ(session_.scalar("SELECT count(*) FROM pets"), number(1));
}

TEST_F(SqliteError, NeverShowsParameters) {
    try {
        session_.execute(
            "INSERT INTO pets VALUES (1, ?, ?), (1, 2, 2), (1, 2, 2)", {text("hush"), text("hush")}
        );
        FAIL();
    } catch (const unique_violation& failure) {
        EXPECT_THAT(failure.what(), testing::Not(HasSubstr("hush")));
    }
}

}  // namespace
}  // namespace gino::sqlite::test
