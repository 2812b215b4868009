// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/statement/statement_text.hpp"

#include <algorithm>
#include <array>
#include <cstddef>

namespace gino::sqlite {

namespace {

bool is_blank(char c) noexcept {
    return c == ' ' || c == '\t' || c == '\n' || c == '\f' || c == '\r';
}

bool is_word_character(char c) noexcept {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           c == '$' || static_cast<unsigned char>(c) >= 0x80;
}

char upper(char c) noexcept {
    return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c;
}

/// Splits a text into tokens as SQLite does: words, quoted texts (one token each), single
/// characters. Blanks and comments are skipped.
class scanner {
public:
    explicit scanner(std::string_view text) noexcept : rest_(text) {}

    /// Returns the next token; empty at the end.
    std::string_view next() noexcept {
        skip_blanks();
        if (rest_.empty()) {
            return {};
        }
        const char first = rest_.front();
        if (is_word_character(first)) {
            const auto end = std::find_if_not(rest_.begin(), rest_.end(), is_word_character);
            return take(static_cast<std::size_t>(end - rest_.begin()));
        }
        if (first == '\'' || first == '"' || first == '`') {
            return take_quoted(first);
        }
        if (first == '[') {
            return take(after(rest_.find(']'), 1));
        }
        return take(1);
    }

    /// Returns the next token in upper case.
    std::string next_word() {
        std::string word(next());
        std::transform(word.begin(), word.end(), word.begin(), upper);
        return word;
    }

private:
    /// A comment that is not closed ends with the text, as in SQLite.
    void skip_blanks() noexcept {
        while (!rest_.empty()) {
            if (is_blank(rest_.front())) {
                rest_.remove_prefix(1);
            } else if (rest_.starts_with("--")) {
                rest_.remove_prefix(after(rest_.find('\n'), 1));
            } else if (rest_.starts_with("/*")) {
                rest_.remove_prefix(after(rest_.find("*/", 2), 2));
            } else {
                return;
            }
        }
    }

    /// Returns the length up to `place` plus `more`; the whole length when `place` is `npos`.
    [[nodiscard]] std::size_t after(std::size_t place, std::size_t more) const noexcept {
        return place == std::string_view::npos ? rest_.size() : place + more;
    }

    /// A doubled quote makes two tokens of one text; no caller notices the difference.
    std::string_view take_quoted(char quote) noexcept {
        return take(after(rest_.find(quote, 1), 1));
    }

    std::string_view take(std::size_t size) noexcept {
        const std::string_view taken = rest_.substr(0, size);
        rest_.remove_prefix(size);
        return taken;
    }

    std::string_view rest_;
};

template <std::size_t Size>
bool is_one_of(std::string_view word, const std::array<std::string_view, Size>& words) {
    return std::find(words.begin(), words.end(), word) != words.end();
}

/// Returns the verb behind WITH and its subqueries, which are in parentheses.
std::string main_verb(scanner& text) {
    constexpr std::array<std::string_view, 6> verbs{
        "SELECT", "INSERT", "UPDATE", "DELETE", "REPLACE", "VALUES"};
    int depth = 0;
    for (std::string word = text.next_word(); !word.empty(); word = text.next_word()) {
        if (word == "(") {
            ++depth;
        } else if (word == ")") {
            --depth;
        } else if (depth == 0 && is_one_of(word, verbs)) {
            return word;
        }
    }
    return "SELECT";
}

/// Returns the tag "CREATE TABLE" of "CREATE TEMP TABLE t". A temporary object belongs to the
/// session, so it sets `marks_session`.
statement_words read_definition(const std::string& verb, scanner& text) {
    statement_words words;
    for (std::string word = text.next_word(); !word.empty(); word = text.next_word()) {
        if (word == "TEMP" || word == "TEMPORARY") {
            words.marks_session = true;
        } else if (word != "UNIQUE" && word != "VIRTUAL") {
            words.tag = verb;
            words.tag += " " + word;
            break;
        }
    }
    return words;
}

/// True for a PRAGMA that changes nothing in the session: one without a value, or one whose value
/// is an argument, such as a table. Any other PRAGMA counts as a change.
bool is_harmless_pragma(scanner& text) {
    constexpr std::array<std::string_view, 16> harmless{
        "TABLE_INFO",
        "TABLE_XINFO",
        "TABLE_LIST",
        "INDEX_LIST",
        "INDEX_INFO",
        "INDEX_XINFO",
        "DATABASE_LIST",
        "FOREIGN_KEY_LIST",
        "FOREIGN_KEY_CHECK",
        "INTEGRITY_CHECK",
        "QUICK_CHECK",
        "COMPILE_OPTIONS",
        "FUNCTION_LIST",
        "COLLATION_LIST",
        "WAL_CHECKPOINT",
        "OPTIMIZE",
    };
    std::string name = text.next_word();
    std::string following = text.next_word();
    if (following == ".") {  // PRAGMA schema.name
        name = text.next_word();
        following = text.next_word();
    }
    const bool only_asks = following.empty() || following == ";";
    return only_asks || is_one_of(name, harmless);
}

// ROLLBACK may be followed by TRANSACTION, then TO ends only a savepoint.
statement_words read_rollback(scanner& text) {
    for (std::string word = text.next_word(); !word.empty(); word = text.next_word()) {
        if (word == "TO") {
            return {.verb = statement_verb::rollback_to, .tag = "ROLLBACK", .marks_session = false};
        }
    }
    return {.verb = statement_verb::rollback, .tag = "ROLLBACK", .marks_session = false};
}

}  // namespace

statement_words read_words(std::string_view sql) {
    scanner text(sql);
    std::string word = text.next_word();
    while (word == ";") {
        word = text.next_word();
    }
    if (word == "WITH") {
        word = main_verb(text);
    }
    if (word == "SELECT" || word == "VALUES") {
        return {.verb = statement_verb::select, .tag = "SELECT", .marks_session = false};
    }
    if (word == "INSERT" || word == "REPLACE") {
        return {.verb = statement_verb::insert, .tag = "INSERT", .marks_session = false};
    }
    if (word == "UPDATE") {
        return {.verb = statement_verb::update, .tag = "UPDATE", .marks_session = false};
    }
    if (word == "DELETE") {
        return {.verb = statement_verb::delete_, .tag = "DELETE", .marks_session = false};
    }
    if (word == "COMMIT" || word == "END") {
        return {.verb = statement_verb::commit, .tag = "COMMIT", .marks_session = false};
    }
    if (word == "ROLLBACK") {
        return read_rollback(text);
    }
    if (word == "BEGIN" || word == "SAVEPOINT" || word == "RELEASE") {
        return {.verb = statement_verb::transaction, .tag = word, .marks_session = false};
    }
    if (word == "CREATE" || word == "DROP" || word == "ALTER") {
        return read_definition(word, text);
    }
    if (word == "PRAGMA") {
        return {
            .verb = statement_verb::other, .tag = word, .marks_session = !is_harmless_pragma(text)};
    }
    return {
        .verb = statement_verb::other,
        .tag = word,
        .marks_session = word == "ATTACH" || word == "DETACH"};
}

std::string complete_tag(const statement_words& words, std::uint64_t rows) {
    switch (words.verb) {
        case statement_verb::insert:
            return words.tag + " 0 " + std::to_string(rows);
        case statement_verb::select:
        case statement_verb::update:
        case statement_verb::delete_:
            return words.tag + " " + std::to_string(rows);
        default:
            return words.tag;
    }
}

bool is_empty_text(std::string_view sql) noexcept {
    scanner text(sql);
    for (std::string_view token = text.next(); !token.empty(); token = text.next()) {
        if (token != ";") {
            return false;
        }
    }
    return true;
}

}  // namespace gino::sqlite
