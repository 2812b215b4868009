// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>
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

/// The place of `Column` in a tuple of columns; the size of the tuple if it is not there.
template <class Column, class Columns>
struct place_of;

template <class Column, class... Columns>
struct place_of<Column, std::tuple<Columns...>> {
    static constexpr std::size_t find() {
        constexpr bool same[] = {std::is_same_v<Column, Columns>..., true};
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

/// Appends expressions that are not there yet.
void append_new(
    std::vector<sql::expression_ref>& columns, const std::vector<sql::expression_ref>& more
);

/// Makes the column of a subquery that stands for a selected expression.
///
/// @throws argument_error  The expression is not among those that were selected.
[[nodiscard]] sql::expression_ref subquery_column(
    const sql::from_ref& source, const sql::expression& selected
);

}  // namespace detail

/// A select as something to select from. Its columns are found by what was selected:
/// `s[user::c.id]`.
///
/// @tparam Columns  A tuple of the selected columns' types.
template <class Columns>
class subquery {
public:
    subquery(sql::select_ref select, std::string_view name)
        : source_(sql::make<sql::subquery_source>(std::move(select), name)) {}

    [[nodiscard]] const sql::from_ref& source() const noexcept { return source_; }

    /// Returns the column that `selected` became.
    ///
    /// @throws argument_error  A label of that type was selected, but not this one.
    template <expression Selected>
    [[nodiscard]] auto operator[](const Selected& selected) const {
        static_assert(
            detail::place_of<Selected, Columns>::found,
            "gino: this column was not selected by the subquery"
        );
        return column<typename Selected::value_type>(
            detail::subquery_column(source_, *selected.node())
        );
    }

private:
    sql::from_ref source_;
};

}  // namespace gino
