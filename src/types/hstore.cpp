// SPDX-License-Identifier: BSD-3-Clause
#include <gino/types/from_value.hpp>
#include <gino/types/hstore.hpp>

#include "core/quoted_text.hpp"

namespace gino {

namespace {

/// Reads the pairs from left to right. Each function consumes the characters that it reads, or
/// returns false or an empty optional.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    void skip_blanks() noexcept {
        while (rest_.starts_with(' ')) {
            rest_.remove_prefix(1);
        }
    }

    bool take(std::string_view expected) noexcept {
        if (!rest_.starts_with(expected)) {
            return false;
        }
        rest_.remove_prefix(expected.size());
        return true;
    }

    [[nodiscard]] std::optional<std::string> quoted() { return detail::take_quoted_text(rest_); }

private:
    std::string_view rest_;
};

}  // namespace

// Quotes around every key and text: no character needs a special case, and the text NULL differs
// from the word NULL.
std::string to_string(const hstore& pairs) {
    std::string text;
    for (const auto& [key, held] : pairs) {
        text += text.empty() ? "" : ", ";
        detail::append_quoted_text(text, key);
        text += "=>";
        if (held) {
            detail::append_quoted_text(text, *held);
        } else {
            text += "NULL";
        }
    }
    return text;
}

std::optional<hstore> parse_hstore(std::string_view text) {
    reader input(text);
    hstore pairs;
    input.skip_blanks();
    while (!input.is_done()) {
        auto key = input.quoted();
        if (!key || !input.take("=>")) {
            return std::nullopt;
        }
        std::optional<std::string> held;
        if (!input.take("NULL")) {
            held = input.quoted();
            if (!held) {
                return std::nullopt;
            }
        }
        // The extension keeps one of several equal keys; here the last one.
        pairs.insert_or_assign(std::move(*key), std::move(held));
        input.skip_blanks();
        if (!input.is_done() && !input.take(",")) {
            return std::nullopt;
        }
        input.skip_blanks();
    }
    return pairs;
}

hstore mapping<hstore>::from_value(const value& v, const field_view& field) {
    const auto* text = v.get_if<std::string>();
    auto pairs = text == nullptr ? std::nullopt : parse_hstore(*text);
    if (!pairs) {
        detail::throw_cannot_read(field, "hstore");
    }
    return std::move(*pairs);
}

}  // namespace gino
