// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/fault.hpp"

#include <algorithm>
#include <array>
#include <utility>

namespace gino::sqlite {

namespace {

struct code_entry {
    int code;
    const char* sqlstate;
    const char* hint;
};

constexpr const char* locked_hint =
    "another connection wrote for longer than this one waits (busy_timeout of the URL); keep "
    "transactions short, or wait longer";

// Extended codes first, then the primary code that stands for the rest of its family.
constexpr std::array<code_entry, 36> codes{{
    {SQLITE_CONSTRAINT_UNIQUE, "23505", ""},
    {SQLITE_CONSTRAINT_PRIMARYKEY, "23505", ""},
    {SQLITE_CONSTRAINT_ROWID, "23505", ""},
    {SQLITE_CONSTRAINT_FOREIGNKEY, "23503", ""},
    {SQLITE_CONSTRAINT_NOTNULL, "23502", ""},
    {SQLITE_CONSTRAINT_CHECK, "23514", ""},
    {SQLITE_CONSTRAINT_TRIGGER, "P0001", ""},
    {SQLITE_CONSTRAINT_DATATYPE, "22P02", ""},
    {SQLITE_CONSTRAINT, "23000", ""},
    {SQLITE_BUSY_SNAPSHOT,
     "40001",
     "another connection wrote after this transaction had read; run the transaction again"},
    {SQLITE_BUSY, "55P03", locked_hint},
    {SQLITE_LOCKED, "55P03", "another statement of the same session still reads the table"},
    {SQLITE_PROTOCOL, "55P03", locked_hint},
    {SQLITE_INTERRUPT, "57014", ""},
    {SQLITE_READONLY_DBMOVED, "25006", "the file was moved or deleted while it was open"},
    {SQLITE_READONLY,
     "25006",
     "the session was opened with mode=ro, or the file or its folder must not be written"},
    {SQLITE_FULL, "53100", "the disk or the database has no room left"},
    {SQLITE_IOERR_NOMEM, "53200", ""},
    {SQLITE_NOMEM, "53200", ""},
    {SQLITE_IOERR, "58030", ""},
    {SQLITE_CORRUPT, "XX001", "the file is damaged; restore a backup, or try sqlite3's .recover"},
    {SQLITE_NOTADB, "XX001", "the file is no SQLite database, or is encrypted"},
    {SQLITE_CANTOPEN, "58P01", "the file or its journal cannot be opened; look at the folder"},
    {SQLITE_TOOBIG, "54000", "a value or a statement is larger than SQLite takes"},
    {SQLITE_MISMATCH, "22P02", ""},
    {SQLITE_RANGE, "08P01", ""},
    {SQLITE_AUTH, "42501", ""},
    {SQLITE_PERM, "42501", ""},
    {SQLITE_ABORT, "40000", "a ROLLBACK ended the statement"},
    {SQLITE_SCHEMA, "40001", "the schema changed again and again while the statement began"},
    {SQLITE_NOLFS, "58030", ""},
    {SQLITE_FORMAT, "XX000", ""},
    {SQLITE_EMPTY, "XX000", ""},
    {SQLITE_NOTFOUND, "XX000", ""},
    {SQLITE_INTERNAL, "XX000", ""},
    {SQLITE_MISUSE, "XX000", ""},
}};

/// How SQLITE_ERROR is told apart: by the text alone.
struct message_entry {
    std::string_view begins;
    std::string_view contains;
    const char* sqlstate;
};

constexpr std::array<message_entry, 24> messages{{
    {"no such table: ", "", "42P01"},
    {"no such view: ", "", "42P01"},
    {"no such column: ", "", "42703"},
    {"", "has no column named", "42703"},
    {"ambiguous column name", "", "42702"},
    {"duplicate column name", "", "42701"},
    {"no such function: ", "", "42883"},
    {"wrong number of arguments to function", "", "42883"},
    {"", "already exists", "42P07"},
    {"there is already", "", "42P07"},
    {"no such index: ", "", "42704"},
    {"no such trigger: ", "", "42704"},
    {"no such collation sequence: ", "", "42704"},
    {"no such savepoint: ", "", "3B001"},
    {"cannot start a transaction within", "", "25001"},
    {"cannot commit - no transaction", "", "25P01"},
    {"cannot rollback - no transaction", "", "25P01"},
    {"", "within a transaction", "25001"},
    {"integer overflow", "", "22003"},
    {"malformed JSON", "", "22P02"},
    {"JSON path error", "", "22P02"},
    {"", "syntax error", "42601"},
    {"incomplete input", "", "42601"},
    {"unrecognized token", "", "42601"},
}};

constexpr std::string_view unknown_error = "58000";  // system_error: an operational error

std::string_view sqlstate_of_message(std::string_view message) {
    for (const auto& entry : messages) {
        if (message.starts_with(entry.begins) &&
            message.find(entry.contains) != std::string_view::npos) {
            return entry.sqlstate;
        }
    }
    return unknown_error;
}

const code_entry* find_code(int code) {
    for (const int wanted : {code, code & 0xff}) {
        const auto found = std::find_if(codes.begin(), codes.end(), [wanted](const auto& entry) {
            return entry.code == wanted;
        });
        if (found != codes.end()) {
            return &*found;
        }
    }
    return nullptr;
}

/// Splits "users.nickname" into a table and a column. A key of several columns
/// ("t.a, t.b") names only its table: no single column is at fault.
void read_table_and_column(std::string_view names, error_fields& into) {
    const std::size_t dot = names.find('.');
    if (dot == std::string_view::npos) {
        return;
    }
    into.table = names.substr(0, dot);
    if (names.find(", ") == std::string_view::npos) {
        into.column = names.substr(dot + 1);
    }
}

/// Reads what a message of SQLite names: "UNIQUE constraint failed: users.nickname".
void read_names(error_fields& into) {
    const std::string_view message = into.message;
    const auto rest_after = [message](std::string_view prefix) {
        return message.starts_with(prefix) ? message.substr(prefix.size()) : std::string_view();
    };
    if (const auto names = rest_after("UNIQUE constraint failed: "); !names.empty()) {
        constexpr std::string_view index = "index '";
        if (names.starts_with(index) && names.ends_with('\'')) {
            into.constraint = names.substr(index.size(), names.size() - index.size() - 1);
        } else {
            read_table_and_column(names, into);
        }
    }
    if (const auto names = rest_after("NOT NULL constraint failed: "); !names.empty()) {
        read_table_and_column(names, into);
    }
    if (const auto name = rest_after("CHECK constraint failed: "); !name.empty()) {
        into.constraint = name;
    }
    if (const auto name = rest_after("no such table: "); !name.empty()) {
        into.table = name;
    }
    if (const auto name = rest_after("no such column: "); !name.empty()) {
        const std::size_t dot = name.rfind('.');
        into.column = dot == std::string_view::npos ? name : name.substr(dot + 1);
    }
}

/// SQLite counts bytes from 0, we count characters from 1.
int position_of(sqlite3* database, std::string_view sql) {
    const int offset = sqlite3_error_offset(database);
    if (offset < 0 || static_cast<std::size_t>(offset) > sql.size()) {
        return 0;
    }
    const auto before = sql.substr(0, static_cast<std::size_t>(offset));
    const auto characters = std::count_if(before.begin(), before.end(), [](char c) {
        return (static_cast<unsigned char>(c) & 0xc0U) != 0x80U;
    });
    return static_cast<int>(characters) + 1;
}

}  // namespace

void raise(fault why) {
    switch (why.from) {
        case fault::origin::argument:
            throw argument_error(why.code, why.message);
        case fault::origin::closed:
            throw state_error(why.code, why.message);
        case fault::origin::connection:
            throw connection_error(why.code, why.message, std::move(why.fields));
        case fault::origin::database:
            break;
    }
    throw_database_error(std::move(why.fields));
}

error_fields fields_of_error(int code, std::string_view message) {
    error_fields fields;
    fields.severity = "ERROR";
    fields.message = message;
    const code_entry* const entry = find_code(code);
    fields.sqlstate = entry != nullptr ? entry->sqlstate : sqlstate_of_message(message);
    fields.hint = entry != nullptr ? entry->hint : "";
    read_names(fields);
    return fields;
}

fault describe_error(sqlite3* database, int code, std::string_view sql) {
    const char* const message = database != nullptr && sqlite3_extended_errcode(database) == code
                                    ? sqlite3_errmsg(database)
                                    : sqlite3_errstr(code);
    fault why;
    why.fields = fields_of_error(code, message);
    why.fields.statement = sql;
    if (database != nullptr && !sql.empty()) {
        why.fields.position = position_of(database, sql);
    }
    return why;
}

fault interrupted(std::string_view sql) {
    fault why;
    why.fields = fields_of_error(SQLITE_INTERRUPT, "the statement was interrupted");
    why.fields.statement = sql;
    return why;
}

fault bad_argument(errc code, std::string message) {
    fault why;
    why.from = fault::origin::argument;
    why.code = code;
    why.message = std::move(message);
    return why;
}

}  // namespace gino::sqlite
