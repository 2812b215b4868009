// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/expression/case.hpp>
#include <gino/sql/expression/window.hpp>

#include "golden/models.hpp"
#include "support/expect_sql.hpp"

namespace golden {

using gino::case_;
using gino::filter;
using gino::over;
using gino::partition_by;
using gino::select;

TEST(Case, HasBranchesAndElse) {
    const auto size =
        case_(user::c.age < 13, "child").when(user::c.age < 20, "teenager").else_("adult");
    static_assert(std::is_same_v<decltype(size)::value_type, std::string>);

    EXPECT_SQL(
        select(user::c.id, size.label("size")),
        postgresql,
        "SELECT users.id, CASE WHEN (users.age < $1) THEN $2 WHEN (users.age < $3) THEN $4 ELSE $5 "
        "END "
        "AS size FROM users",
        13,
        "child",
        20,
        "teenager",
        "adult"
    );
}

TEST(Case, IsNullableWithoutElse) {
    const auto name = case_(user::c.age > 3, user::c.nickname);
    static_assert(std::is_same_v<decltype(name)::value_type, std::optional<std::string>>);

    EXPECT_SQL(
        select(name.label("n")),
        sqlite,
        "SELECT CASE WHEN (users.age > ?) THEN users.name END AS n FROM users",
        3
    );
}

TEST(Over, TakesPartitionsAndOrder) {
    const auto place =
        over(gino::func::row_number(), partition_by(user::c.team_id).order_by(user::c.age.desc()));

    EXPECT_SQL(
        select(user::c.id, place.label("place")),
        postgresql,
        "SELECT users.id, row_number() OVER (PARTITION BY users.team_id ORDER BY users.age DESC) "
        "AS "
        "place FROM users"
    );
    EXPECT_SQL(
        select(over(gino::func::count(), gino::window()).label("all")),
        sqlite,
        "SELECT count(*) OVER () AS \"all\""
    );
}

TEST(Over, ReadsNeighbouringRows) {
    const auto before = over(gino::func::lag(user::c.age), gino::window().order_by(user::c.id));
    static_assert(std::is_same_v<decltype(before)::value_type, std::optional<std::int32_t>>);

    EXPECT_SQL(
        select(before.label("b")),
        sqlite,
        "SELECT lag(users.age, ?) OVER (ORDER BY users.id) AS b FROM users",
        1
    );
}

TEST(Filter, LimitsTheRowsOfAnAggregate) {
    EXPECT_SQL(
        select(filter(gino::func::count(user::c.id), user::c.age > 3).label("n")),
        postgresql,
        "SELECT count(users.id) FILTER (WHERE users.age > $1) AS n FROM users",
        3
    );
}

}  // namespace golden
