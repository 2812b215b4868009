// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>
#include <gino/sql/functions.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace gino {

/// What a window function looks at: rows that are alike, in an order. Made by `partition_by()`, or
/// by `window()` for all rows; each call returns a changed copy.
class window {
public:
    window() = default;

    /// `PARTITION BY`: behind those that are there.
    template <expression... Expressions>
    [[nodiscard]] window partition_by(const Expressions&... expressions) const {
        window changed(*this);
        (changed.partition_by_.push_back(expressions.node()), ...);
        return changed;
    }

    /// `ORDER BY`: expressions, or `x.desc()`; behind those that are there.
    template <class... Terms>
    [[nodiscard]] window order_by(const Terms&... terms) const {
        window changed(*this);
        (changed.order_by_.push_back(detail::order_item_of(terms)), ...);
        return changed;
    }

    [[nodiscard]] const std::vector<sql::expression_ref>& partitions() const noexcept {
        return partition_by_;
    }

    [[nodiscard]] const std::vector<sql::order_item>& order() const noexcept { return order_by_; }

private:
    std::vector<sql::expression_ref> partition_by_;
    std::vector<sql::order_item> order_by_;
};

/// A window of the rows with the same values.
template <expression... Expressions>
[[nodiscard]] window partition_by(const Expressions&... expressions) {
    return window().partition_by(expressions...);
}

/// `function OVER (window)`.
///
/// @param function  An aggregate or a window function, also with filter().
template <class T>
[[nodiscard]] expr<T> over(const expr<T>& function, const window& rows) {
    return expr<T>(sql::make<sql::over_expression>(function.node(), rows.partitions(), rows.order())
    );
}

/// `function FILTER (WHERE condition)`: an aggregate of some of the rows.
template <class T, class Condition>
[[nodiscard]] expr<T> filter(const expr<T>& function, const Condition& condition) {
    detail::check_condition<Condition>();
    return expr<T>(sql::make<sql::filter_expression>(function.node(), condition.node()));
}

namespace func {

/// The number of a row in its partition, from 1. For over().
[[nodiscard]] inline expr<std::int64_t> row_number() {
    return call<std::int64_t>("row_number");
}

/// As row_number(), but equal rows have the same number, and gaps follow. For over().
[[nodiscard]] inline expr<std::int64_t> rank() {
    return call<std::int64_t>("rank");
}

/// As rank(), without gaps. For over().
[[nodiscard]] inline expr<std::int64_t> dense_rank() {
    return call<std::int64_t>("dense_rank");
}

/// The value in the row `distance` rows before; NULL where there is none. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> lag(
    const expr<T>& x, std::int32_t distance = 1
) {
    return call<std::optional<detail::without_null<T>>>("lag", x, distance);
}

/// The value in the row `distance` rows behind; NULL where there is none. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> lead(
    const expr<T>& x, std::int32_t distance = 1
) {
    return call<std::optional<detail::without_null<T>>>("lead", x, distance);
}

}  // namespace func
}  // namespace gino
