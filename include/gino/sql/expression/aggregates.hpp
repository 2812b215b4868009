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

/// A copy of an aggregate's call that looks at its rows in an order.
///
/// @throws argument_error  `aggregate` is no call of a function.
[[nodiscard]] sql::expression_ref order_aggregate(
    const sql::expression& aggregate, std::vector<sql::order_item> order, bool within_group
);
[[nodiscard]] sql::expression_ref make_distinct(const sql::expression& aggregate);

template <class T>
using sum_of =
    std::conditional_t<number_like_integer<without_null<T>>, std::int64_t, without_null<T>>;

}  // namespace detail

/// `f(x ORDER BY y)`: an aggregate whose result depends on the order of its rows.
///
/// @throws argument_error  `aggregate` is no call of a function.
template <class T, class... Terms>
    requires(sizeof...(Terms) > 0)
[[nodiscard]] expr<T> aggregate_order_by(const expr<T>& aggregate, const Terms&... terms) {
    return expr<T>(
        detail::order_aggregate(*aggregate.node(), {detail::order_item_of(terms)...}, false)
    );
}

/// `f(x) WITHIN GROUP (ORDER BY y)`: an ordered-set aggregate. PostgreSQL only.
///
/// @throws argument_error  `aggregate` is no call of a function.
template <class T, class... Terms>
    requires(sizeof...(Terms) > 0)
[[nodiscard]] expr<T> within_group(const expr<T>& aggregate, const Terms&... terms) {
    return expr<T>(
        detail::order_aggregate(*aggregate.node(), {detail::order_item_of(terms)...}, true)
    );
}

/// `f(DISTINCT x)`: an aggregate that takes each value once.
///
/// @throws argument_error  `aggregate` is no call of a function.
template <class T>
[[nodiscard]] expr<T> distinct(const expr<T>& aggregate) {
    return expr<T>(detail::make_distinct(*aggregate.node()));
}

namespace func {

/// `sum(x)`; NULL when there are no rows. Of integers: 64 bits; a sum that does not fit is a
/// `data_error` when it is read.
template <class T>
[[nodiscard]] expr<std::optional<detail::sum_of<T>>> sum(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: sum() wants numbers");
    return call<std::optional<detail::sum_of<T>>>("sum", x);
}

/// `avg(x)`; NULL when there are no rows.
template <class T>
[[nodiscard]] expr<std::optional<double>> avg(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: avg() wants numbers");
    return call<std::optional<double>>("avg", x);
}

/// True where all values are; NULL when there are no rows. PostgreSQL only.
template <class T>
[[nodiscard]] expr<std::optional<bool>> bool_and(const expr<T>& x) {
    detail::check_condition<expr<T>>();
    return call<std::optional<bool>>("bool_and", x);
}

/// True where one value is; NULL when there are no rows. PostgreSQL only.
template <class T>
[[nodiscard]] expr<std::optional<bool>> bool_or(const expr<T>& x) {
    detail::check_condition<expr<T>>();
    return call<std::optional<bool>>("bool_or", x);
}

/// The value below which this fraction of the rows lies, between two of them if need be. For
/// within_group().
[[nodiscard]] inline expr<std::optional<double>> percentile_cont(double fraction) {
    return call<std::optional<double>>("percentile_cont", fraction);
}

}  // namespace func
}  // namespace gino
