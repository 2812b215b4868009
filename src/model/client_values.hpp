// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/model_info.hpp>

#include <vector>

namespace gino::detail {

/// Returns the value of a default_() or onupdate(): a bind parameter of the function's result, or
/// the expression.
[[nodiscard]] sql::expression_ref expression_of(const client_value& from, sql_type type);

/// Appends an assignment for each column that has an onupdate() and none yet.
void add_onupdate(const model_info& model, std::vector<sql::assignment_node>& assignments);

}  // namespace gino::detail
