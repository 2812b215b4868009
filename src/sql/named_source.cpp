// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/named_source.hpp>

#include <string>

#include "sql/qualified_name.hpp"

namespace gino {

namespace {

// A subquery finds its columns by expressions instead, since its names may be made by the compiler.
const std::vector<sql::column_info>& columns_of(const sql::from_item& source) {
    switch (source.kind) {
        case sql::from_kind::table:
            return sql::cast_to<sql::table_source>(source).columns;
        case sql::from_kind::alias:
            return sql::cast_to<sql::alias_source>(source).table->columns;
        case sql::from_kind::values:
            return sql::cast_to<sql::values_source>(source).columns;
        case sql::from_kind::function:
            return sql::cast_to<sql::function_source>(source).columns;
        default:
            throw argument_error(
                errc::invalid_argument,
                "column_named() takes a model, an alias, or something else with named columns"
            );
    }
}

// Nodes of FROM items are immutable, so that a changed source is a new one: columns that were taken
// from the old one do not belong to it.
table_function_source changed(
    const sql::function_source& old, bool with_ordinality, bool with_types
) {
    return table_function_source(sql::make<sql::function_source>(
        old.function, old.name, old.columns, with_ordinality, with_types
    ));
}

}  // namespace

table_function_source table_function_source::with_ordinality() const {
    const auto& old = sql::cast_to<sql::function_source>(*source_);
    return changed(old, true, old.with_types);
}

table_function_source table_function_source::with_types() const {
    const auto& old = sql::cast_to<sql::function_source>(*source_);
    return changed(old, old.with_ordinality, true);
}

namespace detail {

// The key is the member's name. It may come from outside of the program: it is only compared, and
// the database's name is taken from the description.
sql::expression_ref column_by_key(const sql::from_ref& source, std::string_view key) {
    const auto& columns = gino::columns_of(*source);
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
        // Case matters, unlike in SQL: the key is a name of C++.
        if (columns[i].key == key) {
            return sql::make<sql::column_expression>(source, columns[i].name, columns[i].type, i);
        }
    }
    std::string message = "there is no column \"" + std::string(key) + "\"; there are";
    for (const auto& column : columns) {
        message += (&column == &columns.front() ? " " : ", ") + column.key;
    }
    throw argument_error(errc::invalid_argument, message);
}

// No model: no foreign keys for joins, and no default_() values to complete statements with.
sql::from_ref make_named_table(std::string_view name, std::vector<sql::column_info> columns) {
    const auto parts = sql::split_name(name);
    return sql::make<sql::table_source>(parts.schema, parts.name, std::move(columns));
}

}  // namespace detail
}  // namespace gino
