// SPDX-License-Identifier: BSD-3-Clause
#include "relationship.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace {

constexpr std::string_view blanks = " \t\r\n";

bool is_letter_or_digit(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
}

bool is_name_character(char c) {
    return is_letter_or_digit(c) || c == '+' || c == '-' || c == '.' || c == '_';
}

bool is_version_character(char c) {
    return is_name_character(c) || c == '~' || c == ':';
}

// Replaces each run of blanks and line ends by one blank.
std::string with_single_blanks(std::string_view text) {
    std::string made;
    for (const char c : text) {
        const bool is_blank = blanks.find(c) != std::string_view::npos;
        if (!is_blank) {
            made += c;
        } else if (!made.empty() && made.back() != ' ') {
            made += ' ';
        }
    }
    while (!made.empty() && made.back() == ' ') {
        made.pop_back();
    }
    return made;
}

// Reads a text from its beginning to its end; `at_` is the place of the next character.
class reader {
public:
    explicit reader(std::string_view text) : text_(text) {}

    std::vector<relationship> read_all() {
        std::vector<relationship> all;
        while (skip_blanks(), at_ < text_.size()) {
            if (!take(',')) {
                all.push_back(read_group());
                if (at_ < text_.size() && !take(',')) {
                    fail("expected \",\", \"|\" or the end");
                }
            }
        }
        return all;
    }

private:
    relationship read_group() {
        relationship group = read_one();
        if (take('|')) {
            const std::size_t begin = at_;
            do {
                read_one();
            } while (take('|'));
            group.alternatives = with_single_blanks(text_.substr(begin, at_ - begin));
        }
        return group;
    }

    relationship read_one() {
        skip_blanks();
        relationship one;
        one.name = read_while(is_name_character, "expected the name of a package");
        if (!is_letter_or_digit(one.name.front())) {
            at_ -= one.name.size();
            fail("the name of a package begins with a letter or a digit");
        }
        if (take(':')) {
            one.architecture = read_while(is_name_character, "expected an architecture");
        }
        skip_blanks();
        if (take('(')) {
            one.version = read_version();
        }
        skip_blanks();
        if (take('[')) {
            one.architecture = with_single_blanks(read_until(']'));
        }
        skip_blanks();
        while (take('<')) {
            read_until('>');
            skip_blanks();
        }
        return one;
    }

    std::string read_version() {
        constexpr std::array<std::string_view, 7> operators{"<<", "<=", ">=", ">>", "=", "<", ">"};
        skip_blanks();
        const auto* found = std::ranges::find_if(operators, [&](std::string_view one) {
            return text_.substr(at_).starts_with(one);
        });
        if (found == operators.end()) {
            fail("expected one of << <= = >= >>");
        }
        at_ += found->size();
        skip_blanks();
        std::string version(*found);
        version += " " + read_while(is_version_character, "expected a version");
        skip_blanks();
        if (!take(')')) {
            fail("expected \")\" behind the version");
        }
        return version;
    }

    template <class Predicate>
    std::string read_while(Predicate is_part, const char* expected) {
        const std::size_t begin = at_;
        while (at_ < text_.size() && is_part(text_[at_])) {
            ++at_;
        }
        if (at_ == begin) {
            fail(expected);
        }
        return std::string(text_.substr(begin, at_ - begin));
    }

    std::string_view read_until(char closing) {
        const std::size_t end = text_.find(closing, at_);
        if (end == std::string_view::npos) {
            fail(std::string("expected \"") + closing + "\"");
        }
        const std::string_view inside = text_.substr(at_, end - at_);
        at_ = end + 1;
        return inside;
    }

    bool take(char wanted) {
        if (at_ < text_.size() && text_[at_] == wanted) {
            ++at_;
            return true;
        }
        return false;
    }

    void skip_blanks() { at_ = std::min(text_.find_first_not_of(blanks, at_), text_.size()); }

    [[noreturn]] void fail(const std::string& expected) const {
        const std::string found =
            at_ < text_.size() ? std::string("\"") + text_[at_] + "\"" : "the end";
        throw relationship_error(at_, expected + ", found " + found);
    }

    std::string_view text_;
    std::size_t at_ = 0;
};

}  // namespace

std::vector<relationship> parse_relationships(std::string_view text) {
    return reader(text).read_all();
}
