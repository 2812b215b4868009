// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/insert.hpp>

namespace gino {

/// `DELETE FROM`. Without where() it deletes all rows.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Selected = Row>
class delete_statement : public detail::dml_clauses {
public:
    using row_type = Row;
    using selected_type = Selected;

    using detail::dml_clauses::dml_clauses;

    /// `WHERE condition`; called again: `AND condition`.
    template <class Condition>
    [[nodiscard]] delete_statement where(const Condition& condition) const {
        detail::check_condition<Condition>();
        delete_statement changed(*this);
        changed.add_where(condition.node());
        return changed;
    }

    /// `RETURNING` expressions.
    template <expression... Expressions>
        requires(sizeof...(Expressions) > 0)
    [[nodiscard]] auto returning(const Expressions&... expressions) const {
        using row = typename detail::row_of<Expressions...>::type;
        delete_statement<Model, row> changed(tree_, options_);
        changed.add_returning({expressions.node()...});
        return changed;
    }

    /// `RETURNING` all columns of the model, loaded as objects.
    template <class Returned = Model>
    [[nodiscard]] auto returning() const {
        delete_statement<Model, Returned> changed(tree_, options_);
        changed.add_returning(detail::columns_of_model<Returned>());
        return changed;
    }

    /// The longest time that running the statement may take, waiting for a connection included.
    [[nodiscard]] delete_statement timeout(std::chrono::milliseconds limit) const {
        delete_statement changed(*this);
        changed.options_.timeout = limit;
        return changed;
    }

    delete_statement(sql::statement_ref tree, const execution_options& options)
        : detail::dml_clauses(std::move(tree)) {
        options_ = options;
    }

private:
    template <class, class, class>
    friend class delete_statement;
};

/// `DELETE FROM` the model's table.
template <class Model>
[[nodiscard]] delete_statement<Model> delete_from() {
    return delete_statement<Model>(sql::make<sql::delete_node>(describe<Model>::source()));
}

}  // namespace gino
