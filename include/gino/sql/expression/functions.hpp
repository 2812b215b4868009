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

/// True for the types of numbers and optionals of them.
template <class T>
inline constexpr bool is_number = number_like<without_null<T>>;

/// Refuses at compile time min() and max() of booleans, which PostgreSQL does not have.
template <class T>
consteval void check_has_extremes() {
    static_assert(
        !std::is_same_v<without_null<T>, bool>,
        "gino: min() and max() of booleans are bool_and() and bool_or()"
    );
}

}  // namespace detail

namespace func {

/// Calls any function of the database.
///
///     func::call<std::int64_t>("app.fn", 1)
///
///     app.fn($1)
///
/// @tparam Result     The C++ type of its values; `std::optional` if it can return NULL.
/// @param name        As in the database, with a schema if needed: "app.fn". Each part is written
///                    as an identifier; it must not come from outside of the program. Copied.
/// @param arguments   Expressions, or values, which are bound. Their types are not checked.
template <mapped Result, class... Arguments>
[[nodiscard]] expr<Result> call(std::string_view name, const Arguments&... arguments) {
    return expr<Result>(
        detail::make_function(name, {detail::operand(arguments)...}, sql_type_of<Result>(), false)
    );
}

/// Returns the number of rows: `count(*)`. Without rows it is 0, not NULL.
[[nodiscard]] expr<std::int64_t> count();

/// Returns the number of rows where `x` is not NULL: `count(x)`.
template <class T>
[[nodiscard]] expr<std::int64_t> count(const expr<T>& x) {
    return expr<std::int64_t>(
        detail::make_function("count", {x.node()}, {.kind = type_kind::bigint}, false)
    );
}

/// Returns the number of different values that are not NULL.
///
///     func::count_distinct(user::c.team_id)
///
///     count(DISTINCT users.team_id)
template <class T>
[[nodiscard]] expr<std::int64_t> count_distinct(const expr<T>& x) {
    return expr<std::int64_t>(
        detail::make_function("count", {x.node()}, {.kind = type_kind::bigint}, true)
    );
}

/// Returns the lowest value of all rows: `min(x)`. NULL without rows, and NULL values are ignored.
/// SQLite's dialect refuses enumerations and intervals (`compile_error`).
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> min(const expr<T>& x) {
    detail::check_has_extremes<T>();
    return call<std::optional<detail::without_null<T>>>("min", x);
}

/// Returns the highest value of all rows: `max(x)`; otherwise as min().
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> max(const expr<T>& x) {
    detail::check_has_extremes<T>();
    return call<std::optional<detail::without_null<T>>>("max", x);
}

/// Returns `x`, or `otherwise` where `x` is NULL.
///
///     func::coalesce(user::c.age, 0)
///
///     coalesce(users.age, $1)
///
/// @param otherwise  A value or an expression. The result can be NULL only if this expression can.
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

/// Returns the text in lower case: `lower(x)`. PostgreSQL goes by the locale of the database,
/// SQLite changes ASCII letters only.
template <class T>
[[nodiscard]] expr<T> lower(const expr<T>& x) {
    return call<T>("lower", x);
}

/// Returns the text in upper case: `upper(x)`; otherwise as lower().
template <class T>
[[nodiscard]] expr<T> upper(const expr<T>& x) {
    return call<T>("upper", x);
}

/// Returns the number of characters, not of bytes: `length(x)`.
template <class T>
[[nodiscard]] auto length(const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: length() wants a text"
    );
    return call<detail::null_if_any<std::int32_t, T>>("length", x);
}

/// Returns the absolute value: `abs(x)`.
template <class T>
[[nodiscard]] expr<T> abs(const expr<T>& x) {
    static_assert(detail::is_number<T>, "gino: abs() wants a number");
    return call<T>("abs", x);
}

/// Returns the nearest whole number: `round(x)`. Halves of decimals are rounded away from zero.
/// Halves of floating-point numbers are rounded to the even neighbour, and the result is a double.
/// Both databases agree, because SQLite calls functions of the driver.
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

/// Returns a decimal with so many digits after the point: `round(x, digits)`. Halves are rounded
/// away from zero.
///
/// @param digits  Negative: zeros before the point, so that `round(1250, -2)` is 1300.
template <class T>
[[nodiscard]] expr<T> round(const expr<T>& x, std::int32_t digits) {
    static_assert(
        std::is_same_v<detail::without_null<T>, decimal>,
        "gino: round() to digits wants a decimal; cast a floating point number to one"
    );
    return call<T>("round", x, digits);
}

/// Returns the text without the spaces at both ends. Tabs and line ends are kept.
///
///     func::trim(user::c.nickname)
///
///     btrim(users.name)    -- on SQLite: trim(users.name)
template <class T>
[[nodiscard]] expr<T> trim(const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: trim() wants a text"
    );
    return call<T>("btrim", x);
}

/// Returns the text without any of `characters` at both ends: `btrim(x, $1)`.
///
/// @param characters  A set of characters, not a word: "xy" removes "yxx" too.
template <class T>
[[nodiscard]] expr<T> trim(const expr<T>& x, std::string_view characters) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: trim() wants a text"
    );
    return call<T>("btrim", x, characters);
}

/// Returns the text without any of `characters` at its beginning: `ltrim(x, $1)`.
///
/// @param characters  A set of characters; by default the space.
template <class T>
[[nodiscard]] expr<T> ltrim(const expr<T>& x, std::string_view characters = " ") {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: ltrim() wants a text"
    );
    return call<T>("ltrim", x, characters);
}

/// Returns the text without any of `characters` at its end: `rtrim(x, $1)`.
///
/// @param characters  A set of characters; by default the space.
template <class T>
[[nodiscard]] expr<T> rtrim(const expr<T>& x, std::string_view characters = " ") {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: rtrim() wants a text"
    );
    return call<T>("rtrim", x, characters);
}

/// Returns NULL where `x` equals `y`, otherwise `x`. For data that marks a missing value otherwise
/// than by NULL:
///
///     func::nullif(user::c.nickname, "")
///
///     nullif(users.name, $1)
template <class T, class V>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> nullif(const expr<T>& x, const V& y) {
    detail::check_comparable<T, V>();
    return call<std::optional<detail::without_null<T>>>("nullif", x, y);
}

/// Returns the largest of several values of one row. (max() is the largest of all rows.)
///
///     func::greatest(user::c.id, 3)
///
///     greatest(users.id, $1)
///
/// NULL is ignored, on both databases; the result is NULL where all values are.
template <class T, class... Vs>
    requires(sizeof...(Vs) > 0)
[[nodiscard]] expr<T> greatest(const expr<T>& x, const Vs&... others) {
    (detail::check_comparable<T, Vs>(), ...);
    return call<T>("greatest", x, others...);
}

/// Returns the smallest of the values in one row: `least(x, $1)`; otherwise as greatest().
template <class T, class... Vs>
    requires(sizeof...(Vs) > 0)
[[nodiscard]] expr<T> least(const expr<T>& x, const Vs&... others) {
    (detail::check_comparable<T, Vs>(), ...);
    return call<T>("least", x, others...);
}

/// Returns the texts of all rows with a separator between them.
///
///     func::string_agg(user::c.nickname, ", ")
///
///     string_agg(users.name, $1)    -- on SQLite: group_concat(users.name, ?)
///
/// NULL without rows. The order is unspecified unless `aggregate_order_by()` gives one (PostgreSQL
/// only).
template <class T>
[[nodiscard]] expr<std::optional<std::string>> string_agg(
    const expr<T>& x, std::string_view separator
) {
    static_assert(
        std::is_same_v<detail::without_null<T>, std::string>, "gino: string_agg() wants texts"
    );
    return call<std::optional<std::string>>("string_agg", x, separator);
}

/// Returns a point in time as the clocks of a zone show it. PostgreSQL only, which knows the zones
/// by name.
///
///     func::timezone("Europe/Paris", func::now())
///
///     timezone($1, now())
///
/// It is the same as `now() AT TIME ZONE 'Europe/Paris'` (PostgreSQL 15, 9.9.4).
///
/// @param zone  A name such as "Europe/Paris"; bound as a value.
template <class T>
[[nodiscard]] auto timezone(std::string_view zone, const expr<T>& x) {
    static_assert(
        std::is_same_v<detail::without_null<T>, timestamptz>,
        "gino: timezone() wants a timestamp with time zone"
    );
    return call<detail::null_if_any<timestamp, T>>("timezone", zone, x);
}

/// Returns the current time: `now()`. On PostgreSQL it is the start of the transaction, so that all
/// statements of a transaction see one time. On SQLite it is the time of the statement's first
/// call, the same for all rows.
[[nodiscard]] expr<timestamptz> now();

}  // namespace func

/// Converts to the SQL type that `To` is stored as: `CAST(x AS TEXT)`.
///
///     gino::cast<std::string>(user::c.id)
///
///     CAST(users.id AS TEXT)
///
/// Errors, when the statement runs: a `database_error` if a value cannot be converted, on SQLite
/// too, where CAST alone would make 0 of "abc".
template <mapped To, class T>
[[nodiscard]] auto cast(const expr<T>& x) {
    using result = detail::null_if_any<To, To, T>;
    return expr<result>(sql::make<sql::cast>(x.node(), sql_type_of<To>()));
}

/// Returns the expression with another C++ type and writes no SQL: for results whose type gino
/// cannot know. A wrong type is a `data_error` when a row is read.
template <mapped To, class T>
[[nodiscard]] expr<To> type_coerce(const expr<T>& x) {
    return expr<To>(x.node());
}

/// Returns the expression as one that can be NULL, and writes no SQL: for expressions over an outer
/// join, and to give both sides of a set operation one type.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> nullable(const expr<T>& x) {
    return expr<std::optional<detail::without_null<T>>>(x.node());
}

/// Returns a part of a date, a time or an interval: `EXTRACT(year FROM x)`.
///
///     gino::extract(gino::date_part::year, document::c.written)
///
///     CAST(EXTRACT(year FROM documents.written) AS BIGINT)
///
/// The cast is there because PostgreSQL's own result is numeric. On SQLite it is a function of the
/// driver, `date_part('year', x)`.
///
/// @tparam Result  By default an integer, to which the fraction of `date_part::second` and
///                 `date_part::epoch` is rounded; `double` or `decimal` keep it.
template <class Result = std::int64_t, class T>
[[nodiscard]] auto extract(sql::date_part part, const expr<T>& x) {
    static_assert(
        detail::is_temporal<detail::without_null<T>>, "gino: extract() wants a date or a time"
    );
    using result = detail::null_if_any<Result, T>;
    return expr<result>(sql::make<sql::extract_expression>(part, x.node(), sql_type_of<result>()));
}

/// The parts of dates and times, for extract() and date_trunc().
using sql::date_part;

namespace detail {

/// @throws argument_error  `part` has no first moment: day_of_week, day_of_year, epoch.
[[nodiscard]] sql::expression_ref make_date_trunc(
    sql::date_part part, const sql::expression_ref& x, sql_type type
);

}  // namespace detail

namespace func {

/// Returns the first moment of the month, the week (from Monday), the hour ... that contains `x`.
///
///     func::date_trunc(date_part::month, document::c.written)
///
///     date_trunc('month', documents.written)
///
/// The part is a literal, so that the same call in GROUP BY is the same expression. A date gives a
/// timestamp; a timestamp with time zone is truncated in the session's zone on PostgreSQL, and in
/// UTC on SQLite.
///
/// @throws argument_error  The part is day_of_week, day_of_year or epoch, which have no first
///                         moment.
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

/// Returns `true` (on SQLite `1`), for example as the condition of a LATERAL join.
[[nodiscard]] expr<bool> true_();
/// Returns `false`; on SQLite `0`.
[[nodiscard]] expr<bool> false_();

/// Returns `NULL` as an expression of type `T`. It is written without a type.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> null_of() {
    return expr<std::optional<detail::without_null<T>>>(
        sql::make<sql::literal>(sql::literal_kind::null, sql_type_of<T>())
    );
}

/// Returns whether a text matches a full text query. PostgreSQL only (PostgreSQL 15, 12.1.2).
///
///     gino::match(user::c.nickname, "cat & !dog")
///
///     users.name @@ to_tsquery($1)
///
/// @param query  In the language of to_tsquery(); bound as a value. Text that users type may be no
///               valid query, which is a `database_error`.
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

/// Returns two JSON documents or two arrays as one: `a || b`. Objects are merged, where keys of `b`
/// win; arrays are joined. PostgreSQL only; texts are joined by `+`.
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

/// Returns the next value of a sequence. No other call gets the same number, and a rollback does
/// not give it back. PostgreSQL only (PostgreSQL 15, 9.17).
///
///     gino::next_value("app.my_seq")
///
///     nextval('app.my_seq')
///
/// @param sequence  As in the database, with a schema if needed. Copied.
[[nodiscard]] expr<std::int64_t> next_value(std::string_view sequence);

/// Returns `ANY (SELECT ...)`, for the right side of a comparison, which is true where it is true
/// for at least one row. PostgreSQL only (PostgreSQL 15, 9.23.4).
///
///     user::c.team_id == any_(select(team::c.id))
///
///     users.team_id = ANY (SELECT teams.id FROM teams)
template <detail::query_like Query>
[[nodiscard]] auto any_(const Query& query) {
    using result = typename Query::selected_type;
    return expr<result>(sql::make<sql::quantified_expression>(
        false, sql::expression_ref(), query.tree(), sql_type_of<result>()
    ));
}

/// Returns `ALL (SELECT ...)`, for the right side of a comparison, which is true where it is true
/// for every row, and for no rows. PostgreSQL only.
template <detail::query_like Query>
[[nodiscard]] auto all_(const Query& query) {
    using result = typename Query::selected_type;
    return expr<result>(sql::make<sql::quantified_expression>(
        true, sql::expression_ref(), query.tree(), sql_type_of<result>()
    ));
}

/// Converts to a type with a size.
///
///     cast<decimal>(user::c.id, numeric(10, 2))
///
///     CAST(users.id AS NUMERIC(10, 2))
///
/// @param type  A type whose values are read as `To`.
template <mapped To, class T>
[[nodiscard]] auto cast(const expr<T>& x, sql_type type) {
    using result = detail::null_if_any<To, To, T>;
    return expr<result>(sql::make<sql::cast>(x.node(), type));
}

/// Returns a value as an expression of its own, which is a bind parameter: `literal(7)` becomes
/// `$1`. For select lists, and where an expression is needed on the left.
///
/// @throws argument_error  `v` is unsigned and does not fit into 64 bits with a sign.
template <class V>
[[nodiscard]] auto literal(const V& v) {
    return expr<detail::bound_type<V>>(detail::bind(v));
}

}  // namespace gino
