// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <string_view>

namespace gino::detail {

/// Quotes the names of SQL. No other part of the library does.
class identifier_preparer {
public:
    /// Makes a preparer.
    ///
    /// @param reserved  Words that have to be quoted, in lower case, sorted. Must outlive it.
    /// @param longest   The longest name, in bytes; 0: no limit.
    constexpr identifier_preparer(
        std::span<const std::string_view> reserved, std::size_t longest
    ) noexcept
        : reserved_(reserved), longest_(longest) {}

    /// Appends a name, in quotes if it is reserved or no plain lower-case identifier. Unquoted
    /// names are folded to lower case by PostgreSQL, so that a name with upper case needs quotes.
    ///
    /// @throws argument_error  It is empty, too long, has a NUL byte, or is not UTF-8.
    void append(std::string& to, std::string_view name) const;

    [[nodiscard]] std::string quote(std::string_view name) const;

private:
    [[nodiscard]] bool needs_quotes(std::string_view name) const;
    void check(std::string_view name) const;

    std::span<const std::string_view> reserved_;
    std::size_t longest_;
};

/// Appends a string literal: 'it''s'. For DDL, which cannot have parameters.
///
/// @throws argument_error  It has a NUL byte.
void append_string_literal(std::string& to, std::string_view text);

}  // namespace gino::detail
