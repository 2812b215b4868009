// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <cmath>
#include <limits>
#include <random>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

using row_list = std::vector<std::vector<value>>;
using testing::HasSubstr;
using namespace std::chrono_literals;

constexpr double infinity = std::numeric_limits<double>::infinity();

class SqliteValue : public testing::Test {
protected:
    /// Stores a value in a column of a type and reads it back.
    value round_trip(const std::string& type, value stored) {
        session_.execute("DROP TABLE IF EXISTS t");
        session_.execute("CREATE TABLE t (a " + type + ")");
        session_.execute("INSERT INTO t VALUES (?)", {std::move(stored)});
        return session_.scalar("SELECT a FROM t");
    }

    blocking_session session_{"sqlite://"};
};

TEST_F(SqliteValue, SurvivesRoundTrip) {
    const value day(date(std::chrono::days(19'782)));
    const value time(timestamp(1'709'251'198'123'456us));
    const value point(timestamptz(1'709'251'198'000'001us));
    const value binary(bytes{std::byte{0}, std::byte{255}});

    EXPECT_EQ(round_trip("BOOLEAN", value(true)), value(true));
    EXPECT_EQ(round_trip("BOOLEAN", value(false)), value(false));
    EXPECT_EQ(round_trip("BIGINT", number(INT64_MIN)), number(INT64_MIN));
    EXPECT_EQ(round_trip("BIGINT", number(INT64_MAX)), number(INT64_MAX));
    EXPECT_EQ(round_trip("DOUBLE PRECISION", value(0.1)), value(0.1));
    EXPECT_EQ(round_trip("DOUBLE PRECISION", value(3.0)), value(3.0));
    EXPECT_EQ(round_trip("TEXT", text("1.0")), text("1.0"));
    EXPECT_EQ(round_trip("VARCHAR(9)", text("it's \xc3\xa9")), text("it's \xc3\xa9"));
    EXPECT_EQ(round_trip("TEXT", text("")), text(""));
    EXPECT_EQ(round_trip("BLOB", binary), binary);
    EXPECT_EQ(round_trip("BLOB", value(bytes{})), value(bytes{}));
    EXPECT_EQ(round_trip("DATE", day), day);
    EXPECT_EQ(round_trip("TIMESTAMP", time), time);
    EXPECT_EQ(round_trip("TIMESTAMP WITH TIME ZONE", point), point);
    EXPECT_EQ(round_trip("TEXT", value()), value());
}

TEST_F(SqliteValue, KeepsInfinities) {
    EXPECT_EQ(round_trip("DATE", value(date::max())), value(date::max()));
    EXPECT_EQ(round_trip("TIMESTAMP", value(timestamp::min())), value(timestamp::min()));
    EXPECT_EQ(
        round_trip("TIMESTAMP WITH TIME ZONE", value(timestamptz::max())), value(timestamptz::max())
    );
    EXPECT_EQ(round_trip("DOUBLE PRECISION", value(-infinity)), value(-infinity));
}

TEST_F(SqliteValue, SurvivesRoundTripWithRandomNumbers) {
    std::mt19937_64 random(5);
    session_.execute("CREATE TABLE n (i BIGINT, d DOUBLE PRECISION)");

    for (int round = 0; round < 500; ++round) {
        const auto integer = static_cast<std::int64_t>(random());
        const double real = std::ldexp(static_cast<double>(integer), round % 900 - 450);
        session_.execute("DELETE FROM n");
        session_.execute("INSERT INTO n VALUES (?, ?)", {number(integer), value(real)});

        const auto rows = session_.rows("SELECT i, d FROM n").rows;

        ASSERT_EQ(rows.at(0).at(0), number(integer));
        ASSERT_EQ(rows.at(0).at(1), value(real));
    }
}

TEST_F(SqliteValue, StoresPointsInTimeAsUtcText) {
    round_trip("TIMESTAMP WITH TIME ZONE", value(timestamptz(1us)));

    EXPECT_EQ(session_.scalar("SELECT a || '' FROM t"), text("1970-01-01 00:00:00.000001"));
    EXPECT_EQ(session_.scalar("SELECT a < CURRENT_TIMESTAMP FROM t"), number(1));
}

TEST_F(SqliteValue, KeepsTextThatLooksLikeANumber) {
    EXPECT_EQ(round_trip("TEXT", text("007")), text("007"));
}

TEST_F(SqliteValue, KeepsJsonThatSqliteStoresAsANumber) {
    EXPECT_EQ(
        round_trip("JSON", value(json_text{R"({"a": [1]})"})), value(json_text{R"({"a": [1]})"})
    );
    EXPECT_EQ(round_trip("JSON", value(json_text{"17"})), value(json_text{"17"}));
    EXPECT_EQ(round_trip("JSON", value(json_text{"1.5"})), value(json_text{"1.5"}));
    EXPECT_EQ(round_trip("JSONB", value(json_text{"\"x\""})), value(json_text{"\"x\""}));
}

TEST_F(SqliteValue, SendsArraysAsJson) {
    const value integers(value::array{number(1), value(), number(3)});
    const value texts(value::array{text("a\"b\\"), text("\n\x01"), text("\xc3\xa9")});

    const auto numbers = session_.rows("SELECT value FROM json_each(?)", {integers});
    const auto strings = session_.rows("SELECT value FROM json_each(?)", {texts});

    EXPECT_EQ(numbers.rows, (row_list{{number(1)}, {value()}, {number(3)}}));
    EXPECT_EQ(strings.rows, (row_list{{text("a\"b\\")}, {text("\n\x01")}, {text("\xc3\xa9")}}));
}

TEST_F(SqliteValue, SendsArrayElementsComparableWithTheirColumns) {
    const date day(std::chrono::days(1));
    session_.execute("CREATE TABLE t (flag BOOLEAN, real DOUBLE PRECISION, day DATE, at TIMESTAMP)"
    );
    session_.execute(
        "INSERT INTO t VALUES (?, ?, ?, ?)",
        {value(true), value(0.1), value(day), value(timestamp(5us))}
    );
    const auto found = [&](const char* column, value element) {
        return session_.scalar(
            std::string("SELECT count(*) FROM t WHERE ") + column +
                " IN (SELECT value FROM json_each(?))",
            {value(value::array{std::move(element)})}
        );
    };

    EXPECT_EQ(found("flag", value(true)), number(1));
    EXPECT_EQ(found("flag", value(false)), number(0));
    EXPECT_EQ(found("real", value(0.1)), number(1));
    EXPECT_EQ(found("day", value(day)), number(1));
    EXPECT_EQ(found("at", value(timestamp(5us))), number(1));
}

TEST_F(SqliteValue, RefusesUnstorableValues) {
    const value nan(std::numeric_limits<double>::quiet_NaN());
    const value array_of_binary(value::array{value(bytes{std::byte{1}})});

    for (const value& wrong :
         {nan, value(std::string("a\0b", 3)), array_of_binary, value(value::array{nan})}) {
        try {
            session_.execute("SELECT ?", {wrong});
            ADD_FAILURE() << to_string(wrong);
        } catch (const argument_error& refused) {
            EXPECT_EQ(refused.code(), errc::bad_value);
            EXPECT_THAT(refused.what(), HasSubstr("parameter 1: "));
        }
    }
    EXPECT_EQ(session_.scalar("SELECT 1"), number(1));
}

TEST_F(SqliteValue, RefusesValuesBeyondTheLimit) {
    const value large(std::string(512 * 1024 * 1024 + 1, 'x'));
    const driver::parameter parameter{.bound = &large, .type = {}};
    driver::request request;
    request.sql = "SELECT length(?)";
    request.parameters = {&parameter, 1};

    try {
        session_.execute(request);
        FAIL();
    } catch (const argument_error& refused) {
        EXPECT_EQ(refused.code(), errc::limit_exceeded);
    }
}

/// A sink that reads the first field of one row by a function of the decoder.
template <class Read>
class reading_sink final : public driver::row_sink {
public:
    explicit reading_sink(Read read) : read_(std::move(read)) {}

    void columns(std::span<const column_description> columns, const field_decoder& decoder)
        override {
        column_ = columns[0];
        decoder_ = &decoder;
    }

    void row(std::span<const driver::field_slice> fields) override {
        read_(*decoder_, field_view(fields[0].data, fields[0].size, column_, *decoder_));
    }

private:
    Read read_;
    column_description column_;
    const field_decoder* decoder_ = nullptr;
};

TEST_F(SqliteValue, IsNeverConvertedSilently) {
    struct row {
        const char* sql;
        void (*read)(const field_decoder&, const field_view&);
        const char* says;
    };

    const std::vector<row> rows{
        {"SELECT 1.5 AS a", [](auto& d, auto& f) { (void)d.integer(f); }, "a REAL"},
        {"SELECT '1' AS a", [](auto& d, auto& f) { (void)d.integer(f); }, "a TEXT"},
        {"SELECT 2 AS a", [](auto& d, auto& f) { (void)d.boolean(f); }, "neither 0 nor 1"},
        {"SELECT 't' AS a", [](auto& d, auto& f) { (void)d.boolean(f); }, "a TEXT"},
        {"SELECT 1 AS a", [](auto& d, auto& f) { (void)d.text(f); }, "an INTEGER"},
        {"SELECT x'00' AS a", [](auto& d, auto& f) { (void)d.text(f); }, "a BLOB"},
        {"SELECT 'x' AS a", [](auto& d, auto& f) { (void)d.binary(f); }, "a TEXT"},
        {"SELECT 'x' AS a", [](auto& d, auto& f) { (void)d.floating(f); }, "a TEXT"},
        {"SELECT 9007199254740993 AS a",
         [](auto& d, auto& f) { (void)d.floating(f); },
         "too many digits"},
        {"SELECT '2024-13-01' AS a", [](auto& d, auto& f) { (void)d.day(f); }, "not written as"},
        {"SELECT 19782 AS a", [](auto& d, auto& f) { (void)d.day(f); }, "an INTEGER"},
        {"SELECT 'now' AS a", [](auto& d, auto& f) { (void)d.local_time(f); }, "not written as"},
        {"SELECT 'now' AS a", [](auto& d, auto& f) { (void)d.instant(f); }, "not written as"},
        {"SELECT 1 AS a", [](auto& d, auto& f) { (void)d.json(f); }, "an INTEGER"},
    };

    for (const row& one : rows) {
        reading_sink sink(one.read);
        try {
            session_.execute(one.sql, {}, &sink);
            ADD_FAILURE() << one.sql;
        } catch (const data_error& refused) {
            EXPECT_EQ(refused.code(), errc::bad_value);
            EXPECT_EQ(refused.column(), "a");
            EXPECT_THAT(refused.what(), HasSubstr("\"a\""));
            EXPECT_THAT(refused.what(), HasSubstr(one.says)) << one.sql;
        }
    }
}

TEST_F(SqliteValue, ReadsExactIntegersAsFloatingPoint) {
    double got = 0;
    reading_sink sink([&](const field_decoder& decoder, const field_view& field) {
        got = decoder.floating(field);
    });

    session_.execute("SELECT 9007199254740992", {}, &sink);

    EXPECT_EQ(got, 9007199254740992.0);
}

TEST_F(SqliteValue, IsReadAsTextWhenItIsNotTheDeclaredTime) {
    EXPECT_EQ(round_trip("DATE", text("soon")), text("soon"));
}

TEST(SqliteNow, IsConstantWithinOneStatement) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (at TIMESTAMP WITH TIME ZONE DEFAULT (now()), i)");
    session.execute(
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 20000) "
        "INSERT INTO t (i) SELECT i FROM n"
    );

    EXPECT_EQ(session.scalar("SELECT count(DISTINCT at) FROM t"), number(1));
    EXPECT_EQ(session.scalar("SELECT now() = now()"), number(1));
}

TEST(SqliteNow, NeverGoesBackAndFollowsTheClock) {
    const blocking_session session("sqlite://");
    const auto before = std::chrono::system_clock::now();

    const auto first = session.scalar("SELECT now()");
    const auto second = session.scalar("SELECT now()");

    const auto read = parse_timestamptz(*first.get_if<std::string>());
    ASSERT_TRUE(read);
    EXPECT_LT(std::chrono::abs(*read - before), 60s);
    EXPECT_LE(*first.get_if<std::string>(), *second.get_if<std::string>());
    EXPECT_EQ(first.get_if<std::string>()->size(), 26U);
}

TEST(SqliteLike, IsCaseSensitiveLikePostgresql) {
    const blocking_session session("sqlite://");

    EXPECT_EQ(session.scalar("SELECT 'Abc' LIKE 'a%'"), number(0));
    EXPECT_EQ(session.scalar("SELECT 'Abc' LIKE 'A%'"), number(1));
    EXPECT_EQ(session.scalar("SELECT lower('Abc') LIKE lower('aB%')"), number(1));
}

TEST(SqliteName, IsNeverReadAsTextInDoubleQuotes) {
    const blocking_session session("sqlite://");

    EXPECT_THROW(session.execute("SELECT \"nobody\""), programming_error);
}

}  // namespace
}  // namespace gino::sqlite::test
