// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gino {

/// The attributes of a composite value as texts; nothing stands for NULL.
using attribute_texts = std::vector<std::optional<std::string>>;

/// Writes a composite value as PostgreSQL's text has it: `("b c",7,)` (manual, 8.16.6).
[[nodiscard]] std::string to_composite_text(const attribute_texts& attributes);

/// Reads such a text. Nothing: it is malformed.
[[nodiscard]] std::optional<attribute_texts> parse_composite_text(std::string_view text);

}  // namespace gino
