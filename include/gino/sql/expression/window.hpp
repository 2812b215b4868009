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
    /// @param edge  An end without a distance: UNBOUNDED or CURRENT ROW.
    constexpr explicit frame_bound(sql::frame_edge edge) noexcept : edge_(edge) {}

    /// @param distance  Not negative, or the database refuses it. Bound as a value.
    frame_bound(sql::frame_edge edge, std::int64_t distance)
        : edge_(edge), offset_(detail::make_bind(value(distance), {.kind = type_kind::bigint})) {}

    /// Returns the end as it is in the tree.
    [[nodiscard]] sql::frame_bound node() const { return {.edge = edge_, .offset = offset_}; }

private:
    sql::frame_edge edge_;
    sql::expression_ref offset_;
};

/// `UNBOUNDED PRECEDING`: the first row of the partition.
inline constexpr frame_bound unbounded_preceding{sql::frame_edge::unbounded_preceding};
/// `CURRENT ROW`: the row itself; for range() and groups(), with the rows that are ordered alike.
inline constexpr frame_bound current_row{sql::frame_edge::current_row};
/// `UNBOUNDED FOLLOWING`: the last row of the partition.
inline constexpr frame_bound unbounded_following{sql::frame_edge::unbounded_following};

/// Returns the end `$1 PRECEDING`: so many rows, groups, or units of the ordering value before the
/// current row, by the window's frame.
[[nodiscard]] inline frame_bound preceding(std::int64_t distance) {
    return {sql::frame_edge::preceding, distance};
}

/// Returns the end `$1 FOLLOWING`: as preceding(), after the current row.
[[nodiscard]] inline frame_bound following(std::int64_t distance) {
    return {sql::frame_edge::following, distance};
}

/// The rows that a window function sees from each row: a partition, an order, a frame. An immutable
/// value: each call returns a changed copy. `window()` alone is all rows; `partition_by()` starts
/// one with partitions.
///
///     over(func::row_number(), partition_by(user::c.team_id).order_by(user::c.age.desc()))
///
///     row_number() OVER (PARTITION BY users.team_id ORDER BY users.age DESC)
///
/// Without a frame SQL's default applies: with order_by(), the rows from the partition's first to
/// the current one and its equals; otherwise the whole partition (PostgreSQL 15, 4.2.8).
class window {
public:
    window() = default;

    /// Adds `PARTITION BY` expressions; several calls append.
    template <expression... Expressions>
    [[nodiscard]] window partition_by(const Expressions&... expressions) const {
        window changed(*this);
        (changed.definition_.partition_by.push_back(expressions.node()), ...);
        return changed;
    }

    /// Adds `ORDER BY` terms: expressions, or `x.desc()`; several calls append.
    template <class... Terms>
    [[nodiscard]] window order_by(const Terms&... terms) const {
        window changed(*this);
        (changed.definition_.order_by.push_back(detail::order_item_of(terms)), ...);
        return changed;
    }

    /// Sets the frame, counted in rows: `ROWS BETWEEN start AND end`. The last call of rows(),
    /// range() and groups() counts.
    ///
    ///     window().order_by(user::c.id).rows(preceding(2), following(1))
    ///
    ///     OVER (ORDER BY users.id ROWS BETWEEN $1 PRECEDING AND $2 FOLLOWING)
    ///
    /// @param end  By default the current row.
    [[nodiscard]] window rows(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::rows, start, end);
    }

    /// Sets the frame, counted in units of the ordering value: `RANGE BETWEEN start AND end`.
    [[nodiscard]] window range(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::range, start, end);
    }

    /// Sets the frame, counted in groups of rows that are ordered alike:
    /// `GROUPS BETWEEN start AND end`.
    [[nodiscard]] window groups(const frame_bound& start, const frame_bound& end = current_row)
        const {
        return framed(sql::frame_unit::groups, start, end);
    }

    /// Returns the window as it is in the tree.
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

/// Starts a window of the rows that have the same values.
template <expression... Expressions>
[[nodiscard]] window partition_by(const Expressions&... expressions) {
    return window().partition_by(expressions...);
}

/// Makes a window function: `function OVER (window)`. It has a value in each row and merges none.
///
/// @param function  An aggregate such as func::sum(), or a window function such as func::rank();
///                  also with filter().
template <class T>
[[nodiscard]] expr<T> over(const expr<T>& function, const window& rows) {
    return expr<T>(sql::make<sql::over_expression>(function.node(), rows.definition()));
}

/// Makes an aggregate of some of the rows: `count(users.id) FILTER (WHERE users.age > $1)`.
template <class T, class Condition>
[[nodiscard]] expr<T> filter(const expr<T>& function, const Condition& condition) {
    detail::check_condition<Condition>();
    return expr<T>(sql::make<sql::filter_expression>(function.node(), condition.node()));
}

namespace func {

/// Returns the number of a row in its partition, from 1. For over().
[[nodiscard]] inline expr<std::int64_t> row_number() {
    return call<std::int64_t>("row_number");
}

/// Returns the rank of a row: rows that are ordered alike share a number, and a gap follows, as in
/// 1, 1, 3. For over().
[[nodiscard]] inline expr<std::int64_t> rank() {
    return call<std::int64_t>("rank");
}

/// Returns the rank of a row without gaps, as in 1, 1, 2. For over().
[[nodiscard]] inline expr<std::int64_t> dense_rank() {
    return call<std::int64_t>("dense_rank");
}

/// Returns the value of `x` in an earlier row of the partition: `lag(x, $1)`. For over().
///
/// @param distance  Rows before the current one; 1 by default. NULL where there is no such row.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> lag(
    const expr<T>& x, std::int32_t distance = 1
) {
    return call<std::optional<detail::without_null<T>>>("lag", x, distance);
}

/// Returns the value of `x` in a later row of the partition: `lead(x, $1)`; otherwise as lag().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> lead(
    const expr<T>& x, std::int32_t distance = 1
) {
    return call<std::optional<detail::without_null<T>>>("lead", x, distance);
}

/// Returns the value of `x` in the first row of the window's frame. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> first_value(const expr<T>& x) {
    return call<std::optional<detail::without_null<T>>>("first_value", x);
}

/// Returns the value of `x` in the last row of the window's frame. With the default frame that is
/// the current row, or a row ordered alike. For over().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> last_value(const expr<T>& x) {
    return call<std::optional<detail::without_null<T>>>("last_value", x);
}

/// Returns the number of a row's bucket, from 1, when the partition is divided into buckets of
/// nearly equal size: `ntile($1)`. For over().
///
/// @param buckets  At least 1, or the database refuses it.
[[nodiscard]] inline expr<std::int32_t> ntile(std::int32_t buckets) {
    return call<std::int32_t>("ntile", buckets);
}

}  // namespace func
}  // namespace gino
