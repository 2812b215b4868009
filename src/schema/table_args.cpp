// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/schema/table_args.hpp>

#include <algorithm>

#include "sql/qualified_name.hpp"

namespace gino {

namespace {

// The interface takes any expression (a column of a model has a type of its own), so this is
// checked when the model is first used.
const sql::column_expression& as_column(const sql::expression& e) {
    if (e.kind != sql::expression_kind::column) {
        throw argument_error(
            errc::invalid_argument, "table_args(): a column of the model is wanted here"
        );
    }
    return sql::cast_to<sql::column_expression>(e);
}

// The target of a foreign key is a table, not an alias or a subquery.
const sql::table_source& table_of(const sql::column_expression& column) {
    if (column.source->kind != sql::from_kind::table) {
        throw argument_error(
            errc::invalid_argument,
            "table_args(): \"" + column.name +
                "\" is a column of an alias or a subquery; name the "
                "column of the table"
        );
    }
    return sql::cast_to<sql::table_source>(*column.source);
}

// Parts name their columns, because they are made before the table's definition exists.
column_definition& column_in(table_definition& table, const std::string& name) {
    const auto found = std::ranges::find(table.columns, name, &column_definition::name);
    if (found == table.columns.end()) {
        throw argument_error(
            errc::invalid_argument,
            "table_args() of \"" + table.source->name + "\" names column \"" + name +
                "\", which it does not have"
        );
    }
    return *found;
}

}  // namespace

namespace detail {

std::string name_of_column(const expression_handle& column) {
    return as_column(*column.node()).name;
}

// A later PRIMARY KEY replaces an earlier one. The columns are looked up for the error alone.
table_arg make_primary_key(std::vector<std::string> columns, std::string_view name) {
    return table_arg([columns = std::move(columns),
                      key = std::string(name)](table_definition& table) {
        for (const auto& column : columns) {
            static_cast<void>(column_in(table, column));
        }
        table.primary_key = columns;
        table.primary_key_name = key;
    });
}

table_arg make_default(std::string column, client_value to) {
    return table_arg([column = std::move(column), to = std::move(to)](table_definition& table) {
        column_in(table, column).default_value = to;
    });
}

table_arg make_onupdate(std::string column, client_value to) {
    return table_arg([column = std::move(column), to = std::move(to)](table_definition& table) {
        column_in(table, column).onupdate = to;
    });
}

table_arg make_computed(std::string column, sql::expression_ref e, bool stored) {
    return table_arg([column = std::move(column), e = std::move(e), stored](table_definition& table
                     ) {
        column_in(table, column).computed = computed_definition{.expression = e, .stored = stored};
    });
}

table_arg make_server_default(std::string column, sql::expression_ref to) {
    return table_arg([column = std::move(column), to = std::move(to)](table_definition& table) {
        column_in(table, column).server_default = server_default_definition{.expression = to};
    });
}

}  // namespace detail

// In their order: of two parts that set the same property, the last one counts.
void table_args::apply_to(table_definition& table) const {
    for (const auto& arg : args_) {
        arg.apply_to(table);
    }
}

// The setters of these classes return changed copies, so that a part can be kept as a constant and
// varied: the definition is copied, not the nodes of its expressions, which are shared.
unique_arg unique_arg::deferrable(bool initially_deferred) const {
    unique_arg changed(*this);
    changed.definition_.deferrable = true;
    changed.definition_.initially_deferred = initially_deferred;
    return changed;
}

unique_arg::operator table_arg() const {
    return table_arg([definition = definition_](table_definition& table) {
        table.unique.push_back(definition);
    });
}

// The first target determines the table that the whole key refers to.
foreign_key_arg::foreign_key_arg(
    const sql::expression_ref& column, const sql::expression_ref& target
) {
    const auto& pointed_to = table_of(as_column(*target));
    definition_.target_schema = pointed_to.schema;
    definition_.target_table = pointed_to.name;
    add(column, target);
}

// Only names are kept, no definitions: when two models refer to each other, the definition of one
// is made before that of the other. `metadata` checks the names.
void foreign_key_arg::add(const sql::expression_ref& column, const sql::expression_ref& target) {
    definition_.columns.push_back(as_column(*column).name);
    definition_.target_columns.push_back(as_column(*target).name);
}

foreign_key_arg foreign_key_arg::name(std::string_view constraint) const {
    foreign_key_arg changed(*this);
    changed.definition_.name = constraint;
    return changed;
}

foreign_key_arg foreign_key_arg::on_delete(referential_action action) const {
    foreign_key_arg changed(*this);
    changed.definition_.on_delete = action;
    return changed;
}

foreign_key_arg foreign_key_arg::on_update(referential_action action) const {
    foreign_key_arg changed(*this);
    changed.definition_.on_update = action;
    return changed;
}

foreign_key_arg foreign_key_arg::match(match_type type) const {
    foreign_key_arg changed(*this);
    changed.definition_.match = type;
    return changed;
}

foreign_key_arg foreign_key_arg::deferrable(bool initially_deferred) const {
    foreign_key_arg changed(*this);
    changed.definition_.deferrable = true;
    changed.definition_.initially_deferred = initially_deferred;
    return changed;
}

foreign_key_arg::operator table_arg() const {
    return table_arg([definition = definition_](table_definition& table) {
        table.foreign_keys.push_back(definition);
    });
}

index_arg index_arg::unique() const {
    index_arg changed(*this);
    changed.definition_.unique = true;
    return changed;
}

index_arg index_arg::using_(std::string_view method) const {
    index_arg changed(*this);
    changed.definition_.method = method;
    return changed;
}

index_arg index_arg::ops(const expression_handle& element, std::string_view name) const {
    index_arg changed(*this);
    const auto& elements = definition_.elements;
    const auto found = std::ranges::find_if(elements, [&](const sql::order_item& one) {
        // Columns are the same if their names are. Other expressions have to be the same object.
        const bool both_columns = one.by->kind == sql::expression_kind::column &&
                                  element.node()->kind == sql::expression_kind::column;
        return one.by.get() == element.node().get() ||
               (both_columns && as_column(*one.by).name == as_column(*element.node()).name);
    });
    if (found == elements.end()) {
        throw argument_error(
            errc::invalid_argument,
            "index \"" + definition_.name + "\" has no such element to give the operator class " +
                std::string(name) + " to"
        );
    }
    auto& classes = changed.definition_.operator_classes;
    const auto place = static_cast<std::size_t>(found - elements.begin());
    // One class for each element up to the last one that has one; the missing ones are the
    // defaults.
    classes.resize(std::max(classes.size(), place + 1));
    classes[place] = name;
    return changed;
}

index_arg index_arg::concurrently() const {
    index_arg changed(*this);
    changed.definition_.concurrently = true;
    return changed;
}

index_arg::operator table_arg() const {
    return table_arg([definition = definition_](table_definition& table) {
        table.indexes.push_back(definition);
    });
}

exclude_arg::operator table_arg() const {
    return table_arg([definition = definition_](table_definition& table) {
        table.excludes.push_back(definition);
    });
}

exclude_arg exclude(std::string_view name, std::string_view method) {
    exclude_definition definition;
    definition.name = name;
    definition.method = method;
    return exclude_arg(std::move(definition));
}

// Two tables may declare the same sequence: create_all() creates it once.
table_arg sequence(
    std::string_view name, std::optional<std::int64_t> start, std::optional<std::int64_t> increment
) {
    const auto parts = sql::split_name(name);
    sequence_definition definition{
        .schema = std::string(parts.schema),
        .name = std::string(parts.name),
        .start = start,
        .increment = increment};
    return table_arg([definition = std::move(definition)](table_definition& table) {
        table.sequences.push_back(definition);
    });
}

// The kind alone: the dialect writes the clause, and SQLite ignores it.
table_arg identity(const expression_handle& target, identity_kind kind) {
    return table_arg([name = detail::name_of_column(target), kind](table_definition& table) {
        column_in(table, name).identity = kind;
    });
}

table_arg collation(const expression_handle& target, std::string_view name) {
    return table_arg([column = detail::name_of_column(target),
                      name = std::string(name)](table_definition& table) {
        column_in(table, column).collation = name;
    });
}

// Changes the declared type alone; expressions over the column keep the type of the C++ member.
table_arg column_type(const expression_handle& target, sql_type type) {
    return table_arg([name = detail::name_of_column(target), type](table_definition& table) {
        column_in(table, name).type = type;
    });
}

table_arg sqlite_autoincrement() {
    return table_arg([](table_definition& table) { table.sqlite_autoincrement = true; });
}

table_arg comment(const expression_handle& target, std::string_view text) {
    return table_arg([name = detail::name_of_column(target),
                      text = std::string(text)](table_definition& table) {
        column_in(table, name).comment = text;
    });
}

table_arg comment(std::string_view text) {
    return table_arg([text = std::string(text)](table_definition& table) { table.comment = text; });
}

}  // namespace gino
