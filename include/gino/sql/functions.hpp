// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gino {

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
    return call<std::optional<detail::without_null<T>>>("min", x);
}

/// `max(x)`; NULL when there are no rows.
template <class T>
[[nodiscard]] expr<std::optional<detail::without_null<T>>> max(const expr<T>& x) {
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

/// The time at which the transaction (PostgreSQL) or the statement (SQLite) began.
[[nodiscard]] expr<timestamptz> now();

}  // namespace func

/// `CAST(x AS type)`: the SQL type that `To` is stored as.
template <mapped To, class T>
[[nodiscard]] auto cast(const expr<T>& x) {
    using result = detail::null_if_any<To, To, T>;
    return expr<result>(sql::make<sql::cast>(x.node(), sql_type_of<To>()));
}

/// A value as an expression of its own: a bind parameter.
template <class V>
[[nodiscard]] auto literal(const V& v) {
    return expr<detail::bound_type<V>>(detail::bind(v));
}

}  // namespace gino
