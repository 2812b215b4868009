// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "dialect/sql_compiler.hpp"
#include "dialect/text_scanner.hpp"
#include "dialect/tied_sources.hpp"

// Statements: SELECT, set operations, INSERT, UPDATE, DELETE, hand-written texts.
namespace gino::detail {

using namespace gino::sql;

namespace {

// Returns the name of a text's parameter as the program wrote it: ":name", "$1".
std::string shown(std::string_view name) {
    return name.starts_with('$') ? std::string(name) : ":" + std::string(name);
}

// Same as check_tied(), for an UPDATE or DELETE: its table and the other items of FROM or USING.
void check_target_tied(
    const from_item& target, const source_list& others, const expression_ref& where
) {
    source_list items{&target};
    items.insert(items.end(), others.begin(), others.end());
    check_tied(items, where);
}

}  // namespace

void sql_compiler::write_statement(const statement_node& s) {
    switch (s.kind) {
        case statement_kind::select:
            return write_select(cast_to<select_node>(s));
        case statement_kind::compound:
            return write_compound(cast_to<compound_node>(s));
        case statement_kind::insert:
            return write_insert(cast_to<insert_node>(s));
        case statement_kind::update:
            return write_update(cast_to<update_node>(s));
        case statement_kind::delete_:
            return write_delete(cast_to<delete_node>(s));
        case statement_kind::text:
            return write_text(cast_to<text_node>(s));
        case statement_kind::create_as:
            return write_create_as(cast_to<create_as_node>(s));
        case statement_kind::drop:
            return write_drop(cast_to<drop_node>(s));
    }
}

// The query of a view is stored: its values become literals, because a stored statement cannot have
// parameters. WITH belongs to the query and is written after AS.
void sql_compiler::write_create_as(const create_as_node& s) {
    append(s.replace ? "CREATE OR REPLACE " : "CREATE ");
    write_object(s.object);
    write_qualified_name(s.schema, s.name);
    append(" AS ");
    for_ddl_ = true;
    write_with();
    write_query(*s.query);
    for_ddl_ = false;
}

void sql_compiler::write_drop(const drop_node& s) {
    append("DROP ");
    write_object(s.object);
    append(s.if_exists ? "IF EXISTS " : "");
    write_qualified_name(s.schema, s.name);
}

void sql_compiler::write_object(object_kind object) {
    static constexpr std::string_view words[] = {"TABLE ", "VIEW ", "MATERIALIZED VIEW "};
    append(words[static_cast<std::size_t>(object)]);
}

// Returns the FROM items of a SELECT: those that the program gave, then the sources of the columns
// and of WHERE. A subquery omits the sources of the enclosing statements, with which it is
// correlated, unless no source would remain: `select(user::c.id)` inside a query of users is then a
// query of its own.
source_list sql_compiler::from_items(const select_node& s) const {
    source_list items;
    source_list covered;
    for (const auto& item : s.from) {
        items.push_back(item.get());
        append_leaves(*item, covered);
    }
    source_list used;
    append_sources(s.columns, used);
    if (s.where) {
        append_sources(*s.where, used);
    }
    source_list correlated;
    for (const auto* source : used) {
        if (!contains(covered, source)) {
            (is_outside(s, source) ? correlated : items).push_back(source);
        }
    }
    return items.empty() && s.correlated.empty() ? correlated : items;
}

// Returns true when a source of a subquery's columns belongs to an enclosing statement. correlate()
// overrides that rule.
bool sql_compiler::is_outside(const select_node& s, const from_item* source) const {
    // `excluded` of ON CONFLICT is in scope without FROM.
    if (source->kind == from_kind::alias && cast_to<alias_source>(*source).is_excluded) {
        return true;
    }
    if (!s.correlated.empty()) {
        return std::ranges::any_of(s.correlated, [&](const auto& item) {
            return item.get() == source;
        });
    }
    return std::ranges::any_of(enclosing_, [&](const auto& level) {
        return contains(level, source);
    });
}

void sql_compiler::write_select(const select_node& s) {
    const auto items = from_items(s);
    source_list level;
    for (const auto* item : items) {
        append_leaves(*item, level);
    }
    // Before anything is written: the message needs no part of the text.
    if (!s.allows_cross_product) {
        check_tied(items, s.where);
    }
    // A nested statement may refer to the sources of this level.
    enclosing_.push_back(std::move(level));
    // A SELECT inside RETURNING or a conflict target names its columns with their tables again.
    const bool qualified_before = std::exchange(qualifies_, true);
    const auto new_names = std::exchange(new_names_, {});
    append("SELECT ");
    append(s.prefix);
    append(s.distinct ? "DISTINCT " : "");
    if (!s.distinct_on.empty()) {
        write_distinct_on(s);
    }
    write_select_list(s.columns, new_names);
    write_sources(" FROM ", items);
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    // GROUP BY goes by the expression: PostgreSQL would take the name of a label for a column of
    // the table if there is one (manual, SELECT).
    for (std::size_t i = 0; i < s.group_by.size(); ++i) {
        append(i == 0 ? " GROUP BY " : ", ");
        write_unlabelled(*s.group_by[i]);
    }
    if (s.having) {
        append(" HAVING ");
        write(*s.having);
    }
    if (!s.order_by.empty()) {
        append(" ORDER BY ");
        write_order_items(s.order_by, s.columns);
    }
    write_limit(s);
    if (s.lock.strength != lock_strength::none) {
        write_lock(s.lock);
    }
    qualifies_ = qualified_before;
    enclosing_.pop_back();
}

void sql_compiler::write_distinct_on(const select_node& s) {
    append("DISTINCT ON (");
    write_list(s.distinct_on);
    append(") ");
}

// The words are in the order of the enumerations.
void sql_compiler::write_lock(const lock_clause& lock) {
    static constexpr std::string_view strengths[] = {
        "", " FOR UPDATE", " FOR NO KEY UPDATE", " FOR SHARE", " FOR KEY SHARE"};
    static constexpr std::string_view waits[] = {"", " NOWAIT", " SKIP LOCKED"};
    append(strengths[static_cast<std::size_t>(lock.strength)]);
    for (std::size_t i = 0; i < lock.of.size(); ++i) {
        append(i == 0 ? " OF " : ", ");
        write_unqualified_source_name(*lock.of[i]);
    }
    append(waits[static_cast<std::size_t>(lock.wait)]);
}

void sql_compiler::write_limit(const query_node& s) {
    if (s.limit) {
        append(" LIMIT ");
        write(*s.limit);
    }
    if (s.offset) {
        append(" OFFSET ");
        write(*s.offset);
    }
}

// ORDER BY of a set operation sorts the whole result (manual, 7.4): its names are those of the
// first operand.
void sql_compiler::write_compound(const compound_node& s) {
    for (std::size_t i = 0; i < s.operands.size(); ++i) {
        if (i > 0) {
            append(" ");
            append(symbol_of(s.op));
            append(" ");
        }
        if (stands_alone(*s.operands[i])) {
            write_query(*s.operands[i]);
        } else {
            write_compound_operand(*s.operands[i]);
        }
    }
    for (std::size_t i = 0; i < s.order_by.size(); ++i) {
        append(i == 0 ? " ORDER BY " : ", ");
        if (!orders_by_name(*s.order_by[i].by)) {
            throw_cannot("ORDER BY of a set operation by such a type (order a select around it)");
        }
        write_output_name(*s.order_by[i].by);
        write_direction(s.order_by[i], true);
    }
    write_limit(s);
}

// In the order of sql::set_operator.
std::string_view sql_compiler::symbol_of(set_operator op) const {
    static constexpr std::string_view words[] = {
        "UNION", "UNION ALL", "INTERSECT", "INTERSECT ALL", "EXCEPT", "EXCEPT ALL"};
    return words[static_cast<std::size_t>(op)];
}

// A SELECT without an order, a limit or a lock needs no parentheses inside a set operation.
bool sql_compiler::stands_alone(const statement_node& operand) {
    if (operand.kind != statement_kind::select) {
        return false;
    }
    const auto& select = cast_to<select_node>(operand);
    return select.order_by.empty() && !select.limit && !select.offset &&
           select.lock.strength == lock_strength::none;
}

void sql_compiler::write_compound_operand(const statement_node& operand) {
    write_subquery(operand);
}

// ORDER BY of a set operation takes names of its result, not expressions.
void sql_compiler::write_output_name(const expression& e) {
    switch (e.kind) {
        case expression_kind::column:
            return write_name(cast_to<column_expression>(e).name);
        case expression_kind::label:
            return write_name(cast_to<label>(e).name);
        default:
            throw argument_error(
                errc::invalid_argument,
                "order_by() of a set operation takes columns and labels that its first select has"
            );
    }
}

void sql_compiler::write_query(const statement_node& s) {
    write_statement(s);
}

// The columns of the table may be used in ON CONFLICT and RETURNING: for subqueries there, the
// table is an enclosing source. It is not one for the inserted SELECT.
void sql_compiler::write_insert(const insert_node& s) {
    const auto new_names = std::exchange(new_names_, {});
    append("INSERT INTO ");
    write_source_name(*s.into);
    write_inserted(s);
    enclosing_.push_back({s.into.get()});
    write_conflict(s.on_conflict);
    write_returning(s.returning, new_names);
    enclosing_.pop_back();
}

// Without columns, the database fills in all of them.
void sql_compiler::write_inserted(const insert_node& s) {
    if (s.columns.empty()) {
        return append(" DEFAULT VALUES");
    }
    append(" (");
    for (std::size_t i = 0; i < s.columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write_name(s.columns[i]->name);
    }
    append(")");
    if (s.select) {
        append(" ");
        write_inserted_select(s);
    }
    for (std::size_t i = 0; i < s.rows.size(); ++i) {
        append(i == 0 ? " VALUES (" : ", (");
        for (std::size_t k = 0; k < s.rows[i].size(); ++k) {
            append(k == 0 ? "" : ", ");
            const auto& one = *s.rows[i][k];
            if (!write_checked(one, declared_type(*s.columns[k]))) {
                write(one);
            }
        }
        append(")");
    }
}

// A C++ type has one SQL type, but column_type() may declare another one: the table's model knows
// it.
const sql_type& sql_compiler::declared_type(const column_expression& column) {
    if (column.source->kind != from_kind::table) {
        return column.type;
    }
    const auto declared_type = cast_to<table_source>(*column.source).find.declared_type;
    return declared_type != nullptr ? declared_type(column.index) : column.type;
}

void sql_compiler::write_inserted_select(const insert_node& s) {
    write_query(*s.select);
}

// The conflict target and the condition of its partial index name columns without their table
// (manual, INSERT). In DO UPDATE they have it, to differ from those of `excluded`.
void sql_compiler::write_conflict(const conflict_clause& c) {
    if (c.action == conflict_action::fail) {
        return;
    }
    append(" ON CONFLICT");
    if (!c.constraint.empty()) {
        write_conflict_constraint(c.constraint);
    }
    for (std::size_t i = 0; i < c.columns.size(); ++i) {
        append(i == 0 ? " (" : ", ");
        write_name(c.columns[i]->name);
    }
    append(c.columns.empty() ? "" : ")");
    if (c.index_where) {
        append(" WHERE ");
        qualifies_ = false;
        write(*c.index_where);
        qualifies_ = true;
    }
    if (c.action == conflict_action::do_nothing) {
        append(" DO NOTHING");
        return;
    }
    append(" DO UPDATE SET ");
    write_assignments(c.assignments);
    if (c.where) {
        append(" WHERE ");
        write(*c.where);
    }
}

void sql_compiler::write_conflict_constraint(std::string_view name) {
    append(" ON CONSTRAINT ");
    write_name(name);
}

// The left side of SET is a column without its table.
void sql_compiler::write_assignments(const std::vector<assignment_node>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write_name(list[i].column->name);
        append("=");
        if (!write_checked(*list[i].to, declared_type(*list[i].column))) {
            write_assigned(*list[i].to);
        }
    }
}

void sql_compiler::write_assigned(const expression& e) {
    const bool alone = precedence_of(e) == primary;
    append(alone ? "" : "(");
    write(e);
    append(alone ? "" : ")");
}

// Returns the other sources that an UPDATE or DELETE uses: FROM or USING lists them, without the
// changed table itself, which would be joined with itself.
source_list sql_compiler::others_used(
    const table_source& changed,
    const std::vector<assignment_node>& list,
    const expression_ref& where
) {
    source_list used;
    for (const auto& one : list) {
        append_sources(*one.to, used);
    }
    if (where) {
        append_sources(*where, used);
    }
    std::erase(used, &changed);
    return used;
}

void sql_compiler::write_update(const update_node& s) {
    if (s.assignments.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "update of table \"" + s.table->name + "\" changes nothing: it has no set(...)"
        );
    }
    // RETURNING does not count: it may name only sources that the statement has.
    const source_list others = others_used(*s.table, s.assignments, s.where);
    check_target_tied(*s.table, others, s.where);
    const auto new_names = std::exchange(new_names_, {});
    append("UPDATE ");
    write_source_name(*s.table);
    enclosing_.push_back(others);
    enclosing_.back().push_back(s.table.get());
    append(" SET ");
    write_assignments(s.assignments);
    write_sources(" FROM ", others);
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    write_returning(s.returning, new_names);
    enclosing_.pop_back();
}

void sql_compiler::write_delete(const delete_node& s) {
    const source_list others = others_used(*s.from, {}, s.where);
    check_target_tied(*s.from, others, s.where);
    const auto new_names = std::exchange(new_names_, {});
    append("DELETE FROM ");
    write_source_name(*s.from);
    enclosing_.push_back(others);
    enclosing_.back().push_back(s.from.get());
    if (!others.empty()) {
        write_using(others);
    }
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    write_returning(s.returning, new_names);
    enclosing_.pop_back();
}

void sql_compiler::write_using(const source_list& others) {
    write_sources(" USING ", others);
}

// Copies the program's text and replaces its parameters. Each mistake in them is an error: a name
// that is bound twice, has no value, or does not occur.
void sql_compiler::write_text(const text_node& s) {
    for (const auto& parameter : s.parameters) {
        const bool twice =
            std::ranges::count(s.parameters, parameter.name, &text_node::named_parameter::name) > 1;
        if (twice) {
            throw argument_error(
                errc::invalid_argument, "text(): \"" + shown(parameter.name) + "\" is bound twice"
            );
        }
    }
    std::vector<std::string_view> unused;
    unused.reserve(s.parameters.size());
    for (const auto& parameter : s.parameters) {
        unused.push_back(parameter.name);
    }
    // "$1" is a parameter only if the program bound places; otherwise it is plain text.
    const bool has_places = std::ranges::any_of(s.parameters, [](const auto& parameter) {
        return parameter.name.starts_with('$');
    });
    std::map<std::string, std::size_t, std::less<>> numbers;
    scan_text(
        s.sql,
        {
            .has_places = has_places,
            .plain = [this](std::string_view piece) { append(piece); },
            .parameter =
                [&](std::string_view name) {
                    write_named_parameter(s, std::string(name), numbers);
                    std::erase(unused, name);
                },
        }
    );
    if (!unused.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "text(): a value is bound to \"" + shown(unused.front()) +
                "\", which the text does not have"
        );
    }
}

// A name that occurs again is the same parameter, if placeholders can repeat; otherwise its value
// is sent again.
void sql_compiler::write_named_parameter(
    const text_node& s,
    const std::string& name,
    std::map<std::string, std::size_t, std::less<>>& numbers
) {
    const auto before = numbers.find(name);
    if (before != numbers.end() && repeats_placeholders() && !for_ddl_) {
        return write_placeholder(before->second);
    }
    const auto found = std::ranges::find(s.parameters, name, &text_node::named_parameter::name);
    if (found == s.parameters.end()) {
        throw argument_error(
            errc::invalid_argument,
            "text(): \"" + shown(name) + "\" has no value; " +
                (name.starts_with('$') ? "bind_all() gives places their values"
                                       : "bind(\"" + name + "\", ...) gives it one, and \\:" +
                                             name + " is not a parameter")
        );
    }
    write_bind(*found->bound);
    if (!for_ddl_ && repeats_placeholders()) {
        numbers.emplace(name, take_placeholder(*found->bound));
    }
}

}  // namespace gino::detail
