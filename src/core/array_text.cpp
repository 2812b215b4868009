// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/array_text.hpp>

#include "core/quoted_text.hpp"
#include "core/text_form.hpp"

namespace gino {

namespace {

// PostgreSQL's MAXDIM. The reader recurses once per dimension, so that this also bounds its stack.
constexpr int most_dimensions = 6;

/// Reads an array and the arrays within it. Each function returns an empty optional as soon as the
/// text is malformed.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    // NOLINTNEXTLINE(misc-no-recursion): as deep as PostgreSQL's arrays are
    [[nodiscard]] std::optional<value::array> array(int depth) {
        if (depth > most_dimensions || !take('{')) {
            return std::nullopt;
        }
        value::array elements;
        // PostgreSQL never writes a comma before the closing brace. Such a text is malformed: after
        // the comma, `plain()` finds no characters before "}".
        while (!take('}')) {
            if (!elements.empty() && !take(',')) {
                return std::nullopt;
            }
            auto one = element(depth);
            if (!one) {
                return std::nullopt;
            }
            elements.push_back(std::move(*one));
        }
        return elements;
    }

private:
    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    // NOLINTNEXTLINE(misc-no-recursion): as above
    [[nodiscard]] std::optional<value> element(int depth) {
        if (rest_.starts_with('{')) {
            auto inner = array(depth + 1);
            return inner ? std::optional(value(std::move(*inner))) : std::nullopt;
        }
        return rest_.starts_with('"') ? quoted() : plain();
    }

    [[nodiscard]] std::optional<value> quoted() {
        auto text = detail::take_quoted_text(rest_);
        return text ? std::optional(value(std::move(*text))) : std::nullopt;
    }

    // An element without quotes. It is never empty (the server writes "" for an empty text), and
    // NULL without quotes is SQL's NULL (manual, 8.15.2).
    [[nodiscard]] std::optional<value> plain() {
        const std::size_t end = rest_.find_first_of(",}");
        if (end == 0 || end == std::string_view::npos) {
            return std::nullopt;
        }
        const std::string_view text = rest_.substr(0, end);
        rest_.remove_prefix(end);
        return text == "NULL" ? value() : value(std::string(text));
    }

    std::string_view rest_;
};

}  // namespace

// NOLINTNEXTLINE(misc-no-recursion): as deep as the value is
std::string to_array_text(const value::array& elements) {
    std::string text = "{";
    for (const auto& element : elements) {
        text += text.size() > 1 ? "," : "";
        if (const auto* inner = element.get_if<value::array>()) {
            text += to_array_text(*inner);
        } else if (element.is_null()) {
            text += "NULL";
        } else {
            // Quotes are allowed around every element, so that no word or character needs a special
            // case.
            detail::append_quoted_text(text, detail::text_form(element));
        }
    }
    return text + "}";
}

std::optional<value::array> parse_array_text(std::string_view text) {
    reader input(text);
    auto elements = input.array(1);
    return elements && input.is_done() ? std::move(elements) : std::nullopt;
}

}  // namespace gino
