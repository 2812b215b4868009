// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gino {

/// The attributes of a composite value, as texts; an empty optional is NULL.
using attribute_texts = std::vector<std::optional<std::string>>;

/// Writes a composite value in PostgreSQL's text form: `("b c","7",)` (manual, 8.16.6). Every
/// attribute but NULL is in quotes.
[[nodiscard]] std::string to_composite_text(const attribute_texts& attributes);

/// Reads PostgreSQL's text form of a composite value. The text `()` is one attribute that is NULL.
///
/// @return Empty: the text is malformed.
[[nodiscard]] std::optional<attribute_texts> parse_composite_text(std::string_view text);

}  // namespace gino
