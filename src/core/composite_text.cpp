// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/composite_text.hpp>

#include "core/quoted_text.hpp"

namespace gino {

namespace {

/// Reads the attributes from left to right.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    bool take(char c) noexcept {
        if (!rest_.starts_with(c)) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Reads up to the next "," or ")" outside of quotes, and leaves that character in the input.
    /// An attribute without any character is NULL; `""` is the empty text (manual, 8.16.6). Quotes
    /// may begin and end in the middle of an attribute.
    ///
    /// @return False: the text ends within the attribute.
    [[nodiscard]] bool attribute(std::optional<std::string>& into) {
        into.reset();
        bool within_quotes = false;
        while (!rest_.empty()) {
            const char c = rest_.front();
            if (!within_quotes && (c == ',' || c == ')')) {
                return true;
            }
            rest_.remove_prefix(1);
            if (!into) {
                into.emplace();
            }
            if (c == '\\') {
                if (rest_.empty()) {
                    return false;
                }
                *into += rest_.front();
                rest_.remove_prefix(1);
            } else if (c != '"') {
                *into += c;
            } else if (within_quotes && take('"')) {
                *into += '"';  // written twice
            } else {
                within_quotes = !within_quotes;
            }
        }
        return false;
    }

private:
    std::string_view rest_;
};

}  // namespace

// Quotes around every attribute that is not NULL: no character then needs a special case.
std::string to_composite_text(const attribute_texts& attributes) {
    std::string text = "(";
    for (const auto& attribute : attributes) {
        text += &attribute == &attributes.front() ? "" : ",";
        if (attribute) {
            detail::append_quoted_text(text, *attribute);
        }
    }
    return text + ")";
}

std::optional<attribute_texts> parse_composite_text(std::string_view text) {
    reader input(text);
    attribute_texts attributes;
    if (!input.take('(')) {
        return std::nullopt;
    }
    do {
        if (!input.attribute(attributes.emplace_back())) {
            return std::nullopt;
        }
    } while (input.take(','));
    if (!input.take(')') || !input.is_done()) {
        return std::nullopt;
    }
    return attributes;
}

}  // namespace gino
