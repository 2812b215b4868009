// SPDX-License-Identifier: BSD-3-Clause
#include "driver/bad_parameter.hpp"

#include <algorithm>
#include <array>
#include <vector>

#include "core/trimmed.hpp"

namespace gino::driver::detail {

namespace {

using gino::detail::trimmed;

constexpr std::size_t longest_shown = 1000;  // bytes of the statement in a message

bool is_word(char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

std::string_view without_quotes(std::string_view name) {
    return name.size() >= 2 && name.front() == '"' ? name.substr(1, name.size() - 2) : name;
}

// Returns the place behind a string or a quoted name that begins at `at`. A doubled quote makes two
// strings of one, which ends at the same place.
std::size_t end_of_quoted(std::string_view sql, std::size_t at) {
    const auto end = sql.find(sql[at], at + 1);
    return end == std::string_view::npos ? sql.size() : end + 1;
}

// Returns the place of the placeholder "$n" (PostgreSQL), or of the n-th "?" (SQLite).
std::size_t placeholder_position(std::string_view sql, std::size_t number) {
    const std::string mark = "$" + std::to_string(number);
    std::size_t seen = 0;
    for (std::size_t i = 0; i < sql.size();) {
        if (sql[i] == '\'' || sql[i] == '"') {
            i = end_of_quoted(sql, i);
            continue;
        }
        const std::size_t end = i + mark.size();
        if (sql.substr(i).starts_with(mark) && (end == sql.size() || !is_word(sql[end]))) {
            return i;
        }
        if (sql[i] == '?' && ++seen == number) {
            return i;
        }
        ++i;
    }
    return std::string_view::npos;
}

// Returns the names of a list of columns that begins at `at`, behind its parenthesis. Empty for a
// list with parentheses of its own: those are expressions.
std::vector<std::string_view> names_of(std::string_view sql, std::size_t at) {
    std::vector<std::string_view> names;
    std::size_t begin = at;
    for (std::size_t i = at; i < sql.size();) {
        if (sql[i] == '"') {
            i = end_of_quoted(sql, i);
            continue;
        }
        if (sql[i] == '(') {
            return {};
        }
        if (sql[i] == ',' || sql[i] == ')') {
            names.push_back(trimmed(sql.substr(begin, i - begin)));
            begin = i + 1;
        }
        if (sql[i] == ')') {
            return names;
        }
        ++i;
    }
    return {};
}

// Returns the column of the placeholder at `place` in INSERT INTO t (a, b) VALUES (..., $n), ...:
// the position in the row is the number of commas before it.
std::string_view inserted_column(std::string_view sql, std::size_t place) {
    const auto list = sql.find('(');
    const auto rows = sql.find(" VALUES (");
    if (!sql.starts_with("INSERT INTO ") || list > rows || rows > place) {
        return {};
    }
    const auto names = names_of(sql, list + 1);
    std::size_t depth = 0;
    std::size_t index = 0;
    for (std::size_t i = rows + std::string_view(" VALUES ").size(); i < place;) {
        if (sql[i] == '\'' || sql[i] == '"') {
            i = end_of_quoted(sql, i);
            continue;
        }
        if (sql[i] == '(') {
            index = depth == 0 ? 0 : index;
            ++depth;
        } else if (sql[i] == ')') {
            depth -= depth > 0 ? 1 : 0;
        } else if (sql[i] == ',' && depth == 1) {
            ++index;
        } else if (depth == 0 && is_word(sql[i])) {
            return {};  // behind the rows: ON CONFLICT, RETURNING
        }
        ++i;
    }
    return depth > 0 && index < names.size() ? names[index] : std::string_view();
}

// Returns the column in front of a comparison or assignment: SET a = $n, WHERE t.a < $n. The column
// has to be the whole operand, so a keyword, a comma or a parenthesis is in front of it.
std::string_view compared_column(std::string_view before) {
    constexpr std::array<std::string_view, 7> in_front{
        "SET", "WHERE", "AND", "OR", "NOT", "ON", "HAVING"};
    before = trimmed(before);
    const auto behind_operator = before.find_last_not_of("=<>!");
    if (behind_operator == std::string_view::npos || behind_operator + 1 == before.size()) {
        return {};
    }
    before = trimmed(before.substr(0, behind_operator + 1));
    std::size_t begin = before.size();
    if (before.ends_with('"')) {
        begin = before.rfind('"', before.size() - 2);
    } else {
        while (begin > 0 && is_word(before[begin - 1])) {
            --begin;
        }
    }
    if (begin == std::string_view::npos || begin == before.size()) {
        return {};
    }
    const std::string_view name = before.substr(begin);
    std::size_t front = begin;
    while (front > 0 &&
           (is_word(before[front - 1]) || before[front - 1] == '.' || before[front - 1] == '"')) {
        --front;  // the table's name and its point
    }
    const std::string_view rest = trimmed(before.substr(0, front));
    const auto stands_behind = [&rest](std::string_view word) {
        return rest.ends_with(word) &&
               (rest.size() == word.size() || !is_word(rest[rest.size() - word.size() - 1]));
    };
    const bool is_alone =
        rest.ends_with('(') || rest.ends_with(',') || std::ranges::any_of(in_front, stands_behind);
    return is_alone ? name : std::string_view();
}

}  // namespace

std::string column_of_parameter(std::string_view sql, std::size_t number) {
    const auto place = placeholder_position(sql, number);
    if (place == std::string_view::npos) {
        return {};
    }
    const auto stored = inserted_column(sql, place);
    const auto name = stored.empty() ? compared_column(sql.substr(0, place)) : stored;
    return std::string(without_quotes(name));
}

std::string describe_bad_parameter(std::string_view why, std::size_t number, std::string_view sql) {
    const std::string column = column_of_parameter(sql, number);
    std::size_t shown = std::min(sql.size(), longest_shown);
    while (shown > 0 && shown < sql.size() &&
           (static_cast<unsigned char>(sql[shown]) & 0xc0U) == 0x80U) {
        --shown;  // the limit is within a UTF-8 character: leave that out
    }
    return "parameter " + std::to_string(number) +
           (column.empty() ? "" : " (column \"" + column + "\")") + ": " + std::string(why) +
           "; statement: " + std::string(sql.substr(0, shown)) + (shown < sql.size() ? " ..." : "");
}

void throw_bad_parameter(const argument_error& e, std::size_t number, std::string_view sql) {
    throw argument_error(e.code(), describe_bad_parameter(e.what(), number, sql));
}

}  // namespace gino::driver::detail
