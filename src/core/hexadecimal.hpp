// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace gino::detail {

/// Appends the two digits of a byte.
inline void append_hexadecimal(std::string& to, std::byte b) {
    constexpr std::string_view digits = "0123456789abcdef";
    to += digits[std::to_integer<std::size_t>(b >> 4)];
    to += digits[std::to_integer<std::size_t>(b & std::byte{15})];
}

}  // namespace gino::detail
