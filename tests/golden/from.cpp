// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/cte.hpp>
#include <gino/sql/named_source.hpp>
#include <gino/sql/set_operations.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(Join, MayBeFullCrossOrLateral) {
    EXPECT_SQL(
        select(user::c.id, team::c.id).full_join<team>(team::c.id == user::c.team_id),
        postgresql,
        "SELECT users.id, teams.id FROM users FULL OUTER JOIN teams ON teams.id = users.team_id"
    );
    EXPECT_SQL(
        select(user::c.id, team::c.id).cross_join<team>(),
        sqlite,
        "SELECT users.id, teams.id FROM users CROSS JOIN teams"
    );
    const auto oldest = select(user::c.nickname)
                            .where(user::c.team_id == team::c.id)
                            .order_by(user::c.age.desc())
                            .limit(1)
                            .lateral("l");
    const auto statement =
        select(team::c.name, oldest[user::c.nickname]).join(oldest, gino::true_());
    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT teams.name, l.name FROM teams JOIN LATERAL (SELECT users.name FROM users WHERE "
        "users.team_id = teams.id ORDER BY users.age DESC LIMIT $1) AS l ON true",
        1
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "LATERAL");
}

TEST(Join, MakesColumnsOfTheOuterSideOptional) {
    const auto outer = select(user::c.id, team::c.name).outer_join<team>();
    const auto full = select(user::c.id, team::c.name).full_join<team>();
    const auto other = gino::alias<team>("other");
    const auto aliased =
        select(team::c.name, other.c.name).outer_join(other, other.c.id == team::c.id);

    using id = std::int64_t;
    using text = std::string;
    using std::optional;
    static_assert(std::is_same_v<decltype(outer)::row_type, std::tuple<id, optional<text>>>);
    static_assert(std::is_same_v<
                  decltype(full)::row_type,
                  std::tuple<optional<id>, optional<text>>>);
    static_assert(std::is_same_v<decltype(aliased)::row_type, std::tuple<text, optional<text>>>);
    const auto s = outer.subquery();
    static_assert(std::
                      is_same_v<decltype(s[team::c.name])::value_type, std::optional<std::string>>);
    EXPECT_SQL(
        select(s[team::c.name]),
        postgresql,
        "SELECT anon_1.name FROM (SELECT users.id, teams.name FROM users LEFT OUTER JOIN teams ON "
        "teams.id = users.team_id) AS anon_1"
    );
}

TEST(Join, MakesColumnsOfOuterJoinedSubqueriesOptional) {
    const auto n = gino::func::count().label("n");
    const auto sizes = select(user::c.team_id, n).group_by(user::c.team_id);
    const auto s = sizes.subquery("s");
    const auto t = sizes.cte("t");
    const auto joined = select(team::c.name, s[n]).outer_join(s, s[user::c.team_id] == team::c.id);
    const auto with = select(team::c.name, t[n]).outer_join(t, t[user::c.team_id] == team::c.id);
    const auto inner = select(team::c.name, s[n]).join(s, s[user::c.team_id] == team::c.id);

    using maybe = std::tuple<std::string, std::optional<std::int64_t>>;
    static_assert(std::is_same_v<decltype(joined)::row_type, maybe>);
    static_assert(std::is_same_v<decltype(with)::row_type, maybe>);
    static_assert(std::is_same_v<decltype(inner)::row_type, std::tuple<std::string, std::int64_t>>);
    EXPECT_SQL_OF(
        joined,
        postgresql,
        "SELECT teams.name, s.n FROM teams LEFT OUTER JOIN (SELECT users.team_id, count(*) AS n "
        "FROM users GROUP BY users.team_id) AS s ON s.team_id = teams.id"
    );
}

TEST(From, TakesFunctionsWithColumns) {
    const gino::column_name<std::int32_t> n("n");
    const gino::column_name<std::int64_t> place("place");
    const auto numbers =
        gino::table_function("g", gino::func::call<std::int32_t>("generate_series", 1, 10), n);
    const auto numbered =
        gino::table_function("g", gino::func::call<std::int32_t>("generate_series", 1, 3), n, place)
            .with_ordinality();

    EXPECT_SQL(
        select(numbers[n]).where(numbers[n] > 3),
        postgresql,
        "SELECT g.n FROM generate_series($1, $2) AS g(n) WHERE g.n > $3",
        1,
        10,
        3
    );
    EXPECT_SQL(
        select(numbered[n], numbered[place]),
        postgresql,
        "SELECT g.n, g.place FROM generate_series($1, $2) WITH ORDINALITY AS g(n, place)",
        1,
        3
    );
    const gino::column_name<std::string> key("key");
    const auto keys =
        gino::table_function("j", gino::func::call<std::string>("json_each", "{}"), key);
    EXPECT_SQL(select(keys[key]), sqlite, "SELECT j.key FROM json_each(?) AS j", "{}");
}

TEST(From, TakesFunctionsThatReturnRecord) {
    const gino::column_name<std::int32_t> a("a");
    const gino::column_name<std::string> b("b");
    const auto records = gino::table_function(
                             "r",
                             gino::func::call<std::string>(
                                 "jsonb_to_recordset", boost::json::value(boost::json::array())
                             ),
                             a,
                             b
    )
                             .with_types();

    EXPECT_SQL(
        select(records[a], records[b]),
        postgresql,
        "SELECT r.a, r.b FROM jsonb_to_recordset($1) AS r(a INTEGER, b TEXT)",
        "[]"
    );
    EXPECT_CANNOT_COMPILE(select(records[a]), sqlite, "types of a function's columns");
}

TEST(From, TakesValuesLists) {
    const gino::column_name<std::int64_t> id("id");
    const gino::column_name<std::string> name("name");
    const auto v = gino::values_list("v", id, name).row(1, "a").row(2, "b");

    EXPECT_SQL(
        select(v[id], user::c.nickname).where(user::c.id == v[id]),
        postgresql,
        "SELECT v.id, users.name FROM (VALUES ($1, $2), ($3, $4)) AS v (id, name), users WHERE "
        "users.id = v.id",
        1,
        "a",
        2,
        "b"
    );
    EXPECT_SQL(
        select(v[id], v[name]),
        sqlite,
        "SELECT v.id, v.name FROM (SELECT column1 AS id, column2 AS name FROM (VALUES (?, ?), (?, "
        "?))) AS v",
        1,
        "a",
        2,
        "b"
    );
    EXPECT_THROW(
        static_cast<void>(
            gino::sqlite::dialect().compile(select(gino::values_list("v", id)[id]).node())
        ),
        gino::argument_error
    );
}

TEST(From, TakesTableSamples) {
    const auto some = gino::tablesample<user>("bernoulli", 10.0, "s", 7.0);

    EXPECT_SQL(
        select(some.c.id),
        postgresql,
        "SELECT s.id FROM users AS s TABLESAMPLE bernoulli($1) REPEATABLE ($2)",
        10.0,
        7.0
    );
    EXPECT_CANNOT_COMPILE(select(some.c.id), sqlite, "TABLESAMPLE");
}

TEST(From, TakesTablesWithoutAModel) {
    const gino::column_name<std::int64_t> id("id");
    const gino::column_name<std::string> name("name");
    const auto t = gino::table("teams", id, name);

    EXPECT_SQL(
        select(t[id]).where(t[name] == "x"),
        postgresql,
        "SELECT teams.id FROM teams WHERE teams.name = $1",
        "x"
    );
    EXPECT_SQL(
        gino::insert(t).values(t[id] = 1, t[name] = "y").returning(t[id]),
        sqlite,
        "INSERT INTO teams (id, name) VALUES (?, ?) RETURNING id",
        1,
        "y"
    );
    EXPECT_SQL(
        gino::update(t).set(t[name] = t[name] + "!").where(t[id] == 1),
        postgresql,
        "UPDATE teams SET name=(teams.name || $1) WHERE teams.id = $2",
        "!",
        1
    );
    EXPECT_SQL(
        gino::delete_from(t).where(t[id] == 1), sqlite, "DELETE FROM teams WHERE teams.id = ?", 1
    );
    EXPECT_THROW(
        static_cast<void>(t[gino::column_name<std::string>("nome")]), gino::argument_error
    );
}

TEST(From, RefusesImplicitCrossProducts) {
    const auto other = gino::alias<user>("other");
    const auto oldest = select(gino::func::max(user::c.age).label("age")).subquery("oldest");
    const gino::column_name<std::int64_t> id("id");
    const auto v = gino::values_list("v", id).row(1);

    EXPECT_CANNOT_COMPILE(
        select(user::c.id, team::c.id), postgresql, "ties \"users\" and \"teams\""
    );
    EXPECT_CANNOT_COMPILE(
        select(user::c.id, team::c.id).where(user::c.id == 1 && team::c.id == 2),
        sqlite,
        "ties \"users\" and \"teams\""
    );
    EXPECT_CANNOT_COMPILE(
        select(user::c.id).where(other.c.age > 3),
        postgresql,
        R"(ties "users" and "users" AS "other")"
    );
    EXPECT_CANNOT_COMPILE(
        select(user::c.id).from<user>().from(oldest), sqlite, "the subquery \"oldest\""
    );
    EXPECT_CANNOT_COMPILE(select(user::c.id, v[id]), postgresql, "a list of values");
    EXPECT_CANNOT_COMPILE(
        select(user::c.id, team::c.id, other.c.id).join<team>(),
        postgresql,
        R"(ties "users" and "users" AS "other")"
    );
}

TEST(From, RefusesImplicitCrossProductsInSubqueries) {
    const auto inner = select(user::c.id, team::c.id.label("team"));

    EXPECT_CANNOT_COMPILE(select(inner.subquery("s")[user::c.id]), sqlite, "ties");
    EXPECT_CANNOT_COMPILE(select(inner.cte("s")[user::c.id]), postgresql, "ties");
    EXPECT_CANNOT_COMPILE(gino::union_all(inner, inner), postgresql, "ties");
    EXPECT_CANNOT_COMPILE(
        select(document::c.id).where(gino::exists(inner.where(user::c.id == document::c.id))),
        sqlite,
        "ties"
    );
}

TEST(From, RefusesLoadersOfUnrelatedTables) {
    EXPECT_CANNOT_COMPILE(
        select<user>().load(gino::load<user>().with(&user::in, gino::load<team>())),
        sqlite,
        "ties \"users\" and \"teams\""
    );
}

TEST(From, TakesTablesRelatedByWhere) {
    const auto first = gino::alias<user>("first");
    const auto same_team = select(gino::func::count())
                               .from(first)
                               .where(first.c.team_id == team::c.id && first.c.age > user::c.age)
                               .scalar_subquery();

    EXPECT_SQL(
        select(user::c.id, team::c.id)
            .where(user::c.team_id == team::c.id || user::c.nickname == team::c.name),
        sqlite,
        "SELECT users.id, teams.id FROM users, teams WHERE users.team_id = teams.id OR users.name "
        "= teams.name"
    );
    EXPECT_SQL(
        select(user::c.id, team::c.id).where(same_team > 0),
        postgresql,
        "SELECT users.id, teams.id FROM users, teams WHERE (SELECT count(*) AS count_1 FROM users "
        "AS first WHERE first.team_id = teams.id AND first.age > users.age) > $1",
        0
    );
}

TEST(From, TakesUnrelatedTableFunctions) {
    const gino::column_name<std::int32_t> n("n");
    const auto numbers =
        gino::table_function("g", gino::func::call<std::int32_t>("generate_series", 1, 2), n);

    EXPECT_SQL(
        select(user::c.id, numbers[n]),
        postgresql,
        "SELECT users.id, g.n FROM users, generate_series($1, $2) AS g(n)",
        1,
        2
    );
}

TEST(From, TakesExplicitlyAllowedCrossProducts) {
    EXPECT_SQL(
        select(user::c.id, team::c.id).allow_cross_product(),
        sqlite,
        "SELECT users.id, teams.id FROM users, teams"
    );
    // The statement without allow_cross_product() is still refused, in spite of the cache.
    EXPECT_CANNOT_COMPILE(select(user::c.id, team::c.id), sqlite, "ties");
}

TEST(Correlate, NamesTablesOfTheOuterStatement) {
    const auto same = gino::alias<user>("same");
    const auto elders = select(gino::func::count())
                            .from(same)
                            .where(same.c.team_id == team::c.id && same.c.age > user::c.age)
                            .correlate<user>()
                            .scalar_subquery();

    EXPECT_SQL(
        select(user::c.id, elders.label("n")).join<team>(),
        postgresql,
        "SELECT users.id, (SELECT count(*) AS count_1 FROM users AS same, teams WHERE same.team_id "
        "= teams.id AND same.age > users.age) AS n FROM users JOIN teams ON teams.id = "
        "users.team_id"
    );
}

TEST(Lock, IsWrittenAtTheEnd) {
    EXPECT_SQL(
        select(user::c.id).limit(1).for_update(),
        postgresql,
        "SELECT users.id FROM users LIMIT $1 FOR UPDATE",
        1
    );
    EXPECT_SQL(
        select(user::c.id).join<team>().for_update(gino::skip_locked).of<user>(),
        postgresql,
        "SELECT users.id FROM users JOIN teams ON teams.id = users.team_id FOR UPDATE OF users "
        "SKIP LOCKED"
    );
    EXPECT_SQL(
        select(user::c.id).for_no_key_update(gino::nowait),
        postgresql,
        "SELECT users.id FROM users FOR NO KEY UPDATE NOWAIT"
    );
    const auto u = gino::alias<user>("u");
    EXPECT_SQL(
        select(u.c.id).for_share().of(u), postgresql, "SELECT u.id FROM users AS u FOR SHARE OF u"
    );
    EXPECT_SQL(
        select(user::c.id).for_key_share(), postgresql, "SELECT users.id FROM users FOR KEY SHARE"
    );
    EXPECT_CANNOT_COMPILE(select(user::c.id).for_update(), sqlite, "FOR UPDATE");
    EXPECT_THROW(static_cast<void>(select(user::c.id).of<user>()), gino::argument_error);
}

TEST(DistinctOn, ExistsOnPostgresqlOnly) {
    const auto statement = select(user::c.team_id, user::c.nickname)
                               .distinct_on(user::c.team_id)
                               .order_by(user::c.team_id, user::c.age.desc());

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT DISTINCT ON (users.team_id) users.team_id, users.name FROM users ORDER BY "
        "users.team_id, users.age DESC"
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "DISTINCT ON");
}

TEST(UpdateFrom, TakesOtherTablesFromItsExpressions) {
    const auto statement = gino::update<user>()
                               .set(user::c.nickname = team::c.name)
                               .where(team::c.id == user::c.team_id);

    EXPECT_SQL(
        statement,
        postgresql,
        "UPDATE users SET name=teams.name FROM teams WHERE teams.id = users.team_id"
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "UPDATE users SET name=teams.name FROM teams WHERE teams.id = users.team_id"
    );
}

TEST(UpdateFrom, RefusesImplicitCrossProducts) {
    EXPECT_CANNOT_COMPILE(
        gino::update<user>().set(user::c.nickname = team::c.name).where(user::c.id == 1),
        postgresql,
        "ties \"users\" and \"teams\""
    );
    EXPECT_CANNOT_COMPILE(
        gino::update<user>().set(user::c.nickname = team::c.name),
        sqlite,
        "ties \"users\" and \"teams\""
    );
}

TEST(DeleteUsing, RefusesImplicitCrossProducts) {
    EXPECT_CANNOT_COMPILE(
        gino::delete_from<user>().where(team::c.name == "x"),
        postgresql,
        "ties \"users\" and \"teams\""
    );
}

TEST(DeleteUsing, ExistsOnPostgresqlOnly) {
    const auto statement =
        gino::delete_from<user>().where(team::c.id == user::c.team_id && team::c.name == "x");

    EXPECT_SQL(
        statement,
        postgresql,
        "DELETE FROM users USING teams WHERE teams.id = users.team_id AND teams.name = $1",
        "x"
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "DELETE ... USING");
}

TEST(UpdateSet, TakesSubqueries) {
    const auto name = select(team::c.name).where(team::c.id == user::c.team_id).scalar_subquery();

    EXPECT_SQL(
        gino::update<user>().set(user::c.nickname = gino::func::coalesce(name, "none")),
        postgresql,
        "UPDATE users SET name=coalesce((SELECT teams.name FROM teams WHERE teams.id = "
        "users.team_id), $1)",
        "none"
    );
}

}  // namespace golden
