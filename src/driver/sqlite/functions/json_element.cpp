// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions/json_element.hpp"

#include <gino/core/decimal.hpp>

#include <boost/json/serialize.hpp>
#include <boost/json/string_view.hpp>

#include <algorithm>
#include <charconv>
#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "driver/sqlite/functions/sql_function.hpp"

namespace gino::sqlite {

namespace {

[[noreturn]] void refuse_json() {
    throw refusal{"malformed JSON"};
}

/// Splits a JSON text into values without reading their contents: an element is returned as it is
/// written, as PostgreSQL's `json` does. Boost.JSON would read and write the whole document, and
/// round its numbers. Throws `refusal` for a text that is not JSON as far as it is read.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept : rest_(text) {}

    /// Returns the first character behind blanks, without taking it.
    [[nodiscard]] char front() {
        skip_blanks();
        if (rest_.empty()) {
            refuse_json();
        }
        return rest_.front();
    }

    /// Takes a character; false when there is another one.
    bool take(char c) {
        if (front() != c) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    /// Takes a character that has to be there.
    void expect(char c) {
        if (!take(c)) {
            refuse_json();
        }
    }

    /// Takes a value, as it is written.
    std::string_view take_value() {
        const char first = front();
        if (first == '"') {
            return take_string();
        }
        return first == '{' || first == '[' ? take_container() : take_word();
    }

    /// Takes a string, with its quotes.
    std::string_view take_string() {
        if (front() != '"') {
            refuse_json();
        }
        return take_prefix(size_of_string(rest_));
    }

private:
    void skip_blanks() noexcept {
        while (!rest_.empty() &&
               std::string_view(" \t\n\r").find(rest_.front()) != std::string_view::npos) {
            rest_.remove_prefix(1);
        }
    }

    std::string_view take_prefix(std::size_t size) {
        const auto taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    static std::size_t size_of_string(std::string_view text) {
        for (std::size_t i = 1; i < text.size(); ++i) {
            if (text[i] == '\\') {
                ++i;
            } else if (text[i] == '"') {
                return i + 1;
            }
        }
        refuse_json();
    }

    // Counts brackets of both kinds together; those within strings do not count.
    std::string_view take_container() {
        std::size_t depth = 0;
        for (std::size_t i = 0; i < rest_.size(); ++i) {
            const char c = rest_[i];
            if (c == '"') {
                i += size_of_string(rest_.substr(i)) - 1;
            } else if (c == '{' || c == '[') {
                ++depth;
            } else if ((c == '}' || c == ']') && --depth == 0) {
                return take_prefix(i + 1);
            }
        }
        refuse_json();
    }

    // A number, true, false or null.
    std::string_view take_word() {
        const std::size_t size = std::min(rest_.find_first_of(",:]} \t\n\r"), rest_.size());
        if (size == 0) {
            refuse_json();
        }
        return take_prefix(size);
    }

    std::string_view rest_;
};

// Reads four hexadecimal digits: a UTF-16 code unit.
std::uint32_t code_unit_at(std::string_view text, std::size_t at) {
    std::uint32_t unit = 0;
    const auto digits = text.substr(std::min(at, text.size()), 4);
    const auto [end, failure] =
        std::from_chars(digits.data(), digits.data() + digits.size(), unit, 16);
    if (digits.size() != 4 || failure != std::errc() || end != digits.data() + 4) {
        refuse_json();
    }
    return unit;
}

void append_utf8(std::string& into, std::uint32_t code) {
    const auto put = [&into](std::uint32_t byte) { into += static_cast<char>(byte); };
    if (code < 0x80) {
        put(code);
    } else if (code < 0x800) {
        put(0xc0 | (code >> 6));
        put(0x80 | (code & 0x3f));
    } else if (code < 0x10000) {
        put(0xe0 | (code >> 12));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    } else {
        put(0xf0 | (code >> 18));
        put(0x80 | ((code >> 12) & 0x3f));
        put(0x80 | ((code >> 6) & 0x3f));
        put(0x80 | (code & 0x3f));
    }
}

// Appends the character of \uXXXX at text[at], which is the u. A character beyond the Basic
// Multilingual Plane is two of them, a surrogate pair (RFC 8259, section 7). Returns the number of
// bytes that were read.
std::size_t append_unicode(std::string& into, std::string_view text, std::size_t at) {
    const std::uint32_t first = code_unit_at(text, at + 1);
    const bool is_pair = first >= 0xd800 && first < 0xdc00;
    if (!is_pair) {
        // PostgreSQL's text, too, holds neither NUL nor half of a surrogate pair.
        if (first == 0 || (first >= 0xdc00 && first < 0xe000)) {
            refuse_json();
        }
        append_utf8(into, first);
        return 5;
    }
    if (text.substr(std::min(at + 5, text.size()), 2) != "\\u") {
        refuse_json();
    }
    const std::uint32_t second = code_unit_at(text, at + 7);
    if (second < 0xdc00 || second >= 0xe000) {
        refuse_json();
    }
    append_utf8(into, 0x10000 + ((first - 0xd800) << 10) + (second - 0xdc00));
    return 11;
}

// Returns the text of a JSON string with its quotes: replaces the escape sequences.
std::string unescaped(std::string_view quoted) {
    const auto text = quoted.substr(1, quoted.size() - 2);
    std::string plain;
    for (std::size_t i = 0; i < text.size(); ++i) {
        if (text[i] != '\\') {
            plain += text[i];
            continue;
        }
        ++i;
        static constexpr std::string_view letters = "\"\\/bfnrt";
        static constexpr std::string_view meanings = "\"\\/\b\f\n\r\t";
        const std::size_t place = letters.find(text[i]);
        if (text[i] == 'u') {
            i += append_unicode(plain, text, i) - 1;
        } else if (place != std::string_view::npos) {
            plain += meanings[place];
        } else {
            refuse_json();
        }
    }
    return plain;
}

// Returns a member of an object; the last one of several with the same key, as PostgreSQL does.
std::optional<std::string_view> member_of(std::string_view object, std::string_view key) {
    scanner in(object);
    in.expect('{');
    std::optional<std::string_view> found;
    if (in.take('}')) {
        return found;
    }
    do {
        const bool is_wanted = unescaped(in.take_string()) == key;
        in.expect(':');
        const auto held = in.take_value();
        found = is_wanted ? held : found;
    } while (in.take(','));
    return found;
}

// Returns an element of an array; a negative place counts from the end.
std::optional<std::string_view> element_of(std::string_view array, std::int64_t place) {
    scanner in(array);
    in.expect('[');
    std::vector<std::string_view> elements;
    if (!in.take(']')) {
        do {
            elements.push_back(in.take_value());
        } while (in.take(','));
    }
    const auto size = static_cast<std::int64_t>(elements.size());
    const std::int64_t from_front = place < 0 ? place + size : place;
    if (from_front < 0 || from_front >= size) {
        return std::nullopt;
    }
    return elements[static_cast<std::size_t>(from_front)];
}

// The text that PostgreSQL's jsonb has: blanks, order of members and numbers are normalized.

void append_normal(std::string& into, std::string_view value, std::size_t depth);

void append_string(std::string& into, const std::string& text) {
    into += boost::json::serialize(boost::json::string_view(text));
}

// jsonb sorts members by the length of their keys, then by their bytes, and keeps the last one of
// several with the same key.
void append_object(std::string& into, std::string_view object, std::size_t depth) {
    const auto is_before = [](const std::string& a, const std::string& b) {
        return a.size() != b.size() ? a.size() < b.size() : a < b;
    };
    std::map<std::string, std::string_view, decltype(is_before)> members;
    scanner in(object);
    in.expect('{');
    if (!in.take('}')) {
        do {
            std::string key = unescaped(in.take_string());
            in.expect(':');
            members.insert_or_assign(std::move(key), in.take_value());
        } while (in.take(','));
    }
    into += '{';
    for (const auto& [key, value] : members) {
        into += into.ends_with('{') ? "" : ", ";
        append_string(into, key);
        into += ": ";
        append_normal(into, value, depth);
    }
    into += '}';
}

void append_array(std::string& into, std::string_view array, std::size_t depth) {
    scanner in(array);
    in.expect('[');
    into += '[';
    if (!in.take(']')) {
        do {
            into += into.ends_with('[') ? "" : ", ";
            append_normal(into, in.take_value(), depth);
        } while (in.take(','));
    }
    into += ']';
}

void append_normal(std::string& into, std::string_view value, std::size_t depth) {
    // The depth limits the recursion: the document may come from a client.
    constexpr std::size_t deepest = 2'000;
    if (depth > deepest) {
        refuse_json();
    }
    switch (value.front()) {
        case '{':
            return append_object(into, value, depth + 1);
        case '[':
            return append_array(into, value, depth + 1);
        case '"':
            return append_string(into, unescaped(value));
        default: {
            const auto number = decimal::parse(value);
            into += number ? std::string_view(number->to_string()) : value;
        }
    }
}

// One step of a path, whose keys are all texts: in an array, a text is read as a place.
std::optional<std::string_view> step(std::string_view document, std::string_view key) {
    const char first = scanner(document).front();
    if (first == '{') {
        return member_of(document, key);
    }
    std::int64_t place = 0;
    const auto [end, failure] = std::from_chars(key.data(), key.data() + key.size(), place);
    const bool is_place = failure == std::errc() && end == key.data() + key.size();
    return first == '[' && is_place ? element_of(document, place) : std::nullopt;
}

// The operand of `->`: an integer is a place, a text a key.
std::optional<std::string_view> find(std::string_view document, const argument& key) {
    const char first = scanner(document).front();
    if (key.kind() != SQLITE_INTEGER) {
        return first == '{' ? member_of(document, key.text()) : std::nullopt;
    }
    const auto place = key.integer();
    if (first == '[') {
        return element_of(document, place);
    }
    // A string, a number or a constant counts as an array of itself, as in PostgreSQL's jsonb.
    const bool is_itself = first != '{' && (place == 0 || place == -1);
    return is_itself ? std::optional(document) : std::nullopt;
}

// The operand of `#>`: the keys of a path as a JSON array. An empty path finds the document itself.
std::optional<std::string_view> find_at(std::string_view document, const argument& path) {
    scanner keys(path.text());
    keys.expect('[');
    std::optional<std::string_view> found = document;
    if (keys.take(']')) {
        return found;
    }
    do {
        const std::string key = unescaped(keys.take_string());
        found = found ? step(*found, key) : found;
    } while (keys.take(','));
    return found;
}

// AsText: `->>` and `#>>`, which return a string without its quotes, and NULL for JSON's null.
template <auto Find, bool AsText>
void element(sqlite3_context* context, sqlite3_value** arguments) {
    auto found = Find(argument(arguments[0]).text(), argument(arguments[1]));
    // A document that is found as a whole may have blanks around it.
    if (found) {
        found = scanner(*found).take_value();
    }
    if (!found || (AsText && *found == "null")) {
        return sqlite3_result_null(context);
    }
    if (!AsText) {
        return give(context, *found);
    }
    std::string text;
    if (found->starts_with('"')) {
        text = unescaped(*found);
    } else {
        append_normal(text, *found, 0);
    }
    give(context, text);
}

constexpr sql_function functions[] = {
    {"json_element", 2, call<element<find, false>>},
    {"json_element_text", 2, call<element<find, true>>},
    {"json_element_at", 2, call<element<find_at, false>>},
    {"json_element_at_text", 2, call<element<find_at, true>>},
};

}  // namespace

int register_json_functions(sqlite3* database) noexcept {
    return register_all(database, functions);
}

}  // namespace gino::sqlite
