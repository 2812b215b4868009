// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>

#include <cstdint>
#include <utility>
#include <vector>

namespace gino {

/// One end of a window's frame: `preceding(3)`, `current_row`.
class frame_bound {
public:
    constexpr explicit frame_bound(sql::frame_edge edge) noexcept : edge_(edge) {}

    frame_bound(sql::frame_edge edge, std::int64_t distance)
        : edge_(edge), offset_(detail::make_bind(value(distance), {.kind = type_kind::bigint})) {}

    [[nodiscard]] sql::frame_bound node() const { return {.edge = edge_, .offset = offset_}; }

private:
    sql::frame_edge edge_;
    sql::expression_ref offset_;
};

inline constexpr frame_bound unbounded_preceding{sql::frame_edge::unbounded_preceding};
inline constexpr frame_bound current_row{sql::frame_edge::current_row};
inline constexpr frame_bound unbounded_following{sql::frame_edge::unbounded_following};

/// So many rows (or groups, or units of the ordering value) before the current row.
[[nodiscard]] inline frame_bound preceding(std::int64_t distance) {
    return {sql::frame_edge::preceding, distance};
}

/// So many rows (or groups, or units of the ordering value) behind the current row.
[[nodiscard]] inline frame_bound following(std::int64_t distance) {
    return {sql::frame_edge::following, distance};
}

/// What a window function looks at: rows that are alike, in an order. Made by `partition_by()`, or
/// by `window()` for all rows; each call returns a changed copy.
class window {
public:
    window() = default;

    /// `PARTITION BY`: behind those that are there.
    template <expression... Expressions>
    [[nodiscard]] window partition_by(const Expressions&... expressions) const {
        window changed(*this);
        (changed.definition_.partition_by.push_back(expressions.node()), ...);
        return changed;
    }

    /// `ORDER BY`: expressions, or `x.desc()`; behind those that are there.
    template <class... Terms>
    [[nodiscard]] window order_by(const Terms&... terms) const {
        window changed(*this);
        (changed.definition_.order_by.push_back(detail::order_item_of(terms)), ...);
        return changed;
    }

    /// `ROWS BETWEEN start AND end`: counted in rows.
    [[nodiscard]] window rows(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::rows, start, end);
    }

    /// `RANGE BETWEEN start AND end`: counted in units of the value that it is ordered by.
    [[nodiscard]] window range(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::range, start, end);
    }

    /// `GROUPS BETWEEN start AND end`: counted in groups of rows that are ordered alike.
    [[nodiscard]] window groups(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::groups, start, end);
    }

    [[nodiscard]] const sql::window_definition& definition() const noexcept { return definition_; }

private:
    [[nodiscard]] window framed(
        sql::frame_unit unit, const frame_bound& start, const frame_bound& end
    ) const {
        window changed(*this);
        changed.definition_.frame = {.unit = unit, .start = start.node(), .end = end.node()};
        return changed;
    }

    sql::window_definition definition_;
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
    return expr<T>(sql::make<sql::over_expression>(function.node(), rows.definition()));
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

/// The first value of the window's frame. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> first_value(const expr<T>& x) {
    return call<std::optional<detail::without_null<T>>>("first_value", x);
}

/// The last value of the window's frame. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> last_value(const expr<T>& x) {
    return call<std::optional<detail::without_null<T>>>("last_value", x);
}

/// The number of the bucket, from 1, when the partition is cut into so many. For over().
[[nodiscard]] inline expr<std::int32_t> ntile(std::int32_t buckets) {
    return call<std::int32_t>("ntile", buckets);
}

}  // namespace func
}  // namespace gino
