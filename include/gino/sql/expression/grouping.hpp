// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>

#include <cstdint>
#include <vector>

namespace gino {

/// An item of GROUP BY that makes several groupings in one statement. PostgreSQL only (PostgreSQL
/// 15, 7.2.4); on SQLite a `compile_error`. Made by `rollup()`, `cube()` and `grouping_sets()`.
class grouping : public expression_handle {
public:
    using expression_handle::expression_handle;
};

/// One grouping of grouping_sets(): the expressions whose equal values make a group.
class grouping_set : public expression_handle {
public:
    using expression_handle::expression_handle;
};

/// Groups by `(a, b)`, by `(a)`, and all rows together: subtotals and a total.
///
///     select(user::c.team_id, func::count()).group_by(rollup(user::c.team_id, user::c.age))
///
///     ... GROUP BY ROLLUP(users.team_id, users.age)
///
/// Columns that a row is not grouped by are NULL in it; func::grouping() distinguishes such a NULL
/// from a value that is NULL.
template <expression... Expressions>
    requires(sizeof...(Expressions) > 0)
[[nodiscard]] grouping rollup(const Expressions&... expressions) {
    return grouping(sql::make<sql::grouping_expression>(
        sql::grouping_kind::rollup, std::vector{expressions.node()...}
    ));
}

/// Groups by each subset of the expressions: `CUBE(a, b)` by `(a, b)`, `(a)`, `(b)` and `()`.
template <expression... Expressions>
    requires(sizeof...(Expressions) > 0)
[[nodiscard]] grouping cube(const Expressions&... expressions) {
    return grouping(sql::make<sql::grouping_expression>(
        sql::grouping_kind::cube, std::vector{expressions.node()...}
    ));
}

/// Makes a set for grouping_sets(): `(a, b)`. Without expressions: all rows in one group.
template <expression... Expressions>
[[nodiscard]] grouping_set set_of(const Expressions&... expressions) {
    return grouping_set(sql::make<sql::tuple_expression>(std::vector<sql::expression_ref>{
        expressions.node()...}));
}

/// Groups by each of the sets: `grouping_sets(set_of(a, b), set_of())` becomes
/// `GROUPING SETS((a, b), ())`.
template <std::same_as<grouping_set>... Sets>
    requires(sizeof...(Sets) > 0)
[[nodiscard]] grouping grouping_sets(const Sets&... sets) {
    return grouping(
        sql::make<sql::grouping_expression>(sql::grouping_kind::sets, std::vector{sets.node()...})
    );
}

namespace func {

/// Returns 1 in rows that are not grouped by `a`, otherwise 0: `grouping(a)`. For select lists and
/// having() beside rollup(), cube() or grouping_sets().
template <class T>
[[nodiscard]] expr<std::int32_t> grouping(const expr<T>& by) {
    return call<std::int32_t>("grouping", by);
}

}  // namespace func
}  // namespace gino
