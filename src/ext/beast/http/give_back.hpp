// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace gino::ext::detail {

/// Empties a text and frees its memory. Assigning an empty text keeps it: libstdc++ copies what is
/// short.
inline void give_back(std::string& text) noexcept {
    std::string().swap(text);
}

}  // namespace gino::ext::detail
