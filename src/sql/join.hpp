// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

namespace gino::sql {

/// Makes the ON clause of a join from the only foreign key between a table on its left and a table
/// on its right, in either direction; aliases count as tables of their own.
///
/// @throws argument_error  No foreign key fits, or several do; the message lists them.
[[nodiscard]] expression_ref infer_join_condition(const from_item& left, const from_item& right);

}  // namespace gino::sql
