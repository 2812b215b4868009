// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>

#include <cstdint>
#include <type_traits>

/// The operators of expressions. Each template checks types and calls one compiled function.
///
/// An operator for a combination that makes no sense exists all the same, and says so: taken away,
/// the compiler would list every operator of the standard library.
namespace gino {

namespace detail {

template <class T, class V>
using comparison_result = null_if_any<bool, T, bound_type<V>>;

template <class T, class V>
[[nodiscard]] expr<comparison_result<T, V>> compare(
    sql::binary_operator op, const expr<T>& left, const V& right
) {
    check_comparable<T, V>();
    return expr<comparison_result<T, V>>(make_comparison(op, left.node(), bind(right)));
}

template <class T, class V>
[[nodiscard]] expr<comparison_result<T, V>> compare_reversed(
    sql::binary_operator op, const V& left, const expr<T>& right
) {
    check_comparable<T, V>();
    return expr<comparison_result<T, V>>(make_comparison(op, bind(left), right.node()));
}

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

/// `IS NULL`.
template <class T, detail::null_like V>
[[nodiscard]] expr<bool> operator==(const expr<T>& left, const V& /*null*/) {
    return left.is_null();
}

/// `IS NOT NULL`.
template <class T, detail::null_like V>
[[nodiscard]] expr<bool> operator!=(const expr<T>& left, const V& /*null*/) {
    return left.is_not_null();
}

/// Between two expressions, or an expression and a value; an empty optional equals NULL.
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

GINO_DETAIL_COMPARISON(==, equal)
GINO_DETAIL_COMPARISON(!=, not_equal)
GINO_DETAIL_COMPARISON(<, less)
GINO_DETAIL_COMPARISON(<=, less_or_equal)
GINO_DETAIL_COMPARISON(>, greater)
GINO_DETAIL_COMPARISON(>=, greater_or_equal)
#undef GINO_DETAIL_COMPARISON

namespace detail {

template <class T>
consteval void check_boolean() {
    static_assert(
        is_boolean<T>, "gino: AND, OR and NOT take boolean expressions, such as user::c.age >= 18"
    );
}

/// Types that have a year or an hour.
template <class T>
inline constexpr bool is_temporal =
    std::is_same_v<T, date> || std::is_same_v<T, timestamp> || std::is_same_v<T, timestamptz> ||
    std::is_same_v<T, time_of_day> || std::is_same_v<T, interval>;

/// A number of days that can be added to a date.
template <class T>
inline constexpr bool is_days = std::is_same_v<T, std::int32_t> || std::is_same_v<T, std::int16_t>;

/// The type of `a + b` of a date or a time and what is added to it; void: nothing can.
template <class T, class U>
struct temporal_sum {
    using type = void;
};

template <class T>
    requires is_temporal<T>
struct temporal_sum<T, interval> {
    using type = std::conditional_t<std::is_same_v<T, date>, timestamp, T>;
};

template <class U>
    requires is_days<U>
struct temporal_sum<date, U> {
    using type = date;
};

/// The type of `a - b` of two dates or times; otherwise as `a + b`.
template <class T, class U>
struct temporal_difference : temporal_sum<T, U> {};

template <class T>
    requires(is_temporal<T> && !std::is_same_v<T, interval>)
struct temporal_difference<T, T> {
    using type = std::conditional_t<std::is_same_v<T, date>, std::int32_t, interval>;
};

/// The type of arithmetic on dates and times; void: it is not known, or there are none.
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

/// The type of `a + b`: floating if one is; otherwise the wider integer.
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

template <class T, class U>
using arithmetic_result = typename arithmetic<T, U>::type;

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

template <class T, class U>
[[nodiscard]] auto operator&&(const expr<T>& left, const expr<U>& right) {
    detail::check_boolean<T>();
    detail::check_boolean<U>();
    return expr<detail::null_if_any<bool, T, U>>(
        detail::make_conjunction(sql::conjunction_kind::and_, left.node(), right.node())
    );
}

template <class T, class U>
[[nodiscard]] auto operator||(const expr<T>& left, const expr<U>& right) {
    detail::check_boolean<T>();
    detail::check_boolean<U>();
    return expr<detail::null_if_any<bool, T, U>>(
        detail::make_conjunction(sql::conjunction_kind::or_, left.node(), right.node())
    );
}

/// `NOT`.
template <class T>
[[nodiscard]] auto operator!(const expr<T>& operand) {
    detail::check_boolean<T>();
    return expr<T>(detail::make_not(operand.node()));
}

/// Numbers: `+`. Texts: `||`. A date or a time and an interval: the later one (a timestamp, if it
/// was a date); a date and an int: so many days later. `-` the other way, and what is between two
/// dates (days) or two times (an interval).
template <class T, class U>
[[nodiscard]] auto operator+(const expr<T>& left, const expr<U>& right) {
    return detail::add<T, U>(left.node(), right.node());
}

template <class T, class V>
    requires(!expression<V>)
[[nodiscard]] auto operator+(const expr<T>& left, const V& right) {
    return detail::add<T, detail::bound_type<V>>(left.node(), detail::bind(right));
}

template <class T, class V>
    requires(!expression<V>)
[[nodiscard]] auto operator+(const V& left, const expr<T>& right) {
    return detail::add<detail::bound_type<V>, T>(detail::bind(left), right.node());
}

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

GINO_DETAIL_ARITHMETIC(-, subtract)
GINO_DETAIL_ARITHMETIC(*, multiply)
GINO_DETAIL_ARITHMETIC(/, divide)
GINO_DETAIL_ARITHMETIC(%, modulo)
#undef GINO_DETAIL_ARITHMETIC

template <class T>
[[nodiscard]] auto operator-(const expr<T>& operand) {
    detail::check_arithmetic<T, T>();
    return expr<T>(detail::make_unary(sql::unary_operator::negate, operand.node(), sql_type_of<T>())
    );
}

}  // namespace gino
