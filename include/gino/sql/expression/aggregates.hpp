// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gino {

namespace detail {

/// Returns a copy of an aggregate's call with an order of its rows.
///
/// @throws argument_error  `aggregate` is no call of a function.
[[nodiscard]] sql::expression_ref order_aggregate(
    const sql::expression& aggregate, std::vector<sql::order_item> order, bool within_group
);
/// Returns a copy of an aggregate's call with DISTINCT.
///
/// @throws argument_error  `aggregate` is no call of a function.
[[nodiscard]] sql::expression_ref make_distinct(const sql::expression& aggregate);

/// The type of a sum: 64 bits for integers of any size, otherwise the type of the values.
template <class T>
using sum_of =
    std::conditional_t<number_like_integer<without_null<T>>, std::int64_t, without_null<T>>;

}  // namespace detail

/// Gives the rows of an aggregate an order: `f(x ORDER BY y)`. PostgreSQL only.
///
///     aggregate_order_by(func::string_agg(user::c.nickname, ", "), user::c.age.desc())
///
///     string_agg(users.name, $1 ORDER BY users.age DESC)
///
/// @param terms  As for order_by(). They replace the order of an earlier call.
/// @throws argument_error  `aggregate` is no call of a function.
template <class T, class... Terms>
    requires(sizeof...(Terms) > 0)
[[nodiscard]] expr<T> aggregate_order_by(const expr<T>& aggregate, const Terms&... terms) {
    return expr<T>(
        detail::order_aggregate(*aggregate.node(), {detail::order_item_of(terms)...}, false)
    );
}

/// Makes an ordered-set aggregate: `f(x) WITHIN GROUP (ORDER BY y)`. PostgreSQL only (PostgreSQL
/// 15, 4.2.7).
///
///     within_group(func::percentile_cont(0.5), user::c.age)
///
///     percentile_cont($1) WITHIN GROUP (ORDER BY users.age)
///
/// @throws argument_error  `aggregate` is no call of a function.
template <class T, class... Terms>
    requires(sizeof...(Terms) > 0)
[[nodiscard]] expr<T> within_group(const expr<T>& aggregate, const Terms&... terms) {
    return expr<T>(
        detail::order_aggregate(*aggregate.node(), {detail::order_item_of(terms)...}, true)
    );
}

/// Makes an aggregate use each value once: `sum(DISTINCT x)`.
///
/// @throws argument_error  `aggregate` is no call of a function.
template <class T>
[[nodiscard]] expr<T> distinct(const expr<T>& aggregate) {
    return expr<T>(detail::make_distinct(*aggregate.node()));
}

namespace func {

/// Returns the sum of all rows: `sum(x)`. NULL without rows, and NULL values are ignored. The sum
/// of integers has 64 bits; PostgreSQL's sum of bigints is numeric, and one that does not fit is a
/// `data_error` when it is read.
template <class T>
[[nodiscard]] expr<std::optional<detail::sum_of<T>>> sum(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: sum() wants numbers");
    return call<std::optional<detail::sum_of<T>>>("sum", x);
}

/// Returns the average of all rows as a double: `avg(x)`. NULL without rows. SQLite's dialect
/// refuses decimals (`compile_error`).
template <class T>
[[nodiscard]] expr<std::optional<double>> avg(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: avg() wants numbers");
    return call<std::optional<double>>("avg", x);
}

/// Returns whether a condition is true in all rows: `bool_and(x)`. NULL without rows. PostgreSQL
/// only.
template <class T>
[[nodiscard]] expr<std::optional<bool>> bool_and(const expr<T>& x) {
    detail::check_condition<expr<T>>();
    return call<std::optional<bool>>("bool_and", x);
}

/// Returns whether a condition is true in at least one row: `bool_or(x)`. NULL without rows.
/// PostgreSQL only.
template <class T>
[[nodiscard]] expr<std::optional<bool>> bool_or(const expr<T>& x) {
    detail::check_condition<expr<T>>();
    return call<std::optional<bool>>("bool_or", x);
}

/// Returns the value below which a fraction of the rows lies, interpolated between two neighbours.
/// For within_group(), which is needed. PostgreSQL only.
///
/// @param fraction  From 0 to 1; 0.5 is the median.
[[nodiscard]] inline expr<std::optional<double>> percentile_cont(double fraction) {
    return call<std::optional<double>>("percentile_cont", fraction);
}

}  // namespace func
}  // namespace gino
