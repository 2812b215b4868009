// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/utf8.hpp"

#include <algorithm>
#include <cstddef>

namespace gino::ext::detail {

namespace {

struct sequence {
    std::size_t size;      // 0: no sequence begins with this byte
    unsigned char lowest;  // range of the second byte; all others are 80 to BF
    unsigned char highest;
};

sequence sequence_of(unsigned char first) noexcept {
    if (first >= 0x01 && first <= 0x7f) {
        return {1, 0, 0};
    }
    if (first >= 0xc2 && first <= 0xdf) {
        return {2, 0x80, 0xbf};
    }
    if (first >= 0xe0 && first <= 0xef) {
        const unsigned char lowest = first == 0xe0 ? 0xa0 : 0x80;   // no overlong forms
        const unsigned char highest = first == 0xed ? 0x9f : 0xbf;  // no surrogates
        return {3, lowest, highest};
    }
    if (first >= 0xf0 && first <= 0xf4) {
        const unsigned char lowest = first == 0xf0 ? 0x90 : 0x80;
        const unsigned char highest = first == 0xf4 ? 0x8f : 0xbf;  // up to U+10FFFF
        return {4, lowest, highest};
    }
    return {0, 0, 0};
}

bool is_between(char byte, unsigned char lowest, unsigned char highest) noexcept {
    const auto value = static_cast<unsigned char>(byte);
    return value >= lowest && value <= highest;
}

}  // namespace

bool is_database_text(std::string_view text) noexcept {
    while (!text.empty()) {
        const sequence expected = sequence_of(static_cast<unsigned char>(text.front()));
        if (expected.size == 0 || expected.size > text.size()) {
            return false;
        }
        if (expected.size > 1) {
            const std::string_view rest = text.substr(2, expected.size - 2);
            const auto continues = [](char byte) { return is_between(byte, 0x80, 0xbf); };
            if (!is_between(text[1], expected.lowest, expected.highest) ||
                !std::ranges::all_of(rest, continues)) {
                return false;
            }
        }
        text.remove_prefix(expected.size);
    }
    return true;
}

}  // namespace gino::ext::detail
