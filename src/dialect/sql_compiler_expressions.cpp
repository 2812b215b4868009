// SPDX-License-Identifier: BSD-3-Clause
#include <algorithm>
#include <string>

#include "dialect/sql_compiler.hpp"

// Expressions: operators, functions, literals, placeholders.
namespace gino::detail {

using namespace gino::sql;

// PostgreSQL's table of precedences (manual, 4.1.6). Everything that ends with a bracket or a word
// of its own, such as a function call or CASE ... END, is primary.
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
                case binary_operator::regexp:
                case binary_operator::not_regexp:
                case binary_operator::iregexp:
                case binary_operator::not_iregexp:
                case binary_operator::contains:
                case binary_operator::contained:
                case binary_operator::overlaps:
                case binary_operator::matches:
                case binary_operator::json_get:
                case binary_operator::json_text:
                case binary_operator::json_path:
                case binary_operator::json_path_text:
                case binary_operator::has_key:
                case binary_operator::has_any_key:
                case binary_operator::has_all_keys:
                    return concatenation;  // PostgreSQL: "any other operator"
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

// All nested expressions pass here: the depth is limited so that neither this recursion nor that of
// the database's parser overflows the stack.
void sql_compiler::write(const expression& e, precedence around) {
    if (++depth_ > deepest) {
        throw_too_deep();
    }
    const bool parenthesised = precedence_of(e) < around;
    append(parenthesised ? "(" : "");
    write_expression(e);
    append(parenthesised ? ")" : "");
    --depth_;
}

// The dialect first. Its function may call write_usual() for the parts that it does not change.
void sql_compiler::write_expression(const expression& e) {
    if (!write_own(e)) {
        write_usual(e);
    }
}

void sql_compiler::write_usual(const expression& e) {
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
            // A label outside of the select list is written as its expression, in parentheses
            // unless it is primary: the operators around it are not known here.
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
        case expression_kind::over:
            return write_over(cast_to<over_expression>(e));
        case expression_kind::filter:
            return write_filter(cast_to<filter_expression>(e));
        case expression_kind::collate:
            return write_collate(cast_to<collate_expression>(e));
        case expression_kind::extract:
            return write_extract(cast_to<extract_expression>(e));
        case expression_kind::date_trunc:
            append("date_trunc('");
            append(part_name(cast_to<date_trunc_expression>(e).part));
            append("', ");
            write(*cast_to<date_trunc_expression>(e).operand);
            return append(")");
        case expression_kind::quantified:
            return write_quantified(cast_to<quantified_expression>(e));
        case expression_kind::array:
            return write_array(cast_to<array_expression>(e));
        case expression_kind::subscript:
            return write_subscript(cast_to<subscript>(e));
        case expression_kind::grouping:
            return write_grouping(cast_to<grouping_expression>(e));
        case expression_kind::next_value:
            return write_next_value(cast_to<next_value_expression>(e));
    }
}

void sql_compiler::write_filter(const filter_expression& e) {
    write(*e.function, primary);
    append(" FILTER (WHERE ");
    write(*e.where);
    append(")");
}

void sql_compiler::write_collate(const collate_expression& e) {
    write(*e.operand, primary);
    append(" COLLATE ");
    write_name(e.collation);
}

// ANY and ALL take a subquery or an array (manual, 9.23 and 9.24).
void sql_compiler::write_quantified(const quantified_expression& e) {
    append(e.all ? "ALL " : "ANY ");
    if (e.select) {
        return write_subquery(*e.select);
    }
    append("(");
    write(*e.array);
    append(")");
}

void sql_compiler::write_array(const array_expression& e) {
    append("ARRAY[");
    write_list(e.items);
    append("]");
}

// An array that is neither a column nor an element needs parentheses (manual, 4.2.3).
void sql_compiler::write_subscript(const subscript& e) {
    const bool plain =
        e.array->kind == expression_kind::column || e.array->kind == expression_kind::subscript;
    append(plain ? "" : "(");
    write(*e.array);
    append(plain ? "[" : ")[");
    write(*e.low);
    if (e.high) {
        append(":");
        write(*e.high);
    }
    append("]");
}

void sql_compiler::write_grouping(const grouping_expression& e) {
    static constexpr std::string_view words[] = {"ROLLUP(", "CUBE(", "GROUPING SETS("};
    append(words[static_cast<std::size_t>(e.groups)]);
    write_list(e.items);
    append(")");
}

// nextval() takes the sequence's name as a text, in which the name is quoted as in SQL (manual,
// 9.17).
void sql_compiler::write_next_value(const next_value_expression& e) {
    std::string name = e.schema.empty() ? "" : names_.quote(e.schema) + ".";
    name += names_.quote(e.sequence);
    append("nextval(");
    append_string_literal(text_, name);
    append(")");
}

// `before` is the blank between the clauses, each of which may be absent.
void sql_compiler::write_over(const over_expression& e) {
    const auto& window = e.window;
    write(*e.function, primary);
    append(" OVER (");
    std::string_view before;
    if (!window.partition_by.empty()) {
        append("PARTITION BY ");
        write_list(window.partition_by);
        before = " ";
    }
    if (!window.order_by.empty()) {
        append(before);
        append("ORDER BY ");
        write_order_items(window.order_by);
        before = " ";
    }
    if (window.frame.unit != frame_unit::none) {
        static constexpr std::string_view units[] = {"", "ROWS", "RANGE", "GROUPS"};
        append(before);
        append(units[static_cast<std::size_t>(window.frame.unit)]);
        append(" BETWEEN ");
        write_bound(window.frame.start);
        append(" AND ");
        write_bound(window.frame.end);
    }
    append(")");
}

// The words of a bound with an offset begin with a blank.
void sql_compiler::write_bound(const frame_bound& b) {
    static constexpr std::string_view words[] = {
        "UNBOUNDED PRECEDING", " PRECEDING", "CURRENT ROW", " FOLLOWING", "UNBOUNDED FOLLOWING"};
    if (b.offset) {
        write(*b.offset);
    }
    append(words[static_cast<std::size_t>(b.edge)]);
}

void sql_compiler::write_column(const column_expression& e) {
    if (qualifies_) {
        write_source_name(*e.source);
        append(".");
    }
    write_name(e.name);
}

// DDL cannot have parameters.
void sql_compiler::write_bind(const bind_parameter& e) {
    if (for_ddl_) {
        write_value_literal(e.bound);
        return;
    }
    write_typed_placeholder(take_placeholder(e), e.type);
}

// The cache key lists each parameter of the statement once per occurrence, so that the order of
// writing may differ from that of the walk: the index, not the order, connects both.
std::size_t sql_compiler::take_placeholder(const bind_parameter& e) {
    const std::uint32_t place = places_.at(&e);
    if (repeats_placeholders()) {
        const auto [taken, is_new] =
            placeholder_numbers_.try_emplace(place, placeholders_.size() + 1);
        if (!is_new) {
            return taken->second;
        }
    }
    placeholders_.push_back(place);
    return placeholders_.size();
}

// NOT binds more loosely than a comparison; its operand gets parentheses unless it is one.
void sql_compiler::write_unary(const unary& e) {
    switch (e.op) {
        case unary_operator::not_:
            append("NOT ");
            return write(*e.operand, comparison);
        case unary_operator::negate:
            // In DDL the operand may be a negative literal, and "--5" would be a comment.
            append(for_ddl_ ? "- " : "-");
            return write(*e.operand, primary);
        case unary_operator::is_null:
            write_with_type(*e.operand, concatenation);
            return append(" IS NULL");
        case unary_operator::is_not_null:
            write_with_type(*e.operand, concatenation);
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
        case binary_operator::regexp:
            return "~";
        case binary_operator::not_regexp:
            return "!~";
        case binary_operator::iregexp:
            return "~*";
        case binary_operator::not_iregexp:
            return "!~*";
        case binary_operator::contains:
            return "@>";
        case binary_operator::contained:
            return "<@";
        case binary_operator::overlaps:
            return "&&";
        case binary_operator::matches:
            return "@@";
        case binary_operator::json_get:
            return "->";
        case binary_operator::json_text:
            return "->>";
        case binary_operator::json_path:
            return "#>";
        case binary_operator::json_path_text:
            return "#>>";
        case binary_operator::has_key:
            return "?";
        case binary_operator::has_any_key:
            return "?|";
        case binary_operator::has_all_keys:
            return "?&";
        case binary_operator::custom:
            break;
    }
    return {};
}

void sql_compiler::write_binary(const binary& e) {
    if (e.op == binary_operator::ilike || e.op == binary_operator::not_ilike) {
        return write_ilike(e);
    }
    if (e.op == binary_operator::json_path || e.op == binary_operator::json_path_text) {
        return write_json_path(e);
    }
    // The right side binds one step tighter: a - (b - c), and comparisons do not chain. Databases
    // disagree on whether `||` and its like bind tighter than arithmetic, and the precedence of an
    // operator that the program names is unknown: the operands of both get parentheses unless they
    // are signed or primary. Such an operator is itself treated as a comparison when it is an
    // operand.
    const precedence own = precedence_of(e);
    const bool is_like_concatenation = own == concatenation || e.op == binary_operator::custom;
    const auto tighter = is_like_concatenation ? sign : static_cast<precedence>(own + 1);
    const bool chains =
        own != comparison && (own != concatenation || precedence_of(*e.left) == own);
    const auto around = chains ? own : tighter;
    if (has_type(*e.left) || has_type(*e.right)) {
        write(*e.left, around);
    } else {
        write_with_type(*e.left, around);
    }
    append(" ");
    append(e.op == binary_operator::custom ? std::string_view(e.symbol) : symbol_of(e.op));
    append(" ");
    write(*e.right, tighter);
    write_escape(e);
}

// Only LIKE and its variants have an escape character.
void sql_compiler::write_escape(const binary& like) {
    const char escape = escape_of(like);
    if (escape != 0) {
        append(" ESCAPE ");
        append_string_literal(text_, std::string_view(&escape, 1));
    }
}

// PostgreSQL's operators take a path as an array of texts (manual, 9.16).
void sql_compiler::write_json_path(const binary& e) {
    write(*e.left, primary);
    append(e.op == binary_operator::json_path ? " #> " : " #>> ");
    write(*e.right, primary);
}

// An AND inside OR needs no parentheses, an OR inside AND does.
void sql_compiler::write_conjunction(const sql::conjunction& e) {
    const bool is_and = e.joined_by == conjunction_kind::and_;
    for (std::size_t i = 0; i < e.operands.size(); ++i) {
        append(i == 0 ? "" : (is_and ? " AND " : " OR "));
        write(*e.operands[i], is_and ? negation : conjunction);
    }
}

// A parameter and NULL take their type from their neighbours.
bool sql_compiler::has_type(const expression& e) noexcept {
    const bool is_null = e.kind == expression_kind::literal &&
                         cast_to<literal>(e).literal_value == literal_kind::null;
    return e.kind != expression_kind::bind_parameter && !is_null;
}

// The bounds must bind tighter than AND, which separates them.
void sql_compiler::write_between(const between& e) {
    if (has_type(*e.low) || has_type(*e.high)) {
        write(*e.operand, concatenation);
    } else {
        write_with_type(*e.operand, concatenation);
    }
    append(e.negated ? " NOT BETWEEN " : " BETWEEN ");
    write(*e.low, concatenation);
    append(" AND ");
    write(*e.high, concatenation);
}

// SQL has no empty list: the condition is then constant. `NOT IN ()` is true, also for NULL, since
// NULL is compared with nothing.
void sql_compiler::write_in_list(const in_list& e) {
    if (e.items.empty()) {
        return append(e.negated ? "1 = 1" : "1 != 1");
    }
    if (has_types(e.items)) {
        write(*e.operand, concatenation);
    } else {
        write_with_type(*e.operand, concatenation);
    }
    append(e.negated ? " NOT IN (" : " IN (");
    write_list(e.items);
    append(")");
}

void sql_compiler::write_in_select(const in_select& e) {
    write(*e.operand, concatenation);
    append(e.negated ? " NOT IN " : " IN ");
    write_subquery(*e.select);
}

void sql_compiler::write_subquery(const statement_node& s) {
    append("(");
    write_query(s);
    append(")");
}

// In the order of sql::date_part.
std::string_view sql_compiler::part_name(date_part part) noexcept {
    static constexpr std::string_view names[] = {
        "year",
        "quarter",
        "month",
        "week",
        "day",
        "dow",
        "doy",
        "hour",
        "minute",
        "second",
        "epoch"};
    return names[static_cast<std::size_t>(part)];
}

// "schema.function": each part is a name of its own.
void sql_compiler::write_function(const function_call& e) {
    if (write_native_function(e)) {
        return;
    }
    std::string_view rest = e.name;
    for (std::size_t dot = rest.find('.'); dot != std::string_view::npos; dot = rest.find('.')) {
        write_name(rest.substr(0, dot));
        append(".");
        rest = rest.substr(dot + 1);
    }
    write_name(rest);
    append(e.distinct ? "(DISTINCT " : "(");
    write_arguments(e.arguments);
    if (e.order_by.empty()) {
        return append(")");
    }
    if (e.within_group) {
        write_within_group();
    } else {
        write_aggregate_order();
    }
    write_order_items(e.order_by);
    append(")");
}

void sql_compiler::write_aggregate_order() {
    append(" ORDER BY ");
}

void sql_compiler::write_within_group() {
    append(") WITHIN GROUP (ORDER BY ");
}

void sql_compiler::write_case(const case_expression& e) {
    append("CASE");
    if (e.subject) {
        append(" ");
        write(*e.subject);
    }
    for (const auto& branch : e.branches) {
        append(" WHEN ");
        // Without a subject, WHEN takes a condition, which is written in parentheses.
        write(*branch.when, e.subject ? lowest : primary);
        append(" THEN ");
        // If all results are parameters, the database would take the CASE for a text.
        write_with_type(*branch.then);
    }
    if (e.else_) {
        append(" ELSE ");
        write_with_type(*e.else_);
    }
    append(" END");
}

bool sql_compiler::has_types(const std::vector<expression_ref>& items) noexcept {
    return std::ranges::any_of(items, [](const auto& one) { return has_type(*one); });
}

// One argument with a type is enough for the database to choose the function.
void sql_compiler::write_arguments(const std::vector<expression_ref>& arguments) {
    const bool are_known = has_types(arguments);
    for (std::size_t i = 0; i < arguments.size(); ++i) {
        append(i == 0 ? "" : ", ");
        if (are_known) {
            write(*arguments[i]);
        } else {
            write_with_type(*arguments[i]);
        }
    }
}

void sql_compiler::write_list(const std::vector<expression_ref>& items) {
    for (std::size_t i = 0; i < items.size(); ++i) {
        append(i == 0 ? "" : ", ");
        write(*items[i]);
    }
}

}  // namespace gino::detail
