// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/node.hpp>

#include <concepts>
#include <cstddef>
#include <cstdint>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// The description of a class as a model: its table and its columns. Specialised by `GINO_MODEL`
/// for its class; specialise it yourself for a class that cannot be changed (model/describe.hpp).
template <class T>
struct describe;

/// A class that is described: a model.
template <class T>
concept described = requires {
    { describe<T>::source() } -> std::convertible_to<const sql::ref<sql::table_source>&>;
};

/// A source that FROM and joins take: an alias, a subquery, a common table expression, a table
/// without a model, a list of values, a function.
template <class Source>
concept from_source = requires(const Source& s) {
    { s.source() } -> std::convertible_to<sql::from_ref>;
};

namespace detail {

/// Returns the table of a model; a class that is not described does not compile.
template <class Model>
[[nodiscard]] sql::from_ref source_of_model() {
    if constexpr (described<Model>) {
        return describe<Model>::source();
    } else {
        static_assert(
            described<Model>,
            "gino: a model is wanted here: a struct with GINO_MODEL in it, or described by "
            "gino::describe<T>"
        );
        return {};
    }
}

/// Returns the columns of a model, in the order of its description.
template <class Model>
[[nodiscard]] std::vector<sql::expression_ref> columns_of_model() {
    return describe<Model>::columns();
}

/// A column among the columns of a select that is NULL where an outer join found no partner.
template <class Column>
struct outer_joined {
    using value_type = std::optional<without_null<typename Column::value_type>>;
};

/// The position of `Column` in a tuple of columns, also as an outer-joined one; the size of the
/// tuple if it is not there.
template <class Column, class Columns>
struct place_of;

template <class Column, class... Columns>
struct place_of<Column, std::tuple<Columns...>> {
    static constexpr std::size_t find() {
        constexpr bool same[] = {
            (std::is_same_v<Column, Columns> || std::is_same_v<outer_joined<Column>, Columns>)...,
            true};
        std::size_t place = 0;
        while (!same[place]) {
            ++place;
        }
        return place;
    }

    static constexpr std::size_t value = find();
    static constexpr bool found = value < sizeof...(Columns);
};

/// Returns true for one expression, and for two nodes of the same column of the same source.
[[nodiscard]] bool is_same_expression(const sql::expression& a, const sql::expression& b) noexcept;

/// Returns the statement of a subquery or a common table expression; null for all other sources.
[[nodiscard]] const sql::statement_node* query_in(const sql::from_item& source) noexcept;

/// A column of a table, as the origin of an expression.
struct column_origin {
    const sql::table_source* table = nullptr;  ///< Null: the expression comes from no column.
    std::uint32_t index = 0;

    friend bool operator==(const column_origin&, const column_origin&) = default;
};

/// Returns the table's column whose value an expression has unchanged: through labels, aliases,
/// subqueries and common table expressions. An expression that computes has no origin.
[[nodiscard]] column_origin origin_of(const sql::expression& e) noexcept;

/// Appends the expressions of `more` that `columns` does not have yet.
void append_new(
    std::vector<sql::expression_ref>& columns, const std::vector<sql::expression_ref>& more
);

/// Makes the column of a subquery for one of its selected expressions.
///
/// @param query  The statement of `source`.
/// @throws argument_error  The expression was not selected, or it has no name: it needs a label().
[[nodiscard]] sql::expression_ref subquery_column(
    const sql::from_ref& source, const sql::statement_node& query, const sql::expression& selected
);

/// A column of a subquery, whose type names the subquery. So an outer join of the subquery makes it
/// optional.
template <class Source, class T>
class column_in : public column<T> {
public:
    using source_type = Source;

    using column<T>::column;
};

}  // namespace detail

/// A statement as a source to select from: `(SELECT ...) AS name`. Made by `subquery()` or
/// `lateral()` of a statement. `s[expression]` is the column of a selected expression.
///
///     const auto n = func::count().label("n");
///     const auto s = select(user::c.team_id, n).group_by(user::c.team_id).subquery("s");
///     select(team::c.name, s[n]).join(s, s[user::c.team_id] == team::c.id)
///
///     SELECT teams.name, s.n FROM teams JOIN (SELECT users.team_id, count(*) AS n FROM users
///     GROUP BY users.team_id) AS s ON s.team_id = teams.id
///
/// Copies of a subquery are one FROM item; each call of `subquery()` makes another one.
///
/// @tparam Columns  A tuple of the selected columns' types; empty for a select of a model.
template <class Columns>
class subquery {
public:
    /// @param source  The FROM item.
    /// @param query   The statement in it.
    subquery(sql::from_ref source, sql::statement_ref query)
        : source_(std::move(source)), query_(std::move(query)) {}

    /// Returns the FROM item.
    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns the subquery's column of a selected expression. A subquery of `select<user>()` has
    /// the columns of the model.
    ///
    /// @return A column of the expression's type; optional where an outer join inside of the
    ///         subquery made it so.
    /// @throws argument_error  Another label of that type was selected, but not this one; or the
    ///                         column does not belong to the model; or the expression has no name
    ///                         and needs a label(). An expression of a type that was not selected
    ///                         does not compile.
    template <expression Selected>
    [[nodiscard]] auto operator[](const Selected& selected) const {
        using place = detail::place_of<Selected, Columns>;
        constexpr bool selects_model = std::is_same_v<Columns, std::tuple<>>;
        static_assert(
            place::found || selects_model, "gino: this column was not selected by the subquery"
        );
        using found = typename std::conditional_t<
            place::found,
            std::tuple_element<place::value, Columns>,
            std::type_identity<Selected>>::type;
        return detail::column_in<subquery, typename found::value_type>(
            detail::subquery_column(source_, *query_, *selected.node())
        );
    }

    /// Returns the statement in the subquery.
    [[nodiscard]] const sql::statement_ref& query() const noexcept { return query_; }

private:
    sql::from_ref source_;
    sql::statement_ref query_;
};

template <class Columns>
class cte;

}  // namespace gino
