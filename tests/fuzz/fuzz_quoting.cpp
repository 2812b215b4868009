// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A name of any bytes is refused, or is quoted so that SQLite's parser reads exactly this name.
/// The same holds for a text that is written as a literal, as in a view.

#include <gino/core/error.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/create_as.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/select.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <string_view>

#include "fuzz/sqlite_memory.hpp"

namespace {

using fuzz::closer;
using fuzz::database;
using fuzz::require;

std::unique_ptr<sqlite3_stmt, closer> prepare(const std::string& sql) {
    sqlite3_stmt* made = nullptr;
    const char* rest = nullptr;
    require(sqlite3_prepare_v2(database(), sql.c_str(), -1, &made, &rest) == SQLITE_OK);
    require(*rest == '\0');
    return std::unique_ptr<sqlite3_stmt, closer>(made);
}

void try_name(const std::string& name) {
    const auto statement = gino::select(gino::literal(1).label(name));
    const auto made = prepare(gino::sqlite::dialect().compile(statement.node()).text);
    require(name == sqlite3_column_name(made.get(), 0));
}

void try_literal(const std::string& text) {
    const auto view = gino::create_view("v", gino::select(gino::literal(text).label("t")));
    std::string sql = gino::sqlite::dialect().compile(view.node()).text;
    sql.erase(0, sql.find("SELECT"));
    const auto made = prepare(sql);
    require(sqlite3_step(made.get()) == SQLITE_ROW);
    require(text == reinterpret_cast<const char*>(sqlite3_column_text(made.get(), 0)));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string input(reinterpret_cast<const char*>(data), size);
    try {
        try_name(input);
    } catch (const gino::argument_error&) {  // empty, with a NUL byte, or not UTF-8
    }
    try {
        try_literal(input);
    } catch (const gino::argument_error&) {  // with a NUL byte
    }
    return 0;
}
