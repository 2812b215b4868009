// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/source.hpp>
#include <gino/sql/statement.hpp>

#include <chrono>
#include <concepts>
#include <memory>
#include <tuple>
#include <utility>
#include <vector>

namespace gino {

namespace detail {

/// The untyped part of INSERT, UPDATE and DELETE; compiled once.
class dml_clauses : public statement_base {
public:
    explicit dml_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

protected:
    void add_insert_row(const std::vector<assignment>& row);
    void add_assignment(const assignment& one);
    void add_where(const sql::expression_ref& condition);
    void add_returning(std::vector<sql::expression_ref> columns);
};

/// True for assignments to columns of `Model`; those of tables without a model fit everywhere.
template <class Model, class A>
inline constexpr bool assigns_to =
    std::derived_from<A, assignment_of<Model>> || std::derived_from<A, assignment_of<void>>;

}  // namespace detail

/// `INSERT INTO`.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Selected = Row>
class insert_statement : public detail::dml_clauses {
public:
    using row_type = Row;
    using selected_type = Selected;

    using detail::dml_clauses::dml_clauses;

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
        insert_statement changed(*this);
        changed.add_insert_row({static_cast<const assignment&>(assignments)...});
        return changed;
    }

    /// `RETURNING` expressions.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto returning(const Expressions&... expressions) const {
        using row = typename detail::row_of<Expressions...>::type;
        insert_statement<Model, row> changed(tree_, options_);
        changed.add_returning({expressions.node()...});
        return changed;
    }

    /// `RETURNING` all columns of the model, loaded as objects.
    template <class Returned = Model>
    [[nodiscard]] auto returning() const {
        insert_statement<Model, Returned> changed(tree_, options_);
        changed.add_returning(detail::columns_of_model<Returned>());
        return changed;
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] insert_statement timeout(std::chrono::milliseconds limit) const {
        insert_statement changed(*this);
        changed.options_.timeout = limit;
        return changed;
    }

    insert_statement(sql::statement_ref tree, const execution_options& options)
        : detail::dml_clauses(std::move(tree)) {
        options_ = options;
    }

private:
    template <class, class, class>
    friend class insert_statement;
};

/// `INSERT INTO` the model's table.
template <class Model>
[[nodiscard]] insert_statement<Model> insert() {
    return insert_statement<Model>(sql::make<sql::insert_node>(describe<Model>::source()));
}

/// As `insert<Model>()`, in SQL's own words.
template <class Model>
[[nodiscard]] insert_statement<Model> insert_into() {
    return insert<Model>();
}

}  // namespace gino
