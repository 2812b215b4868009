// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace gino::detail {

/// Appends the two lower-case digits of a byte.
inline void append_hexadecimal(std::string& to, std::byte b) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += digits[std::to_integer<std::size_t>(b >> 4)];
    to += digits[std::to_integer<std::size_t>(b & std::byte{15})];
}

/// Returns the value of a digit in either case. Empty: the character is no digit.
[[nodiscard]] constexpr std::optional<std::byte> hexadecimal_digit(char c) noexcept {
    if (c >= '0' && c <= '9') {
        return static_cast<std::byte>(c - '0');
    }
    const char lower = static_cast<char>(c | 0x20);
    return lower >= 'a' && lower <= 'f' ? std::optional(static_cast<std::byte>(lower - 'a' + 10))
                                        : std::nullopt;
}

/// Reads the two digits at index `i`. Empty: other characters, or the end of the text, are there.
[[nodiscard]] constexpr std::optional<std::byte> hexadecimal_byte_at(
    std::string_view text, std::size_t i
) noexcept {
    if (i + 2 > text.size()) {
        return std::nullopt;
    }
    const auto high = hexadecimal_digit(text[i]);
    const auto low = hexadecimal_digit(text[i + 1]);
    return high && low ? std::optional(*high << 4 | *low) : std::nullopt;
}

/// Reads pairs of digits up to the end. Empty: other characters, or an odd number of them.
[[nodiscard]] inline std::optional<std::vector<std::byte>> parse_hexadecimal(std::string_view text
) {
    std::vector<std::byte> read;
    for (std::size_t i = 0; i < text.size(); i += 2) {
        const auto byte = hexadecimal_byte_at(text, i);
        if (!byte) {
            return std::nullopt;
        }
        read.push_back(*byte);
    }
    return read;
}

}  // namespace gino::detail
