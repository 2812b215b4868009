// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// Writes an array as PostgreSQL's text has it: `{a,"b c",NULL}`, arrays of arrays too.
[[nodiscard]] std::string to_array_text(const value::array& elements);

/// Reads such a text; elements are strings and NULL. Nothing: it is malformed, or nested deeper
/// than PostgreSQL's arrays are.
[[nodiscard]] std::optional<value::array> parse_array_text(std::string_view text);

}  // namespace gino
