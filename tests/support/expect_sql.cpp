// SPDX-License-Identifier: BSD-3-Clause
#include "support/expect_sql.hpp"

#include <gino/core/value.hpp>
#include <gino/sql/shape.hpp>

namespace gino::testing {

namespace {

std::string joined(const std::vector<std::string>& parts, std::string_view with) {
    std::string text;
    for (const auto& part : parts) {
        text += (&part == &parts.front() ? "" : std::string(with)) + part;
    }
    return text;
}

}  // namespace

::testing::AssertionResult sql_is(
    const statement_base& statement,
    const dialect& by,
    std::string_view text,
    const std::vector<std::string>& parameters
) {
    const compiled made = by.compile(statement.node());
    if (made.text != text) {
        return ::testing::AssertionFailure()
               << by.name() << "\n    writes   " << made.text << "\n    expected " << text;
    }
    sql::shape shape;
    sql::describe_shape(statement.node(), shape);
    std::vector<std::string> bound;
    for (const auto place : made.parameters) {
        bound.push_back(to_string(shape.parameters[place]->bound));
    }
    if (bound != parameters) {
        return ::testing::AssertionFailure() << by.name() << " binds [" << joined(bound, ", ")
                                             << "], expected [" << joined(parameters, ", ") << "]";
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult ddl_is(
    const table_definition& table, const dialect& by, std::string_view text
) {
    const std::string made = joined(by.create_table(table, {}), ";\n");
    if (made != text) {
        return ::testing::AssertionFailure() << by.name() << "\nwrites\n"
                                             << made << "\nexpected\n"
                                             << text;
    }
    return ::testing::AssertionSuccess();
}

}  // namespace gino::testing
