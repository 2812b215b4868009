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

/// The C++ type of one row of a select: a `std::tuple` with the value type of each column.
template <class... Columns>
struct row_of {
    using type = std::tuple<typename Columns::value_type...>;
};

/// The row of a single column is the column's value itself, without a tuple.
template <class Column>
struct row_of<Column> {
    using type = typename Column::value_type;
};

/// The column types of a select after an outer join: the columns of `Source` can be NULL from here
/// on. The source `void` means every column, as in a FULL OUTER JOIN (docs/decisions/0017).
template <class Source, class Columns>
struct after_outer_join;

template <class Source, class... Columns>
struct after_outer_join<Source, std::tuple<Columns...>> {
    /// Returns whether a column becomes NULL in a row without a partner. Only columns know their
    /// source by type; an expression of columns does not, and is changed by a full join alone.
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

/// The row type of a tuple of column types.
template <class Columns>
struct row_of_columns;

template <class... Columns>
struct row_of_columns<std::tuple<Columns...>> {
    using type = typename row_of<Columns...>::type;
};

/// The traits of a value that `load()` takes: the type of its results, its columns, and the loader
/// itself. Specialised in model/loader.hpp.
template <class Loadable>
struct loader_of;

/// Returns a column for `load()` with the type that it has in the select: `std::optional` if an
/// outer join has made that column nullable among the selected `Columns`. Returns any other
/// loadable unchanged.
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

/// Applies as_joined() to each part of a tuple.
template <class Columns, class... Parts>
[[nodiscard]] auto as_joined(const std::tuple<Parts...>& parts) {
    return std::apply(
        [](const auto&... part) { return std::tuple(as_joined<Columns>(part)...); }, parts
    );
}

/// The untyped part of selects. Its functions are compiled once, in statement.cpp, instead of once
/// per row type (docs/decisions/0003).
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
    /// Joins `right` to the last item of FROM; an empty FROM first gets the table of the first
    /// selected column.
    ///
    /// @param on  Empty: the condition comes from the only foreign key between both sides.
    /// @throws argument_error  There is nothing to join to, or `on` is empty and not exactly one
    ///                         foreign key fits.
    void add_join(const sql::from_ref& right, sql::join_kind kind, sql::expression_ref on);
    void add_cross_join(const sql::from_ref& right);
    /// Sets LIMIT, and replaces an earlier one.
    ///
    /// @throws argument_error  `count` is negative.
    void set_limit(std::int64_t count);
    /// Sets OFFSET, and replaces an earlier one.
    ///
    /// @throws argument_error  `count` is negative.
    void set_offset(std::int64_t count);
    void add_prefix(std::string_view words);
    void set_distinct();
    void set_allows_cross_product();
    void set_distinct_on(std::vector<sql::expression_ref> columns);
    void set_lock(sql::lock_strength strength, sql::lock_wait wait);
    /// Adds a table to `FOR UPDATE OF`.
    ///
    /// @throws argument_error  The select has no lock.
    void add_locked(const sql::from_ref& source);
    void add_correlated(const sql::from_ref& source);
    void add_with(const sql::from_ref& cte);
    /// Appends columns to the select list, except columns that it has already.
    void add_columns(const std::vector<sql::expression_ref>& columns);
};

/// Makes a select whose FROM follows from the expressions that it uses.
[[nodiscard]] sql::statement_ref make_select(std::vector<sql::expression_ref> columns);
/// Makes a select with `from` in its FROM clause.
[[nodiscard]] sql::statement_ref make_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
);

}  // namespace detail

/// A SELECT statement, as an immutable value: each clause returns a changed copy.
///
///     const auto adults = select(user::c.id, user::c.nickname).where(user::c.age >= 18);
///     for (const auto& [id, nickname] : co_await db.all(adults)) { ... }
///
///     SELECT users.id, users.name FROM users WHERE users.age >= $1
///
/// FROM need not be written: a table that the select list or where() uses is added to it. In a
/// subquery, tables of the enclosing statements are left out instead (correlation), unless the
/// subquery would have no table of its own.
///
/// Values never become part of the text; each is a bind parameter. So two selects that differ in
/// values alone share their compiled text and their prepared statement.
///
/// Errors: the clauses below throw as their comments describe. `compile_error` is thrown later,
/// when the statement is run, for a construct that the database does not have.
///
/// @tparam Row       The result of a row: `T` for one selected expression, a tuple for several, a
///                   model, `gino::row`, or the result of the attached loader.
/// @tparam Selected  The type of a row without a loader.
/// @tparam Columns   A tuple of the selected columns' types, for subqueries; empty for a model.
///
/// Thread safety: copies may be used from different threads.
/// Lifetime: a statement owns all of its parts; strings and values are copied in.
template <class Row, class Selected = Row, class Columns = std::tuple<>>
class select_statement : public detail::query_of<detail::select_clauses, Selected, Columns> {
    using base = detail::query_of<detail::select_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    /// Copies a select and attaches a loader to the copy; a null pointer removes the loader.
    select_statement(
        const detail::select_clauses& other, const std::shared_ptr<const loader_base>& loader
    )
        : base(other, loader) {}

    /// Adds a condition: `WHERE condition`. Several calls are joined by AND.
    ///
    ///     .where(user::c.age > 3).where(user::c.nickname == "x")
    ///
    ///     WHERE users.age > $1 AND users.name = $2
    ///
    /// A row is selected where the condition is true; false and NULL leave it out.
    ///
    /// @param condition  A boolean expression; anything else does not compile.
    template <class Condition>
    [[nodiscard]] select_statement where(const Condition& condition) const {
        detail::check_condition<Condition>();
        return with([&](select_statement& s) { s.add_where(condition.node()); });
    }

    /// Adds a condition as where() does if `enabled`; otherwise returns the statement unchanged.
    /// For filters that are optional: `where_if(!name.empty(), user::c.nickname == name)`.
    template <class Condition>
    [[nodiscard]] select_statement where_if(bool enabled, const Condition& condition) const {
        return enabled ? where(condition) : *this;
    }

    /// Adds `GROUP BY` expressions, and `rollup()`, `cube()`, `grouping_sets()` of them. Several
    /// calls append.
    ///
    ///     select(user::c.team_id, func::count()).group_by(user::c.team_id)
    ///
    ///     SELECT users.team_id, count(*) AS count_1 FROM users GROUP BY users.team_id
    ///
    /// A label is written as its expression, because PostgreSQL takes a name in GROUP BY for a
    /// column of that name first.
    template <class... By>
        requires(sizeof...(By) > 0)
    [[nodiscard]] select_statement group_by(const By&... by) const {
        static_assert(
            (std::derived_from<By, expression_handle> && ...),
            "gino: group_by() takes expressions, such as user::c.team_id"
        );
        return with([&](select_statement& s) { (s.add_group_by(by.node()), ...); });
    }

    /// Adds all columns of a model to `GROUP BY`.
    template <class Model>
    [[nodiscard]] select_statement group_by() const {
        return with([](select_statement& s) {
            for (const auto& column : detail::columns_of_model<Model>()) {
                s.add_group_by(column);
            }
        });
    }

    /// Adds a condition on groups: `HAVING condition`. Several calls are joined by AND.
    ///
    ///     .group_by(user::c.team_id).having(func::count() > 3)
    ///
    ///     GROUP BY users.team_id HAVING count(*) > $1
    template <class Condition>
    [[nodiscard]] select_statement having(const Condition& condition) const {
        detail::check_condition<Condition>();
        return with([&](select_statement& s) { s.add_having(condition.node()); });
    }

    /// Adds `ORDER BY` terms: expressions, or `column.asc()`, `column.desc().nulls_last()`. Several
    /// calls append. A label that is selected is written by its name.
    ///
    ///     .order_by(user::c.age.desc().nulls_last(), user::c.id)
    ///
    ///     ORDER BY users.age DESC NULLS LAST, users.id
    ///
    /// NULL comes last in ascending and first in descending order, on every database: SQLite's
    /// dialect writes NULLS LAST or NULLS FIRST where a term can be NULL and the program wrote
    /// neither.
    template <class... By>
    [[nodiscard]] select_statement order_by(const By&... by) const {
        return with([&](select_statement& s) { (s.add_order_by(detail::order_item_of(by)), ...); });
    }

    /// Adds `ORDER BY` terms that are chosen at run time; an empty list adds nothing.
    [[nodiscard]] select_statement order_by(const std::vector<order_term>& terms) const {
        return with([&](select_statement& s) {
            for (const auto& term : terms) {
                s.add_order_by(term.item());
            }
        });
    }

    /// Returns at most `count` rows: `LIMIT $1`. The last call counts. The number is a bind
    /// parameter, so that pages of different sizes share one prepared statement.
    ///
    /// @param count  Rows; 0 selects none.
    /// @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement limit(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_limit(count); });
    }

    /// Skips the first `count` rows: `OFFSET $1`. The last call counts. The database reads the
    /// skipped rows all the same; `after()` (sql/paging.hpp) does not need them.
    ///
    /// @throws argument_error  `count` is negative.
    [[nodiscard]] select_statement offset(std::int64_t count) const {
        return with([&](select_statement& s) { s.set_offset(count); });
    }

    /// Writes words directly behind SELECT, for hints of an optimizer. Several calls append.
    ///
    ///     select(user::c.id).prefix_with("/*+ SeqScan(users) */")
    ///
    ///     SELECT /*+ SeqScan(users) */ users.id FROM users
    ///
    /// @param words  Copied into the SQL unchanged: never data from outside of the program.
    [[nodiscard]] select_statement prefix_with(std::string_view words) const {
        return with([&](select_statement& s) { s.add_prefix(words); });
    }

    /// Returns equal rows once: `SELECT DISTINCT`. NULL equals NULL here.
    [[nodiscard]] select_statement distinct() const {
        return with([](select_statement& s) { s.set_distinct(); });
    }

    /// Returns the first row of each group of equal `on` values:
    /// `SELECT DISTINCT ON (expressions)`. PostgreSQL only; the leftmost terms of order_by() have
    /// to be the same expressions (PostgreSQL 15, SELECT, "DISTINCT Clause"). The last call counts.
    ///
    ///     .distinct_on(user::c.team_id).order_by(user::c.team_id, user::c.age.desc())
    ///
    ///     SELECT DISTINCT ON (users.team_id) ... ORDER BY users.team_id, users.age DESC
    template <expression... On>
        requires(sizeof...(On) > 0)
    [[nodiscard]] select_statement distinct_on(const On&... on) const {
        return with([&](select_statement& s) { s.set_distinct_on({on.node()...}); });
    }

    /// Locks the selected rows until the transaction ends: `FOR UPDATE`. Other transactions cannot
    /// change, delete or lock them (PostgreSQL 15, 13.3.2). The last lock counts.
    ///
    ///     select<user>().where(user::c.id == 7).for_update(gino::nowait)
    ///
    ///     SELECT ... FROM users WHERE users.id = $1 FOR UPDATE NOWAIT
    ///
    /// PostgreSQL only: on SQLite, a writing transaction locks the whole database, and the
    /// statement is a `compile_error`.
    ///
    /// @param wait  By default the statement waits for rows that others have locked.
    ///              `gino::nowait`: it fails with SQLSTATE 55P03 instead; `gino::skip_locked`: it
    ///              leaves such rows out, as consumers of a queue do.
    [[nodiscard]] select_statement for_update(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::update, wait);
    }

    /// Locks as for_update() does, but other transactions may still insert rows whose foreign keys
    /// refer to the locked ones: `FOR NO KEY UPDATE`.
    [[nodiscard]] select_statement for_no_key_update(sql::lock_wait wait = sql::lock_wait::wait)
        const {
        return locked(sql::lock_strength::no_key_update, wait);
    }

    /// Locks rows against changes while others may read and share-lock them: `FOR SHARE`.
    [[nodiscard]] select_statement for_share(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::share, wait);
    }

    /// Locks only the keys of rows: `FOR KEY SHARE`. Others may change columns that are no key.
    [[nodiscard]] select_statement for_key_share(sql::lock_wait wait = sql::lock_wait::wait) const {
        return locked(sql::lock_strength::key_share, wait);
    }

    /// Restricts the lock to the rows of one table: `FOR UPDATE OF users`. Called after
    /// for_update() or another lock; several calls add tables.
    ///
    /// @throws argument_error  The select has no lock yet.
    template <class Model>
    [[nodiscard]] select_statement of() const {
        return with([](select_statement& s) { s.add_locked(detail::source_of_model<Model>()); });
    }

    /// Restricts the lock to the rows of an alias, as of() of a model does.
    ///
    /// @throws argument_error  The select has no lock yet.
    template <from_source Source>
    [[nodiscard]] select_statement of(const Source& source) const {
        return with([&](select_statement& s) { s.add_locked(source.source()); });
    }

    /// Takes only this table from the enclosing statements, when this select is a subquery; other
    /// tables that it uses are in its own FROM. Several calls add tables.
    ///
    /// Without correlate(), a subquery takes every table that an enclosing statement has in FROM,
    /// unless none of its own would remain.
    template <class Model>
    [[nodiscard]] select_statement correlate() const {
        return with([](select_statement& s) { s.add_correlated(detail::source_of_model<Model>()); }
        );
    }

    /// Takes only this alias from the enclosing statements, as correlate() of a model does.
    template <from_source Source>
    [[nodiscard]] select_statement correlate(const Source& source) const {
        return with([&](select_statement& s) { s.add_correlated(source.source()); });
    }

    /// Adds a common table expression to WITH that the statement does not select from: one that
    /// changes data. PostgreSQL only.
    ///
    ///     WITH gone AS (DELETE FROM users WHERE users.age > $1) SELECT teams.id FROM teams
    template <class OtherColumns>
    [[nodiscard]] select_statement add_cte(const gino::cte<OtherColumns>& cte) const {
        return with([&](select_statement& s) { s.add_with(cte.source()); });
    }

    /// Adds a table to `FROM`, for a table that no selected expression names. Several calls append.
    ///
    ///     select(func::count()).from<user>()
    ///
    ///     SELECT count(*) AS count_1 FROM users
    template <class Model>
    [[nodiscard]] select_statement from() const {
        return with([](select_statement& s) { s.add_from(detail::source_of_model<Model>()); });
    }

    /// Adds an alias, a subquery, a common table expression or a function to `FROM`.
    template <from_source Source>
    [[nodiscard]] select_statement from(const Source& source) const {
        return with([&](select_statement& s) { s.add_from(source.source()); });
    }

    /// Adds an inner join: `JOIN ... ON condition`.
    ///
    ///     select(user::c.id, team::c.name).join<team>(team::c.id == user::c.team_id)
    ///
    ///     SELECT users.id, teams.name FROM users JOIN teams ON teams.id = users.team_id
    ///
    /// The left side is the last item of FROM so far; without from(), it is the table of the first
    /// selected column. Joins add up from left to right: `a JOIN b ... JOIN c ...`.
    ///
    /// @throws argument_error  There is nothing to join to: no from(), and no column is selected.
    template <class Model, class Condition>
    [[nodiscard]] select_statement join(const Condition& on) const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::inner, on);
    }

    /// Adds an inner join whose ON comes from the only foreign key between the two sides, in either
    /// direction.
    ///
    /// @throws argument_error  No foreign key fits, or several do; the message lists them. Or there
    ///                         is nothing to join to.
    template <class Model>
    [[nodiscard]] select_statement join() const {
        return joined(detail::source_of_model<Model>(), sql::join_kind::inner);
    }

    /// Adds an inner join with an alias, a subquery or another source. `gino::true_()` is a
    /// condition for a LATERAL subquery, which has its condition inside.
    template <from_source Source, class Condition>
    [[nodiscard]] select_statement join(const Source& source, const Condition& on) const {
        return joined(source.source(), sql::join_kind::inner, on);
    }

    /// Adds `LEFT OUTER JOIN ... ON condition`: rows without a partner stay, with NULL for every
    /// column of `Model`.
    ///
    ///     select(user::c.id, team::c.name).outer_join<team>(team::c.id == user::c.team_id)
    ///
    ///     SELECT users.id, teams.name FROM users LEFT OUTER JOIN teams ON teams.id = users.team_id
    ///
    /// Selected columns of `Model` become `std::optional` in the row type: the rows here are
    /// `std::tuple<std::int64_t, std::optional<std::string>>`. An expression of such columns does
    /// not know its table: wrap it in `gino::nullable()`.
    ///
    /// @return A statement of another type if selected columns have become optional, so it cannot
    ///         be assigned to the old one.
    /// @throws argument_error  There is nothing to join to.
    template <class Model, class Condition>
    [[nodiscard]] auto outer_join(const Condition& on) const {
        return nulled<Model>(joined(detail::source_of_model<Model>(), left_outer, on));
    }

    /// Adds `LEFT OUTER JOIN` with the ON of the only foreign key between the two sides.
    ///
    /// @throws argument_error  No foreign key fits, or several do; the message lists them.
    template <class Model>
    [[nodiscard]] auto outer_join() const {
        return nulled<Model>(joined(detail::source_of_model<Model>(), left_outer));
    }

    /// Adds `LEFT OUTER JOIN` with an alias, a subquery or another source. Its selected columns
    /// become `std::optional`.
    template <from_source Source, class Condition>
    [[nodiscard]] auto outer_join(const Source& source, const Condition& on) const {
        return nulled<Source>(joined(source.source(), left_outer, on));
    }

    /// Adds `FULL OUTER JOIN ... ON condition`: rows of both sides stay when they have no partner.
    /// Every selected column and expression becomes `std::optional`.
    template <class Model, class Condition>
    [[nodiscard]] auto full_join(const Condition& on) const {
        return nulled<void>(joined(detail::source_of_model<Model>(), sql::join_kind::full_outer, on)
        );
    }

    /// Adds `FULL OUTER JOIN` with the ON of the only foreign key between the two sides.
    ///
    /// @throws argument_error  No foreign key fits, or several do; the message lists them.
    template <class Model>
    [[nodiscard]] auto full_join() const {
        return nulled<void>(joined(detail::source_of_model<Model>(), sql::join_kind::full_outer));
    }

    /// Adds `FULL OUTER JOIN` with an alias, a subquery or another source.
    template <from_source Source, class Condition>
    [[nodiscard]] auto full_join(const Source& source, const Condition& on) const {
        return nulled<void>(joined(source.source(), sql::join_kind::full_outer, on));
    }

    /// Adds `CROSS JOIN`: each row of the left side with each row of the table.
    template <class Model>
    [[nodiscard]] select_statement cross_join() const {
        return with([](select_statement& s) { s.add_cross_join(detail::source_of_model<Model>()); }
        );
    }

    /// Adds `CROSS JOIN` with an alias, a subquery or another source.
    template <from_source Source>
    [[nodiscard]] select_statement cross_join(const Source& source) const {
        return with([&](select_statement& s) { s.add_cross_join(source.source()); });
    }

    /// Permits tables in FROM that neither a join nor where() connects: each row of one is combined
    /// with each row of the other. Without it, such a statement is a `compile_error` when it is run
    /// (docs/decisions/0027).
    [[nodiscard]] select_statement allow_cross_product() const {
        return with([](select_statement& s) { s.set_allows_cross_product(); });
    }

    /// Attaches a loader, which makes the results from the rows: a loader or any value that has
    /// one, such as `gino::load<user>()`, a column, a tuple or a callable of `(const gino::row&)`.
    ///
    ///     const auto with_team = gino::load<user>().with(&user::in, gino::load<team>());
    ///     select<user>().outer_join<team>().load(with_team)
    ///
    /// A select of a model also selects the loader's columns; a select of expressions selects only
    /// the expressions that it was given.
    ///
    /// @return A statement whose verbs return values of the loader's type.
    /// @throws argument_error  When the statement runs: the result has none of the loader's
    ///                         columns.
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

    /// Returns the statement with `gino::row` as its results, and without its loader.
    [[nodiscard]] select_statement<row, Selected, Columns> as_rows() const {
        return select_statement<row, Selected, Columns>(*this, nullptr);
    }

    /// Sets the longest time that running the statement may take, from the call of a verb to the
    /// last row, including the wait for a connection.
    ///
    /// @param limit  Zero: no limit, whatever the connection's or the engine's setting.
    [[nodiscard]] select_statement timeout(std::chrono::milliseconds limit) const {
        return with([&](select_statement& s) { s.options_.timeout = limit; });
    }

private:
    static constexpr auto left_outer = sql::join_kind::left_outer;

    /// Returns a copy that `change` has changed. The tree is copied only if another handle shares
    /// it.
    template <class Change>
    [[nodiscard]] select_statement with(const Change& change) const {
        select_statement changed(*this);
        change(changed);
        return changed;
    }

    /// Adds a join of any kind; without `on`, by the foreign key.
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

    /// Returns the statement with the row type that it has after an outer join of `Source`.
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

/// A lock's option: fail with SQLSTATE 55P03 instead of waiting. For for_update() and the other
/// locks.
inline constexpr sql::lock_wait nowait = sql::lock_wait::nowait;
/// A lock's option: leave out rows that other transactions have locked.
inline constexpr sql::lock_wait skip_locked = sql::lock_wait::skip_locked;

/// Starts a SELECT of expressions: columns, functions, labels.
///
///     select(user::c.id, func::lower(user::c.nickname).label("name"))
///
///     SELECT users.id, lower(users.name) AS name FROM users
///
/// An expression without a name gets one: a function's with a number, `lower_1`, or `anon_1`.
///
/// @return A statement whose rows are the values themselves, or a tuple of them for several
///         expressions.
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

/// Starts a SELECT of a model: all of its columns in the order of its description, loaded as
/// objects.
///
///     select<team>()
///
///     SELECT teams.id, teams.name FROM teams
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
