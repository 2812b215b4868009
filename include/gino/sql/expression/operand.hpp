// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression_handle.hpp>
#include <gino/types/mapping.hpp>

#include <concepts>
#include <cstdint>
#include <iterator>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

/// @file The operands that may be combined with an expression, and the compiled functions that make
/// nodes of both. The templates of expressions only check types and call these functions; so a
/// program's object files contain little of them.
namespace gino::detail {

/// False for every type; makes a static_assert depend on a template's parameter.
template <class>
inline constexpr bool always_false = false;

/// Anything that converts to a string: literals, std::string, std::string_view; not nullptr.
template <class V>
concept string_like = std::convertible_to<const V&, std::string_view> &&
                      !std::is_same_v<std::remove_cvref_t<V>, std::nullptr_t>;

/// The ways in which programs write NULL: `gino::null`, `std::nullopt`.
template <class V>
concept null_like = std::is_same_v<V, null_t> || std::is_same_v<V, std::nullopt_t>;

/// An integer that is no character and no boolean: `'a'` and `true` are not meant as numbers.
template <class V>
concept number_like_integer =
    std::integral<V> && !std::is_same_v<V, bool> && !std::is_same_v<V, char> &&
    !std::is_same_v<V, wchar_t> && !std::is_same_v<V, char8_t> && !std::is_same_v<V, char16_t> &&
    !std::is_same_v<V, char32_t>;

/// The type that a C++ value is bound as: by default its own.
template <class V>
struct bound {
    using type = V;
};

/// The smallest signed integer type of SQL that holds all values of `V`; 64 bits for the unsigned
/// ones that no type holds.
template <number_like_integer V>
struct bound<V> {
    static constexpr std::size_t bits = sizeof(V) * 8 - (std::is_signed_v<V> ? 1 : 0);
    using type = std::conditional_t<
        (bits <= 15),
        std::int16_t,
        std::conditional_t<(bits <= 31), std::int32_t, std::int64_t>>;
};

/// A string of any kind is bound as text.
template <string_like V>
struct bound<V> {
    using type = std::string;
};

/// An optional is bound as its value's type, or as NULL.
template <class V>
struct bound<std::optional<V>> {
    using type = std::optional<typename bound<V>::type>;
};

/// The type that a C++ value is bound as: `const char*` as std::string, `unsigned` as std::int64_t.
template <class V>
using bound_type = typename bound<std::remove_cvref_t<V>>::type;

/// Returns whether a value of type `V` can be compared with an expression of type `T`.
///
/// | expression of        | compares with values of                    |
/// | -------------------- | ------------------------------------------ |
/// | integers             | integers of any size                       |
/// | floating point       | integers, floating point                   |
/// | decimal              | integers, decimal                          |
/// | any other type       | the same type; texts with any string       |
///
/// So no number is truncated, and no text is parsed.
template <class T, class V>
consteval bool comparable_with_value() {
    using left = without_null<T>;
    using right = without_null<bound_type<V>>;
    if constexpr (number_like_integer<left>) {
        return number_like_integer<right>;
    } else if constexpr (std::floating_point<left>) {
        return number_like_integer<right> || std::floating_point<right>;
    } else if constexpr (std::is_same_v<left, decimal>) {
        return number_like_integer<right> || std::is_same_v<right, decimal>;
    } else {
        return std::is_same_v<left, right>;
    }
}

/// The types of numbers. The database converts between them.
template <class T>
concept number_like =
    number_like_integer<T> || std::floating_point<T> || std::is_same_v<T, decimal>;

/// Returns whether two expressions can be compared: two numbers of any kind, or two equal types.
template <class T, class U>
consteval bool comparable() {
    using left = without_null<T>;
    using right = without_null<U>;
    constexpr bool numbers = number_like<left> && number_like<right>;
    return numbers || std::is_same_v<left, right>;
}

/// True for bool and std::optional<bool>.
template <class T>
inline constexpr bool is_boolean = std::is_same_v<without_null<T>, bool>;

/// `Result`, or `std::optional<Result>` if one of the operands can be NULL.
template <class Result, class... Operands>
using null_if_any = std::conditional_t<
    (is_nullable<Operands> || ...),
    std::optional<without_null<Result>>,
    without_null<Result>>;

/// Makes the bind parameter of a C++ value: `bind(3)` has the type integer. Defined in
/// expression.hpp.
template <class V>
[[nodiscard]] sql::expression_ref bind(const V& v);

/// Makes a bind parameter, without a check of the value.
[[nodiscard]] sql::expression_ref make_bind(value v, sql_type type);
/// Makes a bind parameter after a check of its range.
///
/// @throws argument_error  `errc::bad_value`: `v` is an integer outside of the range of `type`.
[[nodiscard]] sql::expression_ref make_fitting_bind(value v, sql_type type);
/// Converts an unsigned integer to the widest type that databases have.
///
/// @throws argument_error  `errc::bad_value`: `v` does not fit into 64 bits with a sign.
[[nodiscard]] std::int64_t checked_integer(std::uint64_t v);

/// Returns a C++ value as the SQL value of type `T`. REQUIRES: comparable_with_value<T, V>(), or
/// `v` is NULL.
///
/// @throws argument_error  `v` is unsigned and does not fit into 64 bits with a sign.
template <class T, class V>
[[nodiscard]] value stored_as(const V& v) {
    if constexpr (null_like<V>) {
        return value();
    } else if constexpr (is_nullable<V>) {
        return v ? stored_as<T>(*v) : value();
    } else if constexpr (string_like<V>) {
        return value(std::string(std::string_view(v)));
    } else if constexpr (number_like_integer<V> && std::floating_point<without_null<T>>) {
        return value(static_cast<double>(v));
    } else if constexpr (number_like_integer<V> && std::is_unsigned_v<V>) {
        return value(checked_integer(v));
    } else if constexpr (number_like_integer<V>) {
        return value(std::int64_t{v});
    } else {
        return store_value(v);
    }
}

/// Makes `left op right`, one of which is a bound value. If that value is NULL, equality becomes
/// `IS NULL` and inequality `IS NOT NULL` of the other side.
[[nodiscard]] sql::expression_ref make_comparison(
    sql::binary_operator op, const sql::expression_ref& left, const sql::expression_ref& right
);
/// Makes a node of an operator with two operands; `type` is the type of its result.
[[nodiscard]] sql::expression_ref make_binary(
    sql::binary_operator op, sql::expression_ref left, sql::expression_ref right, sql_type type
);
/// Makes LIKE or a regular expression; `escape` 0 is the database's default.
[[nodiscard]] sql::expression_ref make_like(
    sql::binary_operator op, sql::expression_ref left, sql::expression_ref pattern, char escape
);
/// Makes a node of an operator with one operand.
[[nodiscard]] sql::expression_ref make_unary(
    sql::unary_operator op, sql::expression_ref operand, sql_type type
);
/// Makes AND or OR of two operands. Operands of the same kind are merged: `a AND b AND c` is one
/// flat node, however the program nested it.
[[nodiscard]] sql::expression_ref make_conjunction(
    sql::conjunction_kind kind, const sql::expression_ref& left, const sql::expression_ref& right
);
/// Makes AND or OR of a list. REQUIRES: at least two operands.
[[nodiscard]] sql::expression_ref make_conjunction(
    sql::conjunction_kind kind, const std::vector<sql::expression_ref>& operands
);
/// Makes NOT. The operand is not simplified: SQL's three values would make that wrong for NULL.
[[nodiscard]] sql::expression_ref make_not(sql::expression_ref operand);
/// Makes BETWEEN, or NOT BETWEEN if `negated`.
[[nodiscard]] sql::expression_ref make_between(
    sql::expression_ref operand, sql::expression_ref low, sql::expression_ref high, bool negated
);
/// Makes IN with an operand per item; an empty list is a constant condition.
[[nodiscard]] sql::expression_ref make_in(
    sql::expression_ref operand, std::vector<sql::expression_ref> items, bool negated
);
/// Makes IN with all items in one bind parameter, an array of `element`.
[[nodiscard]] sql::expression_ref make_in_array(
    sql::expression_ref operand, std::vector<value> items, sql_type element, bool negated
);
/// Makes IN (SELECT ...). The query becomes a part of the expression and is shared with its handle.
[[nodiscard]] sql::expression_ref make_in_select(
    sql::expression_ref operand, const sql::statement_ref& select, bool negated
);
/// Makes a label, whose type is the operand's.
[[nodiscard]] sql::expression_ref make_label(sql::expression_ref operand, std::string_view name);
/// Makes a call of a function.
///
/// @param name      As the program wrote it, with a schema if needed.
/// @param type      Of the result.
/// @param distinct  `f(DISTINCT x)`, of aggregates.
[[nodiscard]] sql::expression_ref make_function(
    std::string_view name, std::vector<sql::expression_ref> arguments, sql_type type, bool distinct
);
/// Makes an operator by its symbol, which the dialect copies into the SQL.
[[nodiscard]] sql::expression_ref make_operator(
    std::string_view symbol, sql::expression_ref left, sql::expression_ref right, sql_type type
);
/// Escapes `%`, `_` and the escape character "/" for a LIKE pattern.
[[nodiscard]] std::string escape_like(std::string_view text);
/// Escapes an expression for a LIKE pattern in the database: three nested calls of `replace()`.
[[nodiscard]] sql::expression_ref escape_like(const sql::expression_ref& text);
/// Makes `before || text || after`; an empty end is left out.
[[nodiscard]] sql::expression_ref surround(
    std::string_view before, sql::expression_ref text, std::string_view after
);
/// Makes `column = to`. REQUIRES: `column` is a column.
[[nodiscard]] sql::assignment_node make_assignment(
    const expression_handle& column, sql::expression_ref to
);
/// Makes the bind parameter of a value that is assigned to a column, with the column's type.
///
/// @throws argument_error  `errc::bad_value`: an integer is outside of the type's range; names the
///                         column.
[[nodiscard]] sql::expression_ref bind_for(const expression_handle& column, value v);

/// A statement that other statements can contain: SELECT, a set operation, text with columns().
template <class V>
concept query_like = requires(const V& v) {
    typename V::is_query;
    typename V::selected_type;
    { v.tree() } -> std::convertible_to<const sql::statement_ref&>;
};

/// A container of values, for in(). Written without <ranges>, which would be a fifth of this
/// header's compile time.
template <class V>
concept value_range = !string_like<V> && !query_like<V> && requires(const V& v) {
    { std::begin(v) != std::end(v) } -> std::convertible_to<bool>;
    *std::begin(v);
};

/// The type of a container's elements.
template <class Range>
using value_in = std::remove_cvref_t<decltype(*std::begin(std::declval<const Range&>()))>;

/// The escape character of contains(), startswith() and endswith(), which take their argument
/// literally.
inline constexpr char like_escape = '/';

/// Returns the LIKE pattern of a literal text between two ends, each "%" or empty: a string for a
/// string, an expression for an expression.
template <class V>
[[nodiscard]] auto like_pattern(std::string_view before, const V& text, std::string_view after) {
    if constexpr (string_like<V>) {
        std::string pattern(before);
        pattern += escape_like(text);
        pattern += after;
        return pattern;
    } else {
        static_assert(expression<V>, "gino: contains(), startswith() and endswith() take a text");
        return expr<typename V::value_type>(surround(before, escape_like(text.node()), after));
    }
}

/// True for types that have `@>`, `<@` and `&&`. Specialised next to these types.
template <class T>
inline constexpr bool is_container = false;

template <>
inline constexpr bool is_container<boost::json::value> = true;

/// Returns whether a value or expression `V` is a container of exactly the type `T`.
template <class T, class V>
consteval bool can_contain() {
    if constexpr (!is_container<T>) {
        return false;
    } else if constexpr (expression<V>) {
        return std::is_same_v<T, without_null<typename V::value_type>>;
    } else {
        return std::is_same_v<T, without_null<V>>;
    }
}

template <class T, class V>
inline constexpr bool has_containment = can_contain<T, V>();

/// Refuses at compile time, with one sentence, operands that cannot be compared.
template <class T, class V>
consteval void check_comparable() {
    if constexpr (expression<V>) {
        static_assert(
            comparable<T, typename std::remove_cvref_t<V>::value_type>(),
            "gino: these two expressions have types that cannot be compared; cast one of them"
        );
    } else {
        static_assert(
            comparable_with_value<T, V>(),
            "gino: this value cannot be compared with an expression of another type: no number is "
            "truncated and no text is parsed for you; convert the value or cast the expression"
        );
    }
}

/// The operator `[]` of a type: defined for JSON (json.hpp) and arrays (array.hpp).
template <class T>
struct element_of {
    template <class Key>
    static auto at(const expression_handle& /*container*/, const Key& /*key*/) {
        static_assert(always_false<T>, "gino: only JSON and arrays have elements: no [] here");
    }
};

/// Returns the node of an expression, or a bind parameter for a value.
template <class V>
[[nodiscard]] sql::expression_ref operand(const V& v) {
    if constexpr (expression<V>) {
        return v.node();
    } else {
        return bind(v);
    }
}

}  // namespace gino::detail
