// SPDX-License-Identifier: BSD-3-Clause
#include "support/expect_sql.hpp"

#include <gino/core/error.hpp>
#include <gino/core/value.hpp>
#include <gino/sql/cache_key.hpp>

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

preparer prepare_on_server = nullptr;
script_runner run_on_server = nullptr;

::testing::AssertionResult cannot_compile(
    const statement_base& statement, const dialect& by, std::string_view construct
) {
    try {
        const compiled made = by.compile(statement.node());
        return ::testing::AssertionFailure() << by.name() << " writes " << made.text;
    } catch (const compile_error& refusal) {
        const std::string_view message = refusal.what();
        if (message.find(construct) == std::string_view::npos) {
            return ::testing::AssertionFailure()
                   << "the error does not say \"" << construct << "\": " << message;
        }
        return ::testing::AssertionSuccess();
    }
}

::testing::AssertionResult text_is(
    const statement_base& statement, const dialect& by, std::string_view text
) {
    const compiled made = by.compile(statement.node());
    if (made.text != text) {
        return ::testing::AssertionFailure()
               << by.name() << "\n    writes   " << made.text << "\n    expected " << text;
    }
    const std::string refusal =
        prepare_on_server == nullptr ? "" : prepare_on_server(by, statement, made);
    if (!refusal.empty()) {
        return ::testing::AssertionFailure()
               << by.name() << " refuses to prepare\n    " << made.text << "\n    " << refusal;
    }
    return ::testing::AssertionSuccess();
}

::testing::AssertionResult sql_is(
    const statement_base& statement,
    const dialect& by,
    std::string_view text,
    const std::vector<std::string>& parameters
) {
    const auto same_text = text_is(statement, by, text);
    if (!same_text) {
        return same_text;
    }
    const compiled made = by.compile(statement.node());
    sql::cache_key shape;
    sql::build_cache_key(statement.node(), shape);
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
    return script_is(by, joined(by.create_table(table, {}), ";\n"), text);
}

::testing::AssertionResult script_is(
    const dialect& by, const std::string& script, std::string_view text
) {
    if (script != text) {
        return ::testing::AssertionFailure() << by.name() << "\nwrites\n"
                                             << script << "\nexpected\n"
                                             << text;
    }
    const std::string refusal = run_on_server == nullptr ? "" : run_on_server(by, script);
    if (!refusal.empty()) {
        return ::testing::AssertionFailure() << by.name() << " refuses to run\n"
                                             << script << "\n"
                                             << refusal;
    }
    return ::testing::AssertionSuccess();
}

}  // namespace gino::testing
