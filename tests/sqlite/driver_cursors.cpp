// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

constexpr const char* thousand =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 1000) "
    "SELECT i FROM n";

class SqliteCursor : public testing::Test {
protected:
    std::unique_ptr<driver::cursor> open(const std::string& sql, std::vector<value> values = {}) {
        std::vector<driver::parameter> parameters;
        for (const value& one : values) {
            parameters.push_back({.bound = &one, .type = {}});
        }
        driver::request request;
        request.sql = sql;
        request.parameters = parameters;
        return run([&] { return session_.raw().open_cursor(request); });
    }

    result_set fetch(driver::cursor& from, std::size_t count) {
        collecting_sink sink;
        const auto fetched = run([&] { return from.fetch(count, sink); });
        EXPECT_EQ(fetched, sink.rows.size());
        return std::move(static_cast<result_set&>(sink));
    }

    blocking_session session_{"sqlite://"};
};

TEST_F(SqliteCursor, ReadsBatchesUntilTheEnd) {
    const auto cursor = open(thousand);

    EXPECT_EQ(fetch(*cursor, 1).scalar(), number(1));
    const auto middle = fetch(*cursor, 998);
    EXPECT_EQ(middle.rows.size(), 998U);
    EXPECT_EQ(middle.times_described, 1);
    EXPECT_EQ(middle.scalar(), number(2));
    EXPECT_EQ(fetch(*cursor, 10).rows.size(), 1U);
    EXPECT_EQ(fetch(*cursor, 10).rows.size(), 0U);
}

TEST_F(SqliteCursor, KeepsItsParameters) {
    const auto cursor = open("SELECT ? || i FROM (SELECT 1 AS i UNION SELECT 2)", {text("row ")});

    EXPECT_EQ(fetch(*cursor, 1).scalar(), text("row 1"));
    EXPECT_EQ(fetch(*cursor, 1).scalar(), text("row 2"));
}

TEST_F(SqliteCursor, AllowsOtherStatementsBetweenBatches) {
    session_.execute("CREATE TABLE t (a)");
    const auto first = open(thousand);
    const auto second = open(thousand);
    EXPECT_EQ(fetch(*first, 1).scalar(), number(1));

    session_.execute("INSERT INTO t VALUES (1)");
    EXPECT_EQ(session_.rows(thousand).rows.size(), 1000U);

    EXPECT_EQ(fetch(*second, 1).scalar(), number(1));
    EXPECT_EQ(fetch(*first, 1).scalar(), number(2));
}

TEST_F(SqliteCursor, FetchesMoreBytesThanOneBatchHolds) {
    const auto cursor = open(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 40) "
        "SELECT zeroblob(200000) FROM n"
    );

    EXPECT_EQ(fetch(*cursor, 30).rows.size(), 30U);
    EXPECT_EQ(fetch(*cursor, 30).rows.size(), 10U);
}

TEST_F(SqliteCursor, EndsWhenClosed) {
    const auto cursor = open(thousand);
    EXPECT_EQ(fetch(*cursor, 1).rows.size(), 1U);

    run([&] { return cursor->close(); });

    EXPECT_THROW(fetch(*cursor, 1), state_error);
}

TEST_F(SqliteCursor, UnlocksItsTableWhenDestroyed) {
    session_.execute("CREATE TABLE t (a)");
    session_.execute("INSERT INTO t VALUES (1), (2)");
    {
        const auto cursor = open("SELECT a FROM t");
        EXPECT_EQ(fetch(*cursor, 1).rows.size(), 1U);
        EXPECT_THROW(session_.execute("DROP TABLE t"), operational_error);
    }

    session_.execute("DROP TABLE t");
}

TEST_F(SqliteCursor, EndsWhenItsSessionIsReset) {
    const auto cursor = open(thousand);
    EXPECT_EQ(fetch(*cursor, 1).rows.size(), 1U);

    session_.reset();

    EXPECT_THROW(fetch(*cursor, 1), state_error);
}

TEST_F(SqliteCursor, MayOutliveItsConnection) {
    const auto cursor = open(thousand);
    EXPECT_EQ(fetch(*cursor, 1).rows.size(), 1U);

    session_.destroy();

    EXPECT_THROW(fetch(*cursor, 1), state_error);
}

TEST_F(SqliteCursor, SurvivesInterruptionOfAnotherStatement) {
    const auto cursor = open(thousand);
    EXPECT_EQ(fetch(*cursor, 1).scalar(), number(1));

    session_.raw().interrupt();  // has no statement to interrupt

    EXPECT_EQ(fetch(*cursor, 1).scalar(), number(2));
    EXPECT_EQ(session_.scalar("SELECT 1"), number(1));
}

TEST_F(SqliteCursor, ReportsInvalidStatementsWhenOpened) {
    EXPECT_THROW(open("SELECT * FROM nowhere"), programming_error);
    EXPECT_THROW(open("SELECT ?"), argument_error);
    EXPECT_EQ(session_.scalar("SELECT 1"), number(1));
}

TEST_F(SqliteCursor, ReportsRunTimeErrorsAtTheFailingFetch) {
    const auto cursor = open("SELECT 1 UNION ALL SELECT abs(-9223372036854775808)");

    EXPECT_EQ(fetch(*cursor, 1).scalar(), number(1));
    EXPECT_THROW(fetch(*cursor, 1), data_error);
    EXPECT_EQ(session_.scalar("SELECT 1"), number(1));
}

}  // namespace
}  // namespace gino::sqlite::test
