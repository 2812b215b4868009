// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/dml.hpp>
#include <gino/sql/named_source.hpp>

#include <tuple>

namespace gino {

/// An UPDATE statement, as an immutable value: `update<user>().set(...)` with where() and
/// returning(). Without where() it changes all rows.
///
///     update<user>().set(user::c.age = user::c.age + 1).where(user::c.id == 3)
///
///     UPDATE users SET age=(users.age + $1) WHERE users.id = $2
///
/// Columns with an onupdate() in the model's `table_args()` are set too, unless set() names them. A
/// statement without set() is an `argument_error` when it is run.
///
/// @tparam Row  `void` without returning(); then the type of a returned row.
template <class Model, class Row = void, class Columns = std::tuple<>>
class update_statement
    : public detail::filtered_dml_statement<update_statement, Model, Row, Columns> {
    using base = detail::filtered_dml_statement<gino::update_statement, Model, Row, Columns>;

public:
    using base::base;

    /// Adds assignments: `SET column = value`. Several calls append; PostgreSQL refuses two
    /// assignments to one column.
    ///
    /// An expression may use columns of other tables, which the dialect writes into FROM: `UPDATE
    /// users SET name=teams.name FROM teams WHERE teams.id = users.team_id`.
    ///
    /// @param assignments  Made by `=` of the model's columns: `user::c.age = 7`. A column of
    ///                     another model does not compile.
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

/// Starts an UPDATE of the model's table.
template <class Model>
[[nodiscard]] update_statement<Model> update() {
    return update_statement<Model>(sql::make<sql::update_node>(describe<Model>::source()));
}

/// Starts an UPDATE of a table without a model.
[[nodiscard]] inline update_statement<void> update(const named_table& table) {
    return update_statement<void>(sql::make<sql::update_node>(table.table()));
}

}  // namespace gino
