// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/types/numeric.hpp>

#include <gmock/gmock.h>

#include "support/expect_sql.hpp"
#include "unit/sql/models.hpp"

namespace gino::test {
namespace {

using ::testing::HasSubstr;

std::string problem_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const error& e) {
        return e.what();
    }
    return "nothing was wrong";
}

void compile(const statement_base& statement) {
    static_cast<void>(sqlite::dialect().compile(statement.node()));
}

TEST(Statement, CopyWithClausesLeavesTheOriginalUnchanged) {
    const auto base = select(person::c.id);
    const auto narrow = base.where(person::c.age > 3).order_by(person::c.id).limit(1);
    const auto other = base.where(person::c.age < 3);
    EXPECT_SQL(base, sqlite, "SELECT people.id FROM people");
    EXPECT_SQL(
        narrow,
        sqlite,
        "SELECT people.id FROM people WHERE people.age > ? ORDER BY people.id LIMIT ?",
        3,
        1
    );
    EXPECT_SQL(other, sqlite, "SELECT people.id FROM people WHERE people.age < ?", 3);
}

TEST(Statement, SecondWhereAddsACondition) {
    auto query = select(person::c.id);
    for (int i = 0; i < 3; ++i) {
        query = query.where(person::c.id != i);
    }
    EXPECT_SQL(
        query,
        sqlite,
        "SELECT people.id FROM people WHERE people.id != ? AND people.id != ? AND people.id != ?",
        0,
        1,
        2
    );
}

TEST(Statement, KeepsItsTimeoutAfterFurtherClauses) {
    const auto hasty = select(person::c.id).timeout(std::chrono::milliseconds(5)).limit(1);
    EXPECT_EQ(hasty.options().timeout, std::chrono::milliseconds(5));
    EXPECT_FALSE(select(person::c.id).options().timeout);
}

TEST(ExecutionOptions, OrElseFillsMissingOptions) {
    using std::chrono::milliseconds;
    const execution_options five{.timeout = milliseconds(5)};
    const execution_options nine{.timeout = milliseconds(9)};
    EXPECT_EQ(five.or_else(nine).timeout, milliseconds(5));
    EXPECT_EQ(execution_options{}.or_else(nine).timeout, milliseconds(9));
    EXPECT_FALSE(execution_options{}.or_else({}).timeout);
    const execution_options none{.timeout = milliseconds(0)};
    EXPECT_EQ(none.or_else(nine).timeout, milliseconds(0));
}

TEST(Join, RequiresConditionWithoutAForeignKey) {
    const auto message = problem_of([] { compile(select<person>().join<stranger>()); });
    EXPECT_THAT(message, HasSubstr("no foreign key"));
    EXPECT_THAT(message, HasSubstr("people"));
    EXPECT_THAT(message, HasSubstr("strangers"));
}

TEST(Join, ListsBothForeignKeysWhenAmbiguous) {
    const auto message = problem_of([] { compile(select<person>().join<city>()); });
    EXPECT_THAT(message, HasSubstr("born_in"));
    EXPECT_THAT(message, HasSubstr("lives_in"));
}

TEST(Join, JoinsATableWithItselfThroughAnAlias) {
    const auto boss = alias<person>("boss");
    EXPECT_SQL(
        select(person::c.name, boss.c.name).join(boss, person::c.boss_id == boss.c.id),
        sqlite,
        "SELECT people.name, boss.name FROM people JOIN people AS boss ON people.boss_id = boss.id"
    );
}

TEST(Alias, GetsADistinctNamePerUse) {
    const auto one = alias<person>();
    const auto other = alias<person>();
    EXPECT_SQL(
        select(one.c.id, other.c.id).join(other, one.c.id < other.c.id),
        sqlite,
        "SELECT people_1.id, people_2.id FROM people AS people_1 JOIN people AS people_2 ON "
        "people_1.id < people_2.id"
    );
}

TEST(Insert, RefusesRowsOfDifferentColumns) {
    const auto one = insert<person>().values(person::c.name = "a");
    const auto message = problem_of([&] { static_cast<void>(one.values(person::c.age = 3)); });
    EXPECT_THAT(message, HasSubstr("columns"));
}

TEST(Update, IsRefusedWithoutSet) {
    const auto message = problem_of([] { compile(update<person>().where(person::c.id == 1)); });
    EXPECT_THAT(message, HasSubstr("set"));
}

TEST(Text, RefusesUnknownAndMissingParameters) {
    const auto query = text("SELECT :a, :b");
    EXPECT_THAT(problem_of([&] { compile(query.bind("a", 1)); }), HasSubstr(":b"));
    EXPECT_THAT(
        problem_of([&] { compile(query.bind("a", 1).bind("b", 2).bind("c", 3)); }), HasSubstr("c")
    );
    EXPECT_THAT(
        problem_of([&] { compile(query.bind("a", 1).bind("a", 2).bind("b", 3)); }),
        HasSubstr("twice")
    );
    EXPECT_SQL(query.bind("b", 2).bind("a", 1), sqlite, "SELECT ?, ?", 1, 2);
}

TEST(Text, AllowsRepeatedParameterNames) {
    EXPECT_SQL(text("SELECT :a + :a").bind("a", 1), postgresql, "SELECT $1 + $1", 1);
}

TEST(Subquery, RefusesUnselectedLabels) {
    const auto one = func::count(person::c.id).label("one");
    const auto other = func::count(person::c.age).label("other");
    const auto counted = select(one).subquery("counted");
    static_cast<void>(counted[one]);
    EXPECT_THAT(problem_of([&] { static_cast<void>(counted[other]); }), HasSubstr("not"));
}

std::string key_of(const statement_base& statement) {
    sql::cache_key described;
    sql::build_cache_key(statement.node(), described);
    return described.key;
}

/// Two models of one table, whose columns have other types.
struct exact_price {
    std::int64_t id{};
    decimal amount{};

    GINO_MODEL(exact_price, "prices", id, amount)
};

struct price {
    std::int64_t id{};
    double amount{};

    GINO_MODEL(price, "prices", id, amount)
};

struct optional_price {
    std::int64_t id{};
    std::optional<double> amount{};

    GINO_MODEL(optional_price, "prices", id, amount)
};

TEST(CacheKey, DependsOnTheTypeOfAResult) {
    const auto epoch = [](auto extracted) { return select(extracted); };
    const auto born = literal(timestamptz{});
    EXPECT_NE(
        key_of(epoch(extract<double>(date_part::epoch, born))),
        key_of(epoch(extract(date_part::epoch, born)))
    );
    EXPECT_NE(
        key_of(select(func::call<decimal>("total", person::c.id))),
        key_of(select(func::call<double>("total", person::c.id)))
    );
}

TEST(CacheKey, DependsOnTheTypesOfTheColumns) {
    EXPECT_NE(key_of(select(exact_price::c.amount)), key_of(select(price::c.amount)));
    EXPECT_NE(
        key_of(select(price::c.id).order_by(price::c.amount)),
        key_of(select(optional_price::c.id).order_by(optional_price::c.amount))
    );
    EXPECT_NE(
        key_of(insert<exact_price>().values(exact_price::c.amount = decimal("1"))),
        key_of(insert<price>().values(price::c.amount = 1.5))
    );
}

TEST(Statement, InsertRefusesASecondSourceOfItsRows) {
    const auto from = select(person::c.id);
    EXPECT_THAT(
        problem_of([&] {
            static_cast<void>(
                insert<city>().from_select(from, city::c.id).from_select(from, city::c.id)
            );
        }),
        HasSubstr("a from_select() already")
    );
    EXPECT_THAT(
        problem_of([&] {
            static_cast<void>(insert<city>().from_select(from, city::c.id).values(city::c.id = 1));
        }),
        HasSubstr("a from_select() already")
    );
    EXPECT_THAT(
        problem_of([&] { static_cast<void>(insert<city>().values().values()); }),
        HasSubstr("DEFAULT VALUES is one row")
    );
}

TEST(CacheKey, DependsOnTextAndNotOnValues) {
    const auto query = [](int age) { return select(person::c.id).where(person::c.age > age); };
    EXPECT_EQ(key_of(query(3)), key_of(query(4)));
    EXPECT_NE(key_of(query(3)), key_of(query(3).limit(1)));
    EXPECT_NE(key_of(query(3)), key_of(select(person::c.id).where(person::c.age < 3)));
    EXPECT_NE(key_of(select(person::c.id)), key_of(select(person::c.name)));
    EXPECT_NE(key_of(text("SELECT 1")), key_of(text("SELECT 2")));
    EXPECT_NE(key_of(select(person::c.id.label("a"))), key_of(select(person::c.id.label("b"))));
    EXPECT_NE(
        key_of(select(person::c.id).where(person::c.age == 3)),
        key_of(select(person::c.id).where(person::c.id == 3))
    );
}

}  // namespace
}  // namespace gino::test
