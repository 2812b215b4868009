// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/identifier_preparer.hpp"

#include <gino/core/error.hpp>

#include <algorithm>

#include "core/utf8.hpp"

namespace gino::detail {

namespace {

bool is_lower(char c) {
    return (c >= 'a' && c <= 'z') || c == '_';
}

// PostgreSQL allows a dollar in unquoted names, after the first character (manual, 4.1.1).
bool is_plain(char c) {
    return is_lower(c) || (c >= '0' && c <= '9') || c == '$';
}

[[noreturn]] void throw_bad_name(const std::string& why) {
    throw argument_error(errc::invalid_argument, "cannot write an identifier: " + why);
}

}  // namespace

void identifier_preparer::check(std::string_view name) const {
    if (name.empty()) {
        throw_bad_name("it is empty");
    }
    if (name.find('\0') != std::string_view::npos) {
        throw_bad_name("it has a NUL byte in it");
    }
    if (longest_ != 0 && name.size() > longest_) {
        throw_bad_name(
            "\"" + std::string(name) + "\" has " + std::to_string(name.size()) +
            " bytes, and the database keeps only " + std::to_string(longest_)
        );
    }
    if (!detail::is_utf8(name)) {
        throw_bad_name("it is not valid UTF-8");
    }
}

bool identifier_preparer::needs_quotes(std::string_view name) const {
    return !is_lower(name.front()) || !std::ranges::all_of(name, is_plain) ||
           std::ranges::binary_search(reserved_, name);
}

void identifier_preparer::append(std::string& to, std::string_view name) const {
    check(name);
    if (!needs_quotes(name)) {
        to += name;
        return;
    }
    to += '"';
    for (const char c : name) {
        if (c == '"') {
            to += '"';
        }
        to += c;
    }
    to += '"';
}

std::string identifier_preparer::quote(std::string_view name) const {
    std::string quoted;
    append(quoted, name);
    return quoted;
}

void append_string_literal(std::string& to, std::string_view text) {
    if (text.find('\0') != std::string_view::npos) {
        throw argument_error(
            errc::bad_value, "cannot write a string literal: it has a NUL byte in it"
        );
    }
    to += '\'';
    for (const char c : text) {
        if (c == '\'') {
            to += '\'';
        }
        to += c;
    }
    to += '\'';
}

}  // namespace gino::detail
