// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

constexpr const char* in_memory = "sqlite://";

TEST(SqliteStatement, ReturnsRowsWithTheirColumns) {
    const blocking_session session(in_memory);
    session.execute("CREATE TABLE users (id INTEGER PRIMARY KEY, nickname VARCHAR(30))");
    session.execute("INSERT INTO users VALUES (7, 'fantix')");

    const auto sink = session.rows("SELECT id, nickname, id + 1 AS next FROM users");

    ASSERT_EQ(sink.described.size(), 3U);
    EXPECT_EQ(sink.described[0].name, "id");
    EXPECT_EQ(sink.described[0].kind, type_kind::integer);
    EXPECT_EQ(sink.described[1].kind, type_kind::varchar);
    EXPECT_EQ(sink.described[2].name, "next");
    EXPECT_EQ(sink.described[2].kind, type_kind::unknown);
    EXPECT_THAT(sink.rows, ElementsAre(ElementsAre(number(7), text("fantix"), number(8))));
}

TEST(SqliteStatement, DescribesColumnsOnceEvenWithoutRows) {
    const blocking_session session(in_memory);

    EXPECT_EQ(session.rows("SELECT 1 AS one WHERE 1 = 0").times_described, 1);
    EXPECT_EQ(session.rows("SELECT 1 AS one").times_described, 1);
    EXPECT_EQ(session.rows("CREATE TABLE t (a)").times_described, 0);
    EXPECT_EQ(session.rows("INSERT INTO t VALUES (1)").times_described, 0);
}

struct tag_row {
    const char* sql;
    const char* tag;
    std::uint64_t affected_rows;
};

TEST(SqliteStatement, HasTheTagsOfPostgresql) {
    const blocking_session session(in_memory);
    const std::vector<tag_row> rows{
        {"CREATE TABLE t (a INTEGER PRIMARY KEY, b)", "CREATE TABLE", 0},
        {"CREATE UNIQUE INDEX ix ON t (b)", "CREATE INDEX", 0},
        {"INSERT INTO t VALUES (1, 1), (2, 2), (3, 3)", "INSERT 0 3", 3},
        {"INSERT INTO t VALUES (4, 4) RETURNING a", "INSERT 0 1", 1},
        {"REPLACE INTO t VALUES (4, 5)", "INSERT 0 1", 1},
        {"INSERT INTO t VALUES (4, 4) ON CONFLICT DO NOTHING", "INSERT 0 0", 0},
        {"UPDATE t SET b = b + 10", "UPDATE 4", 4},
        {"UPDATE t SET b = 0 WHERE a > 100", "UPDATE 0", 0},
        {"DELETE FROM t WHERE a > 100", "DELETE 0", 0},
        {"DELETE FROM t WHERE a = 4", "DELETE 1", 1},
        {"SELECT * FROM t", "SELECT 3", 3},
        {"VALUES (1), (2)", "SELECT 2", 2},
        {"WITH x AS (SELECT 1 AS i) SELECT * FROM x", "SELECT 1", 1},
        {"WITH x AS (SELECT 1 AS i) UPDATE t SET b = -b WHERE a IN (SELECT i FROM x)",
         "UPDATE 1",
         1},
        {"/* why */ SELECT 1 -- because", "SELECT 1", 1},
        {"BEGIN", "BEGIN", 0},
        {"SAVEPOINT s", "SAVEPOINT", 0},
        {"ROLLBACK TO s", "ROLLBACK", 0},
        {"RELEASE s", "RELEASE", 0},
        {"COMMIT", "COMMIT", 0},
        {"DROP TABLE t", "DROP TABLE", 0},
        {"", "", 0},
        {" -- nothing\n;", "", 0},
    };

    for (const tag_row& row : rows) {
        const auto result = session.execute(row.sql);

        EXPECT_EQ(result.tag, row.tag) << row.sql;
        EXPECT_EQ(result.affected_rows, row.affected_rows) << row.sql;
    }
}

TEST(SqliteStatement, DoesNotCountRowsOfAnEarlierStatement) {
    const blocking_session session(in_memory);
    session.execute("CREATE TABLE t (a)");
    session.execute("INSERT INTO t VALUES (1), (2)");

    EXPECT_EQ(session.execute("UPDATE t SET a = 0 WHERE a = 9").affected_rows, 0U);
    EXPECT_EQ(session.execute("CREATE TABLE u (a)").affected_rows, 0U);
    EXPECT_EQ(session.execute("SELECT * FROM u").affected_rows, 0U);
}

TEST(SqliteStatement, StopsAtTheRequestedNumberOfRows) {
    const blocking_session session(in_memory);
    session.execute("CREATE TABLE t (a)");
    driver::request request;
    request.max_rows = 2;

    collecting_sink chosen;
    request.sql = "VALUES (1), (2), (3)";
    const auto selected = session.execute(request, &chosen);
    collecting_sink returned;
    request.sql = "INSERT INTO t VALUES (1), (2), (3) RETURNING a";
    const auto inserted = session.execute(request, &returned);

    EXPECT_EQ(chosen.rows.size(), 2U);
    EXPECT_EQ(selected.tag, "SELECT 2");
    EXPECT_EQ(returned.rows.size(), 2U);
    EXPECT_EQ(inserted.tag, "INSERT 0 3");
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(3));
}

TEST(SqliteStatement, RefusesSecondStatementInOneText) {
    const blocking_session session(in_memory);
    session.execute("CREATE TABLE t (a)");

    try {
        session.execute("INSERT INTO t VALUES (1); DROP TABLE t");
        FAIL();
    } catch (const argument_error& wrong) {
        EXPECT_THAT(wrong.what(), HasSubstr("second statement"));
        EXPECT_THAT(wrong.what(), HasSubstr("execute_script"));
    }

    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteStatement, AllowsSurroundingSemicolonsAndComments) {
    const blocking_session session(in_memory);

    EXPECT_EQ(session.scalar("SELECT 1;"), number(1));
    EXPECT_EQ(session.scalar("SELECT 2 ; -- end\n ; /* ; */ "), number(2));
    EXPECT_EQ(session.scalar(";; SELECT 3"), number(3));
    EXPECT_EQ(session.scalar("SELECT ';'"), text(";"));
}

TEST(SqliteStatement, RefusesANulByteInItsText) {
    const blocking_session session(in_memory);

    EXPECT_THROW(session.execute(std::string("SELECT 1\0 + 1", 13)), argument_error);
}

TEST(SqliteStatement, ReportsExpectedAndGivenParameterCounts) {
    const blocking_session session(in_memory);

    try {
        session.execute("SELECT ?, ?", {number(1)});
        FAIL();
    } catch (const argument_error& wrong) {
        EXPECT_THAT(wrong.what(), HasSubstr("2 parameters"));
        EXPECT_THAT(wrong.what(), HasSubstr("given 1"));
    }
    EXPECT_THROW(session.execute("SELECT 1", {number(1)}), argument_error);
}

TEST(SqliteStatement, IsPreparedAgainWhenTheSchemaChanges) {
    const blocking_session session(in_memory);
    session.execute("CREATE TABLE t (a)");
    session.execute("INSERT INTO t VALUES (1)");
    ASSERT_EQ(session.rows("SELECT * FROM t").described.size(), 1U);

    session.execute("ALTER TABLE t ADD COLUMN b TEXT DEFAULT 'x'");

    const auto sink = session.rows("SELECT * FROM t");
    ASSERT_EQ(sink.described.size(), 2U);
    EXPECT_EQ(sink.described[1].name, "b");
    EXPECT_EQ(sink.described[1].kind, type_kind::text);
    EXPECT_THAT(sink.rows, ElementsAre(ElementsAre(number(1), text("x"))));
}

TEST(SqliteStatement, ReadsMoreRowsThanOneBatchHolds) {
    const blocking_session session(in_memory);

    const auto sink = session.rows(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 200000) "
        "SELECT i, 'row ' || i FROM n"
    );

    ASSERT_EQ(sink.rows.size(), 200'000U);
    EXPECT_EQ(sink.times_described, 1);
    EXPECT_THAT(sink.rows.front(), ElementsAre(number(1), text("row 1")));
    EXPECT_THAT(sink.rows.back(), ElementsAre(number(200'000), text("row 200000")));
}

TEST(SqliteStatement, ReadsRowsLargerThanABatch) {
    const blocking_session session(in_memory);

    const auto sink = session.rows("VALUES (zeroblob(5000000)), (zeroblob(5000001))");

    ASSERT_EQ(sink.rows.size(), 2U);
    EXPECT_EQ(sink.rows[1][0].get_if<bytes>()->size(), 5'000'001U);
}

TEST(SqliteStatement, RethrowsExceptionsOfTheSinkAndStaysUsable) {
    class throwing_sink final : public driver::row_sink {
    public:
        void columns(
            std::span<const column_description> /*c*/, const field_decoder& /*d*/
        ) override {}

        void row(std::span<const driver::field_slice> /*fields*/) override {
            if (++rows == 3) {
                throw std::domain_error("enough");
            }
        }

        int rows = 0;
    };

    const blocking_session session(in_memory);
    session.execute("CREATE TABLE t (a)");
    throwing_sink sink;

    EXPECT_THROW(
        session.execute(
            "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 500000) "
            "SELECT i FROM n",
            {},
            &sink
        ),
        std::domain_error
    );

    EXPECT_EQ(sink.rows, 3);
    session.execute("DROP TABLE t");
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
}

TEST(SqliteStatement, WorksWithASmallCache) {
    const blocking_session session("sqlite://?statement_cache_size=2");

    for (int round = 0; round < 3; ++round) {
        for (const char* sql : {"SELECT 1", "SELECT 2", "SELECT 3", "SELECT ?"}) {
            const bool has_parameter = std::string_view(sql) == "SELECT ?";
            const auto sink =
                session.rows(sql, has_parameter ? std::vector{number(4)} : std::vector<value>{});
            EXPECT_EQ(sink.rows.size(), 1U);
        }
    }
}

TEST(SqliteStatement, WorksWithoutACache) {
    const blocking_session session("sqlite://?statement_cache_size=0");

    EXPECT_EQ(session.scalar("SELECT ?", {text("a")}), text("a"));
    EXPECT_EQ(session.scalar("SELECT ?", {text("b")}), text("b"));
}

TEST(SqliteScript, RunsAllItsStatements) {
    const blocking_session session(in_memory);

    session.script(
        "CREATE TABLE t (a); INSERT INTO t VALUES (1); -- one\nSELECT * FROM t;"
        "INSERT INTO t VALUES (2);;"
    );

    EXPECT_EQ(session.scalar("SELECT sum(a) FROM t"), number(3));
}

TEST(SqliteScript, RunsTriggerBodiesAsOneStatement) {
    const blocking_session session(in_memory);

    session.script(
        "CREATE TABLE t (a); CREATE TABLE log (a);"
        "CREATE TRIGGER tr AFTER INSERT ON t BEGIN"
        "  INSERT INTO log VALUES (new.a); INSERT INTO log VALUES (-new.a);"
        "END;"
        "INSERT INTO t VALUES (5);"
    );

    EXPECT_EQ(session.scalar("SELECT count(*) FROM log"), number(2));
}

TEST(SqliteScript, StopsAtItsFirstError) {
    const blocking_session session(in_memory);

    EXPECT_THROW(
        session.script("CREATE TABLE t (a); INSERT INTO nowhere VALUES (1); DROP TABLE t"),
        programming_error
    );

    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteScript, RefusesParameters) {
    const blocking_session session(in_memory);

    EXPECT_THROW(session.script("SELECT 1; SELECT ?"), argument_error);
}

}  // namespace
}  // namespace gino::sqlite::test
