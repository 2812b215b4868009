// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <algorithm>
#include <functional>
#include <type_traits>

#include "support/company_seed.hpp"

// Statements with several clauses return the same rows on every database.
namespace {

using namespace company_models;
using gino::select;
using testing::ElementsAre;
using testing::UnorderedElementsAre;

class Label : public seeded_test {};

class Parameter : public seeded_test {};

class Subquery : public seeded_test {};

class Alias : public seeded_test {};

class Contains : public seeded_test {};

class Cast : public seeded_test {};

class SetOperation : public seeded_test {};

class Cte : public seeded_test {};

class OuterJoin : public seeded_test {};

class UpdateFrom : public seeded_test {};

class DeleteUsing : public seeded_test {};

class Frame : public seeded_test {};

class ValuesList : public seeded_test {};

class NamedTable : public seeded_test {};

class Tuple : public seeded_test {};

class Dynamic : public seeded_test {};

class Paging : public seeded_test {};

class TextPlaces : public seeded_test {};

class TextColumns : public seeded_test {};

class Aggregates : public seeded_test {};

class Functions : public seeded_test {};

GINO_ON_EVERY_DATABASE(Label);
GINO_ON_EVERY_DATABASE(Parameter);
GINO_ON_EVERY_DATABASE(Subquery);
GINO_ON_EVERY_DATABASE(Alias);
GINO_ON_EVERY_DATABASE(Contains);
GINO_ON_EVERY_DATABASE(Cast);
GINO_ON_EVERY_DATABASE(SetOperation);
GINO_ON_EVERY_DATABASE(Cte);
GINO_ON_EVERY_DATABASE(OuterJoin);
GINO_ON_EVERY_DATABASE(UpdateFrom);
GINO_ON_EVERY_DATABASE(DeleteUsing);
GINO_ON_EVERY_DATABASE(Frame);
GINO_ON_EVERY_DATABASE(ValuesList);
GINO_ON_EVERY_DATABASE(NamedTable);
GINO_ON_EVERY_DATABASE(Tuple);
GINO_ON_EVERY_DATABASE(Dynamic);
GINO_ON_EVERY_DATABASE(Paging);
GINO_ON_EVERY_DATABASE(TextPlaces);
GINO_ON_EVERY_DATABASE(TextColumns);
GINO_ON_EVERY_DATABASE(Aggregates);
GINO_ON_EVERY_DATABASE(Functions);

TEST_P(Label, GroupsByItsExpressionWhenNamedLikeAColumn) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto age = gino::func::coalesce(user::c.team_id, 0).label("age");
        const auto groups = select(age, gino::func::count()).from<user>().group_by(age);
        const auto expected = select(gino::func::count_distinct(age)).from<user>();
        const auto rows = co_await db.all(groups);
        EXPECT_EQ(static_cast<std::int64_t>(rows.size()), co_await db.one(expected));
    });
}

TEST_P(Label, OrdersByItsExpressionWhenNamedLikeAColumn) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto id = (-user::c.id).label("id");
        const auto selected = co_await db.all(select(id).order_by(id));
        EXPECT_TRUE(std::ranges::is_sorted(selected));
        const auto unselected = co_await db.all(select(user::c.id).order_by(id));
        EXPECT_TRUE(std::ranges::is_sorted(unselected, std::greater<>()));
        const auto place =
            gino::over(gino::func::call<std::int64_t>("row_number"), gino::window().order_by(id));
        const auto places = co_await db.all(select(user::c.id, place).order_by(user::c.id));
        EXPECT_EQ(std::get<1>(places.back()), 1);
    });
}

TEST_P(Parameter, IsSharedBetweenSelectAndGroupBy) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto either = gino::func::coalesce(user::c.team_id, 0);
        const auto counted = select(either, gino::func::count()).group_by(either).order_by(either);
        std::int64_t sum = 0;
        for (const auto& [unused, count] : co_await db.all(counted)) {
            sum += count;
        }
        EXPECT_EQ(sum, co_await db.scalar(select(gino::func::count()).from<user>()));
        const auto either_once = select(either).distinct().order_by(either);
        EXPECT_TRUE(std::ranges::is_sorted(co_await db.all(either_once)));
    });
}

// Statements with equal cache keys share their text: a statement that repeats a parameter must not
// share the text of a statement with two parameters.
TEST_P(Parameter, IsDistinguishedFromTwoParametersWhenRepeated) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto between = [](const auto& low, const auto& high) {
            return select(user::c.id).where(user::c.id >= low && user::c.id <= high);
        };
        const auto both = gino::literal(std::int64_t{2});
        for (int i = 0; i < 3; ++i) {
            EXPECT_THAT(co_await db.all(between(both, both)), ElementsAre(2));
            const auto other = gino::literal(std::int64_t{3});
            EXPECT_THAT(co_await db.all(between(both, other)), UnorderedElementsAre(2, 3));
        }
    });
}

TEST_P(Subquery, AllowsTwoColumnsWithTheSameName) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto both = select(team::c.id, user::c.id, team::c.name, user::c.nickname)
                              .join<user>(user::c.team_id == team::c.id);
        const auto ids = co_await db.all(both.order_by(user::c.id));
        const auto s = both.subquery("s");
        const auto read = co_await db.all(
            select(s[team::c.id], s[user::c.id], s[team::c.name], s[user::c.nickname])
                .order_by(s[user::c.id])
        );
        EXPECT_EQ(read, ids);
        const auto c = both.cte("c");
        const auto from_cte = co_await db.all(
            select(c[team::c.id], c[user::c.id], c[team::c.name], c[user::c.nickname])
                .order_by(c[user::c.id])
        );
        EXPECT_EQ(from_cte, ids);
    });
}

TEST_P(Alias, GetsANameThatNoTableOfTheStatementHas) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const gino::column_name<std::int64_t> id("id");
        const auto named_so = gino::table("gino_users_1", id);
        co_await db.status(gino::text("CREATE TABLE gino_users_1 (id bigint)"));
        std::exception_ptr failure;
        try {
            const auto other = gino::alias<user>();
            const auto pairs =
                select(other.c.id, named_so[id]).join(named_so, named_so[id] == other.c.id);
            EXPECT_TRUE((co_await db.all(pairs)).empty());
        } catch (...) {
            failure = std::current_exception();
        }
        co_await db.status(gino::text("DROP TABLE gino_users_1"));
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    });
}

TEST_P(Contains, EscapesWildcardsInTheValueOfAnExpression) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto counts = [&](std::string name) -> gino::awaitable<std::size_t> {
            const auto part = gino::literal(name);
            const auto whole = gino::literal(std::string("50% of_all/"));
            const auto found = co_await db.all(
                select(whole.contains(part), whole.startswith(part), whole.endswith(part))
            );
            const auto [within, first, last] = found.at(0);
            co_return (within ? 1U : 0U) + (first ? 2U : 0U) + (last ? 4U : 0U);
        };
        EXPECT_EQ(co_await counts("50%"), 3U);
        EXPECT_EQ(co_await counts("_all/"), 5U);
        EXPECT_EQ(co_await counts("5%f"), 0U);
        EXPECT_EQ(co_await counts("o__a"), 0U);
    });
}

TEST_P(Cast, ConvertsToAnOptional) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto to_optional = gino::cast<std::optional<std::int64_t>>(user::c.age);
        static_assert(std::is_same_v<
                      decltype(to_optional)::value_type,
                      std::optional<std::int64_t>>);
        const auto ages = co_await db.all(select(user::c.age, to_optional));
        for (const auto& [age, cast] : ages) {
            EXPECT_EQ(age, cast);
        }
    });
}

TEST_P(TextColumns, AreRefusedWithDuplicateNames) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto both =
            gino::text("SELECT u.*, t.* FROM gino_users u JOIN gino_teams t ON t.id = u.team_id");
        const auto found = co_await db.first(both);
        try {
            static_cast<void>((*found)[team::c.id]);
            ADD_FAILURE() << "the first column called id was taken";
        } catch (const gino::argument_error& e) {
            EXPECT_THAT(e.what(), testing::HasSubstr("several columns are called \"id\""));
        }
    });
}

TEST_P(SetOperation, CombinesRows) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto users = select(user::c.nickname);
        const auto teams = select(team::c.name);
        const auto both = gino::union_(users, teams, users).order_by(user::c.nickname);
        EXPECT_THAT(co_await db.all(both), ElementsAre("a", "b", "c", "d", "t1", "t2", "t3"));
        const auto twice = gino::union_all(users, users);
        EXPECT_EQ((co_await db.all(twice)).size(), 8U);
        const auto late = gino::except(users, users.where(user::c.id < 3));
        EXPECT_THAT(co_await db.all(late), UnorderedElementsAre("c", "d"));
        const auto last_two = users.order_by(user::c.id.desc()).limit(2);
        const auto common = gino::intersect(last_two, users.where(user::c.id < 4));
        EXPECT_THAT(co_await db.all(common), ElementsAre("c"));
        const auto page = both.limit(2).offset(3);
        EXPECT_THAT(co_await db.all(page), ElementsAre("d", "t1"));
    });
}

TEST_P(SetOperation, LoadsModels) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto some = gino::select<user>();
        const auto statement =
            gino::union_all(some.where(user::c.id == 1), some.where(user::c.id == 3))
                .order_by(user::c.id);
        const std::vector<user> users = co_await db.all(statement);
        EXPECT_EQ(users.size(), 2U);
        EXPECT_EQ(users.at(1).nickname, "c");
    });
}

TEST_P(Cte, CanBeSelectedFromTwice) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto n = gino::func::count().label("n");
        const auto sizes = select(user::c.team_id, n).group_by(user::c.team_id).cte("sizes");
        const auto largest = select(gino::func::max(sizes[n])).scalar_subquery();
        const auto statement = select(team::c.name)
                                   .join(sizes, sizes[user::c.team_id] == team::c.id)
                                   .where(sizes[n] == largest);
        EXPECT_THAT(co_await db.all(statement), ElementsAre("t2"));
    });
}

TEST_P(Cte, WalksTreeRecursively) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto depth = gino::literal(0).label("depth");
        const auto tree = select(team::c.id, team::c.name, depth)
                              .where(team::c.parent_id == gino::null)
                              .recursive_cte("tree")
                              .union_all([&](const auto& above) {
                                  return select(team::c.id, team::c.name, above[depth] + 1)
                                      .join(above, above[team::c.id] == team::c.parent_id);
                              });
        const auto statement = select(tree[team::c.name], tree[depth]).order_by(tree[team::c.name]);
        const auto rows = co_await db.all(statement);
        EXPECT_THAT(
            rows, ElementsAre(std::tuple("t1", 0), std::tuple("t2", 1), std::tuple("t3", 1))
        );
    });
}

TEST_P(Cte, ChangesDataOnPostgresqlOnly) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto gone = gino::delete_from<user>()
                              .where(user::c.nickname == "d")
                              .returning(user::c.nickname)
                              .cte("gone");
        const auto statement = select(gone[user::c.nickname]);
        if (is_sqlite()) {
            EXPECT_THROW(co_await db.all(statement), gino::compile_error);
            co_return;
        }
        EXPECT_THAT(co_await db.all(statement), ElementsAre("d"));
        EXPECT_EQ(co_await db.one(select(gino::func::count(user::c.id))), 3);
    });
}

TEST_P(OuterJoin, MakesColumnsOptional) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto statement =
            select(user::c.nickname, team::c.name).outer_join<team>().order_by(user::c.nickname);
        const auto rows = co_await db.all(statement);
        const std::optional<std::string> nobody;
        EXPECT_EQ(std::get<1>(rows.at(2)), "t3");
        EXPECT_EQ(std::get<1>(rows.at(3)), nobody);
        const auto all = select(user::c.nickname, team::c.name).full_join<team>();
        EXPECT_EQ((co_await db.all(all)).size(), 5U);  // t1 has no users, d has no team
        const auto pairs = select(user::c.id, team::c.id).cross_join<team>();
        EXPECT_EQ((co_await db.all(pairs)).size(), 12U);
    });
}

TEST_P(UpdateFrom, TakesValuesFromAnotherTable) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto done =
            co_await db.status(gino::update<user>()
                                   .set(user::c.nickname = user::c.nickname + "@" + team::c.name)
                                   .where(team::c.id == user::c.team_id));
        EXPECT_EQ(done.affected_rows, 3U);
        const auto names = co_await db.all(select(user::c.nickname).order_by(user::c.id));
        EXPECT_THAT(names, ElementsAre("a@t2", "b@t2", "c@t3", "d"));
    });
}

TEST_P(DeleteUsing, DeletesByAnotherTableOnPostgresqlOnly) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto statement =
            gino::delete_from<user>().where(team::c.id == user::c.team_id && team::c.name == "t2");
        if (is_sqlite()) {
            EXPECT_THROW(co_await db.status(statement), gino::compile_error);
            co_return;
        }
        EXPECT_EQ((co_await db.status(statement)).affected_rows, 2U);
    });
}

TEST_P(Frame, LimitsTheRowsOfAWindow) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto ids = gino::window().order_by(user::c.id);
        const auto running = gino::over(
            gino::func::count(user::c.id), ids.rows(gino::unbounded_preceding, gino::current_row)
        );
        const auto near = gino::over(
            gino::func::max(user::c.id), ids.rows(gino::preceding(1), gino::following(1))
        );
        const auto counts = co_await db.all(select(running).order_by(user::c.id));
        EXPECT_THAT(counts, ElementsAre(1, 2, 3, 4));
        const auto largest = co_await db.all(select(near).order_by(user::c.id));
        EXPECT_THAT(largest, ElementsAre(2, 3, 4, 4));
    });
}

TEST_P(ValuesList, CanBeJoined) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const gino::column_name<std::int64_t> id("id");
        const gino::column_name<std::string> title("title");
        const auto v = gino::values_list("v", id, title).row(1, "first").row(3, "third");
        const auto statement =
            select(user::c.nickname, v[title]).join(v, v[id] == user::c.id).order_by(user::c.id);
        const auto rows = co_await db.all(statement);
        EXPECT_THAT(rows, ElementsAre(std::tuple("a", "first"), std::tuple("c", "third")));
    });
}

TEST_P(NamedTable, IsUsableWithoutAModel) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const gino::column_name<std::int64_t> id("id");
        const gino::column_name<std::string> name("name");
        const auto t = gino::table("gino_companies", id, name);
        const auto added =
            co_await db.one(gino::insert(t).values(t[name] = "other").returning(t[id]));
        co_await db.status(gino::update(t).set(t[name] = t[name] + "!").where(t[id] == added));
        EXPECT_THAT(
            co_await db.all(select(t[name]).order_by(t[id])), ElementsAre("acme", "other!")
        );
        co_await db.status(gino::delete_from(t).where(t[id] == added));
        EXPECT_THAT(co_await db.all(select(t[name])), ElementsAre("acme"));
    });
}

TEST_P(Tuple, IsComparedAsAWhole) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto pair = gino::tuple_(user::c.id, user::c.nickname);
        const std::vector<std::tuple<std::int64_t, std::string>> wanted{{1, "a"}, {2, "x"}};
        const auto names = select(user::c.nickname).order_by(user::c.id);
        EXPECT_THAT(co_await db.all(names.where(pair.in(wanted))), ElementsAre("a"));
        const auto behind = pair > std::tuple(2, "b");
        EXPECT_THAT(co_await db.all(names.where(behind)), ElementsAre("c", "d"));
    });
}

TEST_P(Dynamic, ChoosesColumnsAndConditionsAtRunTime) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const std::vector<gino::any_expression> columns{
            gino::column_named<user>("nickname"), gino::column_named<user>("id")};
        std::vector<gino::condition> conditions;
        conditions.push_back(user::c.id > 1);
        conditions.push_back(user::c.team_id == 2);
        const std::vector<gino::order_term> order{gino::column_named<user>("id").desc()};
        const auto statement = select(columns).where(gino::and_(conditions)).order_by(order);
        const std::vector<gino::row> rows = co_await db.all(statement);
        EXPECT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows.at(0).get<std::string>("name"), "b");
        EXPECT_EQ(rows.at(0)[user::c.id], 2);
        const auto everything =
            select(user::c.id).where(gino::and_(std::vector<gino::condition>()));
        EXPECT_EQ((co_await db.all(everything)).size(), 4U);
        const auto nothing = select(user::c.id).where(gino::or_(std::vector<gino::condition>()));
        EXPECT_TRUE((co_await db.all(nothing)).empty());
    });
}

TEST_P(Paging, CountsRowsAndComparesKeys) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto ids = select(user::c.id).order_by(user::c.id.desc());
        EXPECT_EQ(co_await db.one(gino::count(ids)), 4);
        EXPECT_EQ(co_await db.one(gino::count(ids.limit(3))), 3);
        const auto first = co_await db.all(ids.limit(2));
        EXPECT_THAT(first, ElementsAre(4, 3));
        const auto second =
            co_await db.all(ids.where(gino::after(gino::key_desc(user::c.id, 3))).limit(2));
        EXPECT_THAT(second, ElementsAre(2, 1));
        const auto by_name = select(team::c.name).order_by(team::c.name.desc(), team::c.id);
        const auto rest = co_await db.all(
            by_name.where(gino::after(gino::key_desc(team::c.name, "t3"), gino::key(team::c.id, 3)))
        );
        EXPECT_THAT(rest, ElementsAre("t2", "t1"));
    });
}

TEST_P(TextPlaces, AreBoundByNumber) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto statement =
            gino::text("SELECT name FROM gino_users WHERE id > $2 AND name != $1 AND id < $2 + 3")
                .bind_all("c", 1)
                .columns(user::c.nickname);
        EXPECT_THAT(co_await db.all(statement), ElementsAre("b"));
        const auto again = gino::text("SELECT :a + :a AS n").bind<std::int64_t>("a", 4);
        const auto row = co_await db.one(again);
        EXPECT_EQ(row.get<std::int64_t>("n"), 8);
    });
}

TEST_P(TextColumns, ReportAMissingColumn) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto one = gino::text("SELECT name FROM gino_users");
        const std::string both = "says that its result has 2 columns, and it has 1";
        try {
            co_await db.all(one.columns(user::c.nickname, user::c.id));
            ADD_FAILURE() << "it read a column that is not there";
        } catch (const gino::argument_error& e) {
            EXPECT_THAT(e.what(), testing::HasSubstr(both));
        }
        EXPECT_THROW(co_await db.all(one.columns<user>()), gino::argument_error);
        EXPECT_EQ((co_await db.all(one.columns(user::c.nickname))).size(), 4U);
    });
}

TEST_P(Aggregates, SumAndCountDistinctValues) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto sums = select(
            gino::func::sum(user::c.id),
            gino::distinct(gino::func::count(user::c.team_id)),
            gino::func::sum(user::c.age)
        );
        const auto [sum, teams, ages] = co_await db.one(sums);
        EXPECT_EQ(sum, 10);
        EXPECT_EQ(teams, 2);
        EXPECT_EQ(ages, std::nullopt);
        const auto mean = co_await db.one(select(gino::func::avg(user::c.id)));
        EXPECT_DOUBLE_EQ(mean.value_or(0), 2.5);
        const auto names = select(gino::func::string_agg(team::c.name, "+")).where(team::c.id == 1);
        EXPECT_EQ(co_await db.scalar(names), "t1");
    });
}

TEST_P(Functions, AgreeOnBothDatabases) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto statement = select(
                                   gino::func::length(team::c.name),
                                   gino::func::abs(team::c.id - 5),
                                   gino::func::nullif(team::c.name, "t1"),
                                   gino::func::greatest(team::c.id, 2),
                                   gino::func::least(team::c.id, 0)
        )
                                   .where(team::c.id == 1);
        const auto [length, distance, name, largest, smallest] = co_await db.one(statement);
        EXPECT_EQ(length, 2);
        EXPECT_EQ(distance, 4);
        EXPECT_EQ(name, std::nullopt);
        EXPECT_EQ(largest, 2);
        EXPECT_EQ(smallest, 0);
        const auto kind = gino::case_of(team::c.name).when("t1", 10).when("t2", 20).else_(0);
        EXPECT_THAT(co_await db.all(select(kind).order_by(team::c.id)), ElementsAre(10, 20, 0));
        const auto same = team::c.parent_id.is_not_distinct_from(std::optional<std::int64_t>());
        EXPECT_THAT(co_await db.all(select(team::c.name).where(same)), ElementsAre("t1"));
    });
}

}  // namespace
