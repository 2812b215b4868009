// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino::detail {

/// Returns true for well-formed UTF-8 (Unicode, table 3-7): no surrogates, no sequence longer than
/// necessary, nothing above U+10FFFF.
[[nodiscard]] bool is_utf8(std::string_view text) noexcept;

}  // namespace gino::detail
