// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// @file
/// Texts within PostgreSQL's text of arrays and hstore: in double quotes, with a backslash before
/// those and before backslashes. Names of SQL: with their quotes doubled.
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

/// Takes a name of SQL from the front of `rest`, which is behind the opening quote: up to the
/// closing quote, or all. A doubled quote is one of the name.
[[nodiscard]] inline std::string take_quoted_name(std::string_view& rest, char quote) {
    std::string name;
    while (!rest.empty()) {
        const char c = rest.front();
        rest.remove_prefix(1);
        if (c == quote && !rest.starts_with(quote)) {
            break;
        }
        if (c == quote) {
            rest.remove_prefix(1);
        }
        name += c;
    }
    return name;
}

}  // namespace gino::detail
