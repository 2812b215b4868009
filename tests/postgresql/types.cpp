// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/describe/enum.hpp>
#include <boost/json.hpp>
#include <boost/uuid/uuid.hpp>
#include <gmock/gmock.h>

#include <random>

#include "support/on_every_database.hpp"

// Types that only PostgreSQL has, and values compared with the server's text.
namespace {

using testing::ElementsAre;

struct measurement {
    std::int64_t id{};
    std::vector<std::int32_t> numbers{};
    std::vector<std::vector<std::string>> words{};
    std::vector<std::optional<double>> gaps{};
    std::optional<std::vector<gino::decimal>> prices{};
    gino::range<std::int32_t> span{};
    gino::range<gino::timestamptz> during{};

    GINO_MODEL(measurement, "gino_measurements", id, numbers, words, gaps, prices, span, during)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::exclude("gino_no_overlap", "gist").with(c.during, "&&").where(c.id > 1000)};
    }
};

class postgresql_types : public gino::testing::on_every_database {
protected:
    void run_types(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<measurement>, body);
    }
};

enum class color { red, green };
BOOST_DESCRIBE_ENUM(color, red, green)

struct tagged {
    std::int64_t id{};
    std::vector<color> colors{};
    gino::hstore attributes{};

    GINO_MODEL(tagged, "gino_tagged", id, colors, attributes)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Array : public postgresql_types {};

struct odd_types {
    std::int64_t id{};
    std::string bits;
    std::string more_bits;
    std::string at;

    GINO_MODEL(odd_types, "gino_odd_types", id, bits, more_bits, at)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::column_type(c.bits, gino::native_type("bit(5)")),
            gino::column_type(c.more_bits, gino::native_type("bit varying")),
            gino::column_type(c.at, gino::native_type("timetz"))};
    }
};

class NativeType : public postgresql_types {};

class Hstore : public postgresql_types {};

class Range : public postgresql_types {};

class Numeric : public postgresql_types {};

#define GINO_ON_POSTGRESQL(suite) INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values("postgresql"))

GINO_ON_POSTGRESQL(Array);
GINO_ON_POSTGRESQL(NativeType);
GINO_ON_POSTGRESQL(Hstore);
GINO_ON_POSTGRESQL(Range);
GINO_ON_POSTGRESQL(Numeric);

TEST_P(Array, KeepsItsDimensionsAndNulls) {
    run_types([&](gino::database& db) -> gino::awaitable<void> {
        measurement m;
        m.numbers = {3, -1, 2'000'000'000};
        m.words = {{"a", "b\"{},"}, {"", "NULL"}};
        m.gaps = {1.5, std::nullopt};
        m.prices = {gino::decimal("1.10"), gino::decimal("NaN")};
        co_await db.create(m);
        const auto back = co_await db.get<measurement>(m.id);
        EXPECT_EQ(back->numbers, m.numbers);
        EXPECT_EQ(back->words, m.words);
        EXPECT_EQ(back->gaps, m.gaps);
        EXPECT_EQ(back->prices, m.prices);
        measurement empty;
        co_await db.create(empty);
        EXPECT_EQ((co_await db.get<measurement>(empty.id))->words, empty.words);
        EXPECT_EQ((co_await db.get<measurement>(empty.id))->prices, std::nullopt);
    });
}

TEST_P(Array, RefusesRowsOfUnequalLength) {
    run_types([&](gino::database& db) -> gino::awaitable<void> {
        measurement m;
        m.words = {{"a"}, {"b", "c"}};
        EXPECT_THROW(co_await db.create(m), gino::argument_error);
        m.words = {};
        co_await db.create(m);
    });
}

TEST_P(Array, HasOperators) {
    run_types([&](gino::database& db) -> gino::awaitable<void> {
        measurement m;
        m.numbers = {10, 20, 30};
        m.gaps = {1.5};
        co_await db.create(m);
        const auto& c = measurement::c;
        const std::vector<std::int32_t> ten{10};
        const std::vector<std::int32_t> ends{10, 30};
        const std::vector<std::int32_t> others{7, 20};
        const std::vector<std::int32_t> tail{20, 30};
        EXPECT_EQ(co_await db.scalar(gino::select(c.numbers[2])), 20);
        EXPECT_EQ(co_await db.one(gino::select(gino::slice(c.numbers, 2, 3))), tail);
        EXPECT_EQ(co_await db.one(gino::select(gino::func::cardinality(c.numbers))), 3);
        const auto id = gino::select(c.id);
        EXPECT_EQ(co_await db.scalar(id.where(c.numbers.contains(ends))), m.id);
        EXPECT_EQ(co_await db.scalar(id.where(c.numbers.contained_by(ten))), std::nullopt);
        EXPECT_EQ(co_await db.scalar(id.where(c.numbers.overlaps(others))), m.id);
        EXPECT_EQ(co_await db.scalar(id.where(gino::literal(30) == gino::any_(c.numbers))), m.id);
        EXPECT_EQ(co_await db.scalar(id.where(gino::literal(5) < gino::all_(c.numbers))), m.id);
        const std::vector<std::int64_t> ids{m.id, 99};
        const std::vector<std::int64_t> id_and_five{m.id, 5};
        EXPECT_EQ(co_await db.scalar(id.where(c.id == gino::any_(ids))), m.id);
        const auto all = gino::aggregate_order_by(gino::func::array_agg(c.id), c.id.desc());
        EXPECT_EQ((co_await db.scalar(gino::select(all)))->size(), 1U);
        const auto made = gino::array(c.id, 5);
        EXPECT_EQ(co_await db.one(gino::select(made)), id_and_five);
        const auto each = gino::select(gino::func::unnest(c.numbers));
        EXPECT_THAT(co_await db.all(each), ElementsAre(10, 20, 30));
    });
}

// Enumerations and extension types have OIDs that differ between servers, and are sent as text.
TEST_P(Hstore, SurvivesRoundTripNextToAnArrayOfEnumerations) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<tagged>};
        co_await db.set_bind(url());
        co_await db.create_all();
        tagged t;
        t.colors = {color::green, color::red, color::green};
        t.attributes = {{"a", "1"}, {"it's \"quoted\" \\", "x=>y, z"}, {"nothing", std::nullopt}};
        co_await db.create(t);
        const auto back = co_await db.get<tagged>(t.id);
        EXPECT_EQ(back->colors, t.colors);
        EXPECT_EQ(back->attributes, t.attributes);
        tagged empty;
        co_await db.create(empty);
        EXPECT_EQ((co_await db.get<tagged>(empty.id))->colors, empty.colors);
        EXPECT_EQ((co_await db.get<tagged>(empty.id))->attributes, empty.attributes);
        co_await db.drop_all();
        co_await db.close();
    });
}

// A value of a database type without a C++ type is read as the server's text.
TEST_P(NativeType, IsReadAsTheServersText) {
    run_with(gino::models<odd_types>, [&](gino::database& db) -> gino::awaitable<void> {
        odd_types one{.bits = "10110", .more_bits = "101", .at = "12:30:00+02"};
        co_await db.create(one);
        const auto back = co_await db.get<odd_types>(one.id);
        EXPECT_EQ(back->bits, one.bits);
        EXPECT_EQ(back->more_bits, one.more_bits);
        EXPECT_EQ(back->at, one.at);
    });
}

TEST_P(Range, KeepsItsBounds) {
    run_types([&](gino::database& db) -> gino::awaitable<void> {
        using namespace std::chrono;
        measurement m;
        m.span = {.lower = 3, .upper = 7, .includes_upper = true};
        m.during = {.lower = gino::timestamptz(hours(5)), .includes_lower = false};
        co_await db.create(m);
        const auto back = co_await db.get<measurement>(m.id);
        const gino::range<std::int32_t> canonical{.lower = 3, .upper = 8};
        EXPECT_EQ(back->span, canonical);
        EXPECT_EQ(back->during, m.during);
        measurement empty;
        empty.span.is_empty = true;
        co_await db.create(empty);
        EXPECT_TRUE((co_await db.get<measurement>(empty.id))->span.is_empty);
        const auto wide = gino::range<std::int32_t>{.lower = 6};
        const auto found =
            gino::select(measurement::c.id).where(measurement::c.span.overlaps(wide));
        EXPECT_THAT(co_await db.all(found), ElementsAre(m.id));
    });
}

// Random numbers survive a round trip, and gino's text of each one equals the server's.
TEST_P(Numeric, MatchesTheServersText) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        std::mt19937_64 random(20261121);
        for (int i = 0; i < 400; ++i) {
            std::string text(1 + random() % 40, '0');
            for (char& digit : text) {
                digit = static_cast<char>('0' + random() % 10);
            }
            const std::size_t point = random() % (text.size() + 1);
            text = (random() % 2 == 0 ? "-" : "") + text.substr(0, point) + "." +
                   text.substr(point) + (point == text.size() ? "0" : "");
            const gino::decimal number(text);
            const auto both = co_await db.one(
                gino::select(gino::literal(number), gino::cast<std::string>(gino::literal(number)))
            );
            EXPECT_EQ(std::get<0>(both).to_string(), number.to_string()) << text;
            EXPECT_EQ(std::get<1>(both), number.to_string()) << text;
        }
        for (const auto* text : {"NaN", "Infinity", "-Infinity", "0", "0.000", "1e300"}) {
            const gino::decimal number(text);
            const auto back = co_await db.one(gino::select(gino::literal(number)));
            EXPECT_EQ(back.to_string(), number.to_string());
        }
        const gino::decimal huge(std::string(100'000, '7') + "." + std::string(10'000, '3'));
        EXPECT_EQ(co_await db.one(gino::select(gino::literal(huge))), huge);
        // The largest number of the type has more than 32,767 groups of four digits.
        const gino::decimal largest(std::string(131'072, '7') + "." + std::string(16'383, '3'));
        EXPECT_EQ(co_await db.one(gino::select(gino::literal(largest))), largest);
        const gino::decimal too_huge(std::string(140'000, '7'));
        EXPECT_THROW(co_await db.one(gino::select(gino::literal(too_huge))), gino::argument_error);
        co_await db.close();
    });
}

TEST_P(Numeric, IsReadableAsAnIntegerOnlyWithoutLoss) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        const auto id = gino::literal(std::int64_t{0});
        const auto read = [&](const char* sql) { return gino::text(sql).columns(id); };
        EXPECT_EQ(co_await db.one(read("SELECT 12.00::numeric")), 12);
        EXPECT_THROW(co_await db.one(read("SELECT 12.50::numeric")), gino::data_error);
        EXPECT_THROW(co_await db.one(read("SELECT 1e30::numeric")), gino::data_error);
        co_await db.close();
    });
}

}  // namespace
