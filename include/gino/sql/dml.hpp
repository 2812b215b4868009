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

/// The untyped part of INSERT, UPDATE and DELETE; compiled once.
class dml_clauses : public statement_base {
public:
    explicit dml_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

protected:
    void add_insert_row(const std::vector<assignment>& row);
    void add_assignment(const assignment& one);
    void add_where(const sql::expression_ref& condition);
    void add_returning(std::vector<sql::expression_ref> columns);
    void set_inserted_select(
        const statement_base& select, const std::vector<sql::expression_ref>& columns
    );
    void set_conflict(sql::conflict_clause clause);
    void add_conflict_where(const sql::expression_ref& condition);
    void add_with(const sql::from_ref& cte);
};

/// True for assignments to columns of `Model`; those of tables without a model fit everywhere.
template <class Model, class A>
inline constexpr bool assigns_to =
    std::derived_from<A, assignment_of<Model>> || std::derived_from<A, assignment_of<void>>;

/// What INSERT, UPDATE and DELETE have in common.
///
/// @tparam Statement  The statement itself, as `Statement<Model, Row, Columns>`.
/// @tparam Model      `void`: a table without a model.
/// @tparam Row        `void` until returning() says what comes back.
/// @tparam Columns    A tuple of the returned columns' types.
template <template <class, class, class> class Statement, class Model, class Row, class Columns>
class dml_statement : public dml_clauses {
    using self = Statement<Model, Row, Columns>;

public:
    using row_type = Row;
    using selected_type = Row;

    using dml_clauses::dml_clauses;

    dml_statement(sql::statement_ref tree, const execution_options& options)
        : dml_clauses(std::move(tree)) {
        options_ = options;
    }

    /// `RETURNING` expressions.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto returning(const Expressions&... expressions) const {
        using row = typename row_of<Expressions...>::type;
        Statement<Model, row, std::tuple<Expressions...>> changed(tree_, options_);
        changed.add_returning({expressions.node()...});
        return changed;
    }

    /// `RETURNING` all columns of the model, loaded as objects.
    template <class Returned = Model>
    [[nodiscard]] auto returning() const {
        Statement<Model, Returned, std::tuple<>> changed(tree_, options_);
        changed.add_returning(columns_of_model<Returned>());
        return changed;
    }

    /// `WITH name AS (INSERT ... RETURNING ...)`, to select from what was returned. PostgreSQL
    /// only.
    ///
    /// @param name  Empty: the dialect makes one. Copied.
    [[nodiscard]] gino::cte<Columns> cte(std::string_view name = {}) const {
        return {tree_, name, sql::materialization::unspecified};
    }

    /// Puts a common table expression into WITH that nothing selects from: one that changes data.
    template <class OtherColumns>
    [[nodiscard]] self add_cte(const gino::cte<OtherColumns>& cte) const {
        return with([&](self& s) { s.add_with(cte.source()); });
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] self timeout(std::chrono::milliseconds limit) const {
        return with([&](self& s) { s.options_.timeout = limit; });
    }

protected:
    template <template <class, class, class> class, class, class, class>
    friend class dml_statement;

    /// A copy of the statement that `change` has changed.
    template <class Change>
    [[nodiscard]] self with(const Change& change) const {
        self changed(static_cast<const self&>(*this));
        change(changed);
        return changed;
    }
};

/// UPDATE and DELETE: they have a WHERE.
template <template <class, class, class> class Statement, class Model, class Row, class Columns>
class filtered_dml_statement : public dml_statement<Statement, Model, Row, Columns> {
    using self = Statement<Model, Row, Columns>;

public:
    using dml_statement<Statement, Model, Row, Columns>::dml_statement;

    /// `WHERE condition`; called again: `AND condition`. Other tables that it uses stand in FROM
    /// (UPDATE) or USING (DELETE; PostgreSQL only).
    template <class Condition>
    [[nodiscard]] self where(const Condition& condition) const {
        check_condition<Condition>();
        return this->with([&](self& s) { s.add_where(condition.node()); });
    }

    /// As `where()` if `enabled`, otherwise the statement as it is.
    template <class Condition>
    [[nodiscard]] self where_if(bool enabled, const Condition& condition) const {
        return enabled ? where(condition) : static_cast<const self&>(*this);
    }
};

}  // namespace gino::detail
