// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression_handle.hpp>
#include <gino/sql/expression/operand.hpp>
#include <gino/sql/node.hpp>
#include <gino/types/mapping.hpp>

#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// An expression of SQL whose values are of the C++ type `T`; `std::optional` if it can be NULL.
///
/// Comparisons, arithmetic and logic are written with operators (operators.hpp); what SQL writes as
/// words is a member here. The value type's own SQL type is kept: comparing a smallint column with
/// an `int` sends an integer. NULL is tested with `== gino::null`, or `== std::nullopt`.
///
/// Thread safety: immutable; copies may be used from different threads.
template <class T>
class expr : public expression_handle {
public:
    using value_type = T;

    using expression_handle::expression_handle;

    /// An expression that is never NULL stands where NULL is allowed.
    template <class U>
        requires(!std::is_same_v<T, U> && std::is_same_v<T, std::optional<U>>)
    expr(const expr<U>& other) : expression_handle(other) {}

    /// `expression AS name`.
    [[nodiscard]] expr<T> label(std::string_view name) const {
        return expr<T>(detail::make_label(node(), name));
    }

    [[nodiscard]] expr<bool> is_null() const;
    [[nodiscard]] expr<bool> is_not_null() const;

    /// `LIKE`: `%` any characters, `_` one character; upper and lower case differ, on every
    /// database.
    ///
    /// @param pattern  A string or an expression.
    /// @param escape   The character that takes `%` and `_` literally; 0: the database's default.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> like(const Pattern& pattern, char escape = 0)
        const {
        return like_as(sql::binary_operator::like, pattern, escape);
    }

    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_like(
        const Pattern& pattern, char escape = 0
    ) const {
        return like_as(sql::binary_operator::not_like, pattern, escape);
    }

    /// `LIKE` without regard to upper and lower case (of ASCII letters only, on SQLite).
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> ilike(const Pattern& pattern, char escape = 0)
        const {
        return like_as(sql::binary_operator::ilike, pattern, escape);
    }

    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_ilike(
        const Pattern& pattern, char escape = 0
    ) const {
        return like_as(sql::binary_operator::not_ilike, pattern, escape);
    }

    /// True where a POSIX regular expression matches somewhere: `~`. PostgreSQL only.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> regexp_match(const Pattern& pattern) const {
        return like_as(sql::binary_operator::regexp, pattern, 0);
    }

    /// As regexp_match(), without regard to upper and lower case: `~*`. PostgreSQL only.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> regexp_imatch(const Pattern& pattern) const {
        return like_as(sql::binary_operator::iregexp, pattern, 0);
    }

    /// `COLLATE name`: how texts are compared and sorted.
    ///
    /// @param name  As in the database: "C", "de_DE"; on SQLite "NOCASE", "BINARY". Copied.
    [[nodiscard]] expr<T> collate(std::string_view name) const {
        return expr<T>(sql::make<sql::collate_expression>(node(), name));
    }

    /// Any other operator of the database: `x.op<bool>("~*", "^a")`.
    ///
    /// @param symbol  Written as it is, so it must not come from outside of the program. Copied.
    /// @param right   A value or an expression.
    template <mapped Result, class V>
    [[nodiscard]] expr<Result> op(std::string_view symbol, const V& right) const {
        return expr<Result>(
            detail::make_operator(symbol, node(), detail::operand(right), sql_type_of<Result>())
        );
    }

    /// An element: of JSON by key or place, of an array by place, from 1.
    template <class Key>
    [[nodiscard]] auto operator[](const Key& key) const {
        return detail::element_of<detail::without_null<T>>::at(*this, key);
    }

    /// True where the text contains `part`, taken literally. Of arrays, JSON and ranges: `@>`.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> contains(const V& part) const {
        if constexpr (std::is_same_v<detail::without_null<T>, std::string>) {
            return like(detail::like_pattern("%", part, "%"), detail::like_escape);
        } else {
            return contains_as(sql::binary_operator::contains, part);
        }
    }

    /// `<@`: of arrays, JSON and ranges.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> contained_by(const V& whole) const {
        return contains_as(sql::binary_operator::contained, whole);
    }

    /// `&&`: of arrays and ranges.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> overlaps(const V& other) const {
        return contains_as(sql::binary_operator::overlaps, other);
    }

    /// True where the text begins with `part`, taken literally.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> startswith(const V& part) const {
        return like(detail::like_pattern("", part, "%"), detail::like_escape);
    }

    /// True where the text ends with `part`, taken literally.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> endswith(const V& part) const {
        return like(detail::like_pattern("%", part, ""), detail::like_escape);
    }

    /// `IN`: `in(1, 2, 3)` has a parameter per value; `in(range)` sends a container as one
    /// parameter, so that its length does not change the statement; `in(select)` is a subquery.
    template <class First, class... Rest>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> in(const First& first, const Rest&... rest)
        const {
        return in_as(false, first, rest...);
    }

    template <class First, class... Rest>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_in(const First& first, const Rest&... rest)
        const {
        return in_as(true, first, rest...);
    }

    /// `BETWEEN low AND high`, both included.
    template <class Low, class High>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> between(const Low& low, const High& high)
        const {
        return between_as(false, low, high);
    }

    template <class Low, class High>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_between(const Low& low, const High& high)
        const {
        return between_as(true, low, high);
    }

    /// `IS DISTINCT FROM`: as `!=`, but NULL equals NULL.
    template <class V>
    [[nodiscard]] expr<bool> is_distinct_from(const V& other) const {
        return distinct_as(sql::binary_operator::is_distinct_from, other);
    }

    /// `IS NOT DISTINCT FROM`: as `==`, but NULL equals NULL.
    template <class V>
    [[nodiscard]] expr<bool> is_not_distinct_from(const V& other) const {
        return distinct_as(sql::binary_operator::is_not_distinct_from, other);
    }

    [[nodiscard]] order_term asc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::ascending});
    }

    [[nodiscard]] order_term desc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::descending});
    }

private:
    template <class Pattern>
    expr<detail::null_if_any<bool, T>> like_as(
        sql::binary_operator op, const Pattern& pattern, char escape
    ) const {
        static_assert(
            std::is_same_v<detail::without_null<T>, std::string>,
            "gino: LIKE and regular expressions want a text; cast the expression if it is of "
            "another "
            "type"
        );
        detail::check_comparable<T, Pattern>();
        return expr<detail::null_if_any<bool, T>>(
            detail::make_like(op, node(), detail::operand(pattern), escape)
        );
    }

    template <class Low, class High>
    expr<detail::null_if_any<bool, T>> between_as(bool negated, const Low& low, const High& high)
        const {
        detail::check_comparable<T, Low>();
        detail::check_comparable<T, High>();
        return expr<detail::null_if_any<bool, T>>(
            detail::make_between(node(), detail::operand(low), detail::operand(high), negated)
        );
    }

    template <class V>
    expr<bool> distinct_as(sql::binary_operator op, const V& other) const {
        detail::check_comparable<T, V>();
        return expr<bool>(
            detail::make_binary(op, node(), detail::operand(other), {.kind = type_kind::boolean})
        );
    }

    template <class V>
    expr<detail::null_if_any<bool, T>> contains_as(sql::binary_operator op, const V& other) const {
        static_assert(
            detail::has_containment<detail::without_null<T>, V>,
            "gino: only arrays, JSON, ranges and networks contain and overlap others of their kind"
        );
        return expr<detail::null_if_any<bool, T>>(
            detail::make_binary(op, node(), detail::operand(other), {.kind = type_kind::boolean})
        );
    }

    template <class First, class... Rest>
    expr<detail::null_if_any<bool, T>> in_as(bool negated, const First& first, const Rest&... rest)
        const {
        using result = expr<detail::null_if_any<bool, T>>;
        if constexpr (sizeof...(Rest) == 0 && detail::query_like<First>) {
            static_assert(
                detail::comparable<T, typename First::selected_type>(),
                "gino: in(select) wants a select of one column of a type that can be compared"
            );
            return result(detail::make_in_select(node(), first.tree(), negated));
        } else if constexpr (sizeof...(Rest) == 0 && detail::value_range<First>) {
            using element = detail::bound_type<detail::value_in<First>>;
            detail::check_comparable<T, element>();
            std::vector<value> items;
            for (const auto& item : first) {
                items.push_back(detail::stored_as<element>(item));
            }
            return result(
                detail::make_in_array(node(), std::move(items), sql_type_of<element>(), negated)
            );
        } else {
            detail::check_comparable<T, First>();
            (detail::check_comparable<T, Rest>(), ...);
            std::vector<sql::expression_ref> items;
            items.reserve(1 + sizeof...(Rest));
            items.push_back(detail::operand(first));
            (items.push_back(detail::operand(rest)), ...);
            return result(detail::make_in(node(), std::move(items), negated));
        }
    }
};

template <class T>
expr<bool> expr<T>::is_null() const {
    return expr<bool>(
        detail::make_unary(sql::unary_operator::is_null, node(), {.kind = type_kind::boolean})
    );
}

template <class T>
expr<bool> expr<T>::is_not_null() const {
    return expr<bool>(
        detail::make_unary(sql::unary_operator::is_not_null, node(), {.kind = type_kind::boolean})
    );
}

/// A column of a table, an alias or a subquery.
template <class T>
class column : public expr<T> {
public:
    using expr<T>::expr;

    constexpr column(const column& other) noexcept = default;
    /// An assignment to a column is part of a statement: see model_column. Nothing is copied.
    column& operator=(const column&) = delete;
    constexpr ~column() = default;

    [[nodiscard]] assignment_of<void> assign(const sql::expression_ref& to) const {
        return assignment_of<void>(detail::make_assignment(*this, to));
    }
};

namespace detail {

/// Refuses what is no condition, with one sentence.
template <class T>
consteval void check_condition() {
    if constexpr (expression<T>) {
        static_assert(
            is_boolean<typename std::remove_cvref_t<T>::value_type>,
            "gino: where() takes a boolean expression, such as user::c.id == 1"
        );
    } else {
        static_assert(
            always_false<T>, "gino: where() takes a boolean expression, such as user::c.id == 1"
        );
    }
}

/// What order_by() makes of an expression or of `x.desc()`.
template <class By>
[[nodiscard]] sql::order_item order_item_of(const By& by) {
    if constexpr (std::derived_from<By, order_term>) {
        return by.item();
    } else {
        static_assert(
            expression<By>, "gino: order_by() takes expressions, such as user::c.id.desc()"
        );
        return {.by = by.node()};
    }
}

template <class V>
sql::expression_ref bind(const V& v) {
    using type = bound_type<V>;
    static_assert(
        mapped<type>,
        "gino: a value of this type has no SQL type: specialise gino::mapping<T> for it"
    );
    return make_bind(stored_as<type>(v), sql_type_of<type>());
}

/// As bind(), as the SQL type that `T` is stored as; throws `argument_error` if `v` is an integer
/// that it has no room for.
template <class T, class V>
[[nodiscard]] sql::expression_ref bind_as(const V& v) {
    return make_fitting_bind(stored_as<T>(v), sql_type_of<T>());
}

/// What stands on the right of an assignment to a column of type `T`.
template <class T, class V>
sql::expression_ref assigned(const expression_handle& target, const V& v) {
    using plain = std::remove_cvref_t<V>;
    if constexpr (null_like<plain>) {
        static_assert(
            is_nullable<T>,
            "gino: NULL is assigned to a column that cannot be NULL; its member would have to be a "
            "std::optional"
        );
        return bind_for(target, value());
    } else if constexpr (expression<V>) {
        static_assert(
            comparable<T, typename plain::value_type>(),
            "gino: an expression of another type is assigned to this column; cast it"
        );
        return v.node();
    } else {
        static_assert(
            comparable_with_value<T, V>(),
            "gino: a value of another type is assigned to this column: no number is truncated and "
            "no text is parsed for you; convert it"
        );
        return bind_for(target, stored_as<T>(v));
    }
}

}  // namespace detail
}  // namespace gino
