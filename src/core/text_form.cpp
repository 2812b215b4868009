// SPDX-License-Identifier: BSD-3-Clause
#include "core/text_form.hpp"

#include <gino/core/array_text.hpp>

#include <concepts>
#include <type_traits>
#include <variant>

#include "core/hexadecimal.hpp"
#include "core/quoted_text.hpp"

namespace gino::detail {

namespace {

/// Types whose text for people is also PostgreSQL's input: numbers, booleans, NULL.
template <class Held>
concept reads_alike =
    std::is_arithmetic_v<Held> || std::same_as<Held, null_t> || std::same_as<Held, decimal>;

struct writer {
    const value& whole;

    template <reads_alike Held>
    std::string operator()(const Held& /*held*/) const {
        return to_string(whole);
    }

    std::string operator()(const std::string& held) const { return held; }

    std::string operator()(const json_text& held) const { return held.text; }

    std::string operator()(const value::array& held) const { return to_array_text(held); }

    std::string operator()(const value::range& held) const {
        if (held.is_empty) {
            return "empty";
        }
        std::string text = held.includes_lower ? "[" : "(";
        append_bound(text, held.bounds[0]);
        text += ",";
        append_bound(text, held.bounds[1]);
        return text + (held.includes_upper ? "]" : ")");
    }

    // The hex format of bytea (manual, 8.4.1).
    std::string operator()(const bytes& held) const {
        std::string text = "\\x";
        for (const std::byte one : held) {
            append_hexadecimal(text, one);
        }
        return text;
    }

    // An unbounded side is written as no characters, so a bound has quotes: an empty text would
    // look the same.
    static void append_bound(std::string& to, const value& bound) {
        if (!bound.is_null()) {
            append_quoted_text(to, text_form(bound));
        }
    }

    // Dates, times and addresses: `to_string()` of the type.
    template <class Textual>
    std::string operator()(const Textual& held) const {
        return to_string(held);
    }
};

}  // namespace

std::string text_form(const value& v) {
    return std::visit(writer{v}, v.get());
}

}  // namespace gino::detail
