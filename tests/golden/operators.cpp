// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/expression/case.hpp>
#include <gino/sql/expression/dynamic.hpp>
#include <gino/sql/expression/json.hpp>
#include <gino/sql/expression/tuple.hpp>
#include <gino/sql/paging.hpp>
#include <gino/types/numeric.hpp>
#include <gino/types/temporal.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(Regexp, ExistsOnPostgresqlOnly) {
    const auto statement =
        select(user::c.id)
            .where(user::c.nickname.regexp_match("^a") || user::c.nickname.regexp_imatch("b$"));

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.name ~ $1 OR users.name ~* $2",
        "^a",
        "b$"
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "regular expressions");
}

TEST(Op, WritesAnyOperator) {
    EXPECT_SQL(
        select(user::c.id).where(user::c.age.op<std::optional<std::int32_t>>("#", 3) + 1 == 2),
        postgresql,
        "SELECT users.id FROM users WHERE (users.age # $1) + $2 = $3",
        3,
        1,
        2
    );
}

// The compiler does not know the precedence of such operators: GLOB binds like a comparison, and &
// has no counterpart in standard SQL.
TEST(Op, IsParenthesizedWithinOtherOperators) {
    const auto masked = user::c.id.op<std::int64_t>("&", 3);
    const auto starts = user::c.nickname.op<bool>("GLOB", "a*");

    EXPECT_SQL(
        select(user::c.id).where(user::c.id == masked && !(masked == 1)),
        postgresql,
        "SELECT users.id FROM users WHERE users.id = (users.id & $1) AND NOT (users.id & $1) = $2",
        3,
        1
    );
    EXPECT_SQL(
        select(user::c.id).where(gino::literal(false) == starts && starts),
        sqlite,
        "SELECT users.id FROM users WHERE ? = (users.name GLOB ?) AND users.name GLOB ?",
        false,
        "a*",
        "a*"
    );
    EXPECT_SQL(
        select(masked.op<std::int64_t>("|", 4) + 1),
        sqlite,
        "SELECT ((users.id & ?) | ?) + ? AS anon_1 FROM users",
        3,
        4,
        1
    );
}

TEST(Equality, WritesIsNullForAnEmptyOptionalOnEitherSide) {
    const std::optional<std::int32_t> nothing;

    EXPECT_SQL(
        select(user::c.id).where(user::c.age == nothing && nothing == user::c.age),
        postgresql,
        "SELECT users.id FROM users WHERE users.age IS NULL AND users.age IS NULL"
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.age != nothing && nothing != user::c.age),
        postgresql,
        "SELECT users.id FROM users WHERE users.age IS NOT NULL AND users.age IS NOT NULL"
    );
    EXPECT_SQL(
        select(user::c.id).where(std::optional(7) == user::c.age),
        postgresql,
        "SELECT users.id FROM users WHERE $1 = users.age",
        7
    );
}

TEST(Collate, NamesTheCollation) {
    const auto by = user::c.nickname.collate("C");

    EXPECT_SQL(
        select(user::c.id).order_by(by.desc()),
        postgresql,
        "SELECT users.id FROM users ORDER BY users.name COLLATE \"C\" DESC"
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.nickname.collate("NOCASE") == "x"),
        sqlite,
        "SELECT users.id FROM users WHERE users.name COLLATE \"NOCASE\" = ?",
        "x"
    );
}

TEST(Contains, EscapesWildcardsOfTextsAndExpressions) {
    EXPECT_SQL(
        select(team::c.id)
            .where(
                team::c.name.startswith("a%") && team::c.name.endswith("_") &&
                team::c.name.not_ilike("x%")
            ),
        postgresql,
        "SELECT teams.id FROM teams WHERE teams.name LIKE $1 ESCAPE '/' AND teams.name LIKE $2 "
        "ESCAPE '/' AND teams.name NOT ILIKE $3",
        "a/%%",
        "%/_",
        "x%"
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.nickname.contains(team::c.name)),
        sqlite,
        "SELECT users.id FROM users, teams WHERE users.name LIKE ? || "
        "replace(replace(replace(teams.name, ?, ?), ?, ?), ?, ?) || ? ESCAPE '/'",
        "%",
        "/",
        "//",
        "%",
        "/%",
        "_",
        "/_",
        "%"
    );
}

TEST(Concatenation, KeepsArithmeticInParentheses) {
    EXPECT_SQL(
        select(gino::cast<std::string>(user::c.id) + "x" + user::c.nickname),
        sqlite,
        "SELECT CAST(users.id AS TEXT) || ? || users.name AS anon_1 FROM users",
        "x"
    );
}

TEST(Between, CanBeNegated) {
    EXPECT_SQL(
        select(user::c.id).where(user::c.age.not_between(1, user::c.age + 1)),
        postgresql,
        "SELECT users.id FROM users WHERE users.age NOT BETWEEN $1 AND users.age + $2",
        1,
        1
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.age.is_not_distinct_from(3)),
        sqlite,
        "SELECT users.id FROM users WHERE users.age IS ?",
        3
    );
}

TEST(Tuple, IsComparedAsAWhole) {
    const auto pair = gino::tuple_(user::c.id, user::c.nickname);
    const std::vector<std::tuple<std::int64_t, std::string>> wanted{{1, "a"}, {2, "b"}};

    EXPECT_SQL(
        select(user::c.age).where(pair.in(wanted)),
        postgresql,
        "SELECT users.age FROM users WHERE (users.id, users.name) IN (($1, $2), ($3, $4))",
        1,
        "a",
        2,
        "b"
    );
    EXPECT_SQL(
        select(user::c.age).where(pair > std::tuple(7, "x")),
        sqlite,
        "SELECT users.age FROM users WHERE (users.id, users.name) > (?, ?)",
        7,
        "x"
    );
    EXPECT_SQL(
        select(user::c.age).where(pair.not_in(select(team::c.id, team::c.name))),
        postgresql,
        "SELECT users.age FROM users WHERE (users.id, users.name) NOT IN (SELECT teams.id, "
        "teams.name FROM teams)"
    );
    EXPECT_SQL(
        select(user::c.age).where(pair.in(std::vector<std::tuple<std::int64_t, std::string>>())),
        postgresql,
        "SELECT users.age FROM users WHERE 1 != 1"
    );
}

TEST(Any, TakesASelect) {
    const auto statement =
        select(user::c.id).where(user::c.team_id == gino::any_(select(team::c.id)));

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.team_id = ANY (SELECT teams.id FROM teams)"
    );
    EXPECT_SQL(
        select(user::c.id).where(user::c.id > gino::all_(select(team::c.id))),
        postgresql,
        "SELECT users.id FROM users WHERE users.id > ALL (SELECT teams.id FROM teams)"
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "ANY");
}

TEST(Json, ReadsElements) {
    const auto name = document::c.body["name"].as_text();
    const auto age = document::c.body["person"]["age"].as<std::int32_t>();

    EXPECT_SQL(
        select(name, age + 1, document::c.body[0]),
        postgresql,
        "SELECT documents.body ->> $1 AS anon_1, CAST(documents.body -> $2 ->> $3 AS INTEGER) + $4 "
        "AS anon_2, documents.body -> $5 AS anon_3 FROM documents",
        "name",
        "person",
        "age",
        1,
        0
    );
    EXPECT_SQL(
        select(name),
        sqlite,
        "SELECT json_element_text(documents.body, ?) AS anon_1 FROM documents",
        "name"
    );
}

TEST(Json, ReadsPaths) {
    const auto statement =
        select(gino::json_path(document::c.body, "a", "0", "b").as<bool>().label("b"));
    EXPECT_SQL_OF(
        statement, postgresql, "SELECT CAST(documents.body #>> $1 AS BOOLEAN) AS b FROM documents"
    );
    EXPECT_SQL_OF(
        select(gino::json_path(document::c.body, "a").label("b")),
        sqlite,
        "SELECT json_element_at(documents.body, ?) AS b FROM documents"
    );
}

TEST(Json, TestsForKeys) {
    const auto statement = select(document::c.id)
                               .where(
                                   gino::has_key(document::c.body, "a") &&
                                   document::c.body["x"].contains(document::c.body["y"])
                               );

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT documents.id FROM documents WHERE documents.body ? $1 AND documents.body -> $2 @> "
        "(documents.body -> $3)",
        "a",
        "x",
        "y"
    );
    EXPECT_SQL_OF(
        select(document::c.id)
            .where(
                gino::has_any_key(document::c.body, "a", "b") ||
                gino::has_all_keys(document::c.body, "c")
            ),
        postgresql,
        "SELECT documents.id FROM documents WHERE documents.body ?| $1 OR documents.body ?& $2"
    );
    EXPECT_CANNOT_COMPILE(statement, sqlite, "operator ?");
}

TEST(Extract, HasTheRequestedType) {
    const auto statement = select(
        gino::extract(gino::date_part::year, document::c.written),
        gino::extract<double>(gino::date_part::epoch, document::c.written),
        gino::extract<gino::decimal>(gino::date_part::second, document::c.written),
        gino::extract(gino::date_part::second, document::c.written)
    );

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT CAST(EXTRACT(year FROM documents.written) AS BIGINT) AS anon_1, "
        "CAST(EXTRACT(epoch FROM documents.written) AS DOUBLE PRECISION) AS anon_2, "
        "EXTRACT(second FROM documents.written) AS anon_3, "
        "CAST(EXTRACT(second FROM documents.written) AS BIGINT) AS anon_4 FROM documents"
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT date_part('year', documents.written) AS anon_1, "
        "to_double(date_part('epoch', documents.written)) AS anon_2, "
        "(to_numeric(date_part('second', documents.written)) COLLATE decimal) AS anon_3, "
        "to_bigint(date_part('second', documents.written)) AS anon_4 FROM documents"
    );
}

TEST(DateTrunc, WritesItsPartAsALiteral) {
    const auto statement =
        select(gino::func::date_trunc(gino::date_part::month, document::c.written))
            .group_by(gino::func::date_trunc(gino::date_part::month, document::c.written));

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT date_trunc('month', documents.written) AS anon_1 FROM documents GROUP BY "
        "date_trunc('month', documents.written)"
    );
}

TEST(TimeArithmetic, CallsFunctionsOnSqlite) {
    const gino::interval day{.days = 1};
    const auto& written = document::c.written;

    EXPECT_SQL(
        select(written + day, day + written, written - day, written - written),
        sqlite,
        "SELECT timestamp_add(documents.written, ?) AS anon_1, timestamp_add(documents.written, ?) "
        "AS anon_2, timestamp_sub(documents.written, ?) AS anon_3, "
        "timestamp_diff(documents.written, documents.written) AS anon_4 FROM documents",
        day,
        day,
        day
    );
}

TEST(Round, RoundsHalvesByTheRuleOfTheType) {
    const auto number = gino::literal(1.5);
    const auto exact = gino::literal(gino::decimal("1.25"));

    EXPECT_SQL(
        select(gino::func::round(number), gino::func::round(exact, 1)),
        sqlite,
        "SELECT round_half_even(?) AS round_1, (to_numeric(decimal_round(?, ?)) COLLATE decimal) "
        "AS round_2",
        1.5,
        gino::decimal("1.25"),
        1
    );
}

TEST(Case, ComparesOneExpression) {
    const auto kind = gino::case_of(user::c.age).when(1, "one").when(2, "two").else_("many");

    EXPECT_SQL(
        select(kind.label("k")),
        postgresql,
        "SELECT CASE users.age WHEN $1 THEN $2 WHEN $3 THEN $4 ELSE $5 END AS k FROM users",
        1,
        "one",
        2,
        "two",
        "many"
    );
}

TEST(Functions, HaveTheNamesOfEachDatabase) {
    const auto statement = select(
                               gino::func::greatest(user::c.id, 3),
                               gino::func::nullif(user::c.nickname, ""),
                               gino::func::string_agg(user::c.nickname, ", ")
    )
                               .group_by(user::c.id, user::c.nickname);

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT greatest(users.id, $1) AS greatest_1, nullif(users.name, $2) AS nullif_1, "
        "string_agg(users.name, $3) AS string_agg_1 FROM users GROUP BY users.id, users.name",
        3,
        "",
        ", "
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT greatest(users.id, ?) AS greatest_1, nullif(users.name, ?) AS nullif_1, "
        "group_concat(users.name, ?) AS string_agg_1 FROM users GROUP BY users.id, users.name",
        3,
        "",
        ", "
    );
}

TEST(Constants, AreWrittenAsKeywordsOrNumbers) {
    EXPECT_SQL(
        select(gino::true_().label("t"), gino::null_of<int>().label("n")),
        postgresql,
        "SELECT true AS t, NULL AS n"
    );
    EXPECT_SQL(select(gino::false_().label("f")), sqlite, "SELECT 0 AS f");
}

TEST(Sequence, HasANextValueOnPostgresqlOnly) {
    EXPECT_SQL(
        select(gino::next_value("my_seq").label("n")), postgresql, "SELECT nextval('my_seq') AS n"
    );
    EXPECT_CANNOT_COMPILE(select(gino::next_value("my_seq")), sqlite, "sequences");
}

TEST(Dynamic, JoinsListsOfConditions) {
    std::vector<gino::condition> conditions{user::c.id > 3};
    conditions.push_back(user::c.age == 7);
    gino::condition all = gino::and_(conditions);
    all = all && gino::or_(user::c.nickname == "x", user::c.nickname == "y");

    EXPECT_SQL(
        select(user::c.id).where(all),
        postgresql,
        "SELECT users.id FROM users WHERE users.id > $1 AND users.age = $2 AND (users.name = $3 OR "
        "users.name = $4)",
        3,
        7,
        "x",
        "y"
    );
    EXPECT_SQL(
        select(user::c.id).where(gino::and_(std::vector<gino::condition>())),
        postgresql,
        "SELECT users.id FROM users WHERE true"
    );
    EXPECT_SQL(
        select(user::c.id).where(gino::or_(std::vector<gino::condition>())),
        sqlite,
        "SELECT users.id FROM users WHERE 0"
    );
    EXPECT_SQL(
        select(user::c.id).where_if(false, user::c.id > 3), sqlite, "SELECT users.id FROM users"
    );
}

TEST(Dynamic, FindsColumnsByName) {
    const std::vector<gino::any_expression> columns{
        gino::column_named<user>("nickname"), gino::func::count().label("n")};
    const std::vector<gino::order_term> order{gino::column_named<user>("nickname").desc()};

    EXPECT_SQL(
        select(columns)
            .where(gino::column_named<user>("age").as<std::int32_t>() > 3)
            .group_by<user>()
            .order_by(order),
        postgresql,
        "SELECT users.name, count(*) AS n FROM users WHERE users.age > $1 GROUP BY users.id, "
        "users.name, users.age, users.team_id ORDER BY users.name DESC",
        3
    );
    EXPECT_THROW(static_cast<void>(gino::column_named<user>("nome")), gino::argument_error);
    EXPECT_THROW(
        static_cast<void>(gino::column_named<user>("age").as<std::string>()), gino::argument_error
    );
    EXPECT_THROW(
        static_cast<void>(select(std::vector<gino::any_expression>())), gino::argument_error
    );
}

TEST(Count, CountsTheRowsOfAStatement) {
    const auto some = select(user::c.id).where(user::c.age > 3).order_by(user::c.age);

    EXPECT_SQL(
        gino::count(some),
        postgresql,
        "SELECT count(*) AS count_1 FROM (SELECT users.id FROM users WHERE users.age > $1) AS "
        "anon_1",
        3
    );
    EXPECT_SQL(
        gino::count(some.limit(5)),
        sqlite,
        "SELECT count(*) AS count_1 FROM (SELECT users.id FROM users WHERE users.age > ? ORDER BY "
        "users.age NULLS LAST LIMIT ?) AS anon_1",
        3,
        5
    );
}

TEST(Paging, ComparesKeys) {
    EXPECT_SQL(
        select(team::c.id)
            .where(gino::after(gino::key_desc(team::c.name, "x"), gino::key(team::c.id, 7)))
            .order_by(team::c.name.desc(), team::c.id)
            .limit(20),
        postgresql,
        "SELECT teams.id FROM teams WHERE teams.name < $1 OR teams.name = $1 AND teams.id > $2 "
        "ORDER BY teams.name DESC, teams.id LIMIT $3",
        "x",
        7,
        20
    );
}

}  // namespace golden
