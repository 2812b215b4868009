// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <optional>
#include <string>
#include <string_view>

/// @file
/// Quoted parts of texts. In PostgreSQL's text form of arrays, composite values and hstore: double
/// quotes, with a backslash before quotes and backslashes. In SQL names: quotes that are doubled.
namespace gino::detail {

/// Appends a text in double quotes.
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

/// Consumes a quoted text from the front of `rest`. Empty: there is none, or it has no end.
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

/// Consumes a SQL name from the front of `rest`, whose opening quote is already consumed: up to the
/// closing quote, or up to the end. A doubled quote is one quote of the name.
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
