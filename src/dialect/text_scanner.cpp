// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/text_scanner.hpp"

#include <cstddef>

namespace gino::detail {

namespace {

bool is_name_start(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_';
}

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

bool is_name(char c) {
    return is_name_start(c) || is_digit(c);
}

/// The text, with functions that skip what begins at a place. Each returns the place after it; a
/// quoted string or comment that is not closed ends with the text, and the database reports the
/// error.
class scanner {
public:
    explicit scanner(std::string_view sql) : sql_(sql) {}

    [[nodiscard]] char at(std::size_t i) const { return i < sql_.size() ? sql_[i] : '\0'; }

    [[nodiscard]] std::size_t past_quotes(std::size_t i, bool backslashes) const {
        const char quote = sql_[i++];
        for (; i < sql_.size(); ++i) {
            if (backslashes && sql_[i] == '\\') {
                ++i;
            } else if (sql_[i] == quote) {
                return i + 1;  // a doubled quote begins another quoted piece
            }
        }
        return sql_.size();
    }

    [[nodiscard]] std::size_t past_line_comment(std::size_t i) const {
        const std::size_t end = sql_.find('\n', i);
        return end == std::string_view::npos ? sql_.size() : end;
    }

    // Block comments nest in PostgreSQL (manual, 4.1.5).
    [[nodiscard]] std::size_t past_block_comment(std::size_t i) const {
        std::size_t depth = 0;
        for (; i < sql_.size(); ++i) {
            if (at(i) == '/' && at(i + 1) == '*') {
                ++depth;
                ++i;
            } else if (at(i) == '*' && at(i + 1) == '/') {
                ++i;
                if (--depth == 0) {
                    return i + 1;
                }
            }
        }
        return sql_.size();
    }

    // Skips `$tag$ ... $tag$` (manual, 4.1.2.4). A dollar that opens no such string is one
    // character: it is part of a name, or of `$1`.
    [[nodiscard]] std::size_t past_dollar(std::size_t i) const {
        if (i > 0 && (is_name(sql_[i - 1]) || sql_[i - 1] == '$')) {
            return i + 1;
        }
        std::size_t end = i + 1;
        if (is_name_start(at(end))) {
            while (is_name(at(end))) {
                ++end;
            }
        }
        if (at(end) != '$') {
            return i + 1;
        }
        const std::string_view tag = sql_.substr(i, end + 1 - i);
        const std::size_t close = sql_.find(tag, end + 1);
        return close == std::string_view::npos ? sql_.size() : close + tag.size();
    }

    // An E'' string has backslash escapes (manual, 4.1.2.2). The E must not be the end of a longer
    // word.
    [[nodiscard]] bool is_escape_string(std::size_t quote) const {
        const bool has_e = quote > 0 && (sql_[quote - 1] == 'e' || sql_[quote - 1] == 'E');
        return has_e && (quote < 2 || !is_name(sql_[quote - 2]));
    }

    // Returns true for `$1` that is not the end of a name such as `a$1`.
    [[nodiscard]] bool is_place(std::size_t i) const {
        return sql_[i] == '$' && is_digit(at(i + 1)) && (i == 0 || !is_name(sql_[i - 1]));
    }

    // Skips one piece of plain text: a string, a comment, a cast, or one character.
    [[nodiscard]] std::size_t past_plain(std::size_t i) const {
        switch (sql_[i]) {
            case '\'':
                return past_quotes(i, is_escape_string(i));
            case '"':
                return past_quotes(i, false);
            case '-':
                return at(i + 1) == '-' ? past_line_comment(i) : i + 1;
            case '/':
                return at(i + 1) == '*' ? past_block_comment(i) : i + 1;
            case '$':
                return past_dollar(i);
            case ':':
                return at(i + 1) == ':' ? i + 2 : i + 1;
            default:
                return i + 1;
        }
    }

private:
    std::string_view sql_;
};

}  // namespace

void scan_text(std::string_view sql, const text_pieces& found) {
    const scanner s(sql);
    std::size_t begin = 0;  // of the plain text that was not passed on yet
    std::size_t i = 0;
    while (i < sql.size()) {
        // The backslash is dropped; the plain text continues with the colon.
        if (sql[i] == '\\' && s.at(i + 1) == ':') {
            found.plain(sql.substr(begin, i - begin));
            begin = i + 1;
            i += 2;
        } else if (sql[i] == ':' && is_name_start(s.at(i + 1))) {
            found.plain(sql.substr(begin, i - begin));
            std::size_t end = i + 1;
            while (is_name(s.at(end))) {
                ++end;
            }
            found.parameter(sql.substr(i + 1, end - i - 1));
            begin = i = end;
        } else if (found.has_places && s.is_place(i)) {
            found.plain(sql.substr(begin, i - begin));
            std::size_t end = i + 1;
            while (is_digit(s.at(end))) {
                ++end;
            }
            found.parameter(sql.substr(i, end - i));
            begin = i = end;
        } else {
            i = s.past_plain(i);
        }
    }
    found.plain(sql.substr(begin));
}

}  // namespace gino::detail
