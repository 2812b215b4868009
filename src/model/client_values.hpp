// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/model_info.hpp>

#include <vector>

namespace gino::detail {

[[nodiscard]] sql::expression_ref expression_of(const client_value& from, sql_type type);

/// Assigns to the columns that have an onupdate(), unless the program did.
void add_onupdate(const model_info& model, std::vector<sql::assignment_node>& assignments);

}  // namespace gino::detail
