// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

namespace gino::fuzz {

inline std::string_view text_of(const std::uint8_t* data, std::size_t size) {
    return {reinterpret_cast<const char*>(data), size};
}

/// Checks that a value parsed from any text survives writing and parsing again.
///
/// @param read   Converts a text to an optional value.
/// @param write  Converts a value to its text.
template <class Read, class Write>
void check_text(std::string_view text, const Read& read, const Write& write) {
    const auto once = read(text);
    if (!once) {
        return;
    }
    const std::string written = write(*once);
    const auto again = read(written);
    if (!again || write(*again) != written) {
        std::abort();
    }
}

}  // namespace gino::fuzz
