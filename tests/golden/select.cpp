// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/cte.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;
using gino::func::count;

TEST(Select, TakesPrefixes) {
    const auto hinted = gino::select(user::c.id).prefix_with("/*+ SeqScan(users) */").distinct();

    EXPECT_SQL(hinted, postgresql, "SELECT /*+ SeqScan(users) */ DISTINCT users.id FROM users");
    EXPECT_SQL(
        gino::select(user::c.id).prefix_with("/* a */").prefix_with("ALL").where(user::c.id == 7),
        sqlite,
        "SELECT /* a */ ALL users.id FROM users WHERE users.id = ?",
        7
    );
}

TEST(Select, NamesTheColumnsOfAModel) {
    const auto statement = select<team>();

    EXPECT_SQL(statement, postgresql, "SELECT teams.id, teams.name FROM teams");
    EXPECT_SQL(statement, sqlite, "SELECT teams.id, teams.name FROM teams");
}

TEST(SelectWhere, ComparesColumnWithBindParameter) {
    const auto statement = select(user::c.nickname).where(user::c.id == 7);

    EXPECT_SQL(statement, postgresql, "SELECT users.name FROM users WHERE users.id = $1", 7);
    EXPECT_SQL(statement, sqlite, "SELECT users.name FROM users WHERE users.id = ?", 7);
}

TEST(SelectWhere, WritesNecessaryParenthesesOnly) {
    const auto statement =
        select(user::c.id)
            .where(
                user::c.age >= 18 && (user::c.nickname == "x" || user::c.nickname != "y") &&
                !(user::c.id < 3 && 4 > user::c.id)
            )
            .where(user::c.team_id == gino::null);

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.age >= $1 AND (users.name = $2 OR users.name != "
        "$3) "
        "AND NOT (users.id < $4 AND $5 > users.id) AND users.team_id IS NULL",
        18,
        "x",
        "y",
        3,
        4
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT users.id FROM users WHERE users.age >= ? AND (users.name = ? OR users.name != ?) "
        "AND NOT (users.id < ? AND ? > users.id) AND users.team_id IS NULL",
        18,
        "x",
        "y",
        3,
        4
    );
}

TEST(SelectWhere, ComparesEmptyOptionalAsNull) {
    const std::optional<std::int32_t> nobody;

    EXPECT_SQL(
        select(user::c.id).where(user::c.age == nobody),
        postgresql,
        "SELECT users.id FROM users WHERE users.age IS NULL"
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.age != nobody),
        sqlite,
        "SELECT users.id FROM users WHERE users.age IS NOT NULL"
    );
}

TEST(In, BindsEachValueOrOneArray) {
    const std::vector<std::int64_t> ids{4, 5};

    EXPECT_SQL(
        select(user::c.age).where(user::c.id.in(1, 2, 3)),
        postgresql,
        "SELECT users.age FROM users WHERE users.id IN ($1, $2, $3)",
        1,
        2,
        3
    );
    const auto by_range =
        gino::postgresql::dialect().compile(select(user::c.age).where(user::c.id.in(ids)).node());
    EXPECT_EQ(by_range.text, "SELECT users.age FROM users WHERE users.id = ANY ($1)");
    const auto none_of =
        gino::sqlite::dialect().compile(select(user::c.age).where(user::c.id.not_in(ids)).node());
    EXPECT_EQ(
        none_of.text,
        "SELECT users.age FROM users WHERE users.id NOT IN (SELECT value FROM json_each(?))"
    );
}

TEST(In, TakesASelect) {
    const auto statement =
        select(user::c.id).where(user::c.team_id.in(select(team::c.id).where(team::c.name == "a")));

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.team_id IN (SELECT teams.id FROM teams WHERE "
        "teams.name = $1)",
        "a"
    );
}

TEST(Like, WritesIlikeOrLowerAndEscapesWildcards) {
    const auto statement = select(user::c.id)
                               .where(
                                   user::c.nickname.like("a%") && user::c.nickname.ilike("b") &&
                                   user::c.nickname.contains("5%_/")
                               );

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.name LIKE $1 AND users.name ILIKE $2 AND "
        "users.name "
        "LIKE $3 ESCAPE '/'",
        "a%",
        "b",
        "%5/%/_//%"
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT users.id FROM users WHERE users.name LIKE ? ESCAPE '\\' AND lower(users.name) LIKE "
        "lower(?) ESCAPE '\\' AND users.name LIKE ? ESCAPE '/'",
        "a%",
        "b",
        "%5/%/_//%"
    );
}

TEST(Between, BindsBothBounds) {
    EXPECT_SQL(
        select(user::c.id).where(user::c.age.between(1, 9)),
        postgresql,
        "SELECT users.id FROM users WHERE users.age BETWEEN $1 AND $2",
        1,
        9
    );
}

TEST(IsDistinctFrom, IsWrittenAsIsNotOnSqlite) {
    const auto statement = select(user::c.id).where(user::c.age.is_distinct_from(3));

    EXPECT_SQL(
        statement, postgresql, "SELECT users.id FROM users WHERE users.age IS DISTINCT FROM $1", 3
    );
    EXPECT_SQL(statement, sqlite, "SELECT users.id FROM users WHERE users.age IS NOT ?", 3);
}

TEST(Arithmetic, KeepsPrecedence) {
    const auto statement =
        select(-user::c.age - (user::c.age - 3) * 2, user::c.nickname + "x", gino::literal(5));

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT -users.age - (users.age - $1) * $2 AS anon_1, users.name || $3 AS anon_2, $4 AS "
        "anon_3 FROM users",
        3,
        2,
        "x",
        5
    );
}

TEST(Functions, HaveNumberedLabels) {
    const auto n = count().label("n");
    const auto statement = select(user::c.team_id, n, gino::func::max(user::c.age))
                               .group_by(user::c.team_id)
                               .having(count() > 3)
                               .order_by(n, user::c.team_id.desc().nulls_last());

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.team_id, count(*) AS n, max(users.age) AS max_1 FROM users GROUP BY "
        "users.team_id HAVING count(*) > $1 ORDER BY n, users.team_id DESC NULLS LAST",
        3
    );
    EXPECT_SQL(select(count()).from<user>(), sqlite, "SELECT count(*) AS count_1 FROM users");
    EXPECT_SQL(
        select(gino::func::call<std::int64_t>("app.fn", 1)),
        postgresql,
        "SELECT app.fn($1) AS fn_1",
        1
    );
}

TEST(SelectLimit, BindsItsNumbers) {
    const auto statement = select(user::c.id).distinct().limit(10).offset(20);

    EXPECT_SQL(
        statement, postgresql, "SELECT DISTINCT users.id FROM users LIMIT $1 OFFSET $2", 10, 20
    );
    EXPECT_SQL(
        select(user::c.id).offset(5), sqlite, "SELECT users.id FROM users LIMIT -1 OFFSET ?", 5
    );
}

TEST(Join, InfersItsConditionFromTheOnlyForeignKey) {
    EXPECT_SQL(
        select(user::c.id).join<team>(),
        postgresql,
        "SELECT users.id FROM users JOIN teams ON teams.id = users.team_id"
    );
    EXPECT_SQL(
        select(team::c.id).outer_join<user>(),
        sqlite,
        "SELECT teams.id FROM teams LEFT OUTER JOIN users ON teams.id = users.team_id"
    );
}

TEST(Alias, IsNamedByTheProgramOrTheDialect) {
    const auto a = gino::alias<user>("a");
    const auto b = gino::alias<user>();

    EXPECT_SQL(
        select(a.c.id, b.c.nickname).where(a.c.id < b.c.id),
        postgresql,
        "SELECT a.id, users_1.name FROM users AS a, users AS users_1 WHERE a.id < users_1.id"
    );
}

TEST(Subquery, IsIndexedByItsSelectedColumns) {
    const auto n = count().label("n");
    const auto s = select(user::c.team_id, n).group_by(user::c.team_id).subquery("s");

    EXPECT_SQL(
        select(team::c.name, s[n]).outer_join(s, s[user::c.team_id] == team::c.id),
        postgresql,
        "SELECT teams.name, s.n FROM teams LEFT OUTER JOIN (SELECT users.team_id, count(*) AS n "
        "FROM "
        "users GROUP BY users.team_id) AS s ON s.team_id = teams.id"
    );
}

TEST(ScalarSubquery, IsCorrelated) {
    const auto members =
        select(count(user::c.id)).where(user::c.team_id == team::c.id).scalar_subquery();

    EXPECT_SQL(
        select(team::c.id, members.label("n")),
        postgresql,
        "SELECT teams.id, (SELECT count(users.id) AS count_1 FROM users WHERE users.team_id = "
        "teams.id) AS n FROM teams"
    );
}

TEST(Exists, IsCorrelated) {
    EXPECT_SQL(
        select<team>().where(exists(select(user::c.id).where(user::c.team_id == team::c.id))),
        sqlite,
        "SELECT teams.id, teams.name FROM teams WHERE EXISTS (SELECT users.id FROM users WHERE "
        "users.team_id = teams.id)"
    );
}

TEST(LoaderQuery, OuterJoinsTheLoadedModels) {
    EXPECT_SQL(
        gino::load<user>().with(&user::in, gino::load<team>()).query().where(team::c.name == "a"),
        postgresql,
        "SELECT users.id, users.name, users.age, users.team_id, teams.id, teams.name FROM users "
        "LEFT "
        "OUTER JOIN teams ON teams.id = users.team_id WHERE teams.name = $1",
        "a"
    );
}

TEST(Cast, NamesTheTypeOfTheDatabase) {
    const auto statement = select(gino::cast<std::string>(user::c.id));

    EXPECT_SQL(statement, postgresql, "SELECT CAST(users.id AS TEXT) AS anon_1 FROM users");
}

TEST(Text, BindsNamesOutsideOfQuotes) {
    const auto statement = gino::text(
                               "SELECT :a::int, ':b', E'\\':c', $$:d$$, (ARRAY[1, 2])[1\\:2], :a "
                               "-- :f\n/* :g /* :h */ */"
    )
                               .bind("a", 3);

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT $1::int, ':b', E'\\':c', $$:d$$, (ARRAY[1, 2])[1:2], $1 -- :f\n/* :g /* :h */ */",
        3
    );
}

TEST(Text, BindsRepeatedNameTwiceWithUnnumberedPlaceholders) {
    EXPECT_SQL(
        gino::text("SELECT :a, :b, :a").bind("a", 3).bind("b", "x"),
        sqlite,
        "SELECT ?, ?, ?",
        3,
        "x",
        3
    );
}

TEST(Text, BindsNamesAsTypes) {
    EXPECT_SQL(
        gino::text("SELECT :a").bind<std::optional<std::int64_t>>("a", std::nullopt),
        postgresql,
        "SELECT $1",
        std::optional<std::int64_t>()
    );
}

TEST(Text, BindsNumberedParameters) {
    const auto statement = gino::text("SELECT '$1', $2::text, $1::int, $$ $3 $$").bind_all(3, "x");

    EXPECT_SQL(statement, postgresql, "SELECT '$1', $1::text, $2::int, $$ $3 $$", "x", 3);
    EXPECT_SQL(
        gino::text("SELECT $2, $1, $2").bind_all(3, "x"), sqlite, "SELECT ?, ?, ?", "x", 3, "x"
    );
    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().compile(gino::text("SELECT $2").bind_all(3).node()
        )),
        gino::argument_error
    );
}

TEST(Text, IsUsableInOtherStatements) {
    const auto ids =
        gino::text("SELECT id FROM teams WHERE name = :n").bind("n", "x").columns(team::c.id);
    const auto s = ids.cte("s");

    EXPECT_SQL(
        select(user::c.id).where(user::c.team_id.in(ids)),
        postgresql,
        "SELECT users.id FROM users WHERE users.team_id IN (SELECT id FROM teams WHERE name = $1)",
        "x"
    );
    EXPECT_SQL(
        select(s[team::c.id]),
        sqlite,
        "WITH s AS (SELECT id FROM teams WHERE name = ?) SELECT s.id FROM s",
        "x"
    );
}

TEST(Text, RefusesParametersWithoutValuesAndValuesWithoutParameters) {
    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().compile(gino::text("SELECT :a").node())),
        gino::argument_error
    );
    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().compile(gino::text("SELECT 1").bind("a", 3).node()
        )),
        gino::argument_error
    );
}

}  // namespace golden
