// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>

#include <cstdint>
#include <vector>

namespace gino {

/// What group_by() takes besides expressions. PostgreSQL only.
class grouping : public expression_handle {
public:
    using expression_handle::expression_handle;
};

/// Expressions that form one of several groupings.
class grouping_set : public expression_handle {
public:
    using expression_handle::expression_handle;
};

/// `ROLLUP(a, b)`: groups by `(a, b)`, by `(a)`, and all rows at once.
template <expression... Expressions>
    requires(sizeof...(Expressions) > 0)
[[nodiscard]] grouping rollup(const Expressions&... expressions) {
    return grouping(sql::make<sql::grouping_expression>(
        sql::grouping_kind::rollup, std::vector{expressions.node()...}
    ));
}

/// `CUBE(a, b)`: groups by each subset of the expressions.
template <expression... Expressions>
    requires(sizeof...(Expressions) > 0)
[[nodiscard]] grouping cube(const Expressions&... expressions) {
    return grouping(sql::make<sql::grouping_expression>(
        sql::grouping_kind::cube, std::vector{expressions.node()...}
    ));
}

/// `(a, b)` within grouping_sets(); without expressions: all rows.
template <expression... Expressions>
[[nodiscard]] grouping_set set_of(const Expressions&... expressions) {
    return grouping_set(sql::make<sql::tuple_expression>(std::vector<sql::expression_ref>{
        expressions.node()...}));
}

/// `GROUPING SETS((a, b), (a), ())`.
template <std::same_as<grouping_set>... Sets>
    requires(sizeof...(Sets) > 0)
[[nodiscard]] grouping grouping_sets(const Sets&... sets) {
    return grouping(
        sql::make<sql::grouping_expression>(sql::grouping_kind::sets, std::vector{sets.node()...})
    );
}

namespace func {

/// `grouping(a)`: 1 in rows that are not grouped by `a`, otherwise 0.
template <class T>
[[nodiscard]] expr<std::int32_t> grouping(const expr<T>& by) {
    return call<std::int32_t>("grouping", by);
}

}  // namespace func
}  // namespace gino
