// SPDX-License-Identifier: BSD-3-Clause
#include "model/client_values.hpp"

#include <gino/sql/expression/expression.hpp>

#include <algorithm>
#include <cstdint>

namespace gino::detail {

namespace {

// Returns null if there is nothing to add, so that the engine uses the program's own tree. An
// UPDATE without set() is left to the compiler, which refuses it: onupdate() alone is no change.
sql::statement_ref complete_update(const model_info& model, const sql::update_node& update) {
    const bool has_onupdate = std::ranges::any_of(model.table.columns, [](const auto& column) {
        return column.onupdate.has_value();
    });
    if (!has_onupdate || update.assignments.empty()) {
        return {};
    }
    auto assignments = update.assignments;
    add_onupdate(model, assignments);
    // A copy: the program may hold and run its statement again, with new values then.
    auto* completed = new sql::update_node(update);
    sql::statement_ref owner(completed);
    completed->assignments = std::move(assignments);
    return owner;
}

// Evaluates the default_() of a column for each row separately: a function is called once per row,
// as two rows must not share a UUID.
void add_default(sql::insert_node& insert, const model_info& model, std::uint32_t place) {
    const auto& column = model.table.columns[place];
    insert.columns.push_back(model.source->column(place));
    for (auto& row : insert.rows) {
        row.push_back(expression_of(*column.default_value, column.type));
    }
}

sql::statement_ref complete_insert(const model_info& model, const sql::insert_node& insert) {
    // A column that the program names keeps its value, also NULL.
    const auto is_missing = [&](std::uint32_t place) {
        return model.table.columns[place].default_value &&
               std::ranges::none_of(insert.columns, [&](const auto& column) {
                   return column->index == place;
               });
    };
    std::vector<std::uint32_t> missing;
    for (std::uint32_t i = 0; i < model.table.columns.size(); ++i) {
        if (is_missing(i)) {
            missing.push_back(i);
        }
    }
    // INSERT ... SELECT would need the values in the select list, which may be a set operation or
    // text; so it gets none.
    if (missing.empty() || insert.select) {
        return {};
    }
    auto* completed = new sql::insert_node(insert);
    sql::statement_ref owner(completed);
    if (completed->rows.empty()) {
        // DEFAULT VALUES, which has no row in the tree.
        completed->rows.emplace_back();  // DEFAULT VALUES
    }
    for (const auto place : missing) {
        add_default(*completed, model, place);
    }
    return owner;
}

}  // namespace

// Calls the program's function here, when the statement is about to run, and not when it is built.
sql::expression_ref expression_of(const client_value& from, sql_type type) {
    return from.maker ? make_bind(from.maker->make(), type) : from.expression;
}

// The order of assignments is that of the model, so that equal statements have equal cache keys.
void add_onupdate(const model_info& model, std::vector<sql::assignment_node>& assignments) {
    for (std::uint32_t i = 0; i < model.table.columns.size(); ++i) {
        const auto& column = model.table.columns[i];
        const bool is_set = std::ranges::any_of(assignments, [&](const auto& one) {
            return one.column->index == i;
        });
        if (column.onupdate && !is_set) {
            assignments.push_back(
                {.column = model.source->column(i),
                 .to = expression_of(*column.onupdate, column.type)}
            );
        }
    }
}

sql::statement_ref complete_statement(
    const model_info& model, const sql::statement_node& statement
) {
    switch (statement.kind) {
        case sql::statement_kind::update:
            return complete_update(model, sql::cast_to<sql::update_node>(statement));
        case sql::statement_kind::insert:
            return complete_insert(model, sql::cast_to<sql::insert_node>(statement));
        default:
            return {};
    }
}

}  // namespace gino::detail
