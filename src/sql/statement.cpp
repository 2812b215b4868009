// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/cte.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/set_operations.hpp>
#include <gino/sql/statement.hpp>
#include <gino/sql/text.hpp>

#include <algorithm>
#include <string>

#include "sql/join.hpp"

namespace gino {

const std::vector<sql::expression_ref>& statement_base::selected() const noexcept {
    return sql::columns_of(*tree_);
}

text_statement<> text(std::string_view sql) {
    return text_statement<>(sql::make<sql::text_node>(sql));
}

namespace detail {

namespace {

// Joins a condition to the present one, which is empty at first. make_conjunction() keeps it flat.
sql::expression_ref and_also(const sql::expression_ref& present, const sql::expression_ref& more) {
    return present ? make_conjunction(sql::conjunction_kind::and_, present, more) : more;
}

// LIMIT and OFFSET are bind parameters of 64 bits, the type that PostgreSQL gives them, so that
// pages of any size share one text.
sql::expression_ref row_count(const char* clause, std::int64_t count) {
    if (count < 0) {
        throw argument_error(
            errc::invalid_argument,
            std::string(clause) + " takes a number of rows, not " + std::to_string(count)
        );
    }
    return make_bind(value(count), {.kind = type_kind::bigint});
}

// Returns the source that a join without from() starts at: the source of the first selected column.
// Functions and labels are passed over, because they may use several sources or none.
sql::from_ref first_source(const sql::select_node& select) {
    for (const auto& selected : select.columns) {
        if (selected->kind == sql::expression_kind::column) {
            return sql::cast_to<sql::column_expression>(*selected).source;
        }
    }
    throw argument_error(
        errc::invalid_argument,
        "a join has nothing to join to: say from<...>() first, or select a column"
    );
}

// Compares by position in the table. Assignments to columns of another model do not compile.
bool same_columns(
    const std::vector<sql::ref<sql::column_expression>>& columns, const std::vector<assignment>& row
) {
    return std::ranges::equal(columns, row, [](const auto& column, const auto& one) {
        return column->index == one.node().column->index;
    });
}

}  // namespace

// The tree is filled through the plain pointer before anybody else can own it; `owner` deletes it
// if that throws.
sql::statement_ref make_select(std::vector<sql::expression_ref> columns) {
    auto* select = new sql::select_node;
    sql::statement_ref owner(select);
    select->columns = std::move(columns);
    return owner;
}

sql::statement_ref make_select(
    std::vector<sql::expression_ref> columns, const sql::from_ref& from
) {
    auto* select = new sql::select_node;
    sql::statement_ref owner(select);
    select->columns = std::move(columns);
    select->from.push_back(from);
    return owner;
}

void select_clauses::add_where(const sql::expression_ref& condition) {
    auto& select = edit<sql::select_node>();
    select.where = and_also(select.where, condition);
}

void select_clauses::add_having(const sql::expression_ref& condition) {
    auto& select = edit<sql::select_node>();
    select.having = and_also(select.having, condition);
}

void select_clauses::add_group_by(const sql::expression_ref& by) {
    edit<sql::select_node>().group_by.push_back(by);
}

void select_clauses::add_order_by(const sql::order_item& by) {
    edit<sql::select_node>().order_by.push_back(by);
}

void select_clauses::add_from(const sql::from_ref& source) {
    edit<sql::select_node>().from.push_back(source);
}

void select_clauses::add_join(
    const sql::from_ref& right, sql::join_kind kind, sql::expression_ref on
) {
    auto& select = edit<sql::select_node>();
    // FROM is otherwise inferred when the statement is compiled; a join needs its left side now.
    if (select.from.empty()) {
        select.from.push_back(first_source(select));
    }
    // The last item is replaced by the join that contains it: `a JOIN b` becomes
    // `(a JOIN b) JOIN c`.
    sql::from_ref& left = select.from.back();
    if (!on && kind != sql::join_kind::cross) {
        on = sql::infer_join_condition(*left, *right);
    }
    left = sql::make<sql::join>(left, right, kind, std::move(on));
}

void select_clauses::add_cross_join(const sql::from_ref& right) {
    add_join(right, sql::join_kind::cross, {});
}

void select_clauses::set_distinct_on(std::vector<sql::expression_ref> columns) {
    edit<sql::select_node>().distinct_on = std::move(columns);
}

// The tables of an earlier of() are kept: only the strength and the wait change.
void select_clauses::set_lock(sql::lock_strength strength, sql::lock_wait wait) {
    auto& lock = edit<sql::select_node>().lock;
    lock.strength = strength;
    lock.wait = wait;
}

void select_clauses::add_locked(const sql::from_ref& source) {
    auto& lock = edit<sql::select_node>().lock;
    if (lock.strength == sql::lock_strength::none) {
        throw argument_error(
            errc::invalid_argument, "of() belongs to a lock: say for_update() or its like before"
        );
    }
    lock.of.push_back(source);
}

void select_clauses::add_correlated(const sql::from_ref& source) {
    edit<sql::select_node>().correlated.push_back(source);
}

void select_clauses::add_with(const sql::from_ref& cte) {
    edit<sql::select_node>().ctes.push_back(cte);
}

void compound_clauses::add_order_by(const sql::order_item& by) {
    edit<sql::compound_node>().order_by.push_back(by);
}

void compound_clauses::set_limit(std::int64_t count) {
    edit<sql::compound_node>().limit = row_count("limit()", count);
}

void compound_clauses::set_offset(std::int64_t count) {
    edit<sql::compound_node>().offset = row_count("offset()", count);
}

sql::statement_ref make_compound(sql::set_operator op, std::vector<sql::statement_ref> operands) {
    return sql::make<sql::compound_node>(op, std::move(operands));
}

// The number of columns is all that can be checked here; the database compares the types.
sql::statement_ref make_recursive(
    sql::set_operator op, const sql::statement_ref& base, const sql::statement_ref& more
) {
    const std::size_t wanted = sql::columns_of(*base).size();
    const std::size_t selected = sql::columns_of(*more).size();
    if (selected != wanted) {
        throw argument_error(
            errc::invalid_argument,
            "the recursive part of a common table expression selects " + std::to_string(selected) +
                " columns, but its first part selects " + std::to_string(wanted)
        );
    }
    return make_compound(op, {base, more});
}

void select_clauses::set_limit(std::int64_t count) {
    edit<sql::select_node>().limit = row_count("limit()", count);
}

void select_clauses::set_offset(std::int64_t count) {
    edit<sql::select_node>().offset = row_count("offset()", count);
}

// For load(): a loader may need columns that the select has already.
void select_clauses::add_columns(const std::vector<sql::expression_ref>& columns) {
    append_new(edit<sql::select_node>().columns, columns);
}

void select_clauses::add_prefix(std::string_view words) {
    edit<sql::select_node>().prefix.append(words).append(" ");
}

void select_clauses::set_allows_cross_product() {
    edit<sql::select_node>().allows_cross_product = true;
}

void select_clauses::set_distinct() {
    edit<sql::select_node>().distinct = true;
}

void dml_clauses::add_insert_row(const std::vector<assignment>& row) {
    auto& insert = edit<sql::insert_node>();
    if (insert.select) {
        throw argument_error(
            errc::invalid_argument,
            "an INSERT into \"" + insert.into->name + "\" has a from_select() already: no values()"
        );
    }
    if (row.empty() && !insert.rows.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "an INSERT into \"" + insert.into->name +
                "\" of several rows needs values: DEFAULT VALUES is one row"
        );
    }
    if (insert.rows.empty()) {
        for (const auto& one : row) {
            // The first row decides the columns of the whole statement, and their order.
            insert.columns.push_back(one.node().column);
        }
    } else if (!same_columns(insert.columns, row)) {
        throw argument_error(
            errc::invalid_argument,
            "a row of an INSERT into \"" + insert.into->name +
                "\" assigns other columns than the rows before it: all rows of one statement have "
                "the same columns, in the same order"
        );
    }
    std::vector<sql::expression_ref> values;
    values.reserve(row.size());
    for (const auto& one : row) {
        values.push_back(one.node().to);
    }
    insert.rows.push_back(std::move(values));
}

namespace {

// The static type of the argument is gone here, so that its kind has to be checked.
sql::ref<sql::column_expression> as_column(const sql::expression_ref& e) {
    if (e->kind != sql::expression_kind::column) {
        throw argument_error(
            errc::invalid_argument, "an INSERT names columns here, not other expressions"
        );
    }
    return sql::ref<sql::column_expression>(&sql::cast_to<sql::column_expression>(*e));
}

}  // namespace

// The query is shared, not copied: from here on neither handle changes it in place.
void dml_clauses::set_inserted_select(
    const statement_base& select, const std::vector<sql::expression_ref>& columns
) {
    auto& insert = edit<sql::insert_node>();
    if (!insert.rows.empty() || insert.select) {
        throw argument_error(
            errc::invalid_argument,
            "an INSERT into \"" + insert.into->name + "\" has " +
                (insert.select ? "a from_select()" : "values()") + " already: no from_select()"
        );
    }
    const auto& selected = select.selected();
    if (selected.size() != columns.size()) {
        throw argument_error(
            errc::invalid_argument,
            "from_select() into \"" + insert.into->name + "\" selects " +
                std::to_string(selected.size()) + " columns for " + std::to_string(columns.size())
        );
    }
    for (const auto& column : columns) {
        // The types are not compared: the database converts where it can, and refuses otherwise.
        insert.columns.push_back(as_column(column));
    }
    insert.select = select.tree();
}

void dml_clauses::set_conflict(sql::conflict_clause clause) {
    edit<sql::insert_node>().on_conflict = std::move(clause);
}

// SQL has one place for WHERE in ON CONFLICT DO UPDATE, and none in other INSERTs.
void dml_clauses::add_conflict_where(const sql::expression_ref& condition) {
    auto& clause = edit<sql::insert_node>().on_conflict;
    if (clause.action != sql::conflict_action::do_update) {
        throw argument_error(
            errc::invalid_argument, "where() of an INSERT belongs to do_update(): say that before"
        );
    }
    clause.where = and_also(clause.where, condition);
}

sql::conflict_clause conflict_target(const std::vector<sql::expression_ref>& columns) {
    sql::conflict_clause clause;
    for (const auto& column : columns) {
        clause.columns.push_back(as_column(column));
    }
    return clause;
}

// `excluded` is an alias of the table that is no FROM item: the compiler recognises it by its flag
// and treats it as a source of the enclosing INSERT.
sql::expression_ref excluded_column(const sql::expression& column) {
    const auto& of = sql::cast_to<sql::column_expression>(column);
    if (of.source->kind != sql::from_kind::table) {
        throw argument_error(
            errc::invalid_argument, "excluded() takes a column of the table that is inserted into"
        );
    }
    const sql::ref<sql::table_source> table(&sql::cast_to<sql::table_source>(*of.source));
    return sql::make<sql::column_expression>(
        sql::make<sql::alias_source>(table), of.name, of.type, of.index
    );
}

void dml_clauses::add_assignment(const assignment& one) {
    edit<sql::update_node>().assignments.push_back(one.node());
}

// edit() needs the exact class, since it may copy the node. The handle knows only that it is one of
// two.
void dml_clauses::add_where(const sql::expression_ref& condition) {
    if (tree_->kind == sql::statement_kind::update) {
        auto& update = edit<sql::update_node>();
        update.where = and_also(update.where, condition);
    } else {
        auto& deletion = edit<sql::delete_node>();
        deletion.where = and_also(deletion.where, condition);
    }
}

// ctes belongs to the common base, but edit() copies the whole node, so its class has to be right.
void dml_clauses::add_with(const sql::from_ref& cte) {
    switch (tree_->kind) {
        case sql::statement_kind::insert:
            edit<sql::insert_node>().ctes.push_back(cte);
            break;
        case sql::statement_kind::update:
            edit<sql::update_node>().ctes.push_back(cte);
            break;
        default:
            edit<sql::delete_node>().ctes.push_back(cte);
            break;
    }
}

// Replaces an earlier list: the row type of the statement follows the last call alone.
void dml_clauses::add_returning(std::vector<sql::expression_ref> columns) {
    switch (tree_->kind) {
        case sql::statement_kind::insert:
            edit<sql::insert_node>().returning = std::move(columns);
            break;
        case sql::statement_kind::update:
            edit<sql::update_node>().returning = std::move(columns);
            break;
        default:
            edit<sql::delete_node>().returning = std::move(columns);
            break;
    }
}

// Duplicate and unknown names are found by the compiler, which reads the text anyway.
void text_clauses::add_parameter(std::string_view name, const sql::expression_ref& bound) {
    edit<sql::text_node>().parameters.push_back(
        {std::string(name),
         sql::ref<sql::bind_parameter>(static_cast<const sql::bind_parameter*>(bound.get()))}
    );
}

// Positions are stored as parameters named "$1", "$2". The compiler looks for positions in the text
// if a parameter has such a name.
void text_clauses::add_place(const sql::expression_ref& bound) {
    const std::size_t place = edit<sql::text_node>().parameters.size() + 1;
    add_parameter("$" + std::to_string(place), bound);
}

void text_clauses::set_columns(std::vector<sql::expression_ref> columns) {
    edit<sql::text_node>().columns = std::move(columns);
}

}  // namespace detail
}  // namespace gino
