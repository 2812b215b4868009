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

/// How a class says which table it stands for. Specialised by `GINO_MODEL` for its class;
/// specialise it yourself for a class from elsewhere (model/describe.hpp).
template <class T>
struct describe;

/// A class that is described: a model.
template <class T>
concept described = requires {
    { describe<T>::source() } -> std::convertible_to<const sql::ref<sql::table_source>&>;
};

/// Anything that can stand in FROM: an alias, a subquery.
template <class Source>
concept from_source = requires(const Source& s) {
    { s.source() } -> std::convertible_to<sql::from_ref>;
};

namespace detail {

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

template <class Model>
[[nodiscard]] std::vector<sql::expression_ref> columns_of_model() {
    return describe<Model>::columns();
}

/// Among the columns of a select: `Column`, which is NULL where an outer join found no partner.
template <class Column>
struct outer_joined {
    using value_type = std::optional<without_null<typename Column::value_type>>;
};

/// The place of `Column` in a tuple of columns; the size of the tuple if it is not there.
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

/// True for one expression, and for two that stand for the same column of the same source.
[[nodiscard]] bool is_same_expression(const sql::expression& a, const sql::expression& b) noexcept;

/// The statement that a subquery or a common table expression selects; null for all other sources.
[[nodiscard]] const sql::statement_node* query_in(const sql::from_item& source) noexcept;

/// A column of a table.
struct column_origin {
    const sql::table_source* table = nullptr;  ///< Null: the expression comes from no column.
    std::uint32_t index = 0;

    friend bool operator==(const column_origin&, const column_origin&) = default;
};

/// The column that an expression comes from unchanged: through labels, aliases, subqueries and
/// common table expressions.
[[nodiscard]] column_origin origin_of(const sql::expression& e) noexcept;

/// Appends expressions that are not there yet.
void append_new(
    std::vector<sql::expression_ref>& columns, const std::vector<sql::expression_ref>& more
);

/// Makes the column of a subquery that stands for a selected expression.
///
/// @param query  What `source` selects.
/// @throws argument_error  The expression is not among those that were selected.
[[nodiscard]] sql::expression_ref subquery_column(
    const sql::from_ref& source, const sql::statement_node& query, const sql::expression& selected
);

/// A column of a subquery, whose type says so: an outer join of the subquery makes it optional.
template <class Source, class T>
class column_in : public column<T> {
public:
    using source_type = Source;

    using column<T>::column;
};

}  // namespace detail

/// A statement as something to select from. Its columns are found by what was selected:
/// `s[user::c.id]`.
///
/// @tparam Columns  A tuple of the selected columns' types; empty: a model was selected.
template <class Columns>
class subquery {
public:
    /// @param source  What stands in FROM.
    /// @param query   What it selects.
    subquery(sql::from_ref source, sql::statement_ref query)
        : source_(std::move(source)), query_(std::move(query)) {}

    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns the column that `selected` became. The subquery of a `select<user>()` has the
    /// columns of the model.
    ///
    /// @throws argument_error  A label of that type was selected, but not this one; or it is no
    ///                         column of the model.
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

    [[nodiscard]] const sql::statement_ref& query() const noexcept { return query_; }

private:
    sql::from_ref source_;
    sql::statement_ref query_;
};

template <class Columns>
class cte;

}  // namespace gino
