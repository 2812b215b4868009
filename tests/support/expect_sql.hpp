// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/compiled.hpp>
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/expression/expression.hpp>
#include <gino/sql/statement.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gino::testing {

/// Prepares a statement's text on a real database; returns the error message, or an empty text.
/// The golden tests set this function, so that a database checks every expected text.
using preparer =
    std::string (*)(const dialect& by, const statement_base& statement, const compiled& made);
extern preparer prepare_on_server;

/// Runs a script on a real database and undoes it; returns the error message, or an empty text.
using script_runner = std::string (*)(const dialect& by, const std::string& script);
extern script_runner run_on_server;

/// Compares a script with the expected text.
::testing::AssertionResult script_is(
    const dialect& by, const std::string& script, std::string_view text
);

/// Succeeds when the dialect cannot write the statement, and the error names `construct`.
::testing::AssertionResult cannot_compile(
    const statement_base& statement, const dialect& by, std::string_view construct
);

/// Compares a statement's text with the expected text, without the parameters.
::testing::AssertionResult text_is(
    const statement_base& statement, const dialect& by, std::string_view text
);

/// Compares a statement's text, and its parameters as readable texts, with the expected ones.
::testing::AssertionResult sql_is(
    const statement_base& statement,
    const dialect& by,
    std::string_view text,
    const std::vector<std::string>& parameters
);

/// Compares the statements that create a table, joined by ";\n", with the expected text.
::testing::AssertionResult ddl_is(
    const table_definition& table, const dialect& by, std::string_view text
);

template <class... Values>
std::vector<std::string> parameters_of(const Values&... values) {
    return {to_string(
        store_value<detail::bound_type<Values>>(static_cast<detail::bound_type<Values>>(values))
    )...};
}

}  // namespace gino::testing

/// `EXPECT_SQL(statement, postgresql, "SELECT ... $1", 7)` checks the text and the parameters.
#define EXPECT_SQL(statement, database, text, ...)                                                \
    EXPECT_TRUE(::gino::testing::sql_is(                                                          \
        statement, ::gino::database::dialect(), text, ::gino::testing::parameters_of(__VA_ARGS__) \
    ))

/// `EXPECT_SQL_OF(statement, postgresql, "SELECT ...")` checks the text alone.
#define EXPECT_SQL_OF(statement, database, text) \
    EXPECT_TRUE(::gino::testing::text_is(statement, ::gino::database::dialect(), text))

/// `EXPECT_CANNOT_COMPILE(statement, sqlite, "LATERAL")` expects a compile_error with "LATERAL".
#define EXPECT_CANNOT_COMPILE(statement, database, construct) \
    EXPECT_TRUE(::gino::testing::cannot_compile(statement, ::gino::database::dialect(), construct))

/// `EXPECT_DDL(table_definition, sqlite, "CREATE TABLE ...")` checks the statements of a table.
#define EXPECT_DDL(table, database, text) \
    EXPECT_TRUE(::gino::testing::ddl_is(table, ::gino::database::dialect(), text))
