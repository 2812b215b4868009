// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include <optional>
#include <string_view>

namespace gino::detail {

/// Reads a value as PostgreSQL's output functions write it (manual, 8.5.2, 8.15.2, 8.17.5;
/// DateStyle is ISO): in the simple protocol, in composite values. A type without a value of its
/// own comes as its text.
///
/// @return Nothing: that is no text of the type.
[[nodiscard]] std::optional<value> value_in_text(std::string_view text, const sql_type& type);

/// The type of a range's bounds; `unknown`: it is no range.
[[nodiscard]] type_kind bound_of(type_kind range) noexcept;

}  // namespace gino::detail
