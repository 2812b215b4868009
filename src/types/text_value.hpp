// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include <optional>
#include <string_view>

namespace gino::detail {

/// Reads a value in the form that PostgreSQL's output functions write (manual, 8.5.2, 8.15.2,
/// 8.17.5), with DateStyle ISO. The simple protocol and composite values send this form. A type
/// without an alternative in `value` is read as its text.
///
/// @return Empty: the text is no value of the type.
[[nodiscard]] std::optional<value> value_in_text(std::string_view text, const sql_type& type);

/// Returns the type of a range's bounds; `unknown`: it is no range.
[[nodiscard]] type_kind bound_of(type_kind range) noexcept;

}  // namespace gino::detail
