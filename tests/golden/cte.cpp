// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/cte.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(Cte, IsWrittenOnceBeforeTheStatement) {
    const auto n = gino::func::count().label("n");
    const auto sizes = select(user::c.team_id, n).group_by(user::c.team_id).cte("sizes");
    const auto statement = select(team::c.name, sizes[n])
                               .join(sizes, sizes[user::c.team_id] == team::c.id)
                               .where(sizes[n] > 3);

    EXPECT_SQL(
        statement,
        postgresql,
        "WITH sizes AS (SELECT users.team_id, count(*) AS n FROM users GROUP BY users.team_id) "
        "SELECT teams.name, sizes.n FROM teams JOIN sizes ON sizes.team_id = teams.id WHERE "
        "sizes.n > $1",
        3
    );
    EXPECT_SQL(
        statement,
        sqlite,
        "WITH sizes AS (SELECT users.team_id, count(*) AS n FROM users GROUP BY users.team_id) "
        "SELECT teams.name, sizes.n FROM teams JOIN sizes ON sizes.team_id = teams.id WHERE "
        "sizes.n > ?",
        3
    );
}

TEST(Cte, FollowsTheCtesThatItUses) {
    const auto young = select(user::c.id, user::c.team_id).where(user::c.age < 20).cte();
    const auto ids = select(young[user::c.team_id]).where(young[user::c.id] > 7).cte("ids");

    EXPECT_SQL(
        select(team::c.name).where(team::c.id.in(select(ids[young[user::c.team_id]]))),
        postgresql,
        "WITH anon_1 AS (SELECT users.id, users.team_id FROM users WHERE users.age < $1), ids AS "
        "(SELECT anon_1.team_id FROM anon_1 WHERE anon_1.id > $2) SELECT teams.name FROM teams "
        "WHERE teams.id IN (SELECT ids.team_id FROM ids)",
        20,
        7
    );
}

TEST(Cte, CanBeRecursive) {
    const auto depth = gino::literal(0).label("depth");
    const auto tree = select(user::c.id, depth)
                          .where(user::c.team_id == gino::null)
                          .recursive_cte("tree")
                          .union_all([&](const auto& above) {
                              return select(user::c.id, above[depth] + 1)
                                  .join(above, above[user::c.id] == user::c.team_id);
                          });

    EXPECT_SQL(
        select(tree[user::c.id], tree[depth]),
        postgresql,
        "WITH RECURSIVE tree(id, depth) AS (SELECT users.id, $1 AS depth FROM users WHERE "
        "users.team_id IS NULL UNION ALL SELECT users.id, tree.depth + $2 AS anon_1 FROM users "
        "JOIN tree ON tree.id = users.team_id) SELECT tree.id, tree.depth FROM tree",
        0,
        1
    );
    EXPECT_SQL(
        select(tree[user::c.id]),
        sqlite,
        "WITH RECURSIVE tree(id, depth) AS (SELECT users.id, ? AS depth FROM users WHERE "
        "users.team_id IS NULL UNION ALL SELECT users.id, tree.depth + ? AS anon_1 FROM users "
        "JOIN tree ON tree.id = users.team_id) SELECT tree.id FROM tree",
        0,
        1
    );
}

TEST(Cte, RefusesRecursivePartWithAnotherNumberOfColumns) {
    const auto base = select(user::c.id).recursive_cte("tree");

    EXPECT_THROW(
        static_cast<void>(base.union_([](const auto& above) {
            return select(above[user::c.id], user::c.age);
        })),
        gino::argument_error
    );
}

TEST(Cte, ChangesDataOnPostgresql) {
    const auto gone =
        gino::delete_from<user>().where(user::c.age > 99).returning(user::c.id).cte("gone");

    EXPECT_SQL(
        select(gone[user::c.id]),
        postgresql,
        "WITH gone AS (DELETE FROM users WHERE users.age > $1 RETURNING users.id) SELECT gone.id "
        "FROM gone",
        99
    );
    EXPECT_SQL(
        gino::update<team>().set(team::c.name = "x").add_cte(gone),
        postgresql,
        "WITH gone AS (DELETE FROM users WHERE users.age > $1 RETURNING users.id) UPDATE teams SET "
        "name=$2",
        99,
        "x"
    );
    EXPECT_CANNOT_COMPILE(select(gone[user::c.id]), sqlite, "DELETE within WITH");
}

TEST(Cte, IsUsableInInsert) {
    const auto names =
        select(user::c.nickname).cte("names", gino::sql::materialization::materialized);

    EXPECT_SQL(
        gino::insert<team>().from_select(select(names[user::c.nickname]), team::c.name),
        postgresql,
        "WITH names AS MATERIALIZED (SELECT users.name FROM users) INSERT INTO teams (name) SELECT "
        "names.name FROM names"
    );
}

}  // namespace golden
