// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/model/copy.hpp>

#include "model/left_out_columns.hpp"

namespace gino::detail {

namespace {

// COPY is written here and not by the dialect's compiler: it is no statement of the tree, and has
// no parameters. Names are quoted where the dialect needs it.
std::string statement_for(
    const connection& on, const sql::table_source& table, const std::vector<std::string>& columns
) {
    const auto& by = on.dialect();
    std::string text = "COPY ";
    text += table.schema.empty() ? "" : by.quote(table.schema) + ".";
    text += by.quote(table.name) + " (";
    for (const auto& column : columns) {
        text += (&column == &columns.front() ? "" : ", ") + by.quote(column);
    }
    return text + ") FROM STDIN";
}

}  // namespace

// Without an object, the columns are those that an object with NULL in every member would send. No
// row is sent then; the server still checks the names.
void object_rows::decide(const void* first) {
    if (first != nullptr) {
        left_out_ = left_out_columns(model_, first);
        return;
    }
    for (const auto& column : model_.table.columns) {
        left_out_.push_back(is_left_out(column, value(), value()));
    }
}

void object_rows::store(const void* object, std::vector<value>& row) {
    const auto& members = model_.source->members();
    for (std::size_t i = 0; i < members.size(); ++i) {
        const auto& column = model_.table.columns[i];
        value v = members[i].type->store(members[i].address_in(object));
        // COPY has one list of columns for all rows. An INSERT per kind of object, as create_many()
        // sends, would not be one COPY.
        if (is_left_out(column, v, model_.initial[i]) != left_out_[i]) {
            throw argument_error(
                errc::invalid_argument,
                "copy_in() wants objects that leave the same columns to the database; \"" +
                    column.name + "\" is left out in some of them only"
            );
        }
        if (left_out_[i]) {
            continue;
        }
        // default_() as create() applies it. An expression cannot be sent: COPY's rows hold values
        // alone.
        if (v.is_null() && column.default_value) {
            if (!column.default_value->maker) {
                throw argument_error(
                    errc::invalid_argument,
                    "copy_in() sends values, and the default_() of column \"" + column.name +
                        "\" is a SQL expression: give the member a value"
                );
            }
            v = column.default_value->maker->make();
        }
        row.push_back(std::move(v));
    }
}

std::string object_rows::statement(const connection& on) const {
    std::vector<std::string> columns;
    for (std::size_t i = 0; i < left_out_.size(); ++i) {
        if (!left_out_[i]) {
            columns.push_back(model_.table.columns[i].name);
        }
    }
    return statement_for(on, *model_.source->table(), columns);
}

// The declared types, which can differ from those of the members: the binary format has to fit the
// table (PostgreSQL 15, COPY, "Binary Format").
std::vector<sql_type> object_rows::types() const {
    std::vector<sql_type> types;
    for (std::size_t i = 0; i < left_out_.size(); ++i) {
        if (!left_out_[i]) {
            types.push_back(model_.table.columns[i].type);
        }
    }
    return types;
}

// Compares sources by address: a model has one table node. An alias is refused, because COPY writes
// to a table itself.
std::string copy_statement(const connection& on, const std::vector<sql::expression_ref>& columns) {
    const sql::from_item* table = nullptr;
    std::vector<std::string> names;
    for (const auto& one : columns) {
        const auto& column = sql::cast_to<sql::column_expression>(*one);
        if (column.source->kind != sql::from_kind::table ||
            (table != nullptr && table != column.source.get())) {
            throw argument_error(
                errc::invalid_argument, "copy_in() wants columns of one table, and no alias"
            );
        }
        table = column.source.get();
        names.push_back(column.name);
    }
    return statement_for(on, sql::cast_to<sql::table_source>(*table), names);
}

}  // namespace gino::detail
