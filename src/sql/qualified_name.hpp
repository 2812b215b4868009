// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino::sql {

/// The parts of a name as programs write it: "schema.name" or "name". Both refer to the text that
/// was split.
struct qualified_name {
    std::string_view schema;  ///< Empty: the name has no schema.
    std::string_view name;
};

/// Splits at the first dot. A name that contains a dot itself cannot be written this way.
[[nodiscard]] inline qualified_name split_name(std::string_view text) noexcept {
    const std::size_t dot = text.find('.');
    if (dot == std::string_view::npos) {
        return {.schema = {}, .name = text};
    }
    return {.schema = text.substr(0, dot), .name = text.substr(dot + 1)};
}

}  // namespace gino::sql
