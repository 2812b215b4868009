// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/dml.hpp>
#include <gino/sql/named_source.hpp>

#include <tuple>

namespace gino {

/// `DELETE FROM`. Without where() it deletes all rows.
///
/// @tparam Row  `void` until returning() says what comes back.
template <class Model, class Row = void, class Columns = std::tuple<>>
class delete_statement
    : public detail::filtered_dml_statement<delete_statement, Model, Row, Columns> {
    using base = detail::filtered_dml_statement<gino::delete_statement, Model, Row, Columns>;

public:
    using base::base;
};

/// `DELETE FROM` the model's table.
template <class Model>
[[nodiscard]] delete_statement<Model> delete_from() {
    return delete_statement<Model>(sql::make<sql::delete_node>(describe<Model>::source()));
}

/// `DELETE FROM` a table without a model.
[[nodiscard]] inline delete_statement<void> delete_from(const named_table& table) {
    return delete_statement<void>(sql::make<sql::delete_node>(table.table()));
}

}  // namespace gino
