// SPDX-License-Identifier: BSD-3-Clause
#include "deb822.hpp"

#include <algorithm>
#include <utility>

namespace {

constexpr std::string_view blanks = " \t\r\n";

char lower(char letter) {
    return letter >= 'A' && letter <= 'Z' ? static_cast<char>(letter - 'A' + 'a') : letter;
}

bool is_name_letter(char letter) {
    return letter > ' ' && letter < '\x7f' && letter != ':';
}

bool is_field_name(std::string_view name) {
    return !name.empty() && name.front() != '-' && name.front() != '#' &&
           std::ranges::all_of(name, is_name_letter);
}

// Returns the number of bytes of the character that begins with `first`; 0: no character does.
std::size_t character_size(unsigned char first) {
    if (first < 0x80) {
        return 1;
    }
    if (first < 0xc2) {
        return 0;
    }
    return first < 0xe0 ? 2 : first < 0xf0 ? 3 : first < 0xf5 ? 4 : 0;
}

// True for the first two bytes of overlong encodings, surrogates, and code points beyond U+10FFFF
// (RFC 3629).
bool is_forbidden_pair(unsigned char first, unsigned char second) {
    return (first == 0xe0 && second < 0xa0) || (first == 0xed && second > 0x9f) ||
           (first == 0xf0 && second < 0x90) || (first == 0xf4 && second > 0x8f);
}

// True for UTF-8 without NUL characters, the text that every database accepts.
bool is_text(std::string_view text) {
    for (std::size_t i = 0; i < text.size();) {
        const auto first = static_cast<unsigned char>(text[i]);
        const std::size_t size = character_size(first);
        if (first == 0 || size == 0 || i + size > text.size()) {
            return false;
        }
        for (std::size_t k = 1; k < size; ++k) {
            if ((static_cast<unsigned char>(text[i + k]) & 0xc0U) != 0x80U) {
                return false;
            }
        }
        if (size > 1 && is_forbidden_pair(first, static_cast<unsigned char>(text[i + 1]))) {
            return false;
        }
        i += size;
    }
    return true;
}

}  // namespace

std::string_view trim(std::string_view text) noexcept {
    const std::size_t begin = text.find_first_not_of(blanks);
    if (begin == std::string_view::npos) {
        return {};
    }
    return text.substr(begin, text.find_last_not_of(blanks) - begin + 1);
}

const deb822_field* deb822_paragraph::find(std::string_view name) const noexcept {
    const auto found = std::ranges::find_if(fields, [&](const deb822_field& field) {
        return std::ranges::equal(field.name, name, {}, lower, lower);
    });
    return found == fields.end() ? nullptr : &*found;
}

void deb822_reader::fail(std::size_t line, const std::string& problem) const {
    throw input_error(file_, line, problem);
}

std::optional<deb822_paragraph> deb822_reader::next() {
    deb822_paragraph paragraph;
    while (!rest_.empty()) {
        const std::string_view line = take_line();
        if (!trim(line).empty()) {
            add_line(paragraph, line);
        } else if (!paragraph.fields.empty()) {
            paragraph.ends_with_the_text = false;
            return paragraph;
        }
    }
    if (paragraph.fields.empty()) {
        return std::nullopt;
    }
    return paragraph;
}

std::string_view deb822_reader::take_line() {
    ++line_;
    const std::size_t end = rest_.find('\n');
    const std::string_view line = rest_.substr(0, end);
    if (!is_text(line)) {
        fail(line_, "this is no text in UTF-8; a compressed file has to be unpacked first");
    }
    if (end == std::string_view::npos) {
        fail(line_, "the file is cut off in this line: it does not end with a line end");
    }
    rest_.remove_prefix(end + 1);
    return line;
}

void deb822_reader::add_line(deb822_paragraph& paragraph, std::string_view line) const {
    if (line.front() != ' ' && line.front() != '\t') {
        add_field(paragraph, line);
        return;
    }
    if (paragraph.fields.empty()) {
        fail(line_, "this line continues a field, but there is none before it");
    }
    // The lines are adjacent in the text, so the value is extended to the end of this one.
    std::string_view& value = paragraph.fields.back().value;
    const auto size = static_cast<std::size_t>(line.data() + line.size() - value.data());
    value = trim(std::string_view(value.data(), size));
}

void deb822_reader::add_field(deb822_paragraph& paragraph, std::string_view line) const {
    const std::size_t colon = line.find(':');
    const std::string_view name = line.substr(0, colon);
    if (colon == std::string_view::npos || !is_field_name(name)) {
        fail(line_, "expected \"Field: value\", a line that begins with a blank, or an empty line");
    }
    if (paragraph.find(name) != nullptr) {
        fail(line_, "field \"" + std::string(name) + "\" comes twice");
    }
    if (paragraph.fields.empty()) {
        paragraph.line = line_;
    }
    const std::string_view value = line.substr(colon + 1);
    const std::string_view trimmed = trim(value);
    paragraph.fields.push_back(
        {.name = name, .value = trimmed.empty() ? value.substr(0, 0) : trimmed, .line = line_}
    );
}
