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

/// A SQL expression whose values are of the C++ type `T`; `std::optional` if it can be NULL.
///
///     select(user::c.nickname).where(user::c.age >= 18 && user::c.nickname.startswith("a"))
///
///     SELECT users.name FROM users WHERE users.age >= $1 AND users.name LIKE $2 ESCAPE '/'
///
/// Comparisons, arithmetic and logic are operators (operators.hpp); SQL's keywords are members
/// here. An operand on the right is another expression or a C++ value. A value becomes a bind
/// parameter: comparing a smallint column with an `int` sends an integer, and nothing is narrowed.
/// Operands of types that cannot be compared do not compile.
///
/// NULL is tested with `== gino::null` or `== std::nullopt`. A condition on a nullable expression
/// is itself nullable, because SQL's logic has three values (PostgreSQL 15, 9.1): where() selects
/// the rows for which it is true.
///
/// Thread safety: immutable; copies may be used from different threads.
/// Lifetime: an expression owns all of its parts; strings and values are copied in.
template <class T>
class expr : public expression_handle {
public:
    using value_type = T;

    using expression_handle::expression_handle;

    /// Converts an expression that is never NULL to one that can be NULL.
    template <class U>
        requires(!std::is_same_v<T, U> && std::is_same_v<T, std::optional<U>>)
    expr(const expr<U>& other) : expression_handle(other) {}

    /// Names the expression in a select list: `expression AS name`. The label finds the value in
    /// rows and in subqueries, and sorts: keep it in a variable.
    ///
    ///     const auto n = func::count().label("n");
    ///     select(user::c.team_id, n).group_by(user::c.team_id).order_by(n)
    ///
    ///     SELECT users.team_id, count(*) AS n FROM users GROUP BY users.team_id ORDER BY n
    ///
    /// @param name  Quoted by the dialect where SQL needs it. Copied.
    [[nodiscard]] expr<T> label(std::string_view name) const {
        return expr<T>(detail::make_label(node(), name));
    }

    /// Returns `x IS NULL`; the same as `x == gino::null`. Never NULL itself.
    [[nodiscard]] expr<bool> is_null() const;
    /// Returns `x IS NOT NULL`; the same as `x != gino::null`.
    [[nodiscard]] expr<bool> is_not_null() const;

    /// Returns whether the whole text matches a pattern: `x LIKE pattern`. `%` matches any
    /// characters, `_` a single one. Upper and lower case differ, on SQLite too.
    ///
    ///     user::c.nickname.like("a%")
    ///
    ///     users.name LIKE $1
    ///
    /// @param pattern  A string or an expression. For data from outside, contains(), startswith()
    ///                 and endswith() escape its `%` and `_`.
    /// @param escape   The character that makes the next one literal: `ESCAPE '/'`. 0: the
    ///                 backslash, PostgreSQL's default, which SQLite's dialect writes.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> like(const Pattern& pattern, char escape = 0)
        const {
        return like_as(sql::binary_operator::like, pattern, escape);
    }

    /// Returns `x NOT LIKE pattern`; otherwise as like().
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_like(
        const Pattern& pattern, char escape = 0
    ) const {
        return like_as(sql::binary_operator::not_like, pattern, escape);
    }

    /// Returns whether the text matches a pattern without regard to case.
    ///
    ///     user::c.nickname.ilike("a%")
    ///
    ///     users.name ILIKE $1    -- on SQLite: lower(users.name) LIKE lower(?) ESCAPE '\'
    ///
    /// SQLite's lower() changes ASCII letters only.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> ilike(const Pattern& pattern, char escape = 0)
        const {
        return like_as(sql::binary_operator::ilike, pattern, escape);
    }

    /// Returns `x NOT ILIKE pattern`; otherwise as ilike().
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_ilike(
        const Pattern& pattern, char escape = 0
    ) const {
        return like_as(sql::binary_operator::not_ilike, pattern, escape);
    }

    /// Returns whether a POSIX regular expression matches some part of the text. PostgreSQL only
    /// (PostgreSQL 15, 9.7.3).
    ///
    ///     user::c.nickname.regexp_match("^a")
    ///
    ///     users.name ~ $1
    ///
    /// @param pattern  A string or an expression. Nothing in it is escaped.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> regexp_match(const Pattern& pattern) const {
        return like_as(sql::binary_operator::regexp, pattern, 0);
    }

    /// Returns a match as regexp_match() does, without regard to case: `x ~* pattern`. PostgreSQL
    /// only.
    template <class Pattern>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> regexp_imatch(const Pattern& pattern) const {
        return like_as(sql::binary_operator::iregexp, pattern, 0);
    }

    /// Chooses the rules by which texts are compared and sorted.
    ///
    ///     select(user::c.id).order_by(user::c.nickname.collate("C"))
    ///
    ///     SELECT users.id FROM users ORDER BY users.name COLLATE "C"
    ///
    /// @param name  As in the database, written as a quoted identifier: "C", "de_DE"; on SQLite
    ///              "NOCASE", "BINARY". Copied.
    [[nodiscard]] expr<T> collate(std::string_view name) const {
        return expr<T>(sql::make<sql::collate_expression>(node(), name));
    }

    /// Returns any other operator of the database.
    ///
    ///     user::c.id.op<std::int64_t>("&", 3) == 1
    ///
    ///     (users.id & $1) = $2
    ///
    /// Within other expressions it is in parentheses, because its precedence is not known.
    ///
    /// @tparam Result  The C++ type of its values; `std::optional` if they can be NULL.
    /// @param symbol   Copied into the SQL unchanged: never data from outside of the program.
    /// @param right    A value or an expression. Its type is not checked.
    template <mapped Result, class V>
    [[nodiscard]] expr<Result> op(std::string_view symbol, const V& right) const {
        return expr<Result>(
            detail::make_operator(symbol, node(), detail::operand(right), sql_type_of<Result>())
        );
    }

    /// Returns an element: of JSON by key or position (from 0), of an array by position (from 1).
    ///
    ///     document::c.body["name"]    // documents.body -> $1
    ///     t::c.numbers[1]             // t.numbers[$1]
    ///
    /// Include sql/expression/json.hpp or array.hpp. Other types do not compile.
    template <class Key>
    [[nodiscard]] auto operator[](const Key& key) const {
        return detail::element_of<detail::without_null<T>>::at(*this, key);
    }

    /// Returns whether the text contains `part`, literally: `%` and `_` in it are escaped. For
    /// arrays, JSON and ranges: `x @> part`, PostgreSQL only.
    ///
    ///     user::c.nickname.contains("5%")
    ///
    ///     users.name LIKE $1 ESCAPE '/'
    ///
    /// Here the parameter is `%5/%%`. An expression is escaped by the database, with replace().
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> contains(const V& part) const {
        if constexpr (std::is_same_v<detail::without_null<T>, std::string>) {
            return like(detail::like_pattern("%", part, "%"), detail::like_escape);
        } else {
            return contains_as(sql::binary_operator::contains, part);
        }
    }

    /// Returns whether all elements are in `whole`: `x <@ whole`, of arrays, JSON and ranges.
    /// PostgreSQL only (PostgreSQL 15, 9.19 and 9.20).
    ///
    /// @param whole  A value or an expression of exactly the same type.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> contained_by(const V& whole) const {
        return contains_as(sql::binary_operator::contained, whole);
    }

    /// Returns whether two arrays or ranges have an element in common: `x && other`. PostgreSQL
    /// only.
    ///
    /// @param other  A value or an expression of exactly the same type.
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> overlaps(const V& other) const {
        return contains_as(sql::binary_operator::overlaps, other);
    }

    /// Returns whether the text begins with `part`, literally; see contains().
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> startswith(const V& part) const {
        return like(detail::like_pattern("", part, "%"), detail::like_escape);
    }

    /// Returns whether the text ends with `part`, literally; see contains().
    template <class V>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> endswith(const V& part) const {
        return like(detail::like_pattern("%", part, ""), detail::like_escape);
    }

    /// Returns whether the value is one of several: `x IN (...)`. Three forms:
    ///
    ///     user::c.id.in(1, 2, 3)                          // a bind parameter per value
    ///     user::c.id.in(std::vector<std::int64_t>{4, 5})  // one bind parameter for all
    ///     user::c.team_id.in(select(team::c.id))          // a subquery
    ///
    ///     users.id IN ($1, $2, $3)
    ///     users.id = ANY ($1)
    ///     users.team_id IN (SELECT teams.id FROM teams)
    ///
    /// A container is sent as one array, so that its length does not change the statement: one
    /// prepared statement serves all lengths, and there is no limit on the number of parameters.
    /// SQLite gets a JSON array: `IN (SELECT value FROM json_each(?))`. An empty container matches
    /// nothing.
    template <class First, class... Rest>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> in(const First& first, const Rest&... rest)
        const {
        return in_as(false, first, rest...);
    }

    /// Returns `x NOT IN (...)`, in the three forms of in(). By SQL's rules it is never true if the
    /// list or the subquery contains NULL.
    template <class First, class... Rest>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_in(const First& first, const Rest&... rest)
        const {
        return in_as(true, first, rest...);
    }

    /// Returns whether a value lies between two others; both ends are included.
    ///
    ///     user::c.age.between(1, 9)
    ///
    ///     users.age BETWEEN $1 AND $2
    ///
    /// @param low, high  Values or expressions. If `low` is greater than `high`, nothing matches.
    template <class Low, class High>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> between(const Low& low, const High& high)
        const {
        return between_as(false, low, high);
    }

    /// Returns `x NOT BETWEEN low AND high`.
    template <class Low, class High>
    [[nodiscard]] expr<detail::null_if_any<bool, T>> not_between(const Low& low, const High& high)
        const {
        return between_as(true, low, high);
    }

    /// Returns whether two values differ, where NULL equals NULL.
    ///
    ///     user::c.age.is_distinct_from(3)
    ///
    ///     users.age IS DISTINCT FROM $1    -- on SQLite: users.age IS NOT ?
    ///
    /// Never NULL itself.
    template <class V>
    [[nodiscard]] expr<bool> is_distinct_from(const V& other) const {
        return distinct_as(sql::binary_operator::is_distinct_from, other);
    }

    /// Returns whether two values are equal, where NULL equals NULL: `x IS NOT DISTINCT FROM y`; on
    /// SQLite `x IS y`. Never NULL itself.
    template <class V>
    [[nodiscard]] expr<bool> is_not_distinct_from(const V& other) const {
        return distinct_as(sql::binary_operator::is_not_distinct_from, other);
    }

    /// Returns `x ASC` for order_by(). NULL comes last unless nulls_first() follows.
    [[nodiscard]] order_term asc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::ascending});
    }

    /// Returns `x DESC` for order_by(). NULL comes first unless nulls_last() follows.
    [[nodiscard]] order_term desc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::descending});
    }

private:
    /// LIKE and the regular expressions: checks that both operands are texts.
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

    /// BETWEEN and NOT BETWEEN: both ends are comparable with the expression.
    template <class Low, class High>
    expr<detail::null_if_any<bool, T>> between_as(bool negated, const Low& low, const High& high)
        const {
        detail::check_comparable<T, Low>();
        detail::check_comparable<T, High>();
        return expr<detail::null_if_any<bool, T>>(
            detail::make_between(node(), detail::operand(low), detail::operand(high), negated)
        );
    }

    /// IS DISTINCT FROM and its negation, whose results are never NULL.
    template <class V>
    expr<bool> distinct_as(sql::binary_operator op, const V& other) const {
        detail::check_comparable<T, V>();
        return expr<bool>(
            detail::make_binary(op, node(), detail::operand(other), {.kind = type_kind::boolean})
        );
    }

    /// The operators of containers: both operands are containers of one type.
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

    /// IN and NOT IN: chooses among the three forms by the type of a single argument.
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
///
/// A column cannot be assigned to another column object: `=` on a model's column makes an
/// assignment for UPDATE and INSERT (`model_column`, `named_column`).
template <class T>
class column : public expr<T> {
public:
    using expr<T>::expr;

    constexpr column(const column& other) noexcept = default;
    /// Deleted: `=` of the derived classes makes a part of a statement and changes no C++ object.
    column& operator=(const column&) = delete;
    constexpr ~column() = default;

    /// Returns the assignment `column = to`, for code that builds statements from nodes. It fits
    /// statements of every model, and no type is checked.
    [[nodiscard]] assignment_of<void> assign(const sql::expression_ref& to) const {
        return assignment_of<void>(detail::make_assignment(*this, to));
    }
};

namespace detail {

/// Refuses at compile time, with one sentence, an argument that is no boolean expression.
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

/// Returns the ORDER BY item of an expression or of a term such as `x.desc()`.
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

/// Makes the bind parameter of a value, with the SQL type of its C++ type.
template <class V>
sql::expression_ref bind(const V& v) {
    using type = bound_type<V>;
    static_assert(
        mapped<type>,
        "gino: a value of this type has no SQL type: specialise gino::mapping<T> for it"
    );
    return make_bind(stored_as<type>(v), sql_type_of<type>());
}

/// Makes the bind parameter of a value with the SQL type that `T` is stored as.
///
/// @throws argument_error  `v` is an integer outside of that type's range.
template <class T, class V>
[[nodiscard]] sql::expression_ref bind_as(const V& v) {
    return make_fitting_bind(stored_as<T>(v), sql_type_of<T>());
}

/// Returns the right side of an assignment to a column of type `T`: the expression itself, or a
/// bind parameter of the column's declared type.
///
/// @throws argument_error  `v` is an integer outside of the range of the column's type.
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
