// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>

#include <cstdint>
#include <type_traits>

/// The operators of expressions. Each template checks its operands' types and calls one function
/// that is compiled once.
///
/// | C++                            | SQL                                                    |
/// | ------------------------------ | ------------------------------------------------------ |
/// | `== != < <= > >=`              | `= != < <= > >=`                                       |
/// | `x == gino::null`              | `x IS NULL`                                            |
/// | `a && b`, `a \|\| b`, `!a`     | `a AND b`, `a OR b`, `NOT a`                           |
/// | `+ - * / %` of numbers         | the same                                               |
/// | `+` of texts                   | `\|\|`                                                 |
/// | `+ -` of dates and times       | the same; functions of the driver on SQLite            |
///
/// Both sides of `&&` and `||` are always evaluated by C++; the order of evaluation in SQL is the
/// database's (PostgreSQL 15, 4.2.14).
///
/// A combination of types that makes no sense has an overload too, which fails with one sentence.
/// Without it, the compiler would list every operator of the standard library.
namespace gino {

namespace detail {

/// The type of a comparison of an expression with a value: `std::optional<bool>` if either can be
/// NULL.
template <class T, class V>
using comparison_result = null_if_any<bool, T, bound_type<V>>;

/// Returns `left op $n`; for an empty optional and equality, `left IS NULL`.
template <class T, class V>
[[nodiscard]] expr<comparison_result<T, V>> compare(
    sql::binary_operator op, const expr<T>& left, const V& right
) {
    check_comparable<T, V>();
    return expr<comparison_result<T, V>>(make_comparison(op, left.node(), bind(right)));
}

/// Returns `$n op right`, with the value on the left as the program wrote it.
template <class T, class V>
[[nodiscard]] expr<comparison_result<T, V>> compare_reversed(
    sql::binary_operator op, const V& left, const expr<T>& right
) {
    check_comparable<T, V>();
    return expr<comparison_result<T, V>>(make_comparison(op, bind(left), right.node()));
}

/// Returns a comparison of two expressions; NULL where either is NULL.
template <class T, class U>
[[nodiscard]] expr<null_if_any<bool, T, U>> compare_expressions(
    sql::binary_operator op, const expr<T>& left, const expr<U>& right
) {
    check_comparable<T, expr<U>>();
    return expr<null_if_any<bool, T, U>>(
        make_binary(op, left.node(), right.node(), {.kind = type_kind::boolean})
    );
}

}  // namespace detail

/// Returns `left IS NULL`, for `gino::null` and `std::nullopt`. Never NULL itself.
template <class T, detail::null_like V>
[[nodiscard]] expr<bool> operator==(const expr<T>& left, const V& /*null*/) {
    return left.is_null();
}

/// Returns `left IS NOT NULL`, for `gino::null` and `std::nullopt`.
template <class T, detail::null_like V>
[[nodiscard]] expr<bool> operator!=(const expr<T>& left, const V& /*null*/) {
    return left.is_not_null();
}

/// Defines a comparison of two expressions, and of an expression with a value on either side.
///
///     user::c.age >= 18          // users.age >= $1
///     7 == user::c.id            // $1 = users.id
///     user::c.id == team::c.id   // users.id = teams.id
///
/// A value that is an empty optional makes `==` and `!=` to `IS NULL` and `IS NOT NULL`; with `<`
/// and the others the result is NULL. Two expressions are compared as SQL does: NULL where either
/// is NULL; see is_not_distinct_from().
///
/// @throws argument_error  An unsigned value does not fit into 64 bits with a sign.
#define GINO_DETAIL_COMPARISON(symbol, name)                                         \
    template <class T, class U>                                                      \
    [[nodiscard]] auto operator symbol(const expr<T>& left, const expr<U>& right) {  \
        return detail::compare_expressions(sql::binary_operator::name, left, right); \
    }                                                                                \
    template <class T, class V>                                                      \
        requires(!expression<V> && !detail::null_like<V>)                            \
    [[nodiscard]] auto operator symbol(const expr<T>& left, const V& right) {        \
        return detail::compare(sql::binary_operator::name, left, right);             \
    }                                                                                \
    template <class T, class V>                                                      \
        requires(!expression<V> && !detail::null_like<V>)                            \
    [[nodiscard]] auto operator symbol(const V& left, const expr<T>& right) {        \
        return detail::compare_reversed(sql::binary_operator::name, left, right);    \
    }

/// Equality, `=`. An empty optional on either side makes it `IS NULL`.
GINO_DETAIL_COMPARISON(==, equal)
/// Inequality, `!=`. An empty optional on either side makes it `IS NOT NULL`. Rows where a nullable
/// column is NULL are in neither `x == 1` nor `x != 1`.
GINO_DETAIL_COMPARISON(!=, not_equal)
/// Less. Texts are ordered by their collation, on SQLite by their bytes.
GINO_DETAIL_COMPARISON(<, less)
/// Less or equal.
GINO_DETAIL_COMPARISON(<=, less_or_equal)
/// Greater. Enumerations are ordered as they are declared, on SQLite too.
GINO_DETAIL_COMPARISON(>, greater)
/// Greater or equal. On SQLite, intervals have no order: `compile_error`.
GINO_DETAIL_COMPARISON(>=, greater_or_equal)
#undef GINO_DETAIL_COMPARISON

namespace detail {

/// Refuses at compile time an operand of AND, OR or NOT that is not boolean.
template <class T>
consteval void check_boolean() {
    static_assert(
        is_boolean<T>, "gino: AND, OR and NOT take boolean expressions, such as user::c.age >= 18"
    );
}

/// The types of dates, times and intervals, whose parts extract() returns.
template <class T>
inline constexpr bool is_temporal =
    std::is_same_v<T, date> || std::is_same_v<T, timestamp> || std::is_same_v<T, timestamptz> ||
    std::is_same_v<T, time_of_day> || std::is_same_v<T, interval>;

/// The integer types that count days when they are added to a date.
template <class T>
inline constexpr bool is_days = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int16_t>;

/// The type of a date or time plus something; void if SQL has no such sum.
template <class T, class U>
struct temporal_sum {
    using type = void;
};

/// A date plus an interval is a timestamp; other times keep their type.
template <class T>
    requires is_temporal<T>
struct temporal_sum<T, interval> {
    using type = std::conditional_t<std::is_same_v<T, date>, timestamp, T>;
};

/// A date plus an integer is the date so many days later.
template <class U>
    requires is_days<U>
struct temporal_sum<date, U> {
    using type = date;
};

/// The type of a difference: of a time and an interval as for a sum.
template <class T, class U>
struct temporal_difference : temporal_sum<T, U> {};

/// Two dates differ by an integer of days, two other times by an interval.
template <class T>
    requires(is_temporal<T> && !std::is_same_v<T, interval>)
struct temporal_difference<T, T> {
    using type = std::conditional_t<std::is_same_v<T, date>, std::int32_t, interval>;
};

/// The type of arithmetic on dates and times; void if the operands are others. A sum may have its
/// operands in either order, a difference may not (PostgreSQL 15, 9.9).
template <sql::binary_operator Operator, class T, class U>
consteval auto temporal_result() {
    using left = without_null<T>;
    using right = without_null<U>;
    if constexpr (Operator == sql::binary_operator::subtract) {
        return std::type_identity<typename temporal_difference<left, right>::type>();
    } else if constexpr (Operator == sql::binary_operator::add) {
        using sum = typename temporal_sum<left, right>::type;
        using reversed = typename temporal_sum<right, left>::type;
        return std::type_identity<std::conditional_t<std::is_void_v<sum>, reversed, sum>>();
    } else {
        return std::type_identity<void>();
    }
}

/// Refuses at compile time operands that are no numbers, and a decimal beside a floating-point
/// number: its exact digits would be lost.
template <class T, class U>
consteval void check_arithmetic() {
    using left = without_null<T>;
    using right = without_null<U>;
    static_assert(
        number_like<left> && number_like<right>,
        "gino: arithmetic wants numbers, or a date or a time and an interval (or an int of days)"
    );
    static_assert(
        !(std::is_same_v<left, decimal> &&
          std::floating_point<
              right>)&&!(std::is_same_v<right, decimal> && std::floating_point<left>),
        "gino: exact decimals and floating point numbers do not mix; cast one of them"
    );
}

/// The type of arithmetic on numbers: decimal if one operand is; otherwise floating point if one is
/// (float for two floats, else double); otherwise the wider integer.
template <class T, class U>
struct arithmetic {
    using left = without_null<T>;
    using right = without_null<U>;
    static constexpr bool is_exact =
        std::is_same_v<left, decimal> || std::is_same_v<right, decimal>;
    static constexpr bool is_float = std::is_same_v<left, float> && std::is_same_v<right, float>;
    static constexpr bool is_floating = std::floating_point<left> || std::floating_point<right>;
    using integer = std::conditional_t<(sizeof(left) >= sizeof(right)), left, right>;
    using floating = std::conditional_t<is_float, float, double>;
    using number =
        std::conditional_t<is_exact, decimal, std::conditional_t<is_floating, floating, integer>>;
    using type = null_if_any<number, T, U>;
};

/// The type of arithmetic on two numbers; `std::optional` if either operand can be NULL.
template <class T, class U>
using arithmetic_result = typename arithmetic<T, U>::type;

/// Makes the node of an arithmetic operator, with the type that its operands' types give.
template <sql::binary_operator Operator, class T, class V>
[[nodiscard]] auto calculate(const sql::expression_ref& left, const sql::expression_ref& right) {
    using temporal = typename decltype(temporal_result<Operator, T, V>())::type;
    if constexpr (!std::is_void_v<temporal>) {
        using result = null_if_any<temporal, T, V>;
        return expr<result>(make_binary(Operator, left, right, sql_type_of<result>()));
    } else {
        check_arithmetic<T, V>();
        using result = arithmetic_result<T, V>;
        return expr<result>(make_binary(Operator, left, right, sql_type_of<result>()));
    }
}

/// Makes the node of `+`, which is `||` for two texts.
template <class T, class U>
[[nodiscard]] auto add(const sql::expression_ref& left, const sql::expression_ref& right) {
    if constexpr (std::is_same_v<without_null<T>, std::string> && std::is_same_v<without_null<U>, std::string>) {
        using result = null_if_any<std::string, T, U>;
        return expr<result>(
            make_binary(sql::binary_operator::concatenate, left, right, {.kind = type_kind::text})
        );
    } else {
        return calculate<sql::binary_operator::add, T, U>(left, right);
    }
}

}  // namespace detail

/// Returns `left AND right`.
///
///     user::c.age >= 18 && (user::c.nickname == "x" || user::c.nickname != "y")
///
///     users.age >= $1 AND (users.name = $2 OR users.name != $3)
///
/// Parentheses are written only where precedence needs them. Conditions that are chosen at run time
/// are joined by `and_()` of a list (dynamic.hpp).
template <class T, class U>
[[nodiscard]] auto operator&&(const expr<T>& left, const expr<U>& right) {
    detail::check_boolean<T>();
    detail::check_boolean<U>();
    return expr<detail::null_if_any<bool, T, U>>(
        detail::make_conjunction(sql::conjunction_kind::and_, left.node(), right.node())
    );
}

/// Returns `left OR right`; in parentheses where AND surrounds it.
template <class T, class U>
[[nodiscard]] auto operator||(const expr<T>& left, const expr<U>& right) {
    detail::check_boolean<T>();
    detail::check_boolean<U>();
    return expr<detail::null_if_any<bool, T, U>>(
        detail::make_conjunction(sql::conjunction_kind::or_, left.node(), right.node())
    );
}

/// Returns `NOT operand`; NULL where the operand is NULL.
template <class T>
[[nodiscard]] auto operator!(const expr<T>& operand) {
    detail::check_boolean<T>();
    return expr<T>(detail::make_not(operand.node()));
}

/// Returns a sum: of numbers `+`, of texts `||`.
///
///     user::c.age + 1                              // users.age + $1
///     user::c.nickname + "!"                       // users.name || $1
///     document::c.written + interval{.days = 1}    // documents.written + $1
///
/// A date or time plus an interval is a later one; a date becomes a timestamp. A date plus an `int`
/// is so many days later. The difference `-` of two dates is an `int` of days, that of two times or
/// timestamps an interval.
///
/// Errors, when the statement runs: an integer beyond the type of the result is a `database_error`
/// with SQLSTATE 22003 on PostgreSQL; SQLite computes with 64 bits and refuses it when it is stored
/// or read.
template <class T, class U>
[[nodiscard]] auto operator+(const expr<T>& left, const expr<U>& right) {
    return detail::add<T, U>(left.node(), right.node());
}

/// Returns the sum of an expression and a value.
template <class T, class V>
    requires(!expression<V>)
[[nodiscard]] auto operator+(const expr<T>& left, const V& right) {
    return detail::add<T, detail::bound_type<V>>(left.node(), detail::bind(right));
}

/// Returns the sum of a value and an expression.
template <class T, class V>
    requires(!expression<V>)
[[nodiscard]] auto operator+(const V& left, const expr<T>& right) {
    return detail::add<detail::bound_type<V>, T>(detail::bind(left), right.node());
}

/// Defines an arithmetic operator of two expressions, and of an expression with a value on either
/// side. Its type follows from the operands' types: see `detail::arithmetic`.
#define GINO_DETAIL_ARITHMETIC(symbol, name)                                                   \
    template <class T, class U>                                                                \
    [[nodiscard]] auto operator symbol(const expr<T>& left, const expr<U>& right) {            \
        return detail::calculate<sql::binary_operator::name, T, U>(left.node(), right.node()); \
    }                                                                                          \
    template <class T, class V>                                                                \
        requires(!expression<V>)                                                               \
    [[nodiscard]] auto operator symbol(const expr<T>& left, const V& right) {                  \
        return detail::calculate<sql::binary_operator::name, T, detail::bound_type<V>>(        \
            left.node(), detail::bind(right)                                                   \
        );                                                                                     \
    }                                                                                          \
    template <class T, class V>                                                                \
        requires(!expression<V>)                                                               \
    [[nodiscard]] auto operator symbol(const V& left, const expr<T>& right) {                  \
        return detail::calculate<sql::binary_operator::name, detail::bound_type<V>, T>(        \
            detail::bind(left), right.node()                                                   \
        );                                                                                     \
    }

/// A difference of numbers, or of dates and times.
GINO_DETAIL_ARITHMETIC(-, subtract)
/// A product of numbers.
GINO_DETAIL_ARITHMETIC(*, multiply)
/// A quotient. Integers are divided as SQL does: towards zero. Division by zero is a
/// `database_error` with SQLSTATE 22012, on SQLite too; SQLite's dialect refuses decimals
/// (`compile_error`).
GINO_DETAIL_ARITHMETIC(/, divide)
/// The remainder of integers; of decimals on PostgreSQL only. Neither database has it for
/// floating-point numbers.
GINO_DETAIL_ARITHMETIC(%, modulo)
#undef GINO_DETAIL_ARITHMETIC

/// Returns `-operand`, of numbers.
///
///     -user::c.age
///
///     -users.age
template <class T>
[[nodiscard]] auto operator-(const expr<T>& operand) {
    detail::check_arithmetic<T, T>();
    return expr<T>(detail::make_unary(sql::unary_operator::negate, operand.node(), sql_type_of<T>())
    );
}

}  // namespace gino
