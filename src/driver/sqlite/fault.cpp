// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/fault.hpp"

#include <gino/core/sqlstate.hpp>

#include <algorithm>
#include <array>
#include <utility>

#include "driver/sqlite/constraint_name.hpp"

namespace gino::sqlite {

namespace {

/// A result code of SQLite, its SQLSTATE, and advice.
struct code_entry {
    int code;
    std::string_view sqlstate;
    std::string_view hint;
};

constexpr std::string_view locked_hint =
    "another connection wrote for longer than this one waits (busy_timeout of the URL); keep "
    "transactions short, or wait longer";

// Extended codes and primary codes (SQLite's page "Result and Error Codes"). A primary code's entry
// is for those of its extended codes that have none.
constexpr std::array<code_entry, 36> codes{{
    {SQLITE_CONSTRAINT_UNIQUE, sqlstate::unique_violation, ""},
    {SQLITE_CONSTRAINT_PRIMARYKEY, sqlstate::unique_violation, ""},
    {SQLITE_CONSTRAINT_ROWID, sqlstate::unique_violation, ""},
    {SQLITE_CONSTRAINT_FOREIGNKEY, sqlstate::foreign_key_violation, ""},
    {SQLITE_CONSTRAINT_NOTNULL, sqlstate::not_null_violation, ""},
    {SQLITE_CONSTRAINT_CHECK, sqlstate::check_violation, ""},
    {SQLITE_CONSTRAINT_TRIGGER, sqlstate::raise_exception, ""},
    {SQLITE_CONSTRAINT_DATATYPE, sqlstate::invalid_text_representation, ""},
    {SQLITE_CONSTRAINT, sqlstate::integrity_constraint_violation, ""},
    {SQLITE_BUSY_SNAPSHOT,
     sqlstate::serialization_failure,
     "another connection wrote after this transaction had read; run the transaction again"},
    {SQLITE_BUSY, sqlstate::lock_not_available, locked_hint},
    {SQLITE_LOCKED,
     sqlstate::lock_not_available,
     "another statement of the same session still reads the table"},
    {SQLITE_PROTOCOL, sqlstate::lock_not_available, locked_hint},
    {SQLITE_INTERRUPT, sqlstate::query_canceled, ""},
    {SQLITE_READONLY_DBMOVED,
     sqlstate::read_only_sql_transaction,
     "the file was moved or deleted while it was open"},
    {SQLITE_READONLY,
     sqlstate::read_only_sql_transaction,
     "the session was opened with mode=ro, or the file or its folder must not be written"},
    {SQLITE_FULL, sqlstate::disk_full, "the disk or the database has no room left"},
    {SQLITE_IOERR_NOMEM, sqlstate::out_of_memory, ""},
    {SQLITE_NOMEM, sqlstate::out_of_memory, ""},
    {SQLITE_IOERR, sqlstate::io_error, ""},
    {SQLITE_CORRUPT,
     sqlstate::data_corrupted,
     "the file is damaged; restore a backup, or try sqlite3's .recover"},
    {SQLITE_NOTADB, sqlstate::data_corrupted, "the file is no SQLite database, or is encrypted"},
    {SQLITE_CANTOPEN,
     sqlstate::undefined_file,
     "the file or its journal cannot be opened; look at the folder"},
    {SQLITE_TOOBIG,
     sqlstate::program_limit_exceeded,
     "a value or a statement is larger than SQLite takes"},
    {SQLITE_MISMATCH, sqlstate::invalid_text_representation, ""},
    {SQLITE_RANGE, sqlstate::protocol_violation, ""},
    {SQLITE_AUTH, sqlstate::insufficient_privilege, ""},
    {SQLITE_PERM, sqlstate::insufficient_privilege, ""},
    {SQLITE_ABORT, sqlstate::transaction_rollback, "a ROLLBACK ended the statement"},
    {SQLITE_SCHEMA,
     sqlstate::serialization_failure,
     "the schema changed again and again while the statement began"},
    {SQLITE_NOLFS, sqlstate::io_error, ""},
    {SQLITE_FORMAT, sqlstate::internal_error, ""},
    {SQLITE_EMPTY, sqlstate::internal_error, ""},
    {SQLITE_NOTFOUND, sqlstate::internal_error, ""},
    {SQLITE_INTERNAL, sqlstate::internal_error, ""},
    {SQLITE_MISUSE, sqlstate::internal_error, ""},
}};

/// A message of SQLITE_ERROR and its SQLSTATE: that code has no extended codes for syntax errors
/// and missing tables, so the text decides. Our own functions' messages are among them.
struct message_entry {
    std::string_view begins;
    std::string_view contains;
    std::string_view sqlstate;
};

// The first entry that matches wins: special ones are in front of general ones.
constexpr std::array<message_entry, 34> messages{{
    {"no such table: ", "", sqlstate::undefined_table},
    {"no such view: ", "", sqlstate::undefined_table},
    {"no such column: ", "", sqlstate::undefined_column},
    {"", "has no column named", sqlstate::undefined_column},
    {"ambiguous column name", "", sqlstate::ambiguous_column},
    {"duplicate column name", "", sqlstate::duplicate_column},
    {"no such function: ", "", sqlstate::undefined_function},
    {"wrong number of arguments to function", "", sqlstate::undefined_function},
    {"", "already exists", sqlstate::duplicate_table},
    {"there is already", "", sqlstate::duplicate_table},
    {"no such index: ", "", sqlstate::undefined_object},
    {"no such trigger: ", "", sqlstate::undefined_object},
    {"no such collation sequence: ", "", sqlstate::undefined_object},
    {"no such savepoint: ", "", sqlstate::invalid_savepoint_specification},
    {"cannot start a transaction within", "", sqlstate::active_sql_transaction},
    {"cannot commit - no transaction", "", sqlstate::no_active_sql_transaction},
    {"cannot rollback - no transaction", "", sqlstate::no_active_sql_transaction},
    {"", "within a transaction", sqlstate::active_sql_transaction},
    {"integer overflow", "", sqlstate::numeric_value_out_of_range},
    {"timestamp out of range", "", sqlstate::datetime_field_overflow},
    {"date out of range", "", sqlstate::datetime_field_overflow},
    {"interval out of range", "", sqlstate::datetime_field_overflow},
    {"cannot subtract infinite", "", sqlstate::datetime_field_overflow},
    {"division by zero", "", sqlstate::division_by_zero},
    {"unit ", " not supported for type ", sqlstate::feature_not_supported},
    {"numeric field overflow", "", sqlstate::numeric_value_out_of_range},
    {"value too long for type ", "", sqlstate::string_data_right_truncation},
    {"", " out of range", sqlstate::numeric_value_out_of_range},
    {"invalid input syntax for type ", "", sqlstate::invalid_text_representation},
    {"malformed JSON", "", sqlstate::invalid_text_representation},
    {"JSON path error", "", sqlstate::invalid_text_representation},
    {"", "syntax error", sqlstate::syntax_error},
    {"incomplete input", "", sqlstate::syntax_error},
    {"unrecognized token", "", sqlstate::syntax_error},
}};

constexpr std::string_view unknown_error = sqlstate::system_error;  // an operational error

std::string_view sqlstate_of_message(std::string_view message) {
    for (const auto& entry : messages) {
        if (message.starts_with(entry.begins) &&
            message.find(entry.contains) != std::string_view::npos) {
            return entry.sqlstate;
        }
    }
    return unknown_error;
}

// Returns the entry of an extended code, or of its primary code, which is the low byte.
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

/// Splits "users.nickname" into a table and a column. A key of several columns ("t.a, t.b") sets
/// the table only, because no single column is at fault.
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

/// Reads the table, column or constraint in a message such as "UNIQUE constraint failed:
/// users.nickname". SQLite has no other interface for these names.
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

/// Returns the position of an error in the statement, in characters from 1, as PostgreSQL counts;
/// 0: unknown. SQLite counts bytes from 0 ("Error Codes And Messages", sqlite3_error_offset()).
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
    // The handle has the message of its last failed call; another code has only its general text.
    const char* const message = database != nullptr && sqlite3_extended_errcode(database) == code
                                    ? sqlite3_errmsg(database)
                                    : sqlite3_errstr(code);
    fault why;
    why.fields = fields_of_error(code, message);
    why.fields.statement = sql;
    if (database != nullptr && !sql.empty()) {
        why.fields.position = position_of(database, sql);
    }
    // The last step: find_constraint() runs queries, which overwrite the handle's message and
    // offset.
    constexpr std::string_view unique = "UNIQUE constraint failed: ";
    const std::string_view said = why.fields.message;
    if (database != nullptr && said.starts_with(unique) && why.fields.constraint.empty()) {
        why.fields.constraint =
            find_constraint(database, why.fields.table, said.substr(unique.size()));
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
