// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

#include <string_view>

namespace gino::sqlite {

/// Reads the fields of a `row_batch`. Rows may outlive their session: it is never destroyed.
[[nodiscard]] const field_decoder& decoder() noexcept;

/// Reads the type that a column was declared with; `unknown` for a type that nobody knows, and for
/// an expression, which has none.
///
/// @param declared  `sqlite3_column_decltype()`; may be empty.
[[nodiscard]] type_kind kind_of_declaration(std::string_view declared);

}  // namespace gino::sqlite
