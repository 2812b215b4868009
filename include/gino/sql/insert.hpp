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

/// @throws argument_error  One of them is no column.
[[nodiscard]] sql::conflict_clause conflict_target(const std::vector<sql::expression_ref>& columns);
[[nodiscard]] sql::expression_ref excluded_column(const sql::expression& column);

template <class Insert, bool HasTarget>
class conflict_builder;

}  // namespace detail

/// `INSERT INTO`.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Columns = std::tuple<>>
class insert_statement : public detail::dml_statement<insert_statement, Model, Row, Columns> {
    using base = detail::dml_statement<gino::insert_statement, Model, Row, Columns>;

public:
    using base::base;

    /// Adds a row: `values(user::c.nickname = "daisy", user::c.age = 7)`. Called again: another
    /// row, with the same columns. Without any: a row of defaults.
    ///
    /// @throws argument_error  The columns differ from those of the rows before.
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

    /// `INSERT INTO ... (columns) SELECT ...`, instead of values().
    ///
    /// @param select   Selects as many columns, of types that can be compared with theirs.
    /// @throws argument_error  It selects another number of columns, or there are rows already.
    template <class Select, expression... Targets>
        requires detail::query_like<Select>
    [[nodiscard]] insert_statement from_select(const Select& select, const Targets&... columns)
        const {
        return this->with([&](insert_statement& s) {
            s.set_inserted_select(select, {columns.node()...});
        });
    }

    /// `ON CONFLICT (columns)`, or any conflict: say do_nothing() or do_update() behind it.
    template <expression... Targets>
    [[nodiscard]] auto on_conflict(const Targets&... columns) const {
        return detail::conflict_builder<insert_statement, (sizeof...(Targets) > 0)>(
            *this, detail::conflict_target({columns.node()...})
        );
    }

    /// `ON CONFLICT ON CONSTRAINT name`. PostgreSQL only.
    [[nodiscard]] auto on_conflict_constraint(std::string_view name) const {
        sql::conflict_clause clause;
        clause.constraint = name;
        return detail::conflict_builder<insert_statement, true>(*this, std::move(clause));
    }

    /// `DO UPDATE ... WHERE condition`.
    ///
    /// @throws argument_error  There is no do_update() before it.
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

/// An INSERT that does not know yet what to do about a conflict.
template <class Insert, bool HasTarget>
class conflict_builder {
public:
    conflict_builder(const Insert& insert, sql::conflict_clause clause)
        : insert_(insert), clause_(std::move(clause)) {}

    /// The condition of the partial unique index that is meant.
    template <class Condition>
    [[nodiscard]] conflict_builder index_where(const Condition& condition) const {
        check_condition<Condition>();
        conflict_builder changed(*this);
        changed.clause_.index_where = condition.node();
        return changed;
    }

    /// `DO NOTHING`: the row that is there stays.
    [[nodiscard]] Insert do_nothing() const {
        auto clause = clause_;
        clause.action = sql::conflict_action::do_nothing;
        return insert_.with_conflict(std::move(clause));
    }

    /// `DO UPDATE SET`: changes the row that is there. `gino::excluded(column)` is the value that
    /// could not be inserted. A where() may follow.
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

/// Within do_update(): the value of a column in the row that could not be inserted.
template <class T>
[[nodiscard]] column<T> excluded(const column<T>& of) {
    return column<T>(detail::excluded_column(*of.node()));
}

/// `INSERT INTO` the model's table.
template <class Model>
[[nodiscard]] insert_statement<Model> insert() {
    return insert_statement<Model>(sql::make<sql::insert_node>(describe<Model>::source()));
}

/// `INSERT INTO` a table without a model.
[[nodiscard]] inline insert_statement<void> insert(const named_table& into) {
    return insert_statement<void>(sql::make<sql::insert_node>(into.table()));
}

/// As `insert<Model>()`, in SQL's own words.
template <class Model>
[[nodiscard]] insert_statement<Model> insert_into() {
    return insert<Model>();
}

}  // namespace gino
