// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/dml.hpp>
#include <gino/sql/expression/expression.hpp>
#include <gino/sql/named_source.hpp>
#include <gino/sql/source.hpp>

#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// Returns a conflict clause for these columns.
///
/// @throws argument_error  An expression is not a column.
[[nodiscard]] sql::conflict_clause conflict_target(const std::vector<sql::expression_ref>& columns);
/// Returns the column in the row that could not be inserted.
///
/// @throws argument_error  The column does not belong to a table, but to an alias or a subquery.
[[nodiscard]] sql::expression_ref excluded_column(const sql::expression& column);

template <class Insert, bool HasTarget>
class conflict_builder;

}  // namespace detail

/// An INSERT statement, as an immutable value: `insert<user>()` with values() or from_select(),
/// on_conflict() and returning().
///
///     insert<user>().values(user::c.nickname = "x", user::c.age = 3).returning(user::c.id)
///
///     INSERT INTO users (name, age) VALUES ($1, $2) RETURNING users.id
///
/// A column with a default_() in the model's `table_args()` gets its value in each row of values()
/// that does not name it; from_select() gets none of them. To insert objects, see
/// `statement_executor::create()`.
///
/// @tparam Row  `void` without returning(); then the type of a returned row.
template <class Model, class Row = void, class Columns = std::tuple<>>
class insert_statement : public detail::dml_statement<insert_statement, Model, Row, Columns> {
    using base = detail::dml_statement<gino::insert_statement, Model, Row, Columns>;

public:
    using base::base;

    /// Adds a row: `values(user::c.nickname = "daisy", user::c.age = 7)`. Each further call adds a
    /// row with the same columns in the same order.
    ///
    /// Without assignments the statement is `INSERT INTO ... DEFAULT VALUES`, which inserts one
    /// row.
    ///
    /// @throws argument_error  The columns differ from the columns of the rows before, or an
    ///                         integer does not fit into its column's type.
    template <class... Assignments>
    [[nodiscard]] insert_statement values(const Assignments&... assignments) const {
        static_assert(
            (detail::assigns_to<Model, Assignments> && ...),
            "gino: values() takes assignments to columns of the model that is inserted into, such "
            "as user::c.nickname = \"daisy\""
        );
        return this->with([&](insert_statement& s) {
            s.add_insert_row({static_cast<const assignment&>(assignments)...});
        });
    }

    /// Inserts the rows of a query instead of values(): `INSERT INTO teams (name) SELECT ...`.
    ///
    ///     insert<team>().from_select(select(user::c.nickname), team::c.name)
    ///
    /// @param select   Selects as many expressions as there are columns. The database checks their
    ///                 types.
    /// @param columns  The columns to insert into, in the order of the select list.
    /// @throws argument_error  The numbers of columns differ, a target is no column, or the
    ///                         statement has rows already.
    template <class Select, expression... Targets>
        requires detail::query_like<Select>
    [[nodiscard]] insert_statement from_select(const Select& select, const Targets&... columns)
        const {
        return this->with([&](insert_statement& s) {
            s.set_inserted_select(select, {columns.node()...});
        });
    }

    /// Starts `ON CONFLICT (columns)`; do_nothing() or do_update() of the result completes it.
    /// Without columns, any conflict counts, and only do_nothing() compiles.
    ///
    /// @param columns  The columns of the unique constraint or index.
    /// @throws argument_error  An expression is not a column.
    template <expression... Targets>
    [[nodiscard]] auto on_conflict(const Targets&... columns) const {
        return detail::conflict_builder<insert_statement, (sizeof...(Targets) > 0)>(
            *this, detail::conflict_target({columns.node()...})
        );
    }

    /// Starts `ON CONFLICT ON CONSTRAINT name`. PostgreSQL only.
    ///
    /// @param name  The constraint's name in the database. Copied.
    [[nodiscard]] auto on_conflict_constraint(std::string_view name) const {
        sql::conflict_clause clause;
        clause.constraint = name;
        return detail::conflict_builder<insert_statement, true>(*this, std::move(clause));
    }

    /// Restricts do_update(): `DO UPDATE SET ... WHERE condition`. A conflicting row for which the
    /// condition is not true stays as it is. Several calls are joined by AND.
    ///
    /// @throws argument_error  The statement has no do_update() yet.
    template <class Condition>
    [[nodiscard]] insert_statement where(const Condition& condition) const {
        detail::check_condition<Condition>();
        return this->with([&](insert_statement& s) { s.add_conflict_where(condition.node()); });
    }

private:
    template <class, bool>
    friend class detail::conflict_builder;

    using model_type = Model;

    [[nodiscard]] insert_statement with_conflict(sql::conflict_clause clause) const {
        return this->with([&](insert_statement& s) { s.set_conflict(std::move(clause)); });
    }
};

namespace detail {

/// An INSERT whose conflict action is still missing. Made by on_conflict().
///
/// @tparam HasTarget  Whether columns or a constraint were named; do_update() needs them.
template <class Insert, bool HasTarget>
class conflict_builder {
public:
    conflict_builder(const Insert& insert, sql::conflict_clause clause)
        : insert_(insert), clause_(std::move(clause)) {}

    /// Names the partial unique index that is meant by its condition:
    /// `ON CONFLICT (name) WHERE age > $2`. PostgreSQL chooses an index whose predicate the
    /// condition implies (PostgreSQL 15, INSERT, "index_predicate").
    template <class Condition>
    [[nodiscard]] conflict_builder index_where(const Condition& condition) const {
        check_condition<Condition>();
        conflict_builder changed(*this);
        changed.clause_.index_where = condition.node();
        return changed;
    }

    /// Completes the clause by `DO NOTHING`: a conflicting row stays as it is, and is not returned
    /// by returning().
    [[nodiscard]] Insert do_nothing() const {
        auto clause = clause_;
        clause.action = sql::conflict_action::do_nothing;
        return insert_.with_conflict(std::move(clause));
    }

    /// Completes the clause by `DO UPDATE SET`: changes the row that the new one conflicts with.
    ///
    ///     .on_conflict(user::c.nickname).do_update(user::c.age = gino::excluded(user::c.age))
    ///
    ///     ON CONFLICT (name) DO UPDATE SET age=excluded.age
    ///
    /// A column of the model is its value in the existing row, `gino::excluded(column)` the value
    /// that could not be inserted. A where() may follow.
    template <class... Assignments>
    [[nodiscard]] Insert do_update(const Assignments&... assignments) const {
        static_assert(
            HasTarget,
            "gino: do_update() wants to know which columns conflict: on_conflict(user::c.id)"
        );
        static_assert(
            sizeof...(Assignments) > 0 &&
                (assigns_to<typename Insert::model_type, Assignments> && ...),
            "gino: do_update() takes assignments to columns of the model that is inserted into, "
            "such as user::c.age = gino::excluded(user::c.age)"
        );
        auto clause = clause_;
        clause.action = sql::conflict_action::do_update;
        clause.assignments = {static_cast<const assignment&>(assignments).node()...};
        return insert_.with_conflict(std::move(clause));
    }

private:
    Insert insert_;
    sql::conflict_clause clause_;
};

}  // namespace detail

/// Returns the value of a column in the row that could not be inserted: `excluded.age`. For
/// do_update() and its where().
///
/// @throws argument_error  The column belongs to an alias or a subquery.
template <class T>
[[nodiscard]] column<T> excluded(const column<T>& of) {
    return column<T>(detail::excluded_column(*of.node()));
}

/// Starts an INSERT into the model's table.
template <class Model>
[[nodiscard]] insert_statement<Model> insert() {
    return insert_statement<Model>(sql::make<sql::insert_node>(describe<Model>::source()));
}

/// Starts an INSERT into a table without a model.
[[nodiscard]] inline insert_statement<void> insert(const named_table& into) {
    return insert_statement<void>(sql::make<sql::insert_node>(into.table()));
}

/// Starts an INSERT as `insert<Model>()` does, under SQL's name.
template <class Model>
[[nodiscard]] insert_statement<Model> insert_into() {
    return insert<Model>();
}

}  // namespace gino
