// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/source.hpp>

#include <algorithm>
#include <string>

namespace gino::detail {

namespace {

// Returns the name of a selected expression in the result of its subquery. Expressions without a
// name get one only in the compiled text (`anon_1`), which nothing outside could refer to.
std::string name_of(const sql::statement_node& query, std::size_t place) {
    std::string name = sql::output_name(query, place);
    if (name.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "an expression of a subquery has no name to be found by; give it one with label()"
        );
    }
    return name;
}

std::string shown(const sql::expression& e) {
    switch (e.kind) {
        case sql::expression_kind::column:
            return "column \"" + sql::cast_to<sql::column_expression>(e).name + "\"";
        case sql::expression_kind::label:
            return "label \"" + sql::cast_to<sql::label>(e).name + "\"";
        default:
            return "this expression";
    }
}

}  // namespace

// Columns are compared by source and position, because each use of an alias's column may be another
// node. Other expressions are the same only if they are the same node: keep a label in a variable.
bool is_same_expression(const sql::expression& a, const sql::expression& b) noexcept {
    if (&a == &b) {
        return true;
    }
    if (a.kind != sql::expression_kind::column || b.kind != sql::expression_kind::column) {
        return false;
    }
    const auto& left = sql::cast_to<sql::column_expression>(a);
    const auto& right = sql::cast_to<sql::column_expression>(b);
    return left.source.get() == right.source.get() && left.index == right.index;
}

// The recursive part of a CTE has no statement of its own (`cte_self`): its columns come from the
// first part, which the handle keeps.
const sql::statement_node* query_in(const sql::from_item& source) noexcept {
    switch (source.kind) {
        case sql::from_kind::subquery:
            return sql::cast_to<sql::subquery_source>(source).select.get();
        case sql::from_kind::cte:
            return sql::cast_to<sql::cte_source>(source).statement.get();
        default:
            return nullptr;
    }
}

// Follows a column down to its table, one level of subqueries per step. An expression that computes
// ends the search: its value is not the column's any more.
column_origin origin_of(const sql::expression& e) noexcept {
    if (e.kind == sql::expression_kind::label) {
        return origin_of(*sql::cast_to<sql::label>(e).labelled);
    }
    if (e.kind != sql::expression_kind::column) {
        return {};
    }
    const auto& column = sql::cast_to<sql::column_expression>(e);
    const auto& source = *column.source;
    if (source.kind == sql::from_kind::table) {
        return {.table = &sql::cast_to<sql::table_source>(source), .index = column.index};
    }
    if (source.kind == sql::from_kind::alias) {
        return {
            .table = sql::cast_to<sql::alias_source>(source).table.get(), .index = column.index};
    }
    // VALUES lists and functions have no statement: their columns come from no table.
    const auto* query = query_in(source);
    if (query == nullptr || column.index >= sql::columns_of(*query).size()) {
        return {};
    }
    return origin_of(*sql::columns_of(*query)[column.index]);
}

// Quadratic, for lists of a few dozen columns; a hash would have to compare columns by source and
// position too.
void append_new(
    std::vector<sql::expression_ref>& columns, const std::vector<sql::expression_ref>& more
) {
    for (const auto& column : more) {
        const bool there = std::ranges::any_of(columns, [&](const auto& present) {
            return is_same_expression(*present, *column);
        });
        if (!there) {
            columns.push_back(column);
        }
    }
}

// The name is that of the output, which differs from the column's own where two columns have one
// name.
sql::expression_ref subquery_column(
    const sql::from_ref& source, const sql::statement_node& query, const sql::expression& selected
) {
    const auto& columns = sql::columns_of(query);
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
        if (is_same_expression(*columns[i], selected)) {
            return sql::make<sql::column_expression>(source, name_of(query, i), selected.type, i);
        }
    }
    throw argument_error(
        errc::invalid_argument,
        shown(selected) + " was not selected by the subquery: select it first"
    );
}

}  // namespace gino::detail
