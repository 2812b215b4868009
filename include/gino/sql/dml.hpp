// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/source.hpp>
#include <gino/sql/statement.hpp>

#include <chrono>
#include <concepts>
#include <string_view>
#include <tuple>
#include <utility>
#include <vector>

namespace gino::detail {

/// The untyped part of INSERT, UPDATE and DELETE. Its functions are compiled once, in
/// statement.cpp.
class dml_clauses : public statement_base {
public:
    explicit dml_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

protected:
    /// Adds a row; the first one decides the columns.
    ///
    /// @throws argument_error  Its columns are others than those of the first row.
    void add_insert_row(const std::vector<assignment>& row);
    void add_assignment(const assignment& one);
    /// Adds a condition by AND. REQUIRES: the statement is an UPDATE or a DELETE.
    void add_where(const sql::expression_ref& condition);
    void add_returning(std::vector<sql::expression_ref> columns);
    /// @throws argument_error  The statement has rows, or the numbers of columns differ.
    void set_inserted_select(
        const statement_base& select, const std::vector<sql::expression_ref>& columns
    );
    void set_conflict(sql::conflict_clause clause);
    /// @throws argument_error  The conflict action is not DO UPDATE.
    void add_conflict_where(const sql::expression_ref& condition);
    void add_with(const sql::from_ref& cte);
};

/// True for an assignment to a column of `Model`. An assignment to a column without a model fits
/// every statement.
template <class Model, class A>
inline constexpr bool assigns_to =
    std::derived_from<A, assignment_of<Model>> || std::derived_from<A, assignment_of<void>>;

/// The common part of INSERT, UPDATE and DELETE.
///
/// @tparam Statement  The statement itself, as `Statement<Model, Row, Columns>`.
/// @tparam Model      `void`: a table without a model.
/// @tparam Row        `void` without returning().
/// @tparam Columns    A tuple of the returned columns' types.
template <template <class, class, class> class Statement, class Model, class Row, class Columns>
class dml_statement : public dml_clauses {
    using self = Statement<Model, Row, Columns>;

public:
    using row_type = Row;
    using selected_type = Row;

    using dml_clauses::dml_clauses;

    /// Makes a statement of another row type from a tree and its options. For returning().
    dml_statement(sql::statement_ref tree, const execution_options& options)
        : dml_clauses(std::move(tree)) {
        options_ = options;
    }

    /// Returns a value of each changed row: `RETURNING users.id`. UPDATE returns the new values,
    /// DELETE the deleted ones (PostgreSQL 15, 6.4). The last call counts.
    ///
    /// @return A statement whose rows are the values, or tuples of them for several expressions.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto returning(const Expressions&... expressions) const {
        using row = typename row_of<Expressions...>::type;
        Statement<Model, row, std::tuple<Expressions...>> changed(tree_, options_);
        changed.add_returning({expressions.node()...});
        return changed;
    }

    /// Returns all columns of the model of each changed row, loaded as objects.
    ///
    ///     co_await db.all(update<user>().set(user::c.age = 7).returning())
    template <class Returned = Model>
    [[nodiscard]] auto returning() const {
        Statement<Model, Returned, std::tuple<>> changed(tree_, options_);
        changed.add_returning(columns_of_model<Returned>());
        return changed;
    }

    /// Returns the statement as a common table expression, to select from the returned rows.
    /// PostgreSQL only: `WITH gone AS (DELETE FROM users ... RETURNING users.id) SELECT gone.id
    /// FROM gone` (PostgreSQL 15, 7.8.4).
    ///
    /// @param name  Empty: the dialect makes one. Copied.
    [[nodiscard]] gino::cte<Columns> cte(std::string_view name = {}) const {
        return {tree_, name, sql::materialization::unspecified};
    }

    /// Adds a common table expression to WITH that the statement does not select from: one that
    /// changes data. PostgreSQL only.
    template <class OtherColumns>
    [[nodiscard]] self add_cte(const gino::cte<OtherColumns>& cte) const {
        return with([&](self& s) { s.add_with(cte.source()); });
    }

    /// Sets the longest time that running the statement may take, from the call of a verb to the
    /// last row, including the wait for a connection. Zero: no limit.
    [[nodiscard]] self timeout(std::chrono::milliseconds limit) const {
        return with([&](self& s) { s.options_.timeout = limit; });
    }

protected:
    template <template <class, class, class> class, class, class, class>
    friend class dml_statement;

    /// Returns a copy that `change` has changed.
    template <class Change>
    [[nodiscard]] self with(const Change& change) const {
        self changed(static_cast<const self&>(*this));
        change(changed);
        return changed;
    }
};

/// UPDATE and DELETE, which have a WHERE clause.
template <template <class, class, class> class Statement, class Model, class Row, class Columns>
class filtered_dml_statement : public dml_statement<Statement, Model, Row, Columns> {
    using self = Statement<Model, Row, Columns>;

public:
    using dml_statement<Statement, Model, Row, Columns>::dml_statement;

    /// Adds a condition: `WHERE condition`. Several calls are joined by AND. Other tables that the
    /// condition uses are written into FROM (UPDATE) or USING (DELETE; PostgreSQL only).
    ///
    /// Another table has to be connected with the changed one by a condition; otherwise the
    /// statement is a `compile_error` when it is run (docs/decisions/0027).
    template <class Condition>
    [[nodiscard]] self where(const Condition& condition) const {
        check_condition<Condition>();
        return this->with([&](self& s) { s.add_where(condition.node()); });
    }

    /// Adds a condition as where() does if `enabled`; otherwise returns the statement unchanged.
    template <class Condition>
    [[nodiscard]] self where_if(bool enabled, const Condition& condition) const {
        return enabled ? where(condition) : static_cast<const self&>(*this);
    }
};

}  // namespace gino::detail
