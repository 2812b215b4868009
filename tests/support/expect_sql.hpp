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

/// Has a real database prepare a statement's text; returns what it does not like, or "". Set by
/// golden tests, so that no text is only believed.
using preparer =
    std::string (*)(const dialect& by, const statement_base& statement, const compiled& made);
extern preparer prepare_on_server;

/// Has a real database run a script, and undoes it; returns what it does not like, or "".
using script_runner = std::string (*)(const dialect& by, const std::string& script);
extern script_runner run_on_server;

/// Compares a script with what is expected.
::testing::AssertionResult script_is(
    const dialect& by, const std::string& script, std::string_view text
);

/// True when the database cannot express the statement, and the error names `construct`.
::testing::AssertionResult cannot_compile(
    const statement_base& statement, const dialect& by, std::string_view construct
);

/// As sql_is(), whatever the parameters are.
::testing::AssertionResult text_is(
    const statement_base& statement, const dialect& by, std::string_view text
);

/// Compares a statement's text and parameters, as people read them, with what is expected.
::testing::AssertionResult sql_is(
    const statement_base& statement,
    const dialect& by,
    std::string_view text,
    const std::vector<std::string>& parameters
);

/// Compares what creates a model's table: statements joined by ";\n".
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

/// `EXPECT_SQL(statement, postgresql, "SELECT ... $1", 7)`: the text and the values of its marks.
#define EXPECT_SQL(statement, database, text, ...)                                                \
    EXPECT_TRUE(::gino::testing::sql_is(                                                          \
        statement, ::gino::database::dialect(), text, ::gino::testing::parameters_of(__VA_ARGS__) \
    ))

/// `EXPECT_SQL_OF(statement, postgresql, "SELECT ...")`: the text alone.
#define EXPECT_SQL_OF(statement, database, text) \
    EXPECT_TRUE(::gino::testing::text_is(statement, ::gino::database::dialect(), text))

/// `EXPECT_CANNOT_COMPILE(statement, sqlite, "LATERAL")`: a compile_error that names the construct.
#define EXPECT_CANNOT_COMPILE(statement, database, construct) \
    EXPECT_TRUE(::gino::testing::cannot_compile(statement, ::gino::database::dialect(), construct))

/// `EXPECT_DDL(table_definition, sqlite, "CREATE TABLE ...")`.
#define EXPECT_DDL(table, database, text) \
    EXPECT_TRUE(::gino::testing::ddl_is(table, ::gino::database::dialect(), text))
