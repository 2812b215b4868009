// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/model_info.hpp>

#include <vector>

namespace gino::detail {

/// True for a column that is left to the database: what it computes, a key that it numbers, while
/// it is zero, and one with a server default, while the member is an empty optional or, if it is
/// none, has the value that the class gives it.
[[nodiscard]] bool is_left_out(
    const column_definition& column, const value& v, const value& initial
);

/// The columns of an object that are left to the database.
[[nodiscard]] std::vector<bool> left_out_columns(const model_info& model, const void* object);

}  // namespace gino::detail
