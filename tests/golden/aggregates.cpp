// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/expression/aggregates.hpp>
#include <gino/sql/expression/grouping.hpp>
#include <gino/sql/expression/window.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::select;

TEST(Aggregate, TakesOrderBy) {
    const auto names = gino::aggregate_order_by(
        gino::func::string_agg(user::c.nickname, ", "), user::c.age.desc()
    );

    EXPECT_SQL(
        select(names.label("names")),
        postgresql,
        "SELECT string_agg(users.name, $1 ORDER BY users.age DESC) AS names FROM users",
        ", "
    );
    EXPECT_CANNOT_COMPILE(select(names), sqlite, "ORDER BY within an aggregate");
    EXPECT_THROW(
        static_cast<void>(gino::aggregate_order_by(user::c.age, user::c.id)), gino::argument_error
    );
}

TEST(Aggregate, TakesWithinGroup) {
    const auto median = gino::within_group(gino::func::percentile_cont(0.5), user::c.age);

    EXPECT_SQL(
        select(median.label("m")),
        postgresql,
        "SELECT percentile_cont($1) WITHIN GROUP (ORDER BY users.age) AS m FROM users",
        0.5
    );
    EXPECT_CANNOT_COMPILE(select(median), sqlite, "WITHIN GROUP");
}

TEST(Aggregate, TakesDistinctValues) {
    EXPECT_SQL(
        select(gino::distinct(gino::func::sum(user::c.age)), gino::func::avg(user::c.age)),
        sqlite,
        "SELECT sum(DISTINCT users.age) AS sum_1, avg(users.age) AS avg_1 FROM users"
    );
}

TEST(Grouping, AllowsGroupingSetsOnPostgresqlOnly) {
    const auto by_both = select(user::c.team_id, user::c.age, gino::func::grouping(user::c.age))
                             .group_by(gino::rollup(user::c.team_id, user::c.age));

    EXPECT_SQL(
        by_both,
        postgresql,
        "SELECT users.team_id, users.age, grouping(users.age) AS grouping_1 FROM users GROUP "
        "BY ROLLUP(users.team_id, users.age)"
    );
    EXPECT_SQL(
        select(user::c.age).group_by(gino::cube(user::c.age)),
        postgresql,
        "SELECT users.age FROM users GROUP BY CUBE(users.age)"
    );
    EXPECT_SQL(
        select(user::c.age)
            .group_by(
                gino::grouping_sets(gino::set_of(user::c.age, user::c.team_id), gino::set_of())
            ),
        postgresql,
        "SELECT users.age FROM users GROUP BY GROUPING SETS((users.age, users.team_id), ())"
    );
    EXPECT_CANNOT_COMPILE(by_both, sqlite, "ROLLUP");
}

TEST(Over, TakesAFrame) {
    const auto sum = gino::over(
        gino::func::sum(user::c.age),
        gino::partition_by(user::c.team_id)
            .order_by(user::c.id)
            .rows(gino::unbounded_preceding, gino::current_row)
    );
    const auto average = gino::over(
        gino::func::avg(user::c.age),
        gino::window().order_by(user::c.id).rows(gino::preceding(2), gino::following(1))
    );

    EXPECT_SQL(
        select(sum.label("s")),
        postgresql,
        "SELECT sum(users.age) OVER (PARTITION BY users.team_id ORDER BY users.id ROWS BETWEEN "
        "UNBOUNDED PRECEDING AND CURRENT ROW) AS s FROM users"
    );
    EXPECT_SQL(
        select(average.label("a")),
        sqlite,
        "SELECT avg(users.age) OVER (ORDER BY users.id ROWS BETWEEN ? PRECEDING AND ? FOLLOWING) "
        "AS "
        "a FROM users",
        2,
        1
    );
    EXPECT_SQL(
        select(gino::over(
                   gino::func::first_value(user::c.age),
                   gino::window().order_by(user::c.id).groups(gino::unbounded_preceding)
        )
                   .label("f")),
        postgresql,
        "SELECT first_value(users.age) OVER (ORDER BY users.id GROUPS BETWEEN UNBOUNDED PRECEDING "
        "AND CURRENT ROW) AS f FROM users"
    );
}

}  // namespace golden
