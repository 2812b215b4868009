// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using driver::command_kind;
using driver::transaction_status;
using testing::HasSubstr;

TEST(SqliteTransaction, ChangesTheStatus) {
    const blocking_session session("sqlite://");

    EXPECT_EQ(session.status(), transaction_status::idle);
    session.execute("BEGIN");
    EXPECT_EQ(session.status(), transaction_status::in_transaction);
    session.execute("ROLLBACK");
    EXPECT_EQ(session.status(), transaction_status::idle);
    session.execute("SAVEPOINT s");
    EXPECT_EQ(session.status(), transaction_status::in_transaction);
    session.execute("RELEASE s");
    EXPECT_EQ(session.status(), transaction_status::idle);
}

TEST(SqliteTransaction, AllowsRollbackOnlyAfterSqliteHasRolledItBack) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a UNIQUE)");
    session.execute("BEGIN");
    session.execute("INSERT INTO t VALUES (1)");
    EXPECT_THROW(session.execute("INSERT OR ROLLBACK INTO t VALUES (1)"), unique_violation);

    EXPECT_EQ(session.status(), transaction_status::failed);
    try {
        session.execute("INSERT INTO t VALUES (2)");
        FAIL();
    } catch (const operational_error& refused) {
        EXPECT_EQ(refused.sqlstate(), "25P02");
        EXPECT_THAT(refused.what(), HasSubstr("ROLLBACK"));
    }
    EXPECT_THROW(session.execute("ROLLBACK TO s"), operational_error);
    EXPECT_EQ(session.execute("ROLLBACK").tag, "ROLLBACK");

    EXPECT_EQ(session.status(), transaction_status::idle);
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteTransaction, ReportsRollbackForCommitAfterSqliteHasRolledItBack) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a UNIQUE)");
    session.execute("BEGIN");
    session.execute("INSERT INTO t VALUES (1)");
    EXPECT_THROW(session.execute("INSERT OR ROLLBACK INTO t VALUES (1)"), unique_violation);

    const auto done = session.execute("COMMIT");
    EXPECT_EQ(done.tag, "ROLLBACK");
    EXPECT_EQ(done.kind, command_kind::rollback);

    EXPECT_EQ(session.status(), transaction_status::idle);
}

TEST(SqliteTransaction, StaysOpenWhenADeferredKeyFailsCommit) {
    const blocking_session session("sqlite://");
    session.script(
        "CREATE TABLE parent (id INTEGER PRIMARY KEY);"
        "CREATE TABLE child (p INTEGER REFERENCES parent (id) DEFERRABLE INITIALLY DEFERRED);"
    );
    session.execute("BEGIN");
    session.execute("INSERT INTO child VALUES (1)");

    EXPECT_THROW(session.execute("COMMIT"), foreign_key_violation);
    EXPECT_EQ(session.status(), transaction_status::in_transaction);
    session.execute("INSERT INTO parent VALUES (1)");
    session.execute("COMMIT");

    EXPECT_EQ(session.status(), transaction_status::idle);
    EXPECT_EQ(session.scalar("SELECT count(*) FROM child"), number(1));
}

class SqliteExecuteMany : public testing::Test {
protected:
    SqliteExecuteMany() { session_.execute("CREATE TABLE t (a INTEGER UNIQUE, b)"); }

    driver::command_result execute_many(
        const char* sql, std::vector<value> values, std::size_t sets
    ) {
        std::vector<driver::parameter> parameters;
        for (const value& one : values) {
            parameters.push_back({.bound = &one, .type = {}});
        }
        driver::request request;
        request.sql = sql;
        request.parameters = parameters;
        return run([&] { return session_.raw().execute_many(request, sets); });
    }

    blocking_session session_{"sqlite://"};
};

TEST_F(SqliteExecuteMany, RunsEachSetAndCountsAllRows) {
    const auto result = execute_many(
        "INSERT INTO t VALUES (?, ?)", {number(1), text("x"), number(2), text("y")}, 2
    );

    EXPECT_EQ(result.tag, "INSERT 0 1");
    EXPECT_EQ(result.affected_rows, 2U);
    EXPECT_EQ(session_.scalar("SELECT group_concat(b, '') FROM t"), text("xy"));
    EXPECT_EQ(session_.status(), transaction_status::idle);
}

TEST_F(SqliteExecuteMany, StoresNothingWhenOneSetFails) {
    EXPECT_THROW(
        execute_many("INSERT INTO t (a) VALUES (?)", {number(1), number(2), number(1)}, 3),
        unique_violation
    );

    EXPECT_EQ(session_.status(), transaction_status::idle);
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(0));
}

TEST_F(SqliteExecuteMany, KeepsTheTransactionAroundItWhenOneSetFails) {
    session_.execute("BEGIN");
    session_.execute("INSERT INTO t (a) VALUES (7)");

    EXPECT_THROW(
        execute_many("INSERT INTO t (a) VALUES (?)", {number(1), number(7)}, 2), unique_violation
    );
    EXPECT_EQ(session_.status(), transaction_status::in_transaction);
    execute_many("INSERT INTO t (a) VALUES (?)", {number(8), number(9)}, 2);
    session_.execute("COMMIT");

    EXPECT_EQ(session_.scalar("SELECT group_concat(a) FROM t"), text("7,8,9"));
}

TEST_F(SqliteExecuteMany, RefusesInvalidCountsAndValuesBeforeStoringAny) {
    EXPECT_THROW(
        execute_many("INSERT INTO t VALUES (?, ?)", {number(1), number(2)}, 2), argument_error
    );
    EXPECT_THROW(
        execute_many("INSERT INTO t (b) VALUES (?)", {text("x"), text(std::string(1, '\0'))}, 2),
        argument_error
    );

    EXPECT_EQ(session_.status(), transaction_status::idle);
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(0));
}

TEST_F(SqliteExecuteMany, RefusesTransactionControl) {
    EXPECT_THROW(execute_many("COMMIT", {}, 1), argument_error);
    EXPECT_EQ(session_.status(), transaction_status::idle);
}

TEST_F(SqliteExecuteMany, DiscardsRows) {
    const auto result = execute_many("SELECT ? UNION ALL SELECT 2", {number(1), number(2)}, 2);

    EXPECT_EQ(result.tag, "SELECT 2");
    EXPECT_EQ(result.affected_rows, 4U);
}

TEST_F(SqliteExecuteMany, DoesNothingForNoSets) {
    EXPECT_EQ(execute_many("INSERT INTO t (a) VALUES (1)", {}, 0).affected_rows, 0U);
    EXPECT_EQ(session_.scalar("SELECT count(*) FROM t"), number(0));
}

}  // namespace
}  // namespace gino::sqlite::test
