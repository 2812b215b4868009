// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>

#include <cstddef>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// A row of several expressions that is compared as one: `(a, b)`. Made by `tuple_()`.
///
///     tuple_(user::c.id, user::c.nickname) > std::tuple(7, "x")
///
///     (users.id, users.name) > ($1, $2)
///
/// Comparisons go from left to right, as those of `std::tuple` do: `(a, b) < (1, 2)` is true where
/// `a < 1`, and where `a = 1 AND b < 2` (PostgreSQL 15, 9.24.5). NULL in a part can make the result
/// NULL.
///
/// @tparam Ts  The value types of the expressions. The other side has as many, of comparable types;
///             otherwise it does not compile.
template <class... Ts>
class tuple_of : public expression_handle {
public:
    using expression_handle::expression_handle;

    /// Returns whether the row equals one of several.
    ///
    ///     const std::vector<std::tuple<std::int64_t, std::string>> wanted{{1, "a"}, {2, "b"}};
    ///     tuple_(user::c.id, user::c.nickname).in(wanted)
    ///
    ///     (users.id, users.name) IN (($1, $2), ($3, $4))
    ///
    /// Each value is a bind parameter, so the statement's text depends on the length. An empty
    /// range matches nothing: `1 != 1`.
    ///
    /// @param range  A container of tuples of values. Copied.
    template <detail::value_range Range>
    [[nodiscard]] expr<std::optional<bool>> in(const Range& range) const {
        return in_as(false, range);
    }

    /// Returns whether the row equals none of several: `(a, b) NOT IN (...)`.
    template <detail::value_range Range>
    [[nodiscard]] expr<std::optional<bool>> not_in(const Range& range) const {
        return in_as(true, range);
    }

    /// Returns whether the row is in a query's result.
    ///
    ///     tuple_(user::c.id, user::c.nickname).in(select(team::c.id, team::c.name))
    ///
    ///     (users.id, users.name) IN (SELECT teams.id, teams.name FROM teams)
    ///
    /// The database checks the number and types of the columns.
    template <detail::query_like Query>
    [[nodiscard]] expr<std::optional<bool>> in(const Query& query) const {
        return expr<std::optional<bool>>(detail::make_in_select(node(), query.tree(), false));
    }

    /// Returns whether the row is not in a query's result: `(a, b) NOT IN (SELECT x, y ...)`.
    template <detail::query_like Query>
    [[nodiscard]] expr<std::optional<bool>> not_in(const Query& query) const {
        return expr<std::optional<bool>>(detail::make_in_select(node(), query.tree(), true));
    }

    /// Compares with a `std::tuple` of values or expressions, or with another tuple_(): `=`.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator==(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::equal, right);
    }

    /// Compares as `!=`.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator!=(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::not_equal, right);
    }

    /// Compares as `<`, from left to right.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator<(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::less, right);
    }

    /// Compares as `<=`, from left to right.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator<=(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::less_or_equal, right);
    }

    /// Compares as `>`, from left to right. For pages that follow a key, see `gino::after()` too.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator>(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::greater, right);
    }

    /// Compares as `>=`, from left to right.
    template <class Other>
    [[nodiscard]] friend expr<std::optional<bool>> operator>=(
        const tuple_of& left, const Other& right
    ) {
        return left.compare(sql::binary_operator::greater_or_equal, right);
    }

private:
    /// Makes the row of a tuple's parts, after their types are checked.
    template <class Tuple>
    static sql::expression_ref row_of_values(const Tuple& values) {
        static_assert(
            std::tuple_size_v<Tuple> == sizeof...(Ts),
            "gino: the tuples that are compared have different sizes"
        );
        return std::apply(
            [](const auto&... each) {
                (detail::check_comparable<Ts, std::remove_cvref_t<decltype(each)>>(), ...);
                return sql::expression_ref(sql::make<sql::tuple_expression>(std::vector{
                    detail::operand(each)...}));
            },
            values
        );
    }

    /// Returns the row of another tuple_(). Only its size is checked here.
    template <class... Us>
    static sql::expression_ref row_of_values(const tuple_of<Us...>& other) {
        static_assert(
            sizeof...(Us) == sizeof...(Ts),
            "gino: the tuples that are compared have different sizes"
        );
        return other.node();
    }

    /// Compares with a row of any kind, after its size and types are checked.
    template <class Other>
    [[nodiscard]] expr<std::optional<bool>> compare(sql::binary_operator op, const Other& other)
        const {
        return expr<std::optional<bool>>(
            detail::make_binary(op, node(), row_of_values(other), {.kind = type_kind::boolean})
        );
    }

    /// IN and NOT IN with a row per element.
    template <class Range>
    [[nodiscard]] expr<std::optional<bool>> in_as(bool negated, const Range& range) const {
        std::vector<sql::expression_ref> items;
        for (const auto& item : range) {
            items.push_back(row_of_values(item));
        }
        return expr<std::optional<bool>>(detail::make_in(node(), std::move(items), negated));
    }
};

/// Makes a row of two or more expressions, to compare them at once.
///
/// @return An expression that can be compared only; it cannot be selected.
template <expression... Expressions>
    requires(sizeof...(Expressions) > 1)
[[nodiscard]] auto tuple_(const Expressions&... expressions) {
    return tuple_of<typename Expressions::value_type...>(
        sql::make<sql::tuple_expression>(std::vector{expressions.node()...})
    );
}

}  // namespace gino
