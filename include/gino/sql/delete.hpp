// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/dml.hpp>
#include <gino/sql/named_source.hpp>

#include <tuple>

namespace gino {

/// A DELETE statement, as an immutable value: `delete_from<user>()` with where() and returning().
/// Without where() it deletes all rows.
///
///     delete_from<user>().where(user::c.id == 7)
///
///     DELETE FROM users WHERE users.id = $1
///
/// @tparam Row  `void` without returning(); then the type of a returned row.
template <class Model, class Row = void, class Columns = std::tuple<>>
class delete_statement
    : public detail::filtered_dml_statement<delete_statement, Model, Row, Columns> {
    using base = detail::filtered_dml_statement<gino::delete_statement, Model, Row, Columns>;

public:
    using base::base;
};

/// Starts a DELETE from the model's table. To delete the row of one object, see
/// `statement_executor::remove()`.
template <class Model>
[[nodiscard]] delete_statement<Model> delete_from() {
    return delete_statement<Model>(sql::make<sql::delete_node>(describe<Model>::source()));
}

/// Starts a DELETE from a table without a model.
[[nodiscard]] inline delete_statement<void> delete_from(const named_table& table) {
    return delete_statement<void>(sql::make<sql::delete_node>(table.table()));
}

}  // namespace gino
