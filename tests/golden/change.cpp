// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/expression/json.hpp>

#include <limits>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(Insert, WritesRowsAndReturning) {
    const auto statement = gino::insert<user>()
                               .values(user::c.nickname = "x", user::c.age = 3)
                               .values(user::c.nickname = "y", user::c.age = gino::null)
                               .returning(user::c.id);

    EXPECT_SQL(
        statement,
        postgresql,
        "INSERT INTO users (name, age) VALUES ($1, $2), ($3, $4) RETURNING users.id",
        "x",
        3,
        "y",
        std::optional<int>()
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "INSERT INTO users (name, age) VALUES (?, ?), (?, ?) RETURNING id",
        "x",
        3,
        "y",
        std::optional<int>()
    );
}

TEST(Insert, WritesDefaultsWithoutValues) {
    EXPECT_SQL(gino::insert<team>(), postgresql, "INSERT INTO teams DEFAULT VALUES");
}

TEST(Insert, RefusesRowWithOtherColumns) {
    const auto one = gino::insert<user>().values(user::c.nickname = "x");

    EXPECT_THROW(static_cast<void>(one.values(user::c.age = 3)), gino::argument_error);
}

TEST(Update, WritesExpressionsInParentheses) {
    const auto statement = gino::update<user>()
                               .set(user::c.age = user::c.age + 1, user::c.nickname = "z")
                               .where(user::c.id == 3)
                               .returning(user::c.age);

    EXPECT_SQL(
        statement,
        postgresql,
        "UPDATE users SET age=(users.age + $1), name=$2 WHERE users.id = $3 RETURNING users.age",
        1,
        "z",
        3
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "UPDATE users SET age=to_integer(users.age + ?), name=? WHERE users.id = ? RETURNING age",
        1,
        "z",
        3
    );
}

TEST(Update, AssignsColumnToColumn) {
    EXPECT_SQL(
        gino::update<user>().set(user::c.team_id = user::c.id),
        postgresql,
        "UPDATE users SET team_id=users.id"
    );
}

TEST(Assignment, RefusesNumberOutOfRange) {
    EXPECT_THROW(
        static_cast<void>(gino::update<user>().set(user::c.age = std::int64_t{1} << 40)),
        gino::argument_error
    );
}

TEST(Value, IsRefusedOutOfRangeOfItsType) {
    constexpr auto huge = std::numeric_limits<std::uint64_t>::max();
    const std::optional<std::uint64_t> maybe_huge = huge;
    const gino::column_name<std::int32_t> number("n");

    EXPECT_THROW(static_cast<void>(user::c.id == huge), gino::argument_error);
    EXPECT_THROW(static_cast<void>(user::c.id == maybe_huge), gino::argument_error);
    EXPECT_THROW(static_cast<void>(user::c.id.in(std::vector{huge})), gino::argument_error);
    EXPECT_THROW(static_cast<void>(user::c.team_id = maybe_huge), gino::argument_error);
    EXPECT_THROW(static_cast<void>(gino::literal(maybe_huge)), gino::argument_error);
    EXPECT_THROW(
        static_cast<void>(gino::values_list("v", number).row(std::int64_t{1} << 40)),
        gino::argument_error
    );
    EXPECT_THROW(
        static_cast<void>(gino::text("SELECT :n").bind<std::int16_t>("n", 1 << 20)),
        gino::argument_error
    );
    EXPECT_THROW(static_cast<void>(document::c.body[std::int64_t{1} << 40]), gino::argument_error);
}

// A subquery in RETURNING refers to the changed rows; their table is not added to its FROM.
TEST(Returning, TakesSubqueriesOfTheChangedRows) {
    const auto members = select(gino::func::count(user::c.id))
                             .where(user::c.team_id == team::c.id)
                             .scalar_subquery()
                             .label("members");

    EXPECT_SQL(
        gino::update<team>().set(team::c.name = "x").returning(team::c.id, members),
        postgresql,
        "UPDATE teams SET name=$1 RETURNING teams.id, (SELECT count(users.id) AS count_1 FROM "
        "users WHERE users.team_id = teams.id) AS members",
        "x"
    );
    EXPECT_SQL(
        gino::insert<team>().values(team::c.name = "x").returning(team::c.id, members),
        sqlite,
        "INSERT INTO teams (name) VALUES (?) RETURNING id, (SELECT count(users.id) AS count_1 FROM "
        "users WHERE users.team_id = teams.id) AS members",
        "x"
    );
    EXPECT_SQL_OF(
        gino::delete_from<team>().returning(members, team::c.id),
        sqlite,
        "DELETE FROM teams RETURNING (SELECT count(users.id) AS count_1 FROM users WHERE "
        "users.team_id = teams.id) AS members, id"
    );
}

TEST(Delete, TakesWhere) {
    EXPECT_SQL(
        gino::delete_from<user>().where(user::c.id == 7),
        postgresql,
        "DELETE FROM users WHERE users.id = $1",
        7
    );
}

TEST(CreateTable, HasColumnsConstraintsIndexesAndComments) {
    const auto& table = gino::detail::model_info_of<user>().table;

    EXPECT_DDL(
        table,
        postgresql,
        "CREATE TABLE users (\n"
        "    id BIGSERIAL NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    age INTEGER DEFAULT 7,\n"
        "    team_id BIGINT,\n"
        "    PRIMARY KEY (id),\n"
        "    FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE,\n"
        "    CONSTRAINT uq_users_name UNIQUE (name, age),\n"
        "    CONSTRAINT ck_users_age CHECK (age > 0)\n"
        ");\n"
        "CREATE INDEX ix_users_name ON users (name);\n"
        "CREATE UNIQUE INDEX ix_users_lower ON users (lower(name)) WHERE age > 3;\n"
        "COMMENT ON TABLE users IS 'who''s who'"
    );
    EXPECT_DDL(
        table,
        sqlite,
        "CREATE TABLE users (\n"
        "    id INTEGER NOT NULL,\n"
        "    name TEXT NOT NULL,\n"
        "    age INTEGER DEFAULT 7,\n"
        "    team_id BIGINT,\n"
        "    PRIMARY KEY (id),\n"
        "    FOREIGN KEY(team_id) REFERENCES teams (id) ON DELETE CASCADE,\n"
        "    CONSTRAINT uq_users_name UNIQUE (name, age),\n"
        "    CONSTRAINT ck_users_age CHECK (age > 0)\n"
        ");\n"
        "CREATE INDEX ix_users_name ON users (name);\n"
        "CREATE UNIQUE INDEX ix_users_lower ON users (lower(name)) WHERE age > 3"
    );
}

TEST(Identifier, IsQuotedWhenNecessary) {
    const auto& names = gino::postgresql::dialect();

    EXPECT_EQ(names.quote("plain_name"), "plain_name");
    EXPECT_EQ(names.quote("user"), "\"user\"");
    EXPECT_EQ(names.quote("Mixed"), "\"Mixed\"");
    EXPECT_EQ(names.quote("a\"; DROP TABLE x; --"), "\"a\"\"; DROP TABLE x; --\"");
    EXPECT_THROW(static_cast<void>(names.quote("")), gino::argument_error);
    EXPECT_THROW(static_cast<void>(names.quote(std::string_view("a\0b", 3))), gino::argument_error);
    EXPECT_THROW(static_cast<void>(names.quote(std::string(64, 'a'))), gino::argument_error);
    EXPECT_THROW(static_cast<void>(names.quote("\xc3\x28")), gino::argument_error);
}

TEST(CreationOrder, PutsReferencedTablesFirst) {
    const gino::metadata all(std::vector{
        gino::detail::model_info_of<user>().table, gino::detail::model_info_of<team>().table});

    const auto order = sort_for_creation(all);

    ASSERT_EQ(order.tables.size(), 2U);
    EXPECT_EQ(order.tables.front()->source->name, "teams");
    EXPECT_TRUE(order.later.empty());
}

TEST(Metadata, RefusesForeignKeyToMissingTable) {
    EXPECT_THROW(
        gino::metadata(std::vector{gino::detail::model_info_of<user>().table}), gino::argument_error
    );
}

}  // namespace golden
