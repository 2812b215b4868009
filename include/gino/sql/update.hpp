// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/insert.hpp>

namespace gino {

/// `UPDATE`. Without where() it changes all rows.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Selected = Row>
class update_statement : public detail::dml_clauses {
public:
    using row_type = Row;
    using selected_type = Selected;

    using detail::dml_clauses::dml_clauses;

    /// `SET`: `set(user::c.age = user::c.age + 1)`. Called again: more assignments.
    template <class... Assignments>
        requires(sizeof...(Assignments) > 0)
    [[nodiscard]] update_statement set(const Assignments&... assignments) const {
        static_assert(
            (detail::assigns_to<Model, Assignments> && ...),
            "gino: set() takes assignments to columns of the model that is updated, such as "
            "user::c.age = 7"
        );
        update_statement changed(*this);
        (changed.add_assignment(assignments), ...);
        return changed;
    }

    /// `WHERE condition`; called again: `AND condition`.
    template <class Condition>
    [[nodiscard]] update_statement where(const Condition& condition) const {
        detail::check_condition<Condition>();
        update_statement changed(*this);
        changed.add_where(condition.node());
        return changed;
    }

    /// `RETURNING` expressions.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto returning(const Expressions&... expressions) const {
        using row = typename detail::row_of<Expressions...>::type;
        update_statement<Model, row> changed(tree_, options_);
        changed.add_returning({expressions.node()...});
        return changed;
    }

    /// `RETURNING` all columns of the model, loaded as objects.
    template <class Returned = Model>
    [[nodiscard]] auto returning() const {
        update_statement<Model, Returned> changed(tree_, options_);
        changed.add_returning(detail::columns_of_model<Returned>());
        return changed;
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] update_statement timeout(std::chrono::milliseconds limit) const {
        update_statement changed(*this);
        changed.options_.timeout = limit;
        return changed;
    }

    update_statement(sql::statement_ref tree, const execution_options& options)
        : detail::dml_clauses(std::move(tree)) {
        options_ = options;
    }

private:
    template <class, class, class>
    friend class update_statement;
};

/// `UPDATE` the model's table.
template <class Model>
[[nodiscard]] update_statement<Model> update() {
    return update_statement<Model>(sql::make<sql::update_node>(describe<Model>::source()));
}

}  // namespace gino
