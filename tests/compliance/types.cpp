// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/network.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>
#include <boost/json.hpp>
#include <boost/uuid/uuid.hpp>
#include <boost/uuid/uuid_io.hpp>
#include <gmock/gmock.h>

#include <limits>
#include <vector>

#include "support/on_every_database.hpp"

// Values of every type survive a round trip through the database.
namespace type_models {

enum class mood { happy, so_so, sad };
BOOST_DESCRIBE_ENUM(mood, happy, so_so, sad)

enum class size { small = 1, large = 9 };
BOOST_DESCRIBE_ENUM(size, small, large)

struct spot {
    double x{};
    double y{};

    friend bool operator==(const spot&, const spot&) = default;
};
BOOST_DESCRIBE_STRUCT(spot, (), (x, y))

/// A composite of several types, stored as one column.
struct address {
    std::string street;
    std::optional<std::int32_t> number{};
    bool is_home{};
    mood feels{};
    gino::decimal rent;
    gino::bytes seal{};
    gino::timestamptz since{};
    std::optional<gino::date> until{};
    std::optional<spot> where{};
    gino::interval notice{};
    gino::range<std::int32_t> floors{};
    std::optional<gino::range<gino::timestamptz>> quiet{};

    friend bool operator==(const address&, const address&) = default;
};
BOOST_DESCRIBE_STRUCT(
    address,
    (),
    (street, number, is_home, feels, rent, seal, since, until, where, notice, floors, quiet)
)

/// A user-defined type that is stored as a bigint.
struct money {
    std::int64_t cents = 0;

    friend bool operator==(const money&, const money&) = default;
};

}  // namespace type_models

template <>
struct gino::mapping<type_models::money> {
    using stored_type = std::int64_t;

    static type_models::money load(std::int64_t cents) { return {cents}; }

    static std::int64_t store(const type_models::money& m) { return m.cents; }
};

template <>
struct gino::mapping<type_models::spot> : gino::composite<type_models::spot, "gino_spot"> {};

template <>
struct gino::mapping<type_models::address> : gino::composite<type_models::address, "gino_address"> {
};

template <>
struct gino::mapping<type_models::size> : gino::enumeration<type_models::size, "shirt size"> {};

namespace type_models {

struct resident {
    std::int64_t id{};
    address lives{};
    std::optional<address> works{};

    GINO_MODEL(resident, "gino_residents", id, lives, works)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct thing {
    std::int64_t id{};
    gino::decimal price;
    std::optional<gino::decimal> discount{};
    gino::time_of_day opens{};
    gino::interval lasts{};
    boost::uuids::uuid key{};
    mood feels = mood::happy;
    std::optional<size> shirt{};
    gino::inet host{};
    std::optional<gino::cidr> network{};
    std::optional<gino::mac_address> card{};
    money worth{};

    GINO_MODEL(
        thing,
        "gino_things",
        id,
        price,
        discount,
        opens,
        lasts,
        key,
        feels,
        shirt,
        host,
        network,
        card,
        worth
    )

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::column_type(c.price, gino::numeric(20, 4))};
    }
};

}  // namespace type_models

namespace {

using namespace std::chrono_literals;
using namespace type_models;
using testing::ElementsAre;

class types_test : public gino::testing::on_every_database {
protected:
    void run_things(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<thing>, body);
    }
};

class Decimal : public types_test {};

class Interval : public types_test {};

class Enumeration : public types_test {};

class Composite : public types_test {};

class Uuid : public types_test {};

class Network : public types_test {};

class UserType : public types_test {};

class Row : public types_test {};

class Value : public types_test {};

GINO_ON_EVERY_DATABASE(Decimal);
GINO_ON_EVERY_DATABASE(Interval);
GINO_ON_EVERY_DATABASE(Enumeration);
GINO_ON_EVERY_DATABASE(Composite);
GINO_ON_EVERY_DATABASE(Uuid);
GINO_ON_EVERY_DATABASE(Network);
GINO_ON_EVERY_DATABASE(UserType);
GINO_ON_EVERY_DATABASE(Row);
GINO_ON_EVERY_DATABASE(Value);

TEST_P(Decimal, KeepsEveryDigit) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.price = gino::decimal("-1234567890123456.7891")};
        t.discount = gino::decimal(
            "0.000000000000000000000000000000000000000000000000000000000000000000000000000001"
        );
        co_await db.create(t);
        const auto back = co_await db.get<thing>(t.id);
        EXPECT_EQ(back->price.to_string(), "-1234567890123456.7891");
        EXPECT_EQ(back->discount, t.discount);
    });
}

TEST_P(Decimal, IsComparedAndSortedNumerically) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        for (const auto* price : {"9.5", "10", "-2", "100.25"}) {
            thing t{.price = gino::decimal(price)};
            co_await db.create(t);
        }
        const auto prices = gino::select(thing::c.price).order_by(thing::c.price);
        std::vector<double> sorted;
        for (const auto& price : co_await db.all(prices)) {
            sorted.push_back(price.to_double());
        }
        EXPECT_THAT(sorted, ElementsAre(-2, 9.5, 10, 100.25));
        const auto dear = prices.where(thing::c.price > gino::decimal("9.75"));
        EXPECT_EQ((co_await db.all(dear)).size(), 2U);
        const auto whole = prices.where(thing::c.price == 10);
        EXPECT_EQ((co_await db.all(whole)).size(), 1U);
    });
}

TEST_P(Interval, KeepsMonthsDaysAndTimeApart) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{
            .opens = {23h + 59min + 58s + 123456us},
            .lasts = {.months = 14, .days = -3, .time = -(4h + 5min + 6s + 789ms)}};
        co_await db.create(t);
        const auto back = co_await db.get<thing>(t.id);
        EXPECT_EQ(back->lasts, t.lasts);
        EXPECT_EQ(back->opens, t.opens);
        thing midnight{.opens = {24h}};
        co_await db.create(midnight);
        const auto late = gino::select(gino::func::count()).where(thing::c.opens == midnight.opens);
        EXPECT_EQ(co_await db.one(late), 1);
    });
}

TEST_P(Enumeration, IsStoredByName) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.feels = mood::so_so, .shirt = size::large};
        co_await db.create(t);
        const auto back = co_await db.get<thing>(t.id);
        EXPECT_EQ(back->feels, mood::so_so);
        EXPECT_EQ(back->shirt, size::large);
        const auto found = gino::select(thing::c.id).where(thing::c.feels == mood::so_so);
        EXPECT_EQ(co_await db.scalar(found), t.id);
        const auto text = gino::text("SELECT feels AS f FROM gino_things");
        const auto row = co_await db.one(text);
        EXPECT_EQ(row.get<std::string>("f"), "so_so");
    });
}

TEST_P(Enumeration, RefusesUnknownNames) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t;
        co_await db.create(t);
        EXPECT_THROW(
            co_await db.status(gino::text("UPDATE gino_things SET feels = 'grumpy'")),
            gino::database_error
        );
        const auto unknown = static_cast<mood>(17);
        EXPECT_THROW(
            static_cast<void>(gino::select(thing::c.id).where(thing::c.feels == unknown)),
            gino::argument_error
        );
    });
}

TEST_P(Enumeration, IsDroppedWithItsTables) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<thing>};
        co_await db.set_bind(url());
        co_await db.create_all();
        co_await db.create_all();
        co_await db.drop_all();
        co_await db.create_all();
        thing t{.feels = mood::sad};
        co_await db.create(t);
        EXPECT_EQ((co_await db.get<thing>(t.id))->feels, mood::sad);
        co_await db.drop_all();
        co_await db.close();
    });
}

TEST_P(Composite, SurvivesRoundTrip) {
    run_with(gino::models<resident>, [&](gino::database& db) -> gino::awaitable<void> {
        resident r;
        r.lives = {
            .street = "a \"b\", (c) \\",
            .number = -7,
            .is_home = true,
            .feels = mood::so_so,
            .rent = gino::decimal("1234567890.50"),
            .seal = {std::byte{0}, std::byte{0x5c}, std::byte{0xff}},
            .since = gino::timestamptz(1'700'000'000'123'456us),
            .until = {},
            .where = spot{.x = 0.1, .y = -1e300},
            .notice = {.months = 15, .days = -3, .time = 90'000'000us},
            .floors = {.lower = 2, .upper = 5},
            .quiet = gino::range<gino::timestamptz>{.lower = gino::timestamptz(10h), .upper = {}}};
        co_await db.create(r);
        auto back = co_await db.get<resident>(r.id);
        EXPECT_EQ(back->lives, r.lives);
        EXPECT_EQ(back->works, std::nullopt);
        const auto found = gino::select(resident::c.id).where(resident::c.lives == r.lives);
        EXPECT_EQ(co_await db.scalar(found), r.id);
        r.works = address{.rent = 1, .until = gino::date(std::chrono::days(-1'000'000))};
        co_await db.update(r).set(resident::c.works = r.works).apply();
        back = co_await db.get<resident>(r.id);
        EXPECT_EQ(back->works, r.works);
    });
}

TEST_P(Composite, ReportsOtherFieldsAsADataError) {
    run_with(gino::models<resident>, [&](gino::database& db) -> gino::awaitable<void> {
        for (const auto* text : {"(1,2,3)", "(1)", "(a,b)", "(1,2"}) {
            const auto wrong = gino::text("SELECT :t AS place")
                                   .bind("t", std::string(text))
                                   .columns(gino::literal(spot()));
            EXPECT_THROW(co_await db.one(wrong), gino::data_error);
        }
    });
}

TEST_P(Composite, IsCreatedAndDroppedWithTheTablesThatUseIt) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<thing, resident>};
        co_await db.set_bind(url());
        co_await db.create_all<resident>();
        resident r;
        co_await db.create(r);
        thing t;
        EXPECT_THROW(co_await db.create(t), gino::database_error);
        EXPECT_THROW(co_await db.create_all({.checkfirst = false}), gino::database_error);
        co_await db.create_all<thing>({.checkfirst = false});
        co_await db.create(t);
        co_await db.drop_all<resident>();  // keeps the enumeration, which both tables use
        EXPECT_EQ((co_await db.get<thing>(t.id))->feels, mood::happy);
        EXPECT_THROW(co_await db.drop_all({.checkfirst = false}), gino::database_error);
        co_await db.drop_all();
        EXPECT_THROW(
            static_cast<void>(db.metadata().subset({"gino_nothing"})), gino::argument_error
        );
        co_await db.close();
    });
}

TEST_P(Uuid, SurvivesRoundTrip) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t;
        for (std::size_t i = 0; i < 16; ++i) {
            t.key.data[i] = static_cast<std::uint8_t>(i * 17);
        }
        co_await db.create(t);
        const auto found = gino::select(thing::c.key).where(thing::c.key == t.key);
        EXPECT_EQ(to_string(*co_await db.scalar(found)), "00112233-4455-6677-8899-aabbccddeeff");
    });
}

TEST_P(Network, SurvivesRoundTrip) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t;
        t.host = {*gino::parse_network_address("192.168.1.5/24")};
        t.network = gino::cidr{gino::from_asio(boost::asio::ip::make_address("2001:db8::"), 32)};
        t.card = gino::parse_mac_address("08:00:2b:01:02:03");
        co_await db.create(t);
        const auto back = co_await db.get<thing>(t.id);
        EXPECT_EQ(back->host, t.host);
        EXPECT_EQ(gino::to_asio(back->host).to_string(), "192.168.1.5");
        EXPECT_EQ(back->network, t.network);
        EXPECT_EQ(back->card, t.card);
    });
}

TEST_P(UserType, IsStoredAsItsMappedType) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.worth = {12345}};
        co_await db.create(t);
        const auto found = gino::select(thing::c.worth).where(thing::c.worth == money{12345});
        EXPECT_EQ(co_await db.scalar(found), money{12345});
    });
}

TEST_P(Row, ReturnsValuesOfEveryType) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.price = 7, .lasts = {.days = 2}};
        co_await db.create(t);
        const auto row = co_await db.one(gino::select<thing>().as_rows());
        EXPECT_EQ(row.get<gino::decimal>("price"), 7);
        EXPECT_EQ(row[thing::c.lasts], gino::interval{.days = 2});
        EXPECT_TRUE(row["discount"].is_null());
    });
}

TEST_P(Row, IsReadableWholeAndFieldByField) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.feels = mood::sad};
        co_await db.create(t);
        const auto two = gino::select(thing::c.id, thing::c.feels.label("mood"));
        const auto row = co_await db.one(two.as_rows());
        const auto [id, feels] = row.as<std::int64_t, mood>();
        EXPECT_EQ(id, t.id);
        EXPECT_EQ(feels, mood::sad);
        std::string names;
        for (const auto& [name, value] : row) {
            names += std::string(name) + "=" + to_string(value) + " ";
        }
        EXPECT_EQ(names, "id=1 mood='sad' ");
        EXPECT_THROW(static_cast<void>(row.as<std::int64_t>()), gino::argument_error);
    });
}

TEST_P(Row, ConvertsToJson) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        thing t{.price = gino::decimal("1.50"), .opens = {7h}};
        co_await db.create(t);
        const auto some = gino::select(
            thing::c.id,
            gino::cast<std::string>(thing::c.price).label("price"),
            thing::c.discount,
            gino::literal(1.5).label("ratio"),
            thing::c.opens
        );
        const auto row = co_await db.one(some.as_rows());
        const auto json = boost::json::serialize(gino::to_json(row));
        EXPECT_EQ(
            json,
            R"({"id":1,"price":"1.5000","discount":null,"ratio":1.5E0,"opens":"07:00:00.000000"})"
        );
    });
}

using ids = decltype(gino::select(thing::c.id));

/// Returns selects of the only row by a column's value: in comparisons, lists, CASE, a function
/// call and a join.
template <class Column, class V>
std::vector<ids> selects_by(
    const Column& column, const V& value, const V& other, bool has_order = true
) {
    const auto things = gino::select(thing::c.id);
    const std::vector<V> both{other, value};
    const std::vector<V> others{other};
    const auto chosen = gino::case_(thing::c.id > 0, value).else_(other);
    const gino::column_name<V> cell("cell");
    const auto list = gino::values_list("list", cell).row(other).row(value);
    std::vector<ids> selects{
        things.where(column == value),
        things.where(column.in(both)),
        things.where(column.not_in(others)),
        things.where(column.in(other, value)),
        things.where(chosen == column),
        things.where(gino::func::coalesce(column, other) == value),
        things.join(list, list[cell] == column)};
    if (has_order) {
        selects.push_back(things.where(column.between(value, value)));
    }
    return selects;
}

TEST_P(Value, IsFoundInEveryPositionOfAStatement) {
    run_things([&](gino::database& db) -> gino::awaitable<void> {
        boost::uuids::uuid key{};
        key.data[3] = 7;
        thing t{.price = gino::decimal("1.5")};
        t.opens = {7h};
        t.lasts = {.months = 1, .days = 2, .time = 3h};
        t.key = key;
        t.feels = mood::so_so;
        t.worth = money{7};
        co_await db.create(t);

        for (const auto& selects :
             {selects_by(thing::c.price, t.price, gino::decimal("99.75")),
              selects_by(thing::c.opens, t.opens, gino::time_of_day{23h}),
              selects_by(thing::c.lasts, t.lasts, gino::interval{.days = 1}, !is_sqlite()),
              selects_by(thing::c.key, key, boost::uuids::uuid{}),
              selects_by(thing::c.feels, mood::so_so, mood::sad),
              selects_by(thing::c.worth, money{7}, money{8})}) {
            for (const auto& select : selects) {
                EXPECT_THAT(co_await db.all(select), ElementsAre(t.id));
            }
        }
        const auto chosen = gino::case_(thing::c.id > 0, mood::sad).else_(mood::happy);
        EXPECT_EQ(co_await db.scalar(gino::select(chosen)), mood::sad);
        co_await db.status(gino::update<thing>().set(thing::c.feels = chosen));
    });
}

}  // namespace
