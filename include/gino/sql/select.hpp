// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/operators.hpp>
#include <gino/sql/query.hpp>
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

/// The columns of a select after an outer join: those of `Source` can be NULL. `void`: all.
template <class Source, class Columns>
struct after_outer_join;

template <class Source, class... Columns>
struct after_outer_join<Source, std::tuple<Columns...>> {
    template <class Column>
    static consteval bool is_joined() {
        if constexpr (is_nullable<typename Column::value_type>) {
            return false;
        } else if constexpr (requires { typename Column::source_type; }) {
            // A common table expression is a subquery.
            using own = typename Column::source_type;
            return std::is_void_v<Source> || std::is_same_v<own, Source> ||
                   std::is_base_of_v<own, Source>;
        } else {
            return std::is_void_v<Source> && std::derived_from<Column, expression_handle>;
        }
    }

    using type =
        std::tuple<std::conditional_t<is_joined<Columns>(), outer_joined<Columns>, Columns>...>;
};

template <class Columns>
struct row_of_columns;

template <class... Columns>
struct row_of_columns<std::tuple<Columns...>> {
    using type = typename row_of<Columns...>::type;
};

/// Says what a loader makes, and attaches it. Specialised in model/loader.hpp.
template <class Loadable>
struct loader_of;

/// A column, or a tuple with columns, for load(): optional are those that an outer join has made so
/// among the selected `Columns`.
template <class Columns, class Loadable>
[[nodiscard]] auto as_joined(const Loadable& loadable) {
    using joined = place_of<outer_joined<Loadable>, Columns>;
    if constexpr (joined::found && expression<Loadable>) {
        using value = typename outer_joined<Loadable>::value_type;
        return expr<value>(loadable.node());
    } else {
        return loadable;
    }
}

template <class Columns, class... Parts>
[[nodiscard]] auto as_joined(const std::tuple<Parts...>& parts) {
    return std::apply(
        [](const auto&... part) { return std::tuple(as_joined<Columns>(part)...); }, parts
    );
}

/// The untyped part of selects; compiled once.
class select_clauses : public statement_base {
public:
    explicit select_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

    select_clauses(const select_clauses& other, const std::shared_ptr<const loader_base>& loader)
        : statement_base(other) {
        loader_ = loader;
    }

    [[nodiscard]] const sql::select_node& select() const noexcept {
        return static_cast<const sql::select_node&>(node());
    }

protected:
    void add_where(const sql::expression_ref& condition);
    void add_having(const sql::expression_ref& condition);
    void add_group_by(const sql::expression_ref& by);
    void add_order_by(const sql::order_item& by);
    void add_from(const sql::from_ref& source);
    /// Joins to the only, or last, item of FROM. Without `on`: by the only foreign key that fits.
    void add_join(const sql::from_ref& right, sql::join_kind kind, sql::expression_ref on);
    void add_cross_join(const sql::from_ref& right);
    void set_limit(std::int64_t count);
    void set_offset(std::int64_t count);
    void add_prefix(std::string_view words);
    void set_distinct();
    void set_allows_cross_product();
    void set_distinct_on(std::vector<sql::expression_ref> columns);
    void set_lock(sql::lock_strength strength, sql::lock_wait wait);
    void add_locked(const sql::from_ref& source);
    void add_correlated(const sql::from_ref& source);
    void add_with(const sql::from_ref& cte);
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
class select_statement : public detail::query_of<detail::select_clauses, Selected, Columns> {
    using base = detail::query_of<detail::select_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    select_statement(
        const detail::select_clauses& other, const std::shared_ptr<const loader_base>& loader
    )
        : base(other, loader) {}

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

    /// `GROUP BY`: expressions, and `rollup()`, `cube()`, `grouping_sets()` of them.
    template <class... By>
        requires(sizeof...(By) > 0)
    [[nodiscard]] select_statement group_by(const By&... by) const {
        static_assert(
            (std::derived_from<By, expression_handle> && ...),
            "gino: group_by() takes expressions, such as user::c.team_id"
        );
        return with([&](select_statement& s) { (s.add_group_by(by.node()), ...); });
    }

    /// `GROUP BY` all columns of a model.
    template <class Model>
    [[nodiscard]] select_statement group_by() const {
        return with([](select_statement& s) {
            for (const auto& column : detail::columns_of_model<Model>()) {
                s.add_group_by(column);
            }
        });
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

    /// `ORDER BY` terms that were chosen at run time; an empty list adds nothing.
    [[nodiscard]] select_statement order_by(const std::vector<order_term>& terms) const {
        return with([&](select_statement& s) {
            for (const auto& term : terms) {
                s.add_order_by(term.item());
            }
        });
    }

    /// `LIMIT count`. @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement limit(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_limit(count); });
    }

    /// `OFFSET count`. @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement offset(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_offset(count); });
    }

    /// `SELECT words ...`, for hints: `prefix_with("/*+ SeqScan(users) */")`; called again: more.
    ///
    /// @param words  SQL as it stands: never from data.
    [[nodiscard]] select_statement prefix_with(std::string_view words) const {
        return with([&](select_statement& s) { s.add_prefix(words); });
    }

    /// `SELECT DISTINCT`.
    [[nodiscard]] select_statement distinct() const {
        return with([](select_statement& s) { s.set_distinct(); });
    }

    /// `SELECT DISTINCT ON (expressions)`: the first row of each group. PostgreSQL only.
    template <expression... On>
        requires(sizeof...(On) > 0)
    [[nodiscard]] select_statement distinct_on(const On&... on) const {
        return with([&](select_statement& s) { s.set_distinct_on({on.node()...}); });
    }

    /// `FOR UPDATE`: locks the rows until the transaction ends. PostgreSQL only: a transaction that
    /// writes has all of SQLite's database.
    ///
    /// @param wait  `gino::nowait`: an error instead of waiting; `gino::skip_locked`: without the
    ///              rows that others have locked.
    [[nodiscard]] select_statement for_update(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::update, wait);
    }

    /// `FOR NO KEY UPDATE`: as for_update(), but foreign keys may still refer to the rows.
    [[nodiscard]] select_statement for_no_key_update(sql::lock_wait wait = sql::lock_wait::wait)
        const {
        return locked(sql::lock_strength::no_key_update, wait);
    }

    /// `FOR SHARE`: others may read, not change.
    [[nodiscard]] select_statement for_share(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::share, wait);
    }

    /// `FOR KEY SHARE`: others may change what is no key.
    [[nodiscard]] select_statement for_key_share(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::key_share, wait);
    }

    /// `OF`: locks the rows of this table only. Behind for_update() and its like.
    ///
    /// @throws argument_error  There is no lock before it.
    template <class Model>
    [[nodiscard]] select_statement of() const {
        return with([](select_statement& s) { s.add_locked(detail::source_of_model<Model>()); });
    }

    template <from_source Source>
    [[nodiscard]] select_statement of(const Source& source) const {
        return with([&](select_statement& s) { s.add_locked(source.source()); });
    }

    /// In a subquery: takes only this table from the statements around it. Without correlate(), it
    /// takes every one that it uses, unless none of its own would remain.
    template <class Model>
    [[nodiscard]] select_statement correlate() const {
        return with([](select_statement& s) { s.add_correlated(detail::source_of_model<Model>()); }
        );
    }

    template <from_source Source>
    [[nodiscard]] select_statement correlate(const Source& source) const {
        return with([&](select_statement& s) { s.add_correlated(source.source()); });
    }

    /// Puts a common table expression into WITH that nothing selects from: one that changes data.
    template <class OtherColumns>
    [[nodiscard]] select_statement add_cte(const gino::cte<OtherColumns>& cte) const {
        return with([&](select_statement& s) { s.add_with(cte.source()); });
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

    /// `LEFT OUTER JOIN ... ON condition`. Columns of `Model` that were selected become
    /// `std::optional`; expressions of them are made so by `gino::nullable()`.
    template <class Model, class Condition>
    [[nodiscard]] auto outer_join(const Condition& on) const {
        return nulled<Model>(joined(detail::source_of_model<Model>(), left_outer, on));
    }

    /// `LEFT OUTER JOIN`, with ON from the only foreign key between the two sides.
    template <class Model>
    [[nodiscard]] auto outer_join() const {
        return nulled<Model>(joined(detail::source_of_model<Model>(), left_outer));
    }

    template <from_source Source, class Condition>
    [[nodiscard]] auto outer_join(const Source& source, const Condition& on) const {
        return nulled<Source>(joined(source.source(), left_outer, on));
    }

    /// `FULL OUTER JOIN ... ON condition`. Every selected column becomes `std::optional`.
    template <class Model, class Condition>
    [[nodiscard]] auto full_join(const Condition& on) const {
        return nulled<void>(joined(detail::source_of_model<Model>(), sql::join_kind::full_outer, on)
        );
    }

    /// `FULL OUTER JOIN`, with ON from the only foreign key between the two sides.
    template <class Model>
    [[nodiscard]] auto full_join() const {
        return nulled<void>(joined(detail::source_of_model<Model>(), sql::join_kind::full_outer));
    }

    template <from_source Source, class Condition>
    [[nodiscard]] auto full_join(const Source& source, const Condition& on) const {
        return nulled<void>(joined(source.source(), sql::join_kind::full_outer, on));
    }

    /// `CROSS JOIN`: every row with every row.
    template <class Model>
    [[nodiscard]] select_statement cross_join() const {
        return with([](select_statement& s) { s.add_cross_join(detail::source_of_model<Model>()); }
        );
    }

    template <from_source Source>
    [[nodiscard]] select_statement cross_join(const Source& source) const {
        return with([&](select_statement& s) { s.add_cross_join(source.source()); });
    }

    /// Lets FROM have tables that neither a join nor where() ties: every row of one comes with
    /// every row of the other. Without it, such a statement is a compile_error when it is run.
    [[nodiscard]] select_statement allow_cross_product() const {
        return with([](select_statement& s) { s.set_allows_cross_product(); });
    }

    /// Loads rows with a loader, or with anything that has one: a model, a column, a tuple, a
    /// callable. The result type follows. A select of a model also selects the loader's columns.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) const {
        detail::check_written_in_place<Loadable>();
        const auto joined = detail::as_joined<Columns>(loadable);
        using traits = detail::loader_of<std::remove_cvref_t<decltype(joined)>>;
        select_statement wider(*this);
        if constexpr (std::is_same_v<Columns, std::tuple<>>) {
            wider.add_columns(traits::columns(joined));
        }
        return select_statement<typename traits::value_type, Selected, Columns>(
            wider, traits::attach(joined)
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

private:
    static constexpr auto left_outer = sql::join_kind::left_outer;

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

    [[nodiscard]] select_statement locked(sql::lock_strength strength, sql::lock_wait wait) const {
        return with([&](select_statement& s) { s.set_lock(strength, wait); });
    }

    /// The statement with the row type that it has after an outer join of `Source`.
    template <class Source>
    [[nodiscard]] static auto nulled(const select_statement& joined) {
        if constexpr (std::is_same_v<Columns, std::tuple<>>) {
            return joined;
        } else {
            using columns = typename detail::after_outer_join<Source, Columns>::type;
            using selected = typename detail::row_of_columns<columns>::type;
            using row = std::conditional_t<std::is_same_v<Row, Selected>, selected, Row>;
            return select_statement<row, selected, columns>(joined, joined.loader_);
        }
    }
};

/// For for_update() and its like: an error instead of waiting.
inline constexpr sql::lock_wait nowait = sql::lock_wait::nowait;
/// For for_update() and its like: without the rows that others have locked.
inline constexpr sql::lock_wait skip_locked = sql::lock_wait::skip_locked;

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

}  // namespace gino
