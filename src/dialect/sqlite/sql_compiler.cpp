// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sqlite/sql_compiler.hpp"

#include <gino/core/error.hpp>

#include <string>
#include <string_view>
#include <utility>

#include "dialect/sql_compiler.hpp"
#include "dialect/sqlite/names.hpp"
#include "dialect/sqlite/types.hpp"

namespace gino::sqlite {

namespace {

class compiler final : public detail::sql_compiler {
public:
    explicit compiler(const sql::statement_node& statement) : sql_compiler(statement, names()) {}

private:
    [[nodiscard]] std::string_view database() const noexcept override { return "SQLite"; }

    void write_mark(std::size_t /*number*/) override { append("?"); }

    // SQLite takes the ON of ON CONFLICT for that of a join, unless a WHERE stands between.
    void write_inserted_select(const sql::insert_node& s) override {
        const bool is_ambiguous = s.on_conflict.action != sql::conflict_action::fail;
        append(is_ambiguous ? "SELECT * FROM (" : "");
        write_query(*s.select);
        append(is_ambiguous ? ") WHERE 1" : "");
    }

    void write_conflict_constraint(std::string_view /*name*/) override {
        throw_cannot("ON CONFLICT ON CONSTRAINT (name the columns instead)");
    }

    void write_literal(sql::literal_kind kind) override {
        if (kind == sql::literal_kind::default_) {
            throw_cannot("DEFAULT as a value (leave the column out instead)");
        }
        static constexpr std::string_view words[] = {"NULL", "1", "0", "", "*"};
        append(words[static_cast<std::size_t>(kind)]);
    }

    void write_in_array(const sql::in_array& e) override {
        write(*e.operand, concatenation);
        append(
            e.negated ? " NOT IN (SELECT value FROM json_each("
                      : " IN (SELECT value FROM json_each("
        );
        write_bind(*e.array);
        append("))");
    }

    void write_ilike(const sql::binary& e) override {
        append("lower(");
        write(*e.left);
        append(e.op == sql::binary_operator::ilike ? ") LIKE lower(" : ") NOT LIKE lower(");
        write(*e.right);
        append(")");
        write_escape(e);
    }

    [[nodiscard]] std::string_view symbol_of(sql::binary_operator op) const override {
        const std::string_view symbol = sql_compiler::symbol_of(op);
        switch (op) {
            case sql::binary_operator::is_distinct_from:
                return "IS NOT";
            case sql::binary_operator::is_not_distinct_from:
                return "IS";
            case sql::binary_operator::regexp:
            case sql::binary_operator::not_regexp:
            case sql::binary_operator::iregexp:
            case sql::binary_operator::not_iregexp:
                throw_cannot("regular expressions");
            case sql::binary_operator::contains:
            case sql::binary_operator::contained:
            case sql::binary_operator::overlaps:
            case sql::binary_operator::matches:
            case sql::binary_operator::has_key:
            case sql::binary_operator::has_any_key:
            case sql::binary_operator::has_all_keys:
                throw_cannot("operator " + std::string(symbol));
            default:
                return symbol;
        }
    }

    [[nodiscard]] std::string_view symbol_of(sql::set_operator op) const override {
        if (op == sql::set_operator::intersect_all || op == sql::set_operator::except_all) {
            throw_cannot(std::string(sql_compiler::symbol_of(op)));
        }
        return sql_compiler::symbol_of(op);
    }

    // SQLite knows no parentheses around the operands of a set operation.
    void write_compound_operand(const sql::statement_node& operand) override {
        append("SELECT * FROM ");
        write_subquery(operand);
    }

    void write_distinct_on(const sql::select_node& /*s*/) override {
        throw_cannot("DISTINCT ON (use row_number() in a subquery instead)");
    }

    void write_lock(const sql::lock_clause& /*lock*/) override {
        throw_cannot("FOR UPDATE (a transaction that writes has the whole database)");
    }

    void write_using(const detail::source_list& /*others*/) override {
        throw_cannot("DELETE ... USING (use IN or EXISTS with a subquery instead)");
    }

    void write_changing_cte(const sql::statement_node& /*s*/) override {
        throw_cannot("INSERT, UPDATE or DELETE within WITH");
    }

    void write_sample(const sql::table_sample& /*sample*/) override { throw_cannot("TABLESAMPLE"); }

    void write_lateral() override { throw_cannot("LATERAL"); }

    void write_object(sql::object_kind object) override {
        if (object == sql::object_kind::materialized_view) {
            throw_cannot("materialized views");
        }
        sql_compiler::write_object(object);
    }

    // A function's columns have the names that it gives them.
    void write_table_function(const sql::function_source& item) override {
        if (item.with_ordinality || item.with_types) {
            throw_cannot("WITH ORDINALITY or types of a function's columns");
        }
        write(*item.function);
        append(" AS ");
        write_name(alias_name(item));
    }

    // SQLite names the columns of VALUES itself.
    void write_values_list(const sql::values_source& item) override {
        append("(SELECT ");
        for (std::size_t i = 0; i < item.columns.size(); ++i) {
            append(i == 0 ? "column" : ", column");
            append(std::to_string(i + 1));
            append(" AS ");
            write_name(item.columns[i].name);
        }
        append(" FROM (");
        write_values(item);
        append(")) AS ");
        write_name(alias_name(item));
    }

    // The functions whose names differ.
    [[nodiscard]] bool write_own_function(const sql::function_call& e) override {
        if (e.name == "timezone") {
            throw_cannot("time zones by name");
        }
        static constexpr std::pair<std::string_view, std::string_view> others[] = {
            {"string_agg", "group_concat("},
            {"greatest", "max("},
            {"least", "min("},
            {"char_length", "length("},
        };
        for (const auto& [name, here] : others) {
            if (e.name == name && e.order_by.empty()) {
                append(here);
                append(e.distinct ? "DISTINCT " : "");
                write_list(e.arguments);
                append(")");
                return true;
            }
        }
        return false;
    }

    void write_aggregate_order() override { throw_cannot("ORDER BY within an aggregate"); }

    void write_within_group() override { throw_cannot("WITHIN GROUP"); }

    void write_extract(const sql::extract_expression& e) override {
        if (e.part == sql::date_part::quarter) {
            append("((CAST(strftime('%m', ");
            write(*e.operand);
            return append(") AS INTEGER) + 2) / 3)");
        }
        if (e.part == sql::date_part::week) {
            throw_cannot("weeks of ISO 8601");
        }
        if (e.part == sql::date_part::epoch) {
            append("((julianday(");
            write(*e.operand);
            return append(") - 2440587.5) * 86400.0)");
        }
        static constexpr std::string_view formats[] = {
            "%Y", "", "%m", "", "%d", "%w", "%j", "%H", "%M", "%f", ""};
        append("CAST(strftime('");
        append(formats[static_cast<std::size_t>(e.part)]);
        append("', ");
        write(*e.operand);
        append(e.part == sql::date_part::second ? ") AS REAL)" : ") AS INTEGER)");
    }

    void write_quantified(const sql::quantified_expression& e) override {
        throw_cannot(e.all ? "ALL" : "ANY (use in() instead)");
    }

    void write_array(const sql::array_expression& /*e*/) override { throw_cannot("arrays"); }

    void write_subscript(const sql::subscript& /*e*/) override { throw_cannot("arrays"); }

    void write_grouping(const sql::grouping_expression& /*e*/) override {
        throw_cannot("ROLLUP, CUBE or GROUPING SETS");
    }

    void write_next_value(const sql::next_value_expression& /*e*/) override {
        throw_cannot("sequences");
    }

    // A list of keys and places becomes a path of SQLite's: $."key"[0].
    void write_json_path(const sql::binary& e) override {
        write(*e.left, primary);
        append(e.op == sql::binary_operator::json_path_text ? " ->> " : " -> ");
        append(
            "('$' || (SELECT group_concat(CASE WHEN value GLOB '*[^0-9]*' OR value = '' THEN "
            "'.\"' || value || '\"' ELSE '[' || value || ']' END, '') FROM json_each("
        );
        write(*e.right);
        append(")))");
    }

    // OFFSET needs a LIMIT before it; -1 is none.
    void write_limit(const sql::query_node& s) override {
        if (s.offset && !s.limit) {
            append(" LIMIT -1");
        }
        sql_compiler::write_limit(s);
    }

    // For CAST, which takes no collation.
    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return type.kind == type_kind::numeric ? "TEXT" : name_of(type);
    }

    [[nodiscard]] bool qualifies_returning() const noexcept override { return false; }

    [[nodiscard]] bool repeats_marks() const noexcept override { return false; }

    void write_value_literal(const value& v) override { append(literal_of(v)); }
};

}  // namespace

compiled compile(const sql::statement_node& statement) {
    return compiler(statement).compile();
}

std::string compile_for_ddl(const sql::expression& e) {
    static const sql::text_node nothing("");
    return compiler(nothing).compile_for_ddl(e);
}

}  // namespace gino::sqlite
