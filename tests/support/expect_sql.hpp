// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/expression.hpp>
#include <gino/sql/statement.hpp>

#include <gtest/gtest.h>

#include <string>
#include <string_view>
#include <vector>

namespace gino::testing {

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

/// `EXPECT_DDL(table_definition, sqlite, "CREATE TABLE ...")`.
#define EXPECT_DDL(table, database, text) \
    EXPECT_TRUE(::gino::testing::ddl_is(table, ::gino::database::dialect(), text))
