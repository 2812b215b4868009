// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sql_compiler.hpp"

#include <gino/core/error.hpp>

#include <algorithm>

#include "dialect/text_scanner.hpp"

namespace gino::detail {

using namespace gino::sql;

namespace {

/// Deeper trees would overflow the stack of the database's parser as well as ours.
constexpr std::size_t deepest = 500;

bool contains(const std::vector<const from_item*>& items, const from_item* wanted) {
    return std::ranges::find(items, wanted) != items.end();
}

// The sources that a FROM item brings in: itself, or both sides of a join.
void append_leaves(const from_item& item, std::vector<const from_item*>& leaves) {
    if (item.kind == from_kind::join) {
        append_leaves(*cast_to<sql::join>(item).left, leaves);
        append_leaves(*cast_to<sql::join>(item).right, leaves);
    } else {
        leaves.push_back(&item);
    }
}

// The sources of an expression's columns, each once, in order of use. Subqueries have their own.
void append_sources(const expression& e, std::vector<const from_item*>& sources);

void append_sources(
    const std::vector<expression_ref>& list, std::vector<const from_item*>& sources
) {
    for (const auto& e : list) {
        append_sources(*e, sources);
    }
}

void append_sources(const expression& e, std::vector<const from_item*>& sources) {
    switch (e.kind) {
        case expression_kind::column: {
            const auto* source = cast_to<column_expression>(e).source.get();
            if (!contains(sources, source)) {
                sources.push_back(source);
            }
            break;
        }
        case expression_kind::unary:
            append_sources(*cast_to<unary>(e).operand, sources);
            break;
        case expression_kind::binary:
            append_sources(*cast_to<binary>(e).left, sources);
            append_sources(*cast_to<binary>(e).right, sources);
            break;
        case expression_kind::conjunction:
            append_sources(cast_to<sql::conjunction>(e).operands, sources);
            break;
        case expression_kind::between:
            append_sources(*cast_to<between>(e).operand, sources);
            append_sources(*cast_to<between>(e).low, sources);
            append_sources(*cast_to<between>(e).high, sources);
            break;
        case expression_kind::in_list:
            append_sources(*cast_to<in_list>(e).operand, sources);
            append_sources(cast_to<in_list>(e).items, sources);
            break;
        case expression_kind::in_array:
            append_sources(*cast_to<in_array>(e).operand, sources);
            break;
        case expression_kind::in_select:
            append_sources(*cast_to<in_select>(e).operand, sources);
            break;
        case expression_kind::function:
            append_sources(cast_to<function_call>(e).arguments, sources);
            break;
        case expression_kind::label:
            append_sources(*cast_to<label>(e).labelled, sources);
            break;
        case expression_kind::cast:
            append_sources(*cast_to<sql::cast>(e).operand, sources);
            break;
        case expression_kind::tuple:
            append_sources(cast_to<tuple_expression>(e).items, sources);
            break;
        case expression_kind::case_: {
            const auto& c = cast_to<case_expression>(e);
            if (c.subject) {
                append_sources(*c.subject, sources);
            }
            for (const auto& branch : c.branches) {
                append_sources(*branch.when, sources);
                append_sources(*branch.then, sources);
            }
            if (c.else_) {
                append_sources(*c.else_, sources);
            }
            break;
        }
        case expression_kind::over: {
            const auto& o = cast_to<over_expression>(e);
            append_sources(*o.function, sources);
            append_sources(o.partition_by, sources);
            for (const auto& item : o.order_by) {
                append_sources(*item.by, sources);
            }
            break;
        }
        case expression_kind::filter:
            append_sources(*cast_to<filter_expression>(e).function, sources);
            append_sources(*cast_to<filter_expression>(e).where, sources);
            break;
        case expression_kind::bind_parameter:
        case expression_kind::literal:
        case expression_kind::scalar_subquery:
        case expression_kind::exists:
        case expression_kind::text:
            break;
    }
}

}  // namespace

sql_compiler::sql_compiler(const statement_node& statement, const identifier_preparer& names)
    : statement_(statement), names_(names) {
    text_.reserve(256);
}

compiled sql_compiler::compile() {
    describe_shape(statement_, shape_);
    for (std::uint32_t i = 0; i < shape_.parameters.size(); ++i) {
        places_.emplace(shape_.parameters[i], i);
    }
    write_statement(statement_);
    return {.text = std::move(text_), .parameters = std::move(marks_)};
}

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

// Statements.

void sql_compiler::write_statement(const statement_node& s) {
    switch (s.kind) {
        case statement_kind::select:
            return write_select(cast_to<select_node>(s));
        case statement_kind::insert:
            return write_insert(cast_to<insert_node>(s));
        case statement_kind::update:
            return write_update(cast_to<update_node>(s));
        case statement_kind::delete_:
            return write_delete(cast_to<delete_node>(s));
        case statement_kind::text:
            return write_text(cast_to<text_node>(s));
    }
}

// What stands in FROM: what the program put there, then the sources that columns and WHERE use. In
// a subquery those of the statements around it are left out, unless none would remain.
std::vector<const from_item*> sql_compiler::from_items(const select_node& s) const {
    std::vector<const from_item*> items;
    std::vector<const from_item*> covered;
    for (const auto& item : s.from) {
        items.push_back(item.get());
        append_leaves(*item, covered);
    }
    std::vector<const from_item*> used;
    append_sources(s.columns, used);
    if (s.where) {
        append_sources(*s.where, used);
    }
    std::vector<const from_item*> correlated;
    for (const auto* source : used) {
        if (contains(covered, source)) {
            continue;
        }
        const bool is_outside = std::ranges::any_of(enclosing_, [&](const auto& level) {
            return contains(level, source);
        });
        (is_outside ? correlated : items).push_back(source);
    }
    return items.empty() ? correlated : items;
}

void sql_compiler::write_select(const select_node& s) {
    const auto items = from_items(s);
    std::vector<const from_item*> level;
    for (const auto* item : items) {
        append_leaves(*item, level);
    }
    enclosing_.push_back(std::move(level));
    append(s.distinct ? "SELECT DISTINCT " : "SELECT ");
    write_select_list(s.columns);
    write_from(items);
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    if (!s.group_by.empty()) {
        append(" GROUP BY ");
        for (std::size_t i = 0; i < s.group_by.size(); ++i) {
            append(i == 0 ? "" : ", ");
            write_by_name(*s.group_by[i]);
        }
    }
    if (s.having) {
        append(" HAVING ");
        write(*s.having);
    }
    write_order_by(s.order_by);
    write_limit(s);
    enclosing_.pop_back();
}

void sql_compiler::write_limit(const select_node& s) {
    if (s.limit) {
        append(" LIMIT ");
        write(*s.limit);
    }
    if (s.offset) {
        append(" OFFSET ");
        write(*s.offset);
    }
}

void sql_compiler::write_select_list(const std::vector<expression_ref>& columns) {
    if (columns.empty()) {
        append("*");
    }
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write_selected(*columns[i]);
    }
}

// Everything in a select list has a name: its own, its function's with a number, or "anon_1".
void sql_compiler::write_selected(const expression& e) {
    switch (e.kind) {
        case expression_kind::label:
            write(*cast_to<label>(e).labelled);
            append(" AS ");
            write_name(cast_to<label>(e).name);
            return;
        case expression_kind::column:
        case expression_kind::text:
            write(e);
            return;
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

std::string sql_compiler::numbered(std::string_view base) {
    auto found = numbers_.find(base);
    if (found == numbers_.end()) {
        found = numbers_.emplace(std::string(base), 0).first;
    }
    return std::string(base) + "_" + std::to_string(++found->second);
}

void sql_compiler::write_from(const std::vector<const from_item*>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? " FROM " : ", ");
        write_source(*items[i]);
    }
}

void sql_compiler::write_source(const from_item& item, bool on_the_right) {
    switch (item.kind) {
        case from_kind::table:
            write_source_name(item);
            break;
        case from_kind::alias:
            write_source_name(*cast_to<alias_source>(item).table);
            append(" AS ");
            write_name(alias_name(item));
            break;
        case from_kind::subquery:
            append("(");
            {
                // A subquery in FROM does not see its neighbours.
                auto outside = std::move(enclosing_);
                enclosing_.clear();
                write_select(*cast_to<subquery_source>(item).select);
                enclosing_ = std::move(outside);
            }
            append(") AS ");
            write_name(alias_name(item));
            break;
        case from_kind::join: {
            const auto& both = cast_to<sql::join>(item);
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
            break;
        }
    }
}

const std::string& sql_compiler::alias_name(const from_item& item) {
    const auto found = alias_names_.find(&item);
    if (found != alias_names_.end()) {
        return found->second;
    }
    std::string name;
    if (item.kind == from_kind::alias) {
        const auto& alias = cast_to<alias_source>(item);
        name = alias.name.empty() ? numbered(alias.table->name) : alias.name;
    } else {
        const auto& subquery = cast_to<subquery_source>(item);
        name = subquery.name.empty() ? numbered("anon") : subquery.name;
    }
    return alias_names_.emplace(&item, std::move(name)).first->second;
}

void sql_compiler::write_source_name(const from_item& item) {
    if (item.kind != from_kind::table) {
        write_name(alias_name(item));
        return;
    }
    const auto& table = cast_to<table_source>(item);
    if (!table.schema.empty()) {
        write_name(table.schema);
        append(".");
    }
    write_name(table.name);
}

void sql_compiler::write_order_by(const std::vector<order_item>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? " ORDER BY " : ", ");
        write_order_item(items[i]);
    }
}

void sql_compiler::write_order_item(const order_item& item) {
    write_by_name(*item.by);
    if (item.direction != sort_direction::unspecified) {
        append(item.direction == sort_direction::ascending ? " ASC" : " DESC");
    }
    if (item.nulls != nulls_order::unspecified) {
        append(item.nulls == nulls_order::first ? " NULLS FIRST" : " NULLS LAST");
    }
}

void sql_compiler::write_by_name(const expression& e) {
    if (e.kind == expression_kind::label) {
        write_name(cast_to<label>(e).name);
    } else {
        write(e);
    }
}

void sql_compiler::write_returning(const std::vector<expression_ref>& columns) {
    if (columns.empty()) {
        return;
    }
    append(" RETURNING ");
    qualifies_ = qualifies_returning();
    for (std::size_t i = 0; i < columns.size(); ++i) {
        append(i == 0 ? "" : ", ");
        if (columns[i]->kind == expression_kind::label) {
            write_selected(*columns[i]);
        } else {
            write(*columns[i]);
        }
    }
    qualifies_ = true;
}

void sql_compiler::write_insert(const insert_node& s) {
    append("INSERT INTO ");
    write_source_name(*s.into);
    if (s.columns.empty()) {
        append(" DEFAULT VALUES");
        write_returning(s.returning);
        return;
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
        write_list(s.rows[i]);
        append(")");
    }
    write_conflict(s.on_conflict);
    write_returning(s.returning);
}

void sql_compiler::write_inserted_select(const insert_node& s) {
    write_select(*s.select);
}

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

void sql_compiler::write_assignments(const std::vector<assignment_node>& list) {
    for (std::size_t i = 0; i < list.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write_name(list[i].column->name);
        append("=");
        write_assigned(*list[i].to);
    }
}

// Values stand alone, expressions in parentheses: `seq=(users.seq + $1)`.
void sql_compiler::write_assigned(const expression& e) {
    const bool alone = precedence_of(e) == primary;
    append(alone ? "" : "(");
    write(e);
    append(alone ? "" : ")");
}

void sql_compiler::write_update(const update_node& s) {
    if (s.assignments.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "update of table \"" + s.table->name + "\" changes nothing: it has no set(...)"
        );
    }
    append("UPDATE ");
    write_source_name(*s.table);
    enclosing_.push_back({s.table.get()});
    append(" SET ");
    write_assignments(s.assignments);
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    enclosing_.pop_back();
    write_returning(s.returning);
}

void sql_compiler::write_delete(const delete_node& s) {
    append("DELETE FROM ");
    write_source_name(*s.from);
    enclosing_.push_back({s.from.get()});
    if (s.where) {
        append(" WHERE ");
        write(*s.where);
    }
    enclosing_.pop_back();
    write_returning(s.returning);
}

void sql_compiler::write_text(const text_node& s) {
    for (const auto& parameter : s.parameters) {
        const bool twice =
            std::ranges::count(s.parameters, parameter.name, &text_node::named_parameter::name) > 1;
        if (twice) {
            throw argument_error(
                errc::invalid_argument, "text(): \":" + parameter.name + "\" is bound twice"
            );
        }
    }
    std::vector<std::string_view> unused;
    unused.reserve(s.parameters.size());
    for (const auto& parameter : s.parameters) {
        unused.push_back(parameter.name);
    }
    scan_text(
        s.sql,
        {
            .plain = [this](std::string_view piece) { append(piece); },
            .parameter =
                [&](std::string_view name) {
                    write_named_parameter(s, std::string(name));
                    std::erase(unused, name);
                },
        }
    );
    if (!unused.empty()) {
        throw argument_error(
            errc::invalid_argument,
            "text(): a value is bound to \":" + std::string(unused.front()) +
                "\", which the text does not have"
        );
    }
}

void sql_compiler::write_named_parameter(const text_node& s, const std::string& name) {
    const auto found = std::ranges::find(s.parameters, name, &text_node::named_parameter::name);
    if (found == s.parameters.end()) {
        throw argument_error(
            errc::invalid_argument,
            "text(): \":" + name + "\" has no value; bind(\"" + name +
                "\", ...) gives it one, and \\:" + name + " is not a parameter"
        );
    }
    write_bind(*found->bound);
}

// Expressions.

sql_compiler::precedence sql_compiler::precedence_of(const expression& e) {
    switch (e.kind) {
        case expression_kind::conjunction:
            return cast_to<sql::conjunction>(e).joined_by == conjunction_kind::and_ ? conjunction
                                                                                    : disjunction;
        case expression_kind::unary:
            switch (cast_to<unary>(e).op) {
                case unary_operator::not_:
                    return negation;
                case unary_operator::negate:
                    return sign;
                default:
                    return comparison;
            }
        case expression_kind::binary:
            switch (cast_to<binary>(e).op) {
                case binary_operator::add:
                case binary_operator::subtract:
                    return addition;
                case binary_operator::multiply:
                case binary_operator::divide:
                case binary_operator::modulo:
                    return multiplication;
                case binary_operator::concatenate:
                case binary_operator::custom:
                    return concatenation;
                default:
                    return comparison;
            }
        case expression_kind::between:
        case expression_kind::in_list:
        case expression_kind::in_array:
        case expression_kind::in_select:
            return comparison;
        default:
            return primary;
    }
}

void sql_compiler::write(const expression& e, precedence around) {
    if (++depth_ > deepest) {
        throw compile_error(
            errc::cannot_compile,
            "a statement is nested more than " + std::to_string(deepest) + " levels deep"
        );
    }
    const bool parenthesised = precedence_of(e) < around;
    append(parenthesised ? "(" : "");
    write_expression(e);
    append(parenthesised ? ")" : "");
    --depth_;
}

void sql_compiler::write_expression(const expression& e) {
    switch (e.kind) {
        case expression_kind::column:
            return write_column(cast_to<column_expression>(e));
        case expression_kind::bind_parameter:
            return write_bind(cast_to<bind_parameter>(e));
        case expression_kind::literal:
            return write_literal(cast_to<literal>(e).literal_value);
        case expression_kind::unary:
            return write_unary(cast_to<unary>(e));
        case expression_kind::binary:
            return write_binary(cast_to<binary>(e));
        case expression_kind::conjunction:
            return write_conjunction(cast_to<sql::conjunction>(e));
        case expression_kind::between:
            return write_between(cast_to<between>(e));
        case expression_kind::in_list:
            return write_in_list(cast_to<in_list>(e));
        case expression_kind::in_array:
            return write_in_array(cast_to<in_array>(e));
        case expression_kind::in_select:
            return write_in_select(cast_to<in_select>(e));
        case expression_kind::function:
            return write_function(cast_to<function_call>(e));
        case expression_kind::label:
            return write(*cast_to<label>(e).labelled, primary);
        case expression_kind::cast:
            append("CAST(");
            write(*cast_to<sql::cast>(e).operand);
            append(" AS ");
            append(type_name(e.type));
            return append(")");
        case expression_kind::case_:
            return write_case(cast_to<case_expression>(e));
        case expression_kind::scalar_subquery:
            return write_subquery(*cast_to<scalar_subquery>(e).select);
        case expression_kind::exists:
            append("EXISTS ");
            return write_subquery(*cast_to<exists_expression>(e).select);
        case expression_kind::tuple:
            append("(");
            write_list(cast_to<tuple_expression>(e).items);
            return append(")");
        case expression_kind::text:
            return append(cast_to<text_expression>(e).sql);
        case expression_kind::over:
            return write_over(cast_to<over_expression>(e));
        case expression_kind::filter:
            write(*cast_to<filter_expression>(e).function, primary);
            append(" FILTER (WHERE ");
            write(*cast_to<filter_expression>(e).where);
            return append(")");
    }
}

void sql_compiler::write_over(const over_expression& e) {
    write(*e.function, primary);
    append(" OVER (");
    for (std::size_t i = 0; i < e.partition_by.size(); ++i) {
        append(i == 0 ? "PARTITION BY " : ", ");
        write(*e.partition_by[i]);
    }
    const bool both = !e.partition_by.empty() && !e.order_by.empty();
    append(both ? " " : "");
    for (std::size_t i = 0; i < e.order_by.size(); ++i) {
        append(i == 0 ? "ORDER BY " : ", ");
        write_order_item(e.order_by[i]);
    }
    append(")");
}

void sql_compiler::write_column(const column_expression& e) {
    if (qualifies_) {
        write_source_name(*e.source);
        append(".");
    }
    write_name(e.name);
}

void sql_compiler::write_bind(const bind_parameter& e) {
    if (for_ddl_) {
        write_value_literal(e.bound);
        return;
    }
    marks_.push_back(places_.at(&e));
    write_mark(marks_.size());
}

void sql_compiler::write_unary(const unary& e) {
    switch (e.op) {
        case unary_operator::not_:
            append("NOT ");
            return write(*e.operand, comparison);
        case unary_operator::negate:
            append("-");
            return write(*e.operand, primary);
        case unary_operator::is_null:
            write(*e.operand, concatenation);
            return append(" IS NULL");
        case unary_operator::is_not_null:
            write(*e.operand, concatenation);
            return append(" IS NOT NULL");
    }
}

std::string_view sql_compiler::symbol_of(binary_operator op) const {
    switch (op) {
        case binary_operator::equal:
            return "=";
        case binary_operator::not_equal:
            return "!=";
        case binary_operator::less:
            return "<";
        case binary_operator::less_or_equal:
            return "<=";
        case binary_operator::greater:
            return ">";
        case binary_operator::greater_or_equal:
            return ">=";
        case binary_operator::add:
            return "+";
        case binary_operator::subtract:
            return "-";
        case binary_operator::multiply:
            return "*";
        case binary_operator::divide:
            return "/";
        case binary_operator::modulo:
            return "%";
        case binary_operator::concatenate:
            return "||";
        case binary_operator::like:
            return "LIKE";
        case binary_operator::not_like:
            return "NOT LIKE";
        case binary_operator::ilike:
            return "ILIKE";
        case binary_operator::not_ilike:
            return "NOT ILIKE";
        case binary_operator::is_distinct_from:
            return "IS DISTINCT FROM";
        case binary_operator::is_not_distinct_from:
            return "IS NOT DISTINCT FROM";
        case binary_operator::custom:
            break;
    }
    return {};
}

void sql_compiler::write_binary(const binary& e) {
    if (e.op == binary_operator::ilike || e.op == binary_operator::not_ilike) {
        return write_ilike(e);
    }
    // The right side binds one step tighter: a - (b - c), and comparisons do not chain.
    const precedence own = precedence_of(e);
    const auto tighter = static_cast<precedence>(own + 1);
    write(*e.left, own == comparison ? tighter : own);
    append(" ");
    append(e.op == binary_operator::custom ? std::string_view(e.symbol) : symbol_of(e.op));
    append(" ");
    write(*e.right, tighter);
    if (e.escape != 0) {
        append(" ESCAPE ");
        append_string_literal(text_, std::string_view(&e.escape, 1));
    }
}

void sql_compiler::write_conjunction(const sql::conjunction& e) {
    const bool is_and = e.joined_by == conjunction_kind::and_;
    for (std::size_t i = 0; i < e.operands.size(); ++i) {
        append(i == 0 ? "" : (is_and ? " AND " : " OR "));
        write(*e.operands[i], is_and ? negation : conjunction);
    }
}

void sql_compiler::write_between(const between& e) {
    write(*e.operand, concatenation);
    append(e.negated ? " NOT BETWEEN " : " BETWEEN ");
    write(*e.low, concatenation);
    append(" AND ");
    write(*e.high, concatenation);
}

void sql_compiler::write_in_list(const in_list& e) {
    if (e.items.empty()) {
        return append(e.negated ? "1 = 1" : "1 != 1");
    }
    write(*e.operand, concatenation);
    append(e.negated ? " NOT IN (" : " IN (");
    write_list(e.items);
    append(")");
}

void sql_compiler::write_in_select(const in_select& e) {
    write(*e.operand, concatenation);
    append(e.negated ? " NOT IN " : " IN ");
    write_subquery(*e.select);
}

void sql_compiler::write_subquery(const select_node& s) {
    append("(");
    write_select(s);
    append(")");
}

void sql_compiler::write_function(const function_call& e) {
    std::string_view rest = e.name;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
        write_name(rest.substr(0, dot));
        append(".");
        rest = rest.substr(dot + 1);
    }
    write_name(rest);
    append(e.distinct ? "(DISTINCT " : "(");
    write_list(e.arguments);
    append(")");
}

void sql_compiler::write_case(const case_expression& e) {
    append("CASE");
    if (e.subject) {
        append(" ");
        write(*e.subject);
    }
    for (const auto& branch : e.branches) {
        append(" WHEN ");
        write(*branch.when, e.subject ? lowest : primary);
        append(" THEN ");
        write(*branch.then);
    }
    if (e.else_) {
        append(" ELSE ");
        write(*e.else_);
    }
    append(" END");
}

void sql_compiler::write_list(const std::vector<expression_ref>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write(*items[i]);
    }
}

}  // namespace gino::detail
