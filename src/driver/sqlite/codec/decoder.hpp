// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

#include <string_view>

namespace gino::sqlite {

/// Returns the decoder of the fields of a `row_batch`. It is static, because rows may outlive their
/// session.
[[nodiscard]] const field_decoder& decoder() noexcept;

/// Returns the type kind of a declared type; `unknown` for other types, and for an expression,
/// which has no declared type.
///
/// @param declared  `sqlite3_column_decltype()`; may be empty.
[[nodiscard]] type_kind kind_of_declaration(std::string_view declared);

}  // namespace gino::sqlite
