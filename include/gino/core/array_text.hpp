// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// Writes an array in PostgreSQL's text form: `{"a","b c",NULL}`, nested braces for further
/// dimensions (manual, 8.15.2). Every element but NULL is in quotes.
[[nodiscard]] std::string to_array_text(const value::array& elements);

/// Reads PostgreSQL's text form of an array. The elements are strings, NULL, or arrays. The word
/// NULL without quotes is NULL in upper case only; bounds such as `[0:1]=` are not read.
///
/// @return Empty: the text is malformed, or has more than six dimensions.
[[nodiscard]] std::optional<value::array> parse_array_text(std::string_view text);

}  // namespace gino
