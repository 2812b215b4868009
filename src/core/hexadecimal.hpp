// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace gino::detail {

/// Appends the two digits of a byte.
inline void append_hexadecimal(std::string& to, std::byte b) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += digits[std::to_integer<std::size_t>(b >> 4)];
    to += digits[std::to_integer<std::size_t>(b & std::byte{15})];
}

/// Reads pairs of digits. Nothing: something else stands there.
[[nodiscard]] inline std::optional<std::vector<std::byte>> parse_hexadecimal(std::string_view text
) {
    const auto digit = [](char c) {
        if (c >= '0' && c <= '9') {
            return c - '0';
        }
        const char lower = static_cast<char>(c | 0x20);
        return lower >= 'a' && lower <= 'f' ? lower - 'a' + 10 : -1;
    };
    std::vector<std::byte> read;
    for (; text.size() >= 2; text.remove_prefix(2)) {
        const int high = digit(text[0]);
        const int low = digit(text[1]);
        if (high < 0 || low < 0) {
            return std::nullopt;
        }
        read.push_back(static_cast<std::byte>(high * 16 + low));
    }
    return text.empty() ? std::optional(std::move(read)) : std::nullopt;
}

}  // namespace gino::detail
