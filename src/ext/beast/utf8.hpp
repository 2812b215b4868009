// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino::ext::detail {

/// True when the text is well-formed UTF-8 (Unicode 15, table 3-7) and has no NUL character.
[[nodiscard]] bool is_database_text(std::string_view text) noexcept;

}  // namespace gino::ext::detail
