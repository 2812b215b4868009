// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <algorithm>
#include <string_view>

namespace gino::ext::detail {

/// Compares the names of header fields and their keywords: ASCII letters without case.
[[nodiscard]] inline bool equals_ignoring_case(
    std::string_view left, std::string_view right
) noexcept {
    const auto lower = [](char letter) {
        return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
    };
    return std::ranges::equal(left, right, {}, lower, lower);
}

}  // namespace gino::ext::detail
