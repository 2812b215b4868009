// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/value.hpp>

#include <charconv>
#include <cmath>
#include <iterator>
#include <string_view>

#include "core/hexadecimal.hpp"

namespace gino {

namespace {

std::string quoted_text(std::string_view text) {
    std::string result = "'";
    for (const char c : text) {
        result.append(c == '\'' ? 2 : 1, c);
    }
    return result += '\'';
}

// The text for people. Texts are quoted as in SQL, so that "7" and 7 look different.
struct writer {
    std::string operator()(null_t) const { return "NULL"; }

    std::string operator()(bool held) const { return held ? "true" : "false"; }

    std::string operator()(std::int64_t held) const { return std::to_string(held); }

    std::string operator()(double held) const {
        if (std::isnan(held)) {
            return "NaN";
        }
        if (std::isinf(held)) {
            return held > 0 ? "Infinity" : "-Infinity";
        }
        char digits[32];
        // The shortest digits that read back as the same number.
        std::string text(
            std::begin(digits), std::to_chars(std::begin(digits), std::end(digits), held).ptr
        );
        // 7.0 is not the integer 7.
        return text.find_first_not_of("-0123456789") == std::string::npos ? text + ".0" : text;
    }

    std::string operator()(const std::string& held) const { return quoted_text(held); }

    std::string operator()(const bytes& held) const {
        std::string text = "x'";
        for (const std::byte one : held) {
            detail::append_hexadecimal(text, one);
        }
        return text += '\'';
    }

    std::string operator()(const json_text& held) const { return quoted_text(held.text); }

    std::string operator()(const decimal& held) const { return held.to_string(); }

    // Dates, times and addresses: `to_string()` of the type, in quotes.
    template <class Textual>
    std::string operator()(const Textual& held) const {
        return quoted_text(to_string(held));
    }

    std::string operator()(const value::range& held) const {
        if (held.is_empty) {
            return "empty";
        }
        const auto bound = [&](std::size_t i) {
            return held.bounds[i].is_null() ? "" : to_string(held.bounds[i]);
        };
        return (held.includes_lower ? "[" : "(") + bound(0) + "," + bound(1) +
               (held.includes_upper ? "]" : ")");
    }

    std::string operator()(const value::array& held) const {
        std::string text = "[";
        for (const value& element : held) {
            text += text.size() > 1 ? ", " : "";
            text += to_string(element);
        }
        return text += ']';
    }
};

}  // namespace

std::string to_string(const value& v) {
    return std::visit(writer{}, v.get());
}

}  // namespace gino
