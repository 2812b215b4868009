// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>

namespace gino {

/// A string literal as a template argument: the name of a type in the database, such as the one of
/// `enumeration` and `composite`. It ends with a NUL.
template <std::size_t Size>
struct type_name {
    /// Copies the literal, with the NUL at its end. It is implicit, so that a literal can be
    /// written as the argument.
    consteval type_name(const char (&literal)[Size]) {
        for (std::size_t i = 0; i < Size; ++i) {
            text[i] = literal[i];
        }
    }

    char text[Size]{};
};

}  // namespace gino
