// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/constraint_name.hpp"

#include <algorithm>
#include <memory>
#include <vector>

#include "core/quoted_text.hpp"

namespace gino::sqlite {

namespace {

using names = std::vector<std::string>;

struct finalizer {
    void operator()(sqlite3_stmt* s) const noexcept { sqlite3_finalize(s); }
};

using owned_statement = std::unique_ptr<sqlite3_stmt, finalizer>;

owned_statement prepare(sqlite3* database, std::string_view sql, std::string_view parameter) {
    sqlite3_stmt* made = nullptr;
    static_cast<void>(
        sqlite3_prepare_v2(database, sql.data(), static_cast<int>(sql.size()), &made, nullptr)
    );
    owned_statement owner(made);
    if (made != nullptr) {
        sqlite3_bind_text(
            made, 1, parameter.data(), static_cast<int>(parameter.size()), SQLITE_TRANSIENT
        );
    }
    return owner;
}

std::string text_at(sqlite3_stmt* row, int column) {
    const auto* text = reinterpret_cast<const char*>(sqlite3_column_text(row, column));
    return text == nullptr ? "" : text;
}

// Returns the columns of "users.a, users.b", without the table.
names columns_of(std::string_view qualified, std::string_view table) {
    names columns;
    while (!qualified.empty()) {
        const std::size_t end = std::min(qualified.find(", "), qualified.size());
        const auto one = qualified.substr(0, end);
        columns.emplace_back(one.substr(std::min(table.size() + 1, one.size())));
        qualified.remove_prefix(std::min(end + 2, qualified.size()));
    }
    return columns;
}

std::string joined(const names& parts, std::string_view between) {
    std::string text;
    for (const auto& one : parts) {
        text += (text.empty() ? std::string_view() : between);
        text += one;
    }
    return text;
}

/// Splits a CREATE TABLE into words: names, with or without quotes, and single characters. Good
/// enough to find a constraint; the statement is one that SQLite has accepted.
class words {
public:
    explicit words(std::string_view sql) noexcept : rest_(sql) {}

    /// Reads the next word, without its quotes. False at the end of the text.
    bool take(std::string& word) {
        while (!rest_.empty() && std::string_view(" \t\n\r").find(rest_.front()) != rest_.npos) {
            rest_.remove_prefix(1);
        }
        word.clear();
        if (rest_.empty()) {
            return false;
        }
        const char first = rest_.front();
        if (first == '"' || first == '\'' || first == '`') {
            take_one();
            word = gino::detail::take_quoted_name(rest_, first);
        } else if (is_of_name(first)) {
            while (!rest_.empty() && is_of_name(rest_.front())) {
                word += take_one();
            }
        } else {
            word += take_one();
        }
        return true;
    }

private:
    static bool is_of_name(char c) noexcept {
        return (c >= '0' && c <= '9') || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') ||
               c == '_' || c == '$' || static_cast<unsigned char>(c) >= 0x80;
    }

    char take_one() {
        const char c = rest_.front();
        rest_.remove_prefix(1);
        return c;
    }

    std::string_view rest_;
};

// Reads a list of columns in parentheses; empty when another word follows.
names take_list(words& from) {
    names list;
    std::string word;
    if (!from.take(word) || word != "(") {
        return list;
    }
    while (from.take(word) && word != ")") {
        if (word != "," && word != "AUTOINCREMENT") {
            list.push_back(word);
        }
    }
    return list;
}

// Returns the name behind CONSTRAINT of a UNIQUE or PRIMARY KEY of these columns. SQLite keeps it
// in the text of CREATE TABLE only: the index of a constraint has the name "sqlite_autoindex_...".
std::string name_in(std::string_view create_table, const names& columns) {
    words from(create_table);
    std::string word;
    while (from.take(word)) {
        if (word != "CONSTRAINT") {
            continue;
        }
        std::string name;
        from.take(name);
        from.take(word);
        if (word == "PRIMARY") {
            from.take(word);
        } else if (word != "UNIQUE") {
            continue;
        }
        if (take_list(from) == columns) {
            return name;
        }
    }
    return "";
}

// Returns the schema of a table; empty when there is none, or when tables of several schemas have
// this name: the message does not contain the schema.
std::string schema_of(sqlite3* database, std::string_view table) {
    const auto places =
        prepare(database, "SELECT schema FROM pragma_table_list WHERE name = ?", table);
    if (places == nullptr || sqlite3_step(places.get()) != SQLITE_ROW) {
        return "";
    }
    std::string schema = text_at(places.get(), 0);
    return sqlite3_step(places.get()) == SQLITE_DONE ? schema : "";
}

// Returns the statement that created a table. A schema's name cannot be bound; "%w" quotes it
// (SQLite's page "Built-in printf()").
std::string creation_of(sqlite3* database, const std::string& schema, std::string_view table) {
    const std::unique_ptr<char, decltype(&sqlite3_free)> sql(
        sqlite3_mprintf(
            "SELECT sql FROM \"%w\".sqlite_schema WHERE type = 'table' AND name = ?", schema.c_str()
        ),
        &sqlite3_free
    );
    const auto made = sql == nullptr ? nullptr : prepare(database, sql.get(), table);
    return made != nullptr && sqlite3_step(made.get()) == SQLITE_ROW ? text_at(made.get(), 0) : "";
}

}  // namespace

std::string find_constraint(sqlite3* database, std::string_view table, std::string_view columns) {
    const std::string schema = schema_of(database, table);
    if (schema.empty()) {
        return "";
    }
    const names wanted = columns_of(columns, table);
    constexpr std::string_view indexes =
        "SELECT l.name, l.origin, (SELECT group_concat(i.name, ', ') FROM (SELECT name FROM "
        "pragma_index_info(l.name) ORDER BY seqno) AS i) FROM pragma_index_list(?) AS l WHERE "
        "l.\"unique\"";
    const auto found = prepare(database, indexes, table);
    // Origins of PRAGMA index_list: "c" CREATE INDEX, "u" UNIQUE, "pk" PRIMARY KEY.
    std::string origin = "pk";  // an INTEGER PRIMARY KEY is the rowid, which has no index
    while (found != nullptr && sqlite3_step(found.get()) == SQLITE_ROW) {
        if (text_at(found.get(), 2) != joined(wanted, ", ")) {
            continue;
        }
        origin = text_at(found.get(), 1);
        if (origin == "c") {
            return text_at(found.get(), 0);
        }
        break;
    }
    auto name = name_in(creation_of(database, schema, table), wanted);
    if (!name.empty()) {
        return name;
    }
    const std::string prefix = std::string(table) + "_";
    return origin == "pk" ? prefix + "pkey" : prefix + joined(wanted, "_") + "_key";
}

}  // namespace gino::sqlite
