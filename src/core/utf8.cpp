// SPDX-License-Identifier: BSD-3-Clause
#include "core/utf8.hpp"

#include <cstddef>

namespace gino::detail {

namespace {

/// A row of the Unicode standard's table of well-formed sequences. Limits on the second byte
/// exclude overlong forms (E0, F0), surrogates (ED) and numbers above U+10FFFF (F4).
struct sequence {
    unsigned char first_from;
    unsigned char first_to;
    unsigned char second_from;
    unsigned char second_to;
    std::size_t length;
};

constexpr sequence sequences[] = {
    {0xc2, 0xdf, 0x80, 0xbf, 2},
    {0xe0, 0xe0, 0xa0, 0xbf, 3},
    {0xe1, 0xec, 0x80, 0xbf, 3},
    {0xed, 0xed, 0x80, 0x9f, 3},
    {0xee, 0xef, 0x80, 0xbf, 3},
    {0xf0, 0xf0, 0x90, 0xbf, 4},
    {0xf1, 0xf3, 0x80, 0xbf, 4},
    {0xf4, 0xf4, 0x80, 0x8f, 4},
};

bool is_within(unsigned char c, unsigned char from, unsigned char to) noexcept {
    return c >= from && c <= to;
}

// Returns the length of the sequence at the front of the text; 0: it is not well-formed.
std::size_t sequence_length(std::string_view text) noexcept {
    const auto at = [text](std::size_t i) { return static_cast<unsigned char>(text[i]); };
    for (const auto& one : sequences) {
        if (!is_within(at(0), one.first_from, one.first_to)) {
            continue;
        }
        if (text.size() < one.length || !is_within(at(1), one.second_from, one.second_to)) {
            return 0;
        }
        for (std::size_t i = 2; i < one.length; ++i) {
            if (!is_within(at(i), 0x80, 0xbf)) {
                return 0;
            }
        }
        return one.length;
    }
    return 0;
}

}  // namespace

bool is_utf8(std::string_view text) noexcept {
    for (std::size_t i = 0; i < text.size();) {
        if (static_cast<unsigned char>(text[i]) < 0x80) {
            ++i;
            continue;
        }
        const std::size_t length = sequence_length(text.substr(i));
        if (length == 0) {
            return false;
        }
        i += length;
    }
    return true;
}

}  // namespace gino::detail
