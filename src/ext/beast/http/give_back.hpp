// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string>

namespace gino::ext::detail {

/// Empties a text and frees its memory. An assignment of an empty text would keep the memory:
/// libstdc++ copies short texts into it.
inline void give_back(std::string& text) noexcept {
    std::string().swap(text);
}

}  // namespace gino::ext::detail
