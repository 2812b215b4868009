// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// A random statement, whose names and texts contain characters with a meaning in SQL, has the
/// expected value in SQLite.

#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/cache_key.hpp>

#include <cstddef>
#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "driver/sqlite/codec/binding.hpp"
#include "fuzz/sqlite_memory.hpp"
#include "support/statement_generator.hpp"

namespace {

using fuzz::closer;
using fuzz::database;
using fuzz::require;

// Runs a statement whose result is one text, and returns the text.
std::string text_of(const gino::statement_base& statement) {
    const auto made = gino::sqlite::dialect().compile(statement.node());
    gino::sql::cache_key shape;
    gino::sql::build_cache_key(statement.node(), shape);
    std::vector<gino::driver::parameter> parameters;
    for (const auto place : made.parameters) {
        parameters.push_back({&shape.parameters[place]->bound, shape.parameters[place]->type});
    }
    sqlite3_stmt* prepared = nullptr;
    require(sqlite3_prepare_v2(database(), made.text.c_str(), -1, &prepared, nullptr) == SQLITE_OK);
    const std::unique_ptr<sqlite3_stmt, closer> owner(prepared);
    require(!gino::sqlite::bind(prepared, parameters, gino::sqlite::bound_lifetime::statement));
    require(sqlite3_step(prepared) == SQLITE_ROW);
    return reinterpret_cast<const char*>(sqlite3_column_text(prepared, 0));
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    std::size_t next = 0;
    gino::testing::statement_generator make([&]() -> std::uint64_t {
        ++next;
        return size == 0 ? 0 : data[next % size] + next / size;
    });
    const std::string wanted = make.nasty_text(8);
    const auto statement =
        gino::select(make.text(wanted, 1 + make.below(3)).label(make.nasty_name()));
    require(text_of(statement) == wanted);
    return 0;
}
