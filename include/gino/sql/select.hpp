// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>
#include <gino/sql/operators.hpp>
#include <gino/sql/source.hpp>
#include <gino/sql/statement.hpp>

#include <concepts>
#include <cstdint>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

class row;

namespace detail {

/// The row type of a select of these expressions: `T` of one, a tuple of several.
template <class... Columns>
struct row_of {
    using type = std::tuple<typename Columns::value_type...>;
};

template <class Column>
struct row_of<Column> {
    using type = typename Column::value_type;
};

/// Says what a loader makes, and attaches it. Specialised in model/loader.hpp for everything that
/// can be loaded.
template <class Loadable>
struct loader_of;

/// The untyped part of selects; compiled once.
class select_clauses : public statement_base {
public:
    explicit select_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

    [[nodiscard]] const sql::select_node& select() const noexcept {
        return static_cast<const sql::select_node&>(node());
    }

protected:
    void add_where(const sql::expression_ref& condition);
    void add_having(const sql::expression_ref& condition);
    void add_group_by(const sql::expression_ref& by);
    void add_order_by(const sql::order_item& by);
    void add_from(const sql::from_ref& source);
    /// Joins `right` to the only, or last, item of FROM. Without `on`: by the only foreign key
    /// that fits.
    void add_join(const sql::from_ref& right, sql::join_kind kind, sql::expression_ref on);
    void set_limit(std::int64_t count);
    void set_offset(std::int64_t count);
    void set_distinct();
    /// Adds those that are not selected yet.
    void add_columns(const std::vector<sql::expression_ref>& columns);
};

[[nodiscard]] sql::statement_ref make_select(std::vector<sql::expression_ref> columns);
[[nodiscard]] sql::statement_ref make_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
);

}  // namespace detail

/// `SELECT`, as an immutable value: each clause returns a statement that has it.
///
/// @tparam Row       What a row becomes: `T` of one selected expression, a tuple of several, a
///                   model, `gino::row`, or what the attached loader makes.
/// @tparam Selected  What a row would be without a loader.
/// @tparam Columns   A tuple of the selected columns' types, for subqueries.
///
/// Thread safety: copies may be used from different threads.
template <class Row, class Selected = Row, class Columns = std::tuple<>>
class select_statement : public detail::select_clauses {
public:
    using row_type = Row;
    using selected_type = Selected;
    using columns_type = Columns;

    using detail::select_clauses::select_clauses;

    template <class OtherRow>
    select_statement(
        const select_statement<OtherRow, Selected, Columns>& other,
        const std::shared_ptr<const loader_base>& loader
    )
        : detail::select_clauses(other) {
        loader_ = loader;
    }

    /// `WHERE condition`; called again: `AND condition`.
    template <class Condition>
    [[nodiscard]] select_statement where(const Condition& condition) const {
        detail::check_condition<Condition>();
        return with([&](select_statement& s) { s.add_where(condition.node()); });
    }

    /// As `where()` if `enabled`, otherwise the statement as it is.
    template <class Condition>
    [[nodiscard]] select_statement where_if(bool enabled, const Condition& condition) const {
        return enabled ? where(condition) : *this;
    }

    /// `GROUP BY`: expressions, or a model for all of its columns.
    template <expression... By>
    [[nodiscard]] select_statement group_by(const By&... by) const {
        return with([&](select_statement& s) { (s.add_group_by(by.node()), ...); });
    }

    /// `HAVING condition`; called again: `AND condition`.
    template <class Condition>
    [[nodiscard]] select_statement having(const Condition& condition) const {
        detail::check_condition<Condition>();
        return with([&](select_statement& s) { s.add_having(condition.node()); });
    }

    /// `ORDER BY`: expressions, or `column.asc()`, `column.desc().nulls_last()`.
    template <class... By>
    [[nodiscard]] select_statement order_by(const By&... by) const {
        return with([&](select_statement& s) { (s.add_order_by(detail::order_item_of(by)), ...); });
    }

    /// `LIMIT count`. @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement limit(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_limit(count); });
    }

    /// `OFFSET count`. @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement offset(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_offset(count); });
    }

    /// `SELECT DISTINCT`.
    [[nodiscard]] select_statement distinct() const {
        return with([](select_statement& s) { s.set_distinct(); });
    }

    /// `FROM`, for what no selected expression names: `select(func::count()).from<user>()`.
    template <class Model>
    [[nodiscard]] select_statement from() const {
        return with([](select_statement& s) { s.add_from(detail::source_of_model<Model>()); });
    }

    /// `FROM` of an alias or a subquery.
    template <from_source Source>
    [[nodiscard]] select_statement from(const Source& source) const {
        return with([&](select_statement& s) { s.add_from(source.source()); });
    }

    /// `JOIN ... ON condition`. Joins to what is in FROM so far: without from(), to the table that
    /// the selected columns belong to.
    template <class Model, class Condition>
    [[nodiscard]] select_statement join(const Condition& on) const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::inner, on);
    }

    /// `JOIN`, with ON from the only foreign key between the two sides.
    ///
    /// @throws argument_error  There is none, or there are several; lists them.
    template <class Model>
    [[nodiscard]] select_statement join() const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::inner);
    }

    template <from_source Source, class Condition>
    [[nodiscard]] select_statement join(const Source& source, const Condition& on) const {
        return joined(source.source(), sql::join_kind::inner, on);
    }

    /// `LEFT OUTER JOIN ... ON condition`.
    template <class Model, class Condition>
    [[nodiscard]] select_statement outer_join(const Condition& on) const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::left_outer, on);
    }

    /// `LEFT OUTER JOIN`, with ON from the only foreign key between the two sides.
    template <class Model>
    [[nodiscard]] select_statement outer_join() const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::left_outer);
    }

    template <from_source Source, class Condition>
    [[nodiscard]] select_statement outer_join(const Source& source, const Condition& on) const {
        return joined(source.source(), sql::join_kind::left_outer, on);
    }

    /// Loads rows with a loader, or with anything that has one: a model, a column, a tuple, a
    /// callable. The result type follows. A select of a model also selects the loader's columns.
    template <class Loadable>
    [[nodiscard]] auto load(const Loadable& loadable) const {
        using traits = detail::loader_of<Loadable>;
        select_statement wider(*this);
        if constexpr (std::is_same_v<Columns, std::tuple<>>) {
            wider.add_columns(traits::columns(loadable));
        }
        return select_statement<typename traits::value_type, Selected, Columns>(
            wider, traits::attach(loadable)
        );
    }

    /// Loads rows as `gino::row`, whatever model was selected.
    [[nodiscard]] select_statement<row, Selected, Columns> as_rows() const {
        return select_statement<row, Selected, Columns>(*this, nullptr);
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] select_statement timeout(std::chrono::milliseconds limit) const {
        return with([&](select_statement& s) { s.options_.timeout = limit; });
    }

    /// The statement as something that FROM and join() take: `(SELECT ...) AS name`.
    ///
    /// @param name  Empty: the dialect makes one. Copied.
    [[nodiscard]] gino::subquery<Columns> subquery(std::string_view name = {}) const {
        return gino::subquery<Columns>(
            sql::select_ref(static_cast<const sql::select_node*>(tree_.get())), name
        );
    }

    /// The statement as an expression: its only column of its only row, NULL without a row.
    [[nodiscard]] auto scalar_subquery() const {
        static_assert(mapped<Selected>, "gino: a scalar subquery selects exactly one expression");
        using result = std::optional<detail::without_null<Selected>>;
        return expr<result>(sql::make<sql::scalar_subquery>(
            sql::select_ref(static_cast<const sql::select_node*>(tree_.get())),
            sql_type_of<Selected>()
        ));
    }

private:
    template <class Change>
    [[nodiscard]] select_statement with(const Change& change) const {
        select_statement changed(*this);
        change(changed);
        return changed;
    }

    template <class... On>
    [[nodiscard]] select_statement joined(
        const sql::from_ref& right, sql::join_kind kind, const On&... on
    ) const {
        (detail::check_condition<On>(), ...);
        sql::expression_ref condition;
        ((condition = on.node()), ...);
        return with([&](select_statement& s) { s.add_join(right, kind, std::move(condition)); });
    }
};

/// `SELECT` of expressions: columns, functions, labels.
template <class... Expressions>
    requires(sizeof...(Expressions) > 0)
[[nodiscard]] auto select(const Expressions&... selected) {
    if constexpr ((expression<Expressions> && ...)) {
        using selected_row = typename detail::row_of<Expressions...>::type;
        return select_statement<selected_row, selected_row, std::tuple<Expressions...>>(
            detail::make_select({selected.node()...})
        );
    } else {
        static_assert(
            (expression<Expressions> && ...),
            "gino: select() takes expressions, such as user::c.id; a model is selected by "
            "select<user>(), a value by literal(7)"
        );
    }
}

/// `SELECT` of a model: all of its columns, loaded as objects.
template <class Model>
[[nodiscard]] auto select() {
    if constexpr (described<Model>) {
        return select_statement<Model>(
            detail::make_select(detail::columns_of_model<Model>(), detail::source_of_model<Model>())
        );
    } else {
        static_assert(
            described<Model>,
            "gino: select<T>() takes a model: a struct with GINO_MODEL in it, or described by "
            "gino::describe<T>"
        );
    }
}

/// `EXISTS (SELECT ...)`.
template <detail::select_like Select>
[[nodiscard]] expr<bool> exists(const Select& select) {
    return expr<bool>(sql::make<sql::exists_expression>(
        sql::select_ref(static_cast<const sql::select_node*>(select.tree().get()))
    ));
}

}  // namespace gino
