// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/ddl_compiler.hpp"

#include <gino/core/error.hpp>

#include <algorithm>

namespace gino::detail {

namespace {

std::string_view words_of(referential_action action) {
    switch (action) {
        case referential_action::no_action:
            return "NO ACTION";
        case referential_action::restrict:
            return "RESTRICT";
        case referential_action::cascade:
            return "CASCADE";
        case referential_action::set_null:
            return "SET NULL";
        case referential_action::set_default:
            return "SET DEFAULT";
    }
    return {};
}

}  // namespace

std::string ddl_compiler::qualified(std::string_view schema, std::string_view name) const {
    return schema.empty() ? quote(name) : quote(schema) + "." + quote(name);
}

// PostgreSQL: a foreign key may refer to a table of another schema.
std::string ddl_compiler::target_of(
    const table_definition& /*table*/, const foreign_key_definition& key
) const {
    return qualified(key.target_schema, key.target_table);
}

std::string ddl_compiler::index_on(const table_definition& table, const index_definition& index)
    const {
    return quote(index.name) + " ON " + table_name(*table.source);
}

std::string ddl_compiler::column_list(const std::vector<std::string>& columns) const {
    std::string list = "(";
    for (const auto& column : columns) {
        list += (list.size() > 1 ? ", " : "") + quote(column);
    }
    return list + ")";
}

// Without a name, the database chooses one.
std::string ddl_compiler::constraint_name(const std::string& name) const {
    return name.empty() ? "" : "CONSTRAINT " + quote(name) + " ";
}

// The order of the clauses is the one that both databases accept: COLLATE belongs to the type, and
// GENERATED comes before NOT NULL.
std::string ddl_compiler::column(const column_definition& column) const {
    std::string text = quote(column.name) + " " + column_type(column);
    if (!column.collation.empty()) {
        text += " COLLATE " + quote(column.collation);
    }
    if (column.server_default) {
        text += " DEFAULT " + default_value(*column.server_default->expression);
    }
    text += generated(column);
    text += column.nullable ? "" : " NOT NULL";
    return text + type_check(column);
}

std::string ddl_compiler::unique(const unique_definition& definition) const {
    std::string text =
        constraint_name(definition.name) + "UNIQUE " + column_list(definition.columns);
    return definition.deferrable ? text + deferrable(definition.initially_deferred) : text;
}

// NO ACTION and MATCH SIMPLE are the defaults of SQL, and are not written.
std::string ddl_compiler::foreign_key(
    const table_definition& table, const foreign_key_definition& key
) const {
    check(key);
    std::string text = constraint_name(key.name) + "FOREIGN KEY" + column_list(key.columns) +
                       " REFERENCES " + target_of(table, key) + " " +
                       column_list(key.target_columns);
    text += key.match == match_type::full ? " MATCH FULL" : "";
    if (key.on_delete != referential_action::no_action) {
        text += " ON DELETE ";
        text += words_of(key.on_delete);
    }
    if (key.on_update != referential_action::no_action) {
        text += " ON UPDATE ";
        text += words_of(key.on_update);
    }
    if (key.deferrable) {
        text += key.initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    }
    return text;
}

std::string ddl_compiler::create_index(const table_definition& table, const index_definition& index)
    const {
    check(index);
    std::string text = index.unique ? "CREATE UNIQUE INDEX " : "CREATE INDEX ";
    text += index.concurrently ? "CONCURRENTLY " : "";
    text += index_on(table, index);
    text += (index.method.empty() ? "" : " USING " + quote(index.method)) + " (";
    for (std::size_t i = 0; i < index.elements.size(); ++i) {
        const auto& element = index.elements[i];
        // Expressions need parentheses in an index, columns and function calls do not (manual,
        // CREATE INDEX).
        const bool alone = element.by->kind == sql::expression_kind::column ||
                           element.by->kind == sql::expression_kind::function;
        text += (i == 0 ? "" : ", ") + std::string(alone ? "" : "(") + expression(*element.by) +
                (alone ? "" : ")");
        if (i < index.operator_classes.size() && !index.operator_classes[i].empty()) {
            text += " " + quote(index.operator_classes[i]);
        }
        if (element.direction == sql::sort_direction::descending) {
            text += " DESC";
        }
        if (element.nulls != sql::nulls_order::unspecified) {
            text += nulls(index, element.nulls);
        }
    }
    text += ")" + (index.include.empty() ? "" : " INCLUDE " + column_list(index.include));
    return index.where ? text + " WHERE " + expression(*index.where) : text;
}

// All constraints are written as table constraints, also those of one column: only these can have
// several columns, and the text has one form.
std::vector<std::string> ddl_compiler::constraints(
    const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
) const {
    std::vector<std::string> lines;
    if (!table.primary_key.empty()) {
        lines.push_back(
            constraint_name(table.primary_key_name) + "PRIMARY KEY " + primary_key(table)
        );
    }
    for (const auto& key : table.foreign_keys) {
        if (std::ranges::find(left_out, &key) == left_out.end()) {
            lines.push_back(foreign_key(table, key));
        }
    }
    for (const auto& one : table.unique) {
        lines.push_back(unique(one));
    }
    for (const auto& check : table.checks) {
        lines.push_back(
            constraint_name(check.name) + "CHECK (" + expression(*check.condition) + ")"
        );
    }
    for (const auto& one : table.excludes) {
        lines.push_back(exclude(one));
    }
    return lines;
}

std::vector<std::string> ddl_compiler::create_table(
    const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
) const {
    std::vector<std::string> lines;
    lines.reserve(table.columns.size());
    for (const auto& one : table.columns) {
        lines.push_back(column(one));
    }
    // CREATE TABLE has one line for each column, then one for each constraint.
    const auto rest = constraints(table, left_out);
    lines.insert(lines.end(), rest.begin(), rest.end());
    std::string create = "CREATE TABLE " + table_name(*table.source) + " (";
    for (const auto& line : lines) {
        create += (&line == &lines.front() ? "\n    " : ",\n    ") + line;
    }
    std::vector<std::string> statements{create + "\n)"};
    // A copy, because an index that is created with its table is never CONCURRENTLY.
    for (index_definition index : table.indexes) {
        index.concurrently = false;
        statements.push_back(create_index(table, index));
    }
    append_comments(table, statements);
    return statements;
}

std::string ddl_compiler::add_foreign_key(
    const table_definition& table, const foreign_key_definition& key
) const {
    return "ALTER TABLE " + table_name(*table.source) + " ADD " + foreign_key(table, key);
}

namespace {

// Returns the name that PostgreSQL gives to a foreign key without one. A longer name is shortened
// by a rule of the server, which is not repeated here.
std::string default_name(const table_definition& table, const foreign_key_definition& key) {
    constexpr std::size_t longest = 63;
    std::string name = table.source->name;
    for (const auto& column : key.columns) {
        name += "_" + column;
    }
    name += "_fkey";
    if (name.size() > longest) {
        throw argument_error(
            errc::invalid_argument,
            "cannot drop the tables: a foreign key of \"" + table.source->name +
                "\" is part of a circle and has no name to be dropped by; give it one with name()"
        );
    }
    return name;
}

}  // namespace

std::string ddl_compiler::drop_foreign_key(
    const table_definition& table, const foreign_key_definition& key
) const {
    const std::string name = key.name.empty() ? default_name(table, key) : key.name;
    return "ALTER TABLE " + table_name(*table.source) + " DROP CONSTRAINT " + quote(name);
}

// Without CASCADE: the tables are dropped in the reverse order of their creation.
std::string ddl_compiler::drop_table(const table_definition& table) const {
    return "DROP TABLE " + table_name(*table.source);
}

}  // namespace gino::detail
