// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sql_compiler.hpp"

#include <gino/core/error.hpp>

#include <algorithm>

// Statements as a whole, select lists, names, and the items of WITH and FROM.
namespace gino::detail {

using namespace gino::sql;

sql_compiler::sql_compiler(const statement_node& statement, const identifier_preparer& names)
    : statement_(statement), names_(names) {
    text_.reserve(256);
}

compiled sql_compiler::compile() {
    build_cache_key(statement_, cache_key_);
    for (std::uint32_t i = 0; i < cache_key_.parameters.size(); ++i) {
        places_.emplace(cache_key_.parameters[i], i);
    }
    // CREATE ... AS: WITH is a part of its query, see write_create_as().
    if (statement_.kind != statement_kind::create_as) {
        write_with();
    }
    write_statement(statement_);
    return {.text = std::move(text_), .parameters = std::move(placeholders_)};
}

// No cache key is built: values are written as literals, so that no placeholder needs an index.
std::string sql_compiler::compile_for_ddl(const expression& e) {
    text_.clear();
    for_ddl_ = true;
    qualifies_ = false;
    write(e);
    return text_;
}

void sql_compiler::throw_cannot(std::string_view construct) const {
    throw compile_error(
        errc::cannot_compile,
        std::string(database()) + " has no " + std::string(construct) +
            "; so far the statement is: " + text_
    );
}

// Every common table expression is written at the front of the whole statement, wherever it is
// used: the list in the cache key has each after those that it refers to, as SQL requires.
void sql_compiler::write_with() {
    if (cache_key_.ctes.empty()) {
        return;
    }
    const bool recursive = std::ranges::any_of(cache_key_.ctes, &cte_source::recursive);
    append(recursive ? "WITH RECURSIVE " : "WITH ");
    for (const auto* cte : cache_key_.ctes) {
        append(cte == cache_key_.ctes.front() ? "" : ", ");
        write_cte(*cte);
    }
    append(" ");
}

// A recursive one has a list of its column names, because its second operand refers to them.
void sql_compiler::write_cte(const cte_source& cte) {
    static constexpr std::string_view hints[] = {"", "MATERIALIZED ", "NOT MATERIALIZED "};
    write_name(alias_name(cte));
    const auto& columns = columns_of(*cte.statement);
    if (cte.recursive) {
        for (std::size_t i = 0; i < columns.size(); ++i) {
            append(i == 0 ? "(" : ", ");
            write_name(output_name(*cte.statement, i));
        }
        append(")");
    }
    append(" AS ");
    append(hints[static_cast<std::size_t>(cte.materialized)]);
    append("(");
    const bool selects = cte.statement->kind == statement_kind::select ||
                         cte.statement->kind == statement_kind::compound ||
                         cte.statement->kind == statement_kind::text;
    if (selects) {
        write_derived(*cte.statement);
    } else {
        write_changing_cte(*cte.statement);
    }
    append(")");
}

void sql_compiler::write_changing_cte(const statement_node& s) {
    write_derived(s);
}

// Writes a statement in FROM or WITH. Its columns must have different names, so that the outer
// statement can refer to them: those that differ from the column's own name are written with AS.
// `new_names_` passes the names to the function that writes the select list.
void sql_compiler::write_derived(const statement_node& s) {
    const auto& columns = columns_of(s);
    new_names_.resize(columns.size());
    for (std::size_t i = 0; i < columns.size(); ++i) {
        std::string name = output_name(s, i);
        new_names_[i] = name == own_name(*columns[i]) ? std::string() : std::move(name);
    }
    write_query(s);
    new_names_.clear();
}

void sql_compiler::write_sources(std::string_view before, const source_list& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? before : ", ");
        write_source(*items[i]);
    }
}

void sql_compiler::write_source(const from_item& item, bool on_the_right) {
    switch (item.kind) {
        case from_kind::table:
        case from_kind::cte:
        case from_kind::cte_self:
            return write_source_name(item);
        case from_kind::alias:
            return write_alias(cast_to<alias_source>(item));
        case from_kind::subquery:
            return write_subquery_source(cast_to<subquery_source>(item));
        case from_kind::function:
            return write_table_function(cast_to<function_source>(item));
        case from_kind::values:
            return write_values_list(cast_to<values_source>(item));
        case from_kind::join:
            return write_join(cast_to<sql::join>(item), on_the_right);
    }
}

void sql_compiler::write_alias(const alias_source& item) {
    write_source_name(*item.table);
    append(" AS ");
    write_name(alias_name(item));
    if (!item.sample.method.empty()) {
        write_sample(item.sample);
    }
}

void sql_compiler::write_sample(const table_sample& sample) {
    append(" TABLESAMPLE ");
    write_name(sample.method);
    append("(");
    write(*sample.percent);
    append(")");
    if (sample.seed) {
        append(" REPEATABLE (");
        write(*sample.seed);
        append(")");
    }
}

// A subquery in FROM does not see the items beside it, unless it is LATERAL (manual, 7.2.1.5).
// Without the enclosing levels, a column of such an item becomes a source of the subquery itself.
void sql_compiler::write_subquery_source(const subquery_source& item) {
    if (item.lateral) {
        write_lateral();
    }
    auto outside = enclosing_;
    if (!item.lateral) {
        enclosing_.clear();
    }
    append("(");
    write_derived(*item.select);
    append(") AS ");
    enclosing_ = std::move(outside);
    write_name(alias_name(item));
}

void sql_compiler::write_lateral() {
    append("LATERAL ");
}

void sql_compiler::write_table_function(const function_source& item) {
    write(*item.function);
    append(item.with_ordinality ? " WITH ORDINALITY AS " : " AS ");
    write_name(alias_name(item));
    for (std::size_t i = 0; i < item.columns.size(); ++i) {
        append(i == 0 ? "(" : ", ");
        write_name(item.columns[i].name);
        if (item.with_types) {
            append(" ");
            append(type_name(item.columns[i].type));
        }
    }
    append(item.columns.empty() ? "" : ")");
}

void sql_compiler::write_values_list(const values_source& item) {
    append("(");
    write_values(item);
    append(") AS ");
    write_name(alias_name(item));
    append(" (");
    for (std::size_t i = 0; i < item.columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write_name(item.columns[i].name);
    }
    append(")");
}

void sql_compiler::write_values(const values_source& item) {
    if (item.rows.empty()) {
        throw argument_error(
            errc::invalid_argument, "values_list() has no rows: add one with row()"
        );
    }
    for (std::size_t i = 0; i < item.rows.size(); ++i) {
        append(i == 0 ? "VALUES (" : ", (");
        for (const auto& each : item.rows[i]) {
            append(&each == &item.rows[i].front() ? "" : ", ");
            write_with_type(*each);
        }
        append(")");
    }
}

// Joins associate to the left, so that a join on the right side needs parentheses.
void sql_compiler::write_join(const sql::join& both, bool on_the_right) {
    static constexpr std::string_view words[] = {
        " JOIN ", " LEFT OUTER JOIN ", " FULL OUTER JOIN ", " CROSS JOIN "};
    append(on_the_right ? "(" : "");
    write_source(*both.left);
    append(words[static_cast<std::size_t>(both.join_type)]);
    write_source(*both.right, true);
    if (both.on) {
        append(" ON ");
        write(*both.on);
    }
    append(on_the_right ? ")" : "");
}

namespace {

// Returns the name that the program gave to a FROM item; empty: none.
std::string_view given_name(const from_item& item) {
    switch (item.kind) {
        case from_kind::alias:
            return cast_to<alias_source>(item).name;
        case from_kind::subquery:
            return cast_to<subquery_source>(item).name;
        case from_kind::cte:
            return cast_to<cte_source>(item).name;
        case from_kind::cte_self:
            return cast_to<cte_self_source>(item).name;
        case from_kind::function:
            return cast_to<function_source>(item).name;
        case from_kind::values:
            return cast_to<values_source>(item).name;
        case from_kind::table:
        case from_kind::join:
            break;
    }
    return {};
}

}  // namespace

// Names are made in the order of their first use: `users_1`, `anon_1`. The program may have used
// such a name already; the next number is taken then. The pointer identifies the item, so that
// every reference has the same name.
const std::string& sql_compiler::alias_name(const from_item& item) {
    const auto found = alias_names_.find(&item);
    if (found != alias_names_.end()) {
        return found->second;
    }
    std::string name(given_name(item));
    if (name.empty()) {
        const bool is_alias = item.kind == from_kind::alias;
        do {
            name = numbered(is_alias ? cast_to<alias_source>(item).table->name : "anon");
        } while (is_source_name(name));
    }
    return alias_names_.emplace(&item, std::move(name)).first->second;
}

// Returns true when the program gave this name to a FROM item of the statement. The case of ASCII
// letters is ignored, as SQLite does even for quoted names.
bool sql_compiler::is_source_name(std::string_view name) const {
    return std::ranges::any_of(cache_key_.sources, [name](const from_item* item) {
        return is_same_name(
            item->kind == from_kind::table ? cast_to<table_source>(*item).name : given_name(*item),
            name
        );
    });
}

void sql_compiler::write_source_name(const from_item& item) {
    if (item.kind == from_kind::table) {
        const auto& table = cast_to<table_source>(item);
        write_qualified_name(table.schema, table.name);
    } else {
        write_name(alias_name(item));
    }
}

void sql_compiler::write_qualified_name(std::string_view schema, std::string_view name) {
    if (!schema.empty()) {
        write_name(schema);
        append(".");
    }
    write_name(name);
}

// FOR UPDATE OF takes names without a schema (manual, SELECT).
void sql_compiler::write_unqualified_source_name(const from_item& item) {
    write_name(item.kind == from_kind::table ? cast_to<table_source>(item).name : alias_name(item));
}

namespace {

// Labels are compared by name: the select list and ORDER BY may have different nodes.
bool is_selected_label(const expression& e, const std::vector<expression_ref>& selected) {
    return e.kind == expression_kind::label && std::ranges::any_of(selected, [&e](const auto& one) {
               return one->kind == expression_kind::label && own_name(*one) == own_name(e);
           });
}

}  // namespace

void sql_compiler::write_order_items(
    const std::vector<order_item>& items, const std::vector<expression_ref>& selected
) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? "" : ", ");
        const auto& by = *items[i].by;
        // A label of the select list is written by its name: the column of the result.
        if (is_selected_label(by, selected) && orders_by_name(by)) {
            write_name(own_name(by));
        } else {
            write_order_key(by);
        }
        write_direction(items[i], may_be_null(by));
    }
}

void sql_compiler::write_direction(const order_item& item, bool has_nulls) {
    if (item.direction != sort_direction::unspecified) {
        append(item.direction == sort_direction::ascending ? " ASC" : " DESC");
    }
    const auto nulls = nulls_of(item, has_nulls);
    if (nulls != nulls_order::unspecified) {
        append(nulls == nulls_order::first ? " NULLS FIRST" : " NULLS LAST");
    }
}

// Conservative: true unless the declaration excludes NULL. An outer join fills any column with
// NULL.
bool sql_compiler::may_be_null(const expression& e) const {
    if (e.kind == expression_kind::label) {
        return may_be_null(*cast_to<label>(e).labelled);
    }
    if (e.kind == expression_kind::function) {
        return cast_to<function_call>(e).name != "count";
    }
    if (e.kind != expression_kind::column || cache_key_.has_outer_join) {
        return true;
    }
    const auto& column = cast_to<column_expression>(e);
    const auto& source = *column.source;
    if (source.kind == from_kind::table) {
        return cast_to<table_source>(source).columns[column.index].nullable;
    }
    return source.kind != from_kind::alias ||
           cast_to<alias_source>(source).table->columns[column.index].nullable;
}

void sql_compiler::write_unlabelled(const expression& e) {
    write(e.kind == expression_kind::label ? *cast_to<label>(e).labelled : e);
}

void sql_compiler::write_select_list(
    const std::vector<expression_ref>& columns, const std::vector<std::string>& new_names
) {
    if (columns.empty()) {
        append("*");
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        if (new_names.empty() || new_names[i].empty()) {
            write_selected(*columns[i]);
        } else {
            write_renamed(*columns[i], new_names[i]);
        }
    }
}

// The name replaces the label that the expression may have.
void sql_compiler::write_renamed(const expression& e, std::string_view name) {
    write_unlabelled(e);
    append(" AS ");
    write_name(name);
}

// Every column of a select list has a name: its own, that of its function with a number
// ("count_1"), or "anon_1". Readers of rows can rely on it on every database.
void sql_compiler::write_selected(const expression& e) {
    switch (e.kind) {
        case expression_kind::label:
            write(*cast_to<label>(e).labelled);
            append(" AS ");
            write_name(cast_to<label>(e).name);
            return;
        case expression_kind::column:
        case expression_kind::literal:
            write(e);
            return;
        case expression_kind::function: {
            write(e);
            std::string_view name = cast_to<function_call>(e).name;
            name = name.substr(name.rfind('.') + 1);
            append(" AS ");
            write_name(numbered(name));
            return;
        }
        default:
            write(e);
            append(" AS ");
            write_name(numbered("anon"));
            return;
    }
}

// Numbers count per base name and per statement, so that equal statements have equal texts.
std::string sql_compiler::numbered(std::string_view base) {
    auto found = numbers_.find(base);
    if (found == numbers_.end()) {
        found = numbers_.emplace(std::string(base), 0).first;
    }
    return std::string(base) + "_" + std::to_string(++found->second);
}

void sql_compiler::write_returning(
    const std::vector<expression_ref>& columns, const std::vector<std::string>& new_names
) {
    if (columns.empty()) {
        return;
    }
    append(" RETURNING ");
    qualifies_ = qualifies_returning();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        if (!new_names.empty() && !new_names[i].empty()) {
            write_renamed(*columns[i], new_names[i]);
        } else if (columns[i]->kind == expression_kind::label) {
            write_selected(*columns[i]);
        } else {
            write(*columns[i]);
        }
    }
    qualifies_ = true;
}

}  // namespace gino::detail
