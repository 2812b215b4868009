// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string_view>

namespace gino::detail {

/// Returns the text without the characters of `blanks` at both ends. It points into `text`.
[[nodiscard]] inline std::string_view trimmed(
    std::string_view text, std::string_view blanks = " "
) noexcept {
    const std::size_t begin = text.find_first_not_of(blanks);
    return begin == std::string_view::npos
               ? std::string_view()
               : text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

}  // namespace gino::detail
