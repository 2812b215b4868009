// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// Texts as they stand within PostgreSQL's text of arrays and hstore: in double quotes, with a
/// backslash before those and before backslashes.
namespace gino::detail {

inline void append_quoted_text(std::string& to, std::string_view text) {
    to += '"';
    for (const char c : text) {
        if (c == '"' || c == '\\') {
            to += '\\';
        }
        to += c;
    }
    to += '"';
}

/// Takes such a text from the front of `rest`. Nothing: none stands there, or it does not end.
[[nodiscard]] inline std::optional<std::string> take_quoted_text(std::string_view& rest) {
    if (!rest.starts_with('"')) {
        return std::nullopt;
    }
    std::string text;
    for (std::size_t i = 1; i < rest.size(); ++i) {
        if (rest[i] == '"') {
            rest.remove_prefix(i + 1);
            return text;
        }
        if (rest[i] == '\\' && ++i == rest.size()) {
            return std::nullopt;
        }
        text += rest[i];
    }
    return std::nullopt;
}

}  // namespace gino::detail
