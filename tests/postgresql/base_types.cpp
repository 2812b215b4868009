// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/postgresql/driver.hpp>
#include <gino/gino.hpp>

#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>

#include <algorithm>
#include <array>
#include <bit>
#include <cmath>
#include <map>
#include <random>

#include "core/text_form.hpp"
#include "driver/postgresql/codec/oids.hpp"
#include "support/driver_test.hpp"
#include "support/value_sink.hpp"
#include "types/text_value.hpp"

// Every type of the server, in the binary and in the text format.
namespace {

using namespace std::chrono_literals;
using gino::type_kind;
using gino::value;
using gino::testing::value_sink;
namespace codec = gino::postgresql::codec;

using gino::testing::driver_test;

class BaseType : public driver_test {};

class SimpleProtocol : public driver_test {};

class RunTimeType : public driver_test {};

#define GINO_ON_POSTGRESQL(suite) INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values("postgresql"))

GINO_ON_POSTGRESQL(BaseType);
GINO_ON_POSTGRESQL(SimpleProtocol);
GINO_ON_POSTGRESQL(RunTimeType);

bool is_nan(const value& v) {
    const auto* number = v.get_if<double>();
    return number != nullptr && std::isnan(*number);
}

/// Generates random values of a type, including special values.
class any_value {
public:
    explicit any_value(std::uint64_t seed) : random_(seed) {}

    value of(type_kind kind) {
        switch (kind) {
            case type_kind::boolean:
                return value(below(2) == 0);
            case type_kind::smallint:
                return value(std::int64_t{static_cast<std::int16_t>(random_())});
            case type_kind::integer:
                return value(std::int64_t{static_cast<std::int32_t>(random_())});
            case type_kind::bigint:
                return value(static_cast<std::int64_t>(random_() >> below(64)));
            case type_kind::real:
                return value(double{
                    odd(std::bit_cast<float>(static_cast<std::uint32_t>(random_())))});
            case type_kind::double_precision:
                return value(odd(std::bit_cast<double>(random_())));
            case type_kind::numeric:
                return value(number());
            case type_kind::text:
                return value(text());
            case type_kind::binary:
                return value(bytes());
            case type_kind::date:
                return value(day());
            case type_kind::timestamp:
                return value(moment<gino::timestamp>());
            case type_kind::timestamptz:
                return value(moment<gino::timestamptz>());
            case type_kind::time:
                return value(gino::time_of_day{std::chrono::microseconds(below(86'400'000'001))});
            case type_kind::interval:
                return value(gino::interval{
                    .months = static_cast<std::int32_t>(random_()) / 2,
                    .days = static_cast<std::int32_t>(random_()),
                    .time = std::chrono::microseconds(static_cast<std::int64_t>(random_()))});
            case type_kind::uuid:
                return value(fill<gino::uuid_bytes>());
            case type_kind::macaddr:
                return value(gino::mac_address{fill<decltype(gino::mac_address::bytes)>()});
            case type_kind::inet:
                return value(address());
            case type_kind::json:
                return value(gino::json_text{"{\"a\": [" + std::to_string(random_()) + ", null]}"});
            default:
                throw std::logic_error("no values of this type");
        }
    }

    value array_of(type_kind element) {
        value::array elements;
        for (auto i = below(4); i > 0; --i) {
            elements.push_back(below(4) == 0 ? value() : of(element));
        }
        return value(std::move(elements));
    }

    value range_of(type_kind bound) {
        value::range made;
        made.bounds = {of(bound), of(bound)};
        made.includes_lower = below(2) == 0;
        made.is_empty = below(8) == 0;
        for (auto& one : made.bounds) {
            if (below(4) == 0) {
                one = value();
            }
        }
        return value(std::move(made));
    }

private:
    std::uint64_t below(std::uint64_t end) { return random_() % end; }

    template <class Number>
    Number odd(Number other) {
        const std::array<Number, 5> odd_ones{
            Number{0},
            -Number{0},
            std::numeric_limits<Number>::infinity(),
            -std::numeric_limits<Number>::infinity(),
            std::numeric_limits<Number>::quiet_NaN()};
        const auto i = below(30);
        return i < odd_ones.size() ? odd_ones[i] : other;
    }

    gino::decimal number() {
        if (below(20) == 0) {
            return gino::decimal(below(2) == 0 ? "NaN" : "-Infinity");
        }
        std::string digits = below(2) == 0 ? "-" : "";
        for (auto i = 1 + below(60); i > 0; --i) {
            digits += static_cast<char>('0' + below(10));
        }
        if (below(2) == 0) {
            digits += ".";
            for (auto i = 1 + below(60); i > 0; --i) {
                digits += static_cast<char>('0' + below(10));
            }
        }
        return gino::decimal(digits);
    }

    std::string text() {
        std::string made;
        for (auto i = below(12); i > 0; --i) {
            static constexpr std::array pieces{
                "a",
                "\\",
                "\"",
                "'",
                "{",
                "}",
                ",",
                " ",
                "\n",
                "NULL",
                "\xc3\xbc",
                "\xf0\x9f\x90\x98"};
            made += pieces[below(pieces.size())];
        }
        return made;
    }

    gino::bytes bytes() {
        gino::bytes made(below(20));
        for (auto& one : made) {
            one = static_cast<std::byte>(random_());
        }
        return made;
    }

    // Returns a day from 4713 BC to the last year of the type, or an infinity.
    gino::date day() {
        if (below(20) == 0) {
            return below(2) == 0 ? gino::date::min() : gino::date::max();
        }
        return gino::date{std::chrono::days(
            std::uniform_int_distribution<std::int64_t>(-2'440'000, 2'145'000'000)(random_)
        )};
    }

    template <class Time>
    Time moment() {
        if (below(20) == 0) {
            return below(2) == 0 ? Time::min() : Time::max();
        }
        return Time{std::chrono::microseconds(
            std::uniform_int_distribution<
                std::int64_t>(-210'000'000'000'000'000, 9'200'000'000'000'000'000)(random_)
        )};
    }

    template <class Bytes>
    Bytes fill() {
        Bytes made{};
        for (auto& one : made) {
            one = static_cast<std::byte>(random_());
        }
        return made;
    }

    gino::network_address address() {
        gino::network_address made;
        made.is_v6 = below(2) == 0;
        const std::size_t size = made.is_v6 ? 16 : 4;
        for (std::size_t i = 0; i < size; ++i) {
            made.bytes[i] = static_cast<std::byte>(random_());
        }
        made.prefix_length = static_cast<std::uint8_t>(below(size * 8 + 1));
        return made;
    }

    std::mt19937_64 random_;
};

// Sends values and expects them back unchanged, in binary and as the server's text.
gino::awaitable<void> expect_round_trips(
    gino::driver::connection& on, gino::sql_type type, std::function<value()> make
) {
    constexpr int batches = 10;
    constexpr int at_once = 50;
    for (int batch = 0; batch < batches; ++batch) {
        std::vector<value> sent;
        for (int i = 0; i < at_once; ++i) {
            sent.push_back(make());
        }
        std::vector<gino::driver::parameter> bound;
        for (const auto& one : sent) {
            bound.push_back({.bound = &one, .type = type});
        }
        value_sink answer;
        std::vector<gino::driver::pipelined> all;
        for (const auto& one : bound) {
            all.push_back(
                {.statement = {.sql = "SELECT $1, $1::text", .parameters = {&one, 1}},
                 .sink = &answer}
            );
        }
        co_await on.execute_pipeline(all, gino::driver::pipeline_sync::batch);
        for (const auto& one : all) {
            if (one.failure != nullptr) {
                std::rethrow_exception(one.failure);
            }
        }
        for (std::size_t i = 0; i < sent.size(); ++i) {
            const auto& text = *answer.rows[i][1].get_if<std::string>();
            const auto read =
                gino::detail::value_in_text(text, codec::type_of(codec::oid_of(type)));
            EXPECT_TRUE(answer.rows[i][0] == sent[i] || is_nan(sent[i])) << text;
            EXPECT_TRUE(read && (*read == sent[i] || is_nan(sent[i]))) << text;
        }
    }
}

TEST_P(BaseType, RandomValuesSurviveRoundTrip) {
    run_connected("", [](gino::driver::connection& on) -> gino::awaitable<void> {
        any_value random(20261121);
        for (const auto kind :
             {type_kind::boolean,
              type_kind::smallint,
              type_kind::integer,
              type_kind::bigint,
              type_kind::real,
              type_kind::double_precision,
              type_kind::numeric,
              type_kind::text,
              type_kind::binary,
              type_kind::date,
              type_kind::timestamp,
              type_kind::timestamptz,
              type_kind::time,
              type_kind::interval,
              type_kind::uuid,
              type_kind::macaddr,
              type_kind::inet,
              type_kind::json}) {
            SCOPED_TRACE(to_string(kind));
            const gino::sql_type plain{.kind = kind};
            co_await expect_round_trips(on, plain, [&] { return random.of(kind); });
            const gino::sql_type array{.kind = type_kind::array, .element = kind};
            if (kind != type_kind::real && kind != type_kind::double_precision) {  // NaN != NaN
                co_await expect_round_trips(on, array, [&] { return random.array_of(kind); });
            }
        }
    });
}

// The server normalizes ranges of integers and days; it keeps the bounds of the other ranges.
TEST_P(BaseType, RandomRangesSurviveRoundTrip) {
    run_connected("", [](gino::driver::connection& on) -> gino::awaitable<void> {
        std::mt19937_64 random(7);
        for (const auto kind : {type_kind::numrange, type_kind::tsrange, type_kind::tstzrange}) {
            const gino::sql_type type{.kind = kind};
            co_await expect_round_trips(on, type, [&] {
                value::range made;
                const auto lower = static_cast<std::int64_t>(random() % 1'000'000);
                for (const std::int64_t number : {lower, lower + 1}) {
                    const std::chrono::microseconds time(number);
                    made.bounds.push_back(
                        random() % 4 == 0             ? value()
                        : kind == type_kind::numrange ? value(gino::decimal(number))
                        : kind == type_kind::tsrange  ? value(gino::timestamp(time))
                                                      : value(gino::timestamptz(time))
                    );
                }
                made.includes_lower = !made.bounds[0].is_null() && random() % 2 == 0;
                made.includes_upper = !made.bounds[1].is_null() && random() % 2 == 0;
                return value(std::move(made));
            });
        }
    });
}

// Returns one value of each type, as the server's text. The test fails for a type without a value.
const std::map<std::string, std::string>& samples() {
    static const std::map<std::string, std::string> all{
        {"aclitem", "=r/postgres"},
        {"bit", "1"},
        {"bool", "t"},
        {"box", "(3,4),(1,2)"},
        {"bpchar", "ab"},
        {"bytea", "\\x00ff"},
        {"char", "x"},
        {"cid", "4294967295"},
        {"cidr", "10.0.0.0/8"},
        {"circle", "<(1,2),3>"},
        {"date", "0044-03-15 BC"},
        {"datemultirange", "{[2024-01-01,2024-02-01),[2024-03-01,)}"},
        {"daterange", "[2024-01-01,2024-02-01)"},
        {"float4", "1.5e-10"},
        {"float8", "-1.7976931348623157e+308"},
        {"inet", "::1/64"},
        {"int2", "-32768"},
        {"int2vector", "1 2 3"},
        {"int4", "-2147483648"},
        {"int4multirange", "{[1,3),[5,)}"},
        {"int4range", "[1,3)"},
        {"int8", "-9223372036854775808"},
        {"int8multirange", "{}"},
        {"int8range", "empty"},
        {"interval", "1 year 2 mons -3 days +04:05:06.789"},
        {"json", "{\"a\" :1}"},
        {"jsonb", "{\"a\": 1}"},
        {"jsonpath", "$.\"a\""},
        {"line", "{1,2,3}"},
        {"lseg", "[(1,2),(3,4)]"},
        {"macaddr", "08:00:2b:01:02:03"},
        {"macaddr8", "08:00:2b:01:02:03:04:05"},
        {"money", "$1.50"},
        {"name", "a_name"},
        {"numeric", "-0.0010"},
        {"nummultirange", "{[1.5,2.5]}"},
        {"numrange", "(1.5,2.5]"},
        {"oid", "4294967295"},
        {"oidvector", "1 2"},
        {"path", "[(1,2),(3,4)]"},
        {"pg_lsn", "16/B374D848"},
        {"pg_snapshot", "10:20:10,14,15"},
        {"point", "(1,2)"},
        {"polygon", "((1,2),(3,4))"},
        {"refcursor", "a cursor"},
        {"regclass", "pg_class"},
        {"regcollation", "\"C\""},
        {"regconfig", "english"},
        {"regdictionary", "simple"},
        {"regnamespace", "pg_catalog"},
        {"regoper", "|/"},
        {"regoperator", "+(integer,integer)"},
        {"regproc", "now"},
        {"regprocedure", "abs(integer)"},
        {"regrole", "postgres"},
        {"regtype", "integer"},
        {"text", "any text"},
        {"tid", "(0,1)"},
        {"time", "24:00:00"},
        {"timestamp", "4713-11-24 00:00:00 BC"},
        {"timestamptz", "2024-02-29 23:59:59.999999+00"},
        {"timetz", "12:30:00+02"},
        {"tsmultirange", "{}"},
        {"tsquery", "'a' & !'b'"},
        {"tsrange", "[\"2024-01-01 00:00:00\",\"2024-01-02 00:00:00\")"},
        {"tstzmultirange", "{}"},
        {"tstzrange", "(\"2024-01-01 00:00:00+00\",)"},
        {"tsvector", "'a':1A 'b'"},
        {"txid_snapshot", "10:20:10,14,15"},
        {"uuid", "a0eebc99-9c0b-4ef8-bb6d-6bb9bd380a11"},
        {"varbit", "1011"},
        {"varchar", "some"},
        {"xid", "4294967295"},
        {"xid8", "9223372036854775807"},
        {"xml", "<a>1</a>"},
    };
    return all;
}

gino::awaitable<void> expect_sample(
    gino::driver::connection& on, std::string type, std::uint32_t oid, std::string sample
) {
    const value text(sample);
    const gino::driver::parameter bound{.bound = &text, .type = {}};
    value_sink answer;
    const std::string name = "pg_catalog.\"" + type + "\"";
    const std::string sql = "SELECT $1::" + name + ", format('%s', $1::" + name +
                            "), ARRAY[$1::" + name + "], ARRAY[$1::" + name + "]::text";
    const gino::driver::request request{.sql = sql, .parameters = {&bound, 1}};
    co_await on.execute(request, answer);
    const auto& row = answer.rows.at(0);
    EXPECT_EQ(row[1], text);
    const auto* as_text = row[0].get_if<std::string>();
    if (as_text != nullptr) {
        EXPECT_EQ(*as_text, sample);
    } else {
        EXPECT_EQ(gino::detail::value_in_text(sample, codec::type_of(oid)), row[0]);
    }
    const auto* elements = row[2].get_if<value::array>();
    EXPECT_EQ(
        elements != nullptr ? elements->at(0) : row[2], elements != nullptr ? row[0] : row[3]
    );
}

TEST_P(BaseType, EveryServerTypeSurvivesRoundTrip) {
    run_connected("", [](gino::driver::connection& on) -> gino::awaitable<void> {
        // The query leaves out types that gino's tests create, and types without an input function.
        const auto types = co_await ask(
            on,
            "SELECT typname::text, oid FROM pg_type WHERE typnamespace = "
            "'pg_catalog'::regnamespace "
            "AND oid < 16384 AND typname <> 'gtsvector' AND typtype IN ('b', 'r', 'm') AND "
            "typcategory NOT IN ('A', 'Z') "
            "UNION ALL SELECT 'int2vector', 22 UNION ALL SELECT 'oidvector', 30 "
            "UNION ALL SELECT 'char', 18"
        );
        EXPECT_GT(types.size(), 60U);
        co_await on.execute_script("SET TimeZone = 'UTC'; SET lc_monetary = 'C'");
        for (const auto& row : types) {
            const auto& type = *row[0].get_if<std::string>();
            SCOPED_TRACE(type);
            const auto sample = samples().find(type);
            if (sample == samples().end()) {
                ADD_FAILURE() << "no value is known of type " << type;
                continue;
            }
            const auto oid = static_cast<std::uint32_t>(*row[1].get_if<std::int64_t>());
            co_await expect_sample(on, type, oid, sample->second);
        }
    });
}

TEST_P(SimpleProtocol, ReturnsTheSameValues) {
    run([&]() -> gino::awaitable<void> {
        auto extended = co_await open("");
        const auto keeps_driver = std::move(driver_);
        auto simple = co_await open(
            std::string(url().find('?') == std::string::npos ? "?" : "&") +
            "prepared_statements=simple"
        );
        for (const auto& [type, sample] : samples()) {
            SCOPED_TRACE(type);
            std::string literal = "'";
            for (const char c : sample) {
                literal += c == '\'' ? std::string("''") : std::string(1, c);
            }
            literal += "'::pg_catalog.\"" + type + "\"";
            const std::string sql =
                "SELECT " + literal + ", ARRAY[" + literal + ", NULL], NULL::" + type;
            const auto one = co_await ask(*extended, sql);
            const auto other = co_await ask(*simple, sql);
            EXPECT_EQ(one, other) << sql;
        }
        co_await extended->close();
        co_await simple->close();
    });
}

TEST_P(SimpleProtocol, ReturnsTheSameValuesInEveryOutputFormat) {
    const std::string more = std::string(url().find('?') == std::string::npos ? "?" : "&") +
                             "prepared_statements=simple";
    run_connected(more, [](gino::driver::connection& on) -> gino::awaitable<void> {
        const std::string query =
            "SELECT '\\x00615cff'::bytea, '1800-01-01 00:00:00.5+00'::timestamptz, "
            "'1 year 2 mons -3 days -04:05:06.789'::interval";
        const auto usual = co_await ask(on, query);
        for (const auto* setting :
             {"bytea_output = escape",
              "TimeZone = 'Europe/Amsterdam'",
              "TimeZone = 'Asia/Kolkata'",
              "IntervalStyle = iso_8601"}) {
            co_await on.execute_script(std::string("SET ") + setting);
            EXPECT_EQ(co_await ask(on, query), usual) << setting;
        }
    });
}

// PostgreSQL counts microseconds from 2000, gino counts them from 1970.
TEST_P(SimpleProtocol, NamesTimestampsOutOfRangeLikeTheExtendedProtocol) {
    const std::string mark = url().find('?') == std::string::npos ? "?" : "&";
    for (const auto& more : {std::string(), mark + "prepared_statements=simple"}) {
        run_connected(more, [](gino::driver::connection& on) -> gino::awaitable<void> {
            const auto problem_of = [&on](std::string sql) -> gino::awaitable<std::string> {
                try {
                    static_cast<void>(co_await ask(on, sql));
                } catch (const gino::data_error& e) {
                    co_return e.what();
                }
                co_return "";
            };

            EXPECT_THAT(
                co_await problem_of("SELECT timestamp '294276-12-31' AS t"),
                testing::HasSubstr("\"t\" has a timestamp out of range")
            );
            EXPECT_THAT(
                co_await problem_of("SELECT timestamptz '294247-01-11 04:00:54+00' AS t"),
                testing::HasSubstr("\"t\" has a timestamp with time zone out of range")
            );
            EXPECT_EQ(co_await problem_of("SELECT timestamp '294247-01-10 04:00:54' AS t"), "");
        });
    }
}

TEST_P(SimpleProtocol, HasNoParametersCursorsOrPipelines) {
    const std::string more = std::string(url().find('?') == std::string::npos ? "?" : "&") +
                             "prepared_statements=simple";
    run_connected(more, [](gino::driver::connection& on) -> gino::awaitable<void> {
        const value one(std::int64_t{1});
        const gino::driver::parameter bound{.bound = &one, .type = {.kind = type_kind::bigint}};
        const gino::driver::request with_value{.sql = "SELECT $1", .parameters = {&bound, 1}};
        const gino::driver::request plain{.sql = "SELECT 1"};
        value_sink answer;
        EXPECT_THROW(co_await on.execute(with_value, answer), gino::argument_error);
        std::vector<gino::driver::pipelined> several(2, {.statement = plain, .sink = &answer});
        EXPECT_THROW(
            co_await on.execute_pipeline(several, gino::driver::pipeline_sync::each),
            gino::argument_error
        );
        co_await on.execute_script("BEGIN");
        EXPECT_THROW(co_await on.open_cursor(plain), gino::argument_error);
        co_await on.execute_script("ROLLBACK");
        const gino::driver::request two{.sql = "SELECT 1; SELECT 2"};
        EXPECT_THROW(co_await on.execute(two, answer), gino::argument_error);
        const gino::driver::request wrong{.sql = "SELEC"};
        EXPECT_THROW(co_await on.execute(wrong, answer), gino::programming_error);
        const auto rows = co_await ask(on, "SELECT 1 AS one WHERE false");
        EXPECT_TRUE(rows.empty());
        const auto last = co_await ask(on, "SELECT 5::int2");
        EXPECT_EQ(last.at(0).at(0), value(std::int64_t{5}));
    });
}

TEST_P(SimpleProtocol, ConnectsToThePgBouncerConsole) {
    const char* where = std::getenv("GINO_TEST_PGBOUNCER_SESSION");
    ASSERT_NE(where, nullptr);
    run([&]() -> gino::awaitable<void> {
        auto console = gino::read_url(where);
        console.database = "pgbouncer";
        console.parameters.emplace_back("prepared_statements", "simple");
        gino::database db;
        co_await db.set_bind(console);
        const auto pools = co_await db.all(gino::text("SHOW POOLS"));
        const auto is_its_own = [](const gino::row& pool) {
            return pool.get<std::string>("database") == "pgbouncer";
        };
        EXPECT_TRUE(std::ranges::any_of(pools, is_its_own));
        co_await db.close();
    });
}

TEST_P(SimpleProtocol, WorksThroughAPoolerInBothModes) {
    for (const char* name : {"GINO_TEST_PGBOUNCER_SESSION", "GINO_TEST_PGBOUNCER_TRANSACTION"}) {
        const char* where = std::getenv(name);
        ASSERT_NE(where, nullptr);
        run([&]() -> gino::awaitable<void> {
            auto pooler = gino::read_url(where);
            pooler.parameters.emplace_back("prepared_statements", "simple");
            gino::database db;
            co_await db.set_bind(pooler);
            auto tx = co_await db.begin();
            const auto seen = co_await tx.one(gino::text("SELECT ARRAY[1.50, NULL] AS numbers"));
            EXPECT_EQ(seen.get<std::vector<std::optional<gino::decimal>>>("numbers").size(), 2U);
            co_await tx.commit();
            co_await db.close();
        });
    }
}

TEST_P(RunTimeType, IsReadByItsBaseType) {
    run_connected("", [](gino::driver::connection& on) -> gino::awaitable<void> {
        co_await on.execute_script(
            "CREATE TYPE mood AS ENUM ('sad', 'it''s \"ok\"');"
            "CREATE DOMAIN positive AS int4 CHECK (VALUE > 0);"
            "CREATE DOMAIN small AS positive CHECK (VALUE < 100);"
            "CREATE TYPE pair AS (a int4, b text)"
        );
        value_sink answer;
        const gino::driver::request request{
            .sql =
                "SELECT 'sad'::mood, ARRAY['it''s \"ok\"', NULL]::mood[], 7::small, "
                "ARRAY[[7],[8]]::small[], 'Text'::citext, ARRAY['Text']::citext[], "
                "(1, 'x')::pair, ARRAY[(1, 'x')::pair]"};
        co_await on.execute(request, answer);
        const auto& row = answer.rows.at(0);
        const value seven(std::int64_t{7});
        const value eight(std::int64_t{8});
        EXPECT_EQ(row[0], value(std::string("sad")));
        EXPECT_EQ(row[1], value(value::array{value(std::string("it's \"ok\"")), value()}));
        EXPECT_EQ(row[2], seven);
        EXPECT_EQ(
            row[3], value(value::array{value(value::array{seven}), value(value::array{eight})})
        );
        EXPECT_EQ(row[4], value(std::string("Text")));
        EXPECT_EQ(row[5], value(value::array{value(std::string("Text"))}));
        EXPECT_EQ(row[6], value(std::string("(1,x)")));
        EXPECT_EQ(row[7], value(std::string("{\"(1,x)\"}")));
        EXPECT_EQ(answer.described[0].type_name, "mood");
        EXPECT_EQ(answer.described[7].type_name, "pair[]");
        EXPECT_EQ(answer.described[2].type_name, "");  // the server reports a domain's base type
    });
}

TEST_P(RunTimeType, IsLookedUpOncePerDriver) {
    run([&]() -> gino::awaitable<void> {
        auto first = co_await open("");
        co_await first->execute_script("CREATE TYPE mood AS ENUM ('sad', 'happy')");
        static_cast<void>(co_await ask(*first, "SELECT 'sad'::mood"));
        int parsed = 0;
        driver_->on_notice([&](const gino::error_fields& notice) {
            parsed += notice.message.starts_with("parse tree") ? 1 : 0;
        });
        const auto executor = co_await boost::asio::this_coro::executor;
        auto second = co_await driver_->connect(executor, 10s);
        co_await second->execute_script("SET client_min_messages = log; SET debug_print_parse = on"
        );
        static_cast<void>(co_await ask(*second, "SELECT 'happy'::mood"));
        EXPECT_EQ(parsed, 1);
        co_await first->execute_script("DROP TYPE mood");
        co_await first->close();
        co_await second->close();
    });
}

}  // namespace
