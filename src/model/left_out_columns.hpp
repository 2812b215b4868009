// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/model_info.hpp>

#include <vector>

namespace gino::detail {

/// Returns whether create() leaves a column to the database:
/// - a column that the database computes, or an identity column that is always generated;
/// - a key that the database numbers, while the member is NULL or 0;
/// - a column with a server default and no default_(), while the member is an empty optional or, if
///   it is no optional, has its initial value.
///
/// @param initial  The member's value in a default-constructed object.
[[nodiscard]] bool is_left_out(
    const column_definition& column, const value& v, const value& initial
);

/// Returns, for each column by position, whether create() leaves it to the database.
[[nodiscard]] std::vector<bool> left_out_columns(const model_info& model, const void* object);

}  // namespace gino::detail
