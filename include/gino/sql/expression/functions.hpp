// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/operators.hpp>

#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

namespace gino {

namespace detail {

template <class T>
inline constexpr bool is_number = number_like<without_null<T>>;

template <class T>
consteval void check_has_extremes() {
    static_assert(
        !std::is_same_v<without_null<T>, bool>,
        "gino: min() and max() of booleans are bool_and() and bool_or()"
    );
}

}  // namespace detail

namespace func {

/// Calls any function of the database: `func::call<std::string>("lower", user::c.nickname)`.
///
/// @tparam Result     What it returns; `std::optional` if it can return NULL.
/// @param name        As in the database, with a schema if need be; written into the SQL as an
///                    identifier, so it must not come from outside of the program. Copied.
/// @param arguments   Expressions, or values, which are bound.
template <mapped Result, class... Arguments>
[[nodiscard]] expr<Result> call(std::string_view name, const Arguments&... arguments) {
    return expr<Result>(
        detail::make_function(name, {detail::operand(arguments)...}, sql_type_of<Result>(), false)
    );
}

/// `count(*)`.
[[nodiscard]] expr<std::int64_t> count();

/// `count(x)`: the rows where it is not NULL.
template <class T>
[[nodiscard]] expr<std::int64_t> count(const expr<T>& x) {
    return expr<std::int64_t>(
        detail::make_function("count", {x.node()}, {.kind = type_kind::bigint}, false)
    );
}

/// `count(DISTINCT x)`.
template <class T>
[[nodiscard]] expr<std::int64_t> count_distinct(const expr<T>& x) {
    return expr<std::int64_t>(
        detail::make_function("count", {x.node()}, {.kind = type_kind::bigint}, true)
    );
}

/// `min(x)`; NULL when there are no rows.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> min(const expr<T>& x) {
    detail::check_has_extremes<T>();
    return call<std::optional<detail::without_null<T>>>("min", x);
}

/// `max(x)`; NULL when there are no rows.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> max(const expr<T>& x) {
    detail::check_has_extremes<T>();
    return call<std::optional<detail::without_null<T>>>("max", x);
}

/// `coalesce(x, otherwise)`: `otherwise` where `x` is NULL.
template <class T, class V>
[[nodiscard]] auto coalesce(const expr<T>& x, const V& otherwise) {
    detail::check_comparable<T, V>();
    if constexpr (expression<V>) {
        using other = typename V::value_type;
        using result = std::conditional_t<
            is_nullable<other>,
            std::optional<detail::without_null<T>>,
            detail::without_null<T>>;
        return call<result>("coalesce", x, otherwise);
    } else {
        return call<detail::without_null<T>>("coalesce", x, otherwise);
    }
}

template <class T>
[[nodiscard]] expr<T> lower(const expr<T>& x) {
    return call<T>("lower", x);
}

template <class T>
[[nodiscard]] expr<T> upper(const expr<T>& x) {
    return call<T>("upper", x);
}

/// The number of characters.
template <class T>
[[nodiscard]] auto length(const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: length() wants a text"
    );
    return call<detail::null_if_any<std::int32_t, T>>("length", x);
}

/// The absolute value.
template <class T>
[[nodiscard]] expr<T> abs(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: abs() wants a number");
    return call<T>("abs", x);
}

/// `round(x)`: the nearest whole number. Halves go away from zero if `x` is a decimal, and to the
/// even number if it is floating point, which gives a double.
template <class T>
[[nodiscard]] auto round(const expr<T>& x) {
    using number = detail::without_null<T>;
    static_assert(
        std::is_same_v<number, decimal> || std::is_floating_point_v<number>,
        "gino: round() wants a decimal or a floating point number"
    );
    if constexpr (std::is_same_v<number, decimal>) {
        return call<T>("round", x);
    } else {
        return call<detail::null_if_any<double, T>>("round", x);
    }
}

/// `round(x, digits)`: with so many digits behind the point; halves go away from zero.
///
/// @param digits  Negative: zeros before the point, `round(1250, -2)` is 1300.
template <class T>
[[nodiscard]] expr<T> round(const expr<T>& x, std::int32_t digits) {
    static_assert(
        std::is_same_v<detail::without_null<T>, decimal>,
        "gino: round() to digits wants a decimal; cast a floating point number to one"
    );
    return call<T>("round", x, digits);
}

/// `btrim(x)`: the text without the blanks at both ends; tabs and ends of lines are no blanks.
template <class T>
[[nodiscard]] expr<T> trim(const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: trim() wants a text"
    );
    return call<T>("btrim", x);
}

/// `btrim(x, characters)`: the text without any of `characters` at both ends.
template <class T>
[[nodiscard]] expr<T> trim(const expr<T>& x, std::string_view characters) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: trim() wants a text"
    );
    return call<T>("btrim", x, characters);
}

/// `ltrim(x, characters)`: the text without any of `characters` at its beginning.
template <class T>
[[nodiscard]] expr<T> ltrim(const expr<T>& x, std::string_view characters = " ") {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: ltrim() wants a text"
    );
    return call<T>("ltrim", x, characters);
}

/// `rtrim(x, characters)`: the text without any of `characters` at its end.
template <class T>
[[nodiscard]] expr<T> rtrim(const expr<T>& x, std::string_view characters = " ") {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: rtrim() wants a text"
    );
    return call<T>("rtrim", x, characters);
}

/// `nullif(x, y)`: NULL where they are equal, otherwise `x`.
template <class T, class V>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> nullif(const expr<T>& x, const V& y) {
    detail::check_comparable<T, V>();
    return call<std::optional<detail::without_null<T>>>("nullif", x, y);
}

/// The largest of the values. NULL where one is (SQLite), where all are (PostgreSQL).
template <class T, class... Vs>
    requires(sizeof...(Vs) > 0)
[[nodiscard]] expr<T> greatest(const expr<T>& x, const Vs&... others) {
    (detail::check_comparable<T, Vs>(), ...);
    return call<T>("greatest", x, others...);
}

/// The smallest of the values. NULL where one is (SQLite), where all are (PostgreSQL).
template <class T, class... Vs>
    requires(sizeof...(Vs) > 0)
[[nodiscard]] expr<T> least(const expr<T>& x, const Vs&... others) {
    (detail::check_comparable<T, Vs>(), ...);
    return call<T>("least", x, others...);
}

/// `string_agg(x, separator)`: the texts of all rows, with `separator` between them; NULL when
/// there are no rows. For an order, aggregate_order_by() (PostgreSQL only).
template <class T>
[[nodiscard]] expr<std::optional<std::string>> string_agg(
    const expr<T>& x, std::string_view separator
) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: string_agg() wants texts"
    );
    return call<std::optional<std::string>>("string_agg", x, separator);
}

/// The time on the clocks of a zone: `timezone('Europe/Paris', x)`. PostgreSQL only, which knows
/// the zones by name.
template <class T>
[[nodiscard]] auto timezone(std::string_view zone, const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, timestamptz>,
        "gino: timezone() wants a timestamp with time zone"
    );
    return call<detail::null_if_any<timestamp, T>>("timezone", zone, x);
}

/// The time at which the transaction (PostgreSQL) or the statement (SQLite) began.
[[nodiscard]] expr<timestamptz> now();

}  // namespace func

/// `CAST(x AS type)`: the SQL type that `To` is stored as.
template <mapped To, class T>
[[nodiscard]] auto cast(const expr<T>& x) {
    using result = detail::null_if_any<To, To, T>;
    return expr<result>(sql::make<sql::cast>(x.node(), sql_type_of<To>()));
}

/// The expression as one of another C++ type, which writes no SQL: for what the database returns
/// and gino cannot know.
template <mapped To, class T>
[[nodiscard]] expr<To> type_coerce(const expr<T>& x) {
    return expr<To>(x.node());
}

/// The expression as one that can be NULL: of an outer join, or on one side of a set operation.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> nullable(const expr<T>& x) {
    return expr<std::optional<detail::without_null<T>>>(x.node());
}

/// `EXTRACT(part FROM x)`: of a date, a time or an interval.
///
/// @tparam Result  `double` or `decimal` for the fraction of `date_part::second` and
///                 `date_part::epoch`; an integer is rounded.
template <class Result = std::int64_t, class T>
[[nodiscard]] auto extract(sql::date_part part, const expr<T>& x) {
    static_assert(
        detail::is_temporal<detail::without_null<T>>, "gino: extract() wants a date or a time"
    );
    using result = detail::null_if_any<Result, T>;
    return expr<result>(sql::make<sql::extract_expression>(part, x.node(), sql_type_of<result>()));
}

/// The parts of a date or a time, for extract() and date_trunc().
using sql::date_part;

namespace detail {

[[nodiscard]] sql::expression_ref make_date_trunc(
    sql::date_part part, const sql::expression_ref& x, sql_type type
);

}  // namespace detail

namespace func {

/// `date_trunc('month', x)`: the first moment of the month, week (from Monday on), hour, ... that
/// `x` is in. A date gives a timestamp. PostgreSQL goes by the session's time zone if `x` has one.
///
/// @throws argument_error  The part is day_of_week, day_of_year or epoch, which have no first
/// moment.
template <class T>
[[nodiscard]] auto date_trunc(date_part part, const expr<T>& x) {
    using point = detail::without_null<T>;
    if constexpr (std::is_same_v<point, date>) {
        return date_trunc(part, cast<timestamp>(x));
    } else {
        static_assert(
            std::is_same_v<point, timestamp> || std::is_same_v<point, timestamptz>,
            "gino: date_trunc() wants a date or a timestamp"
        );
        return expr<T>(detail::make_date_trunc(part, x.node(), sql_type_of<T>()));
    }
}

}  // namespace func

/// `true`, as an expression: `join(lateral, gino::true_())`.
[[nodiscard]] expr<bool> true_();
[[nodiscard]] expr<bool> false_();

/// `NULL`, as an expression of type `T`.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> null_of() {
    return expr<std::optional<detail::without_null<T>>>(
        sql::make<sql::literal>(sql::literal_kind::null, sql_type_of<T>())
    );
}

/// `x @@ to_tsquery(query)`: full text search. PostgreSQL only.
///
/// @param query  In to_tsquery()'s language: "cat & !dog"; bound.
template <class T>
[[nodiscard]] expr<detail::null_if_any<bool, T>> match(const expr<T>& x, std::string_view query) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: match() wants a text"
    );
    return expr<detail::null_if_any<bool, T>>(detail::make_binary(
        sql::binary_operator::matches,
        x.node(),
        detail::make_function("to_tsquery", {detail::bind(query)}, {}, false),
        {.kind = type_kind::boolean}
    ));
}

/// `a || b` of two JSON documents or two arrays: an object with the keys of both, or a longer
/// array. PostgreSQL only.
template <class T, class V>
[[nodiscard]] expr<T> concat(const expr<T>& left, const V& right) {
    static_assert(
        detail::has_containment<detail::without_null<T>, V>,
        "gino: concat() takes two JSON documents or two arrays; texts are joined by +"
    );
    return expr<T>(detail::make_binary(
        sql::binary_operator::concatenate, left.node(), detail::operand(right), sql_type_of<T>()
    ));
}

/// The next value of a sequence: a number that no other call gets. PostgreSQL only.
///
/// @param sequence  As in the database, with a schema if need be. Copied.
[[nodiscard]] expr<std::int64_t> next_value(std::string_view sequence);

/// `ANY (SELECT ...)`: on the right of a comparison, true where it is for one row.
template <detail::query_like Query>
[[nodiscard]] auto any_(const Query& query) {
    using result = typename Query::selected_type;
    return expr<result>(sql::make<sql::quantified_expression>(
        false, sql::expression_ref(), query.tree(), sql_type_of<result>()
    ));
}

/// `ALL (SELECT ...)`: on the right of a comparison, true where it is for all rows.
template <detail::query_like Query>
[[nodiscard]] auto all_(const Query& query) {
    using result = typename Query::selected_type;
    return expr<result>(sql::make<sql::quantified_expression>(
        true, sql::expression_ref(), query.tree(), sql_type_of<result>()
    ));
}

/// `CAST(x AS type)`, of a type with a size: `cast<decimal>(x, numeric(10, 2))`.
///
/// @param type  Stored as `To` is.
template <mapped To, class T>
[[nodiscard]] auto cast(const expr<T>& x, sql_type type) {
    using result = detail::null_if_any<To, To, T>;
    return expr<result>(sql::make<sql::cast>(x.node(), type));
}

/// A value as an expression of its own: a bind parameter.
template <class V>
[[nodiscard]] auto literal(const V& v) {
    return expr<detail::bound_type<V>>(detail::bind(v));
}

}  // namespace gino
