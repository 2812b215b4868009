// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/types/array.hpp>
#include <gino/types/range.hpp>

#include <cstdint>
#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

/// @file Arrays in SQL; PostgreSQL only, on SQLite a `compile_error`. A column of arrays is a
/// `std::vector` member of a model. PostgreSQL counts positions from 1 (PostgreSQL 15, 8.15.3).
namespace gino {

namespace detail {

/// `array[place]`. NULL outside of the array's bounds, so an element is always optional.
template <class T>
struct element_of<std::vector<T>> {
    template <class Place>
    static auto at(const expression_handle& array, const Place& place) {
        static_assert(
            number_like_integer<Place> || expression<Place>,
            "gino: an element of an array has a place, from 1"
        );
        using element = std::optional<without_null<T>>;
        return expr<element>(sql::make<sql::subscript>(
            array.node(), operand(place), sql::expression_ref(), sql_type_of<element>()
        ));
    }
};

/// True for std::vector; a vector of bytes is a binary string instead.
template <class T>
inline constexpr bool is_array = false;

template <class T>
inline constexpr bool is_array<std::vector<T>> = !std::is_same_v<std::vector<T>, bytes>;

/// An expression of arrays.
template <class T>
concept array_expression = expression<T> && is_array<without_null<typename T::value_type>>;

/// The type of an array's elements.
template <class T>
using item_of = typename without_null<T>::value_type;

/// Arrays have `@>`, `<@` and `&&`.
template <class T>
inline constexpr bool is_container<std::vector<T>> = is_array<std::vector<T>>;

/// Ranges have `@>`, `<@` and `&&`.
template <class T>
inline constexpr bool is_container<range<T>> = true;

/// Makes `ANY (array)` or `ALL (array)`, with the type of an element.
template <class T>
[[nodiscard]] expr<T> quantified(bool all, const sql::expression_ref& array) {
    return expr<T>(
        sql::make<sql::quantified_expression>(all, array, sql::statement_ref(), sql_type_of<T>())
    );
}

}  // namespace detail

/// Makes an array of expressions and values of one type.
///
///     gino::array(user::c.id, 5)
///
///     ARRAY[users.id, $1]
///
/// @param first  An expression; it decides the element type. The others are comparable with it.
template <expression First, class... Rest>
[[nodiscard]] auto array(const First& first, const Rest&... rest) {
    using item = typename First::value_type;
    (detail::check_comparable<item, Rest>(), ...);
    using result = std::vector<item>;
    return expr<result>(sql::make<sql::array_expression>(
        std::vector<sql::expression_ref>{first.node(), detail::operand(rest)...},
        sql_type_of<result>()
    ));
}

/// Returns a part of an array.
///
///     gino::slice(t::c.numbers, 1, 2)
///
///     t.numbers[$1:$2]
///
/// Both ends are included, and the first element is 1; positions outside of the array are ignored.
///
/// @param low, high  Integers or expressions of integers.
template <detail::array_expression Array, class Low, class High>
[[nodiscard]] auto slice(const Array& array, const Low& low, const High& high) {
    detail::check_comparable<std::int32_t, Low>();
    detail::check_comparable<std::int32_t, High>();
    using result = typename Array::value_type;
    return expr<result>(sql::make<sql::subscript>(
        array.node(), detail::operand(low), detail::operand(high), sql_type_of<result>()
    ));
}

/// Returns `ANY (array)`, for the right side of a comparison, which is true where it is true for at
/// least one element (PostgreSQL 15, 9.24.3).
///
///     gino::literal(7) == gino::any_(t::c.numbers)
///
///     $1 = ANY (t.numbers)
template <detail::array_expression Array>
[[nodiscard]] auto any_(const Array& array) {
    return detail::quantified<detail::item_of<typename Array::value_type>>(false, array.node());
}

/// Returns `ALL (array)`, for the right side of a comparison, which is true where it is true for
/// every element, and for an empty array.
template <detail::array_expression Array>
[[nodiscard]] auto all_(const Array& array) {
    return detail::quantified<detail::item_of<typename Array::value_type>>(true, array.node());
}

/// Returns `ANY ($1)` of values of the program, in one bind parameter. For equality, in() does the
/// same on every database.
template <class T>
[[nodiscard]] expr<T> any_(const std::vector<T>& values) {
    return detail::quantified<T>(false, detail::bind(values));
}

/// Returns `ALL ($1)` of values of the program, in one bind parameter.
template <class T>
[[nodiscard]] expr<T> all_(const std::vector<T>& values) {
    return detail::quantified<T>(true, detail::bind(values));
}

namespace func {

/// Returns the values of all rows in one array.
///
///     select(user::c.team_id, func::array_agg(user::c.age)).group_by(user::c.team_id)
///
///     SELECT users.team_id, array_agg(users.age) AS array_agg_1 FROM users GROUP BY users.team_id
///
/// NULL without rows. NULL values are elements, so `T` is optional where `x` can be NULL.
template <class T>
[[nodiscard]] expr<std::optional<std::vector<T>>> array_agg(const expr<T>& x) {
    return call<std::optional<std::vector<T>>>("array_agg", x);
}

/// Returns the number of elements: `cardinality(array)`; 0 for an empty array.
template <class T>
[[nodiscard]] auto cardinality(const expr<T>& array) {
    static_assert(detail::is_array<detail::without_null<T>>, "gino: cardinality() wants an array");
    return call<detail::null_if_any<std::int32_t, T>>("cardinality", array);
}

/// Returns a row for each element: `unnest(array)`. For select lists and `table_function()`.
template <class T>
[[nodiscard]] auto unnest(const expr<T>& array) {
    static_assert(detail::is_array<detail::without_null<T>>, "gino: unnest() wants an array");
    return call<detail::item_of<T>>("unnest", array);
}

}  // namespace func
}  // namespace gino
