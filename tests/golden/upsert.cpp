// SPDX-License-Identifier: BSD-3-Clause
#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(OnConflict, WritesDoNothing) {
    const auto statement =
        gino::insert<user>().values(user::c.nickname = "x").on_conflict().do_nothing();

    EXPECT_SQL(
        statement, postgresql, "INSERT INTO users (name) VALUES ($1) ON CONFLICT DO NOTHING", "x"
    );
    EXPECT_SQL(
        statement, sqlite, "INSERT INTO users (name) VALUES (?) ON CONFLICT DO NOTHING", "x"
    );
}

TEST(OnConflict, UpdatesFromTheExcludedRow) {
    const auto statement = gino::insert<user>()
                               .values(user::c.nickname = "x", user::c.age = 3)
                               .on_conflict(user::c.nickname, user::c.age)
                               .do_update(user::c.age = gino::excluded(user::c.age) + 1)
                               .where(user::c.age < gino::excluded(user::c.age))
                               .returning(user::c.id);

    EXPECT_SQL(
        statement,
        postgresql,
        "INSERT INTO users (name, age) VALUES ($1, $2) ON CONFLICT (name, age) DO UPDATE SET "
        "age=(excluded.age + $3) WHERE users.age < excluded.age RETURNING users.id",
        "x",
        3,
        1
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "INSERT INTO users (name, age) VALUES (?, ?) ON CONFLICT (name, age) DO UPDATE SET "
        "age=to_integer(excluded.age + ?) WHERE users.age < excluded.age RETURNING id",
        "x",
        3,
        1
    );
}

TEST(OnConflict, TakesSubqueriesOfTheExistingAndTheExcludedRow) {
    const auto oldest = [](const auto& condition) {
        return select(gino::func::max(user::c.nickname)).where(condition).scalar_subquery();
    };
    const auto upsert = gino::insert<team>().values(team::c.name = "x").on_conflict(team::c.id);

    EXPECT_SQL(
        upsert.do_update(
            team::c.name = gino::func::coalesce(oldest(user::c.team_id == team::c.id), "")
        ),
        sqlite,
        "INSERT INTO teams (name) VALUES (?) ON CONFLICT (id) DO UPDATE SET name=coalesce((SELECT "
        "max(users.name) AS max_1 FROM users WHERE users.team_id = teams.id), ?)",
        "x",
        ""
    );
    EXPECT_SQL(
        upsert.do_update(
            team::c.name =
                gino::func::coalesce(oldest(user::c.team_id == gino::excluded(team::c.id)), "")
        ),
        postgresql,
        "INSERT INTO teams (name) VALUES ($1) ON CONFLICT (id) DO UPDATE SET "
        "name=coalesce((SELECT max(users.name) AS max_1 FROM users WHERE users.team_id = "
        "excluded.id), $2)",
        "x",
        ""
    );
}

TEST(OnConflict, FindsAPartialIndexByItsCondition) {
    EXPECT_SQL(
        gino::insert<user>()
            .values(user::c.nickname = "x")
            .on_conflict(user::c.nickname)
            .index_where(user::c.age > 3)
            .do_nothing(),
        postgresql,
        "INSERT INTO users (name) VALUES ($1) ON CONFLICT (name) WHERE age > $2 DO NOTHING",
        "x",
        3
    );
}

TEST(OnConflict, NamesAConstraintOnPostgresqlOnly) {
    const auto statement = gino::insert<user>()
                               .values(user::c.nickname = "x")
                               .on_conflict_constraint("uq_users_name")
                               .do_update(user::c.nickname = "y");

    EXPECT_SQL(
        statement,
        postgresql,
        "INSERT INTO users (name) VALUES ($1) ON CONFLICT ON CONSTRAINT uq_users_name DO UPDATE "
        "SET "
        "name=$2",
        "x",
        "y"
    );
    try {
        static_cast<void>(gino::sqlite::dialect().compile(statement.node()));
        ADD_FAILURE() << "SQLite has no such thing";
    } catch (const gino::compile_error& refused) {
        EXPECT_NE(
            std::string_view(refused.what()).find("SQLite has no ON CONFLICT ON CONSTRAINT"),
            std::string_view::npos
        );
    }
}

TEST(OnConflict, AllowsWhereAfterDoUpdateOnly) {
    const auto plain = gino::insert<user>().values(user::c.nickname = "x");

    EXPECT_THROW(static_cast<void>(plain.where(user::c.age > 3)), gino::argument_error);
}

TEST(InsertFromSelect, WritesColumnsAndSelect) {
    const auto statement = gino::insert<team>().from_select(
        gino::select(user::c.nickname).where(user::c.age > 3), team::c.name
    );

    EXPECT_SQL(
        statement,
        postgresql,
        "INSERT INTO teams (name) SELECT users.name FROM users WHERE users.age > $1",
        3
    );
}

TEST(InsertFromSelect, IsWrappedBeforeOnConflictOnSqlite) {
    const auto statement = gino::insert<team>()
                               .from_select(gino::select(user::c.nickname), team::c.name)
                               .on_conflict(team::c.id)
                               .do_nothing();

    EXPECT_SQL(
        statement,
        postgresql,
        "INSERT INTO teams (name) SELECT users.name FROM users ON CONFLICT (id) DO NOTHING"
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "INSERT INTO teams (name) SELECT * FROM (SELECT users.name FROM users) WHERE 1 ON CONFLICT "
        "(id) DO NOTHING"
    );
}

TEST(InsertFromSelect, RefusesADifferentNumberOfColumns) {
    EXPECT_THROW(
        static_cast<void>(gino::insert<team>().from_select(
            gino::select(user::c.id, user::c.nickname), team::c.name
        )),
        gino::argument_error
    );
}

}  // namespace golden
