// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/dml.hpp>
#include <gino/sql/named_source.hpp>

#include <tuple>

namespace gino {

/// `UPDATE`. Without where() it changes all rows.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Columns = std::tuple<>>
class update_statement
    : public detail::filtered_dml_statement<update_statement, Model, Row, Columns> {
    using base = detail::filtered_dml_statement<gino::update_statement, Model, Row, Columns>;

public:
    using base::base;

    /// `SET`: `set(user::c.age = user::c.age + 1)`. Called again: more assignments.
    template <class... Assignments>
        requires(sizeof...(Assignments) > 0)
    [[nodiscard]] update_statement set(const Assignments&... assignments) const {
        static_assert(
            (detail::assigns_to<Model, Assignments> && ...),
            "gino: set() takes assignments to columns of the model that is updated, such as "
            "user::c.age = 7"
        );
        return this->with([&](update_statement& s) { (s.add_assignment(assignments), ...); });
    }
};

/// `UPDATE` the model's table.
template <class Model>
[[nodiscard]] update_statement<Model> update() {
    return update_statement<Model>(sql::make<sql::update_node>(describe<Model>::source()));
}

/// `UPDATE` a table without a model.
[[nodiscard]] inline update_statement<void> update(const named_table& table) {
    return update_statement<void>(sql::make<sql::update_node>(table.table()));
}

}  // namespace gino
