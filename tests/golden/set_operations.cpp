// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/set_operations.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(SetOperation, CombinesSelects) {
    const auto statement = gino::union_(
        select(user::c.id).where(user::c.age > 3), select(user::c.id), select(team::c.id)
    );

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id FROM users WHERE users.age > $1 UNION SELECT users.id FROM users UNION "
        "SELECT teams.id FROM teams",
        3
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT users.id FROM users WHERE users.age > ? UNION SELECT users.id FROM users UNION "
        "SELECT teams.id FROM teams",
        3
    );
}

TEST(SetOperation, TakesItsOwnOrderAndLimit) {
    const auto name = user::c.nickname.label("name");
    const auto statement =
        gino::union_all(select(user::c.id, name), select(team::c.id, team::c.name))
            .order_by(name, user::c.id.desc())
            .limit(5)
            .offset(2);

    EXPECT_SQL(
        statement,
        postgresql,
        "SELECT users.id, users.name AS name FROM users UNION ALL SELECT teams.id, teams.name FROM "
        "teams ORDER BY name, id DESC LIMIT $1 OFFSET $2",
        5,
        2
    );
}

TEST(SetOperation, KeepsOrderByAndNestingOfItsOperands) {
    const auto statement = gino::except(
        select(user::c.id).order_by(user::c.age).limit(3),
        gino::intersect(select(user::c.id), select(team::c.id))
    );

    EXPECT_SQL(
        statement,
        postgresql,
        "(SELECT users.id FROM users ORDER BY users.age LIMIT $1) EXCEPT (SELECT users.id FROM "
        "users INTERSECT SELECT teams.id FROM teams)",
        3
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "SELECT * FROM (SELECT users.id FROM users ORDER BY users.age NULLS LAST LIMIT ?) EXCEPT "
        "SELECT * FROM (SELECT users.id FROM users INTERSECT SELECT teams.id FROM teams)",
        3
    );
}

TEST(SetOperation, AllowsIntersectAllAndExceptAllOnPostgresqlOnly) {
    const auto both = gino::intersect_all(select(user::c.id), select(team::c.id));
    const auto rest = gino::except_all(select(user::c.id), select(team::c.id));

    EXPECT_SQL(
        both, postgresql, "SELECT users.id FROM users INTERSECT ALL SELECT teams.id FROM teams"
    );
    EXPECT_SQL(
        rest, postgresql, "SELECT users.id FROM users EXCEPT ALL SELECT teams.id FROM teams"
    );
    EXPECT_CANNOT_COMPILE(both, sqlite, "INTERSECT ALL");
    EXPECT_CANNOT_COMPILE(rest, sqlite, "EXCEPT ALL");
}

TEST(SetOperation, IsUsableInFromAndIn) {
    const auto ids = gino::union_(select(user::c.team_id), select(gino::nullable(team::c.id)));
    const auto s = ids.subquery("s");

    EXPECT_SQL(
        select(s[user::c.team_id]),
        sqlite,
        "SELECT s.team_id FROM (SELECT users.team_id FROM users UNION SELECT teams.id FROM teams) "
        "AS s"
    );
    EXPECT_SQL(
        select(team::c.name).where(team::c.id.in(ids)),
        postgresql,
        "SELECT teams.name FROM teams WHERE teams.id IN (SELECT users.team_id FROM users UNION "
        "SELECT teams.id FROM teams)"
    );
}

TEST(SetOperation, IsOrderedBySelectedNamesOnly) {
    const auto statement = gino::union_(select(user::c.id), select(team::c.id));

    EXPECT_THROW(
        static_cast<void>(gino::sqlite::dialect().compile(statement.order_by(user::c.id + 1).node())
        ),
        gino::argument_error
    );
}

}  // namespace golden
