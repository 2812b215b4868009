// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/compiled.hpp>
#include <gino/sql/cache_key.hpp>
#include <gino/sql/node.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dialect/identifier_preparer.hpp"
#include "dialect/used_sources.hpp"

namespace gino::detail {

/// Writes one statement as SQL. What every database writes alike is here; a dialect overrides the
/// rest.
///
/// Values never come into the text: a bind parameter becomes a mark, and `compiled::parameters`
/// says which value it stands for.
class sql_compiler {
public:
    /// @param statement  Must outlive the compiler.
    sql_compiler(const sql::statement_node& statement, const identifier_preparer& names);
    sql_compiler(const sql_compiler&) = delete;
    sql_compiler& operator=(const sql_compiler&) = delete;
    virtual ~sql_compiler() = default;

    /// @throws compile_error   The database has no such construct.
    /// @throws argument_error  A name cannot be written; a text's parameters do not fit.
    [[nodiscard]] compiled compile();

    /// Writes an expression as DDL has it: columns without their table, values as literals.
    [[nodiscard]] std::string compile_for_ddl(const sql::expression& e);

protected:
    /// How tightly operators bind, loosest first.
    enum precedence : std::uint8_t {
        lowest,
        disjunction,
        conjunction,
        negation,
        comparison,
        concatenation,
        addition,
        multiplication,
        sign,
        primary,
    };

    /// Writes the mark of the parameter with this number, counted from 1.
    virtual void write_placeholder(std::size_t number) = 0;

    /// As write_placeholder(), where the database would not guess the type.
    virtual void write_typed_placeholder(std::size_t number, const sql_type& /*type*/) {
        write_placeholder(number);
    }

    /// As write(), where the database cannot infer the type of a parameter from what is beside it:
    /// in VALUES, as the result of a CASE, compared with another parameter.
    virtual void write_with_type(const sql::expression& e, precedence around = lowest) {
        write(e, around);
    }

    /// False for parameters and NULL, whose types the database infers.
    [[nodiscard]] static bool has_type(const sql::expression& e) noexcept;

    virtual void write_literal(sql::literal_kind kind) = 0;
    virtual void write_in_array(const sql::in_array& e) = 0;
    virtual void write_ilike(const sql::binary& e) = 0;
    [[nodiscard]] virtual std::string_view symbol_of(sql::binary_operator op) const;
    [[nodiscard]] virtual std::string type_name(const sql_type& type) const = 0;
    /// True: RETURNING names columns with their table.
    [[nodiscard]] virtual bool qualifies_returning() const noexcept = 0;
    /// True: the mark of a parameter that stands twice may stand twice.
    [[nodiscard]] virtual bool repeats_placeholders() const noexcept = 0;
    /// Writes a value as a literal of the right type, for DDL.
    virtual void write_value_literal(const value& v) = 0;

    // What databases write in their own ways, or not at all.
    virtual void write_limit(const sql::query_node& s);
    virtual void write_distinct_on(const sql::select_node& s);
    virtual void write_lock(const sql::lock_clause& lock);
    [[nodiscard]] virtual std::string_view symbol_of(sql::set_operator op) const;
    /// Writes an operand of a set operation that has an order, a limit or operands of its own.
    virtual void write_compound_operand(const sql::statement_node& operand);
    /// Writes the select of an INSERT.
    virtual void write_inserted_select(const sql::insert_node& s);
    /// Writes ON CONSTRAINT behind ON CONFLICT.
    virtual void write_conflict_constraint(std::string_view name);
    /// Writes USING of a DELETE.
    virtual void write_using(const source_list& others);
    /// Writes a common table expression that changes data.
    virtual void write_changing_cte(const sql::statement_node& s);
    virtual void write_sample(const sql::table_sample& sample);
    virtual void write_lateral();
    /// Writes which kind of thing is created or dropped.
    virtual void write_object(sql::object_kind object);
    virtual void write_table_function(const sql::function_source& item);
    virtual void write_values_list(const sql::values_source& item);

    /// Writes a function that has another name or form here; returns false if it has not.
    [[nodiscard]] virtual bool write_native_function(const sql::function_call& /*e*/) {
        return false;
    }

    virtual void write_aggregate_order();
    virtual void write_within_group();
    /// The name that EXTRACT and date_trunc() know the part by.
    [[nodiscard]] static std::string_view part_name(sql::date_part part) noexcept;
    virtual void write_extract(const sql::extract_expression& e) = 0;
    virtual void write_quantified(const sql::quantified_expression& e);
    virtual void write_array(const sql::array_expression& e);
    virtual void write_subscript(const sql::subscript& e);
    virtual void write_grouping(const sql::grouping_expression& e);
    virtual void write_next_value(const sql::next_value_expression& e);
    virtual void write_json_path(const sql::binary& e);

    /// Writes an expression that has another form here; returns false if it has not.
    virtual bool write_own(const sql::expression& /*e*/) { return false; }

    /// Writes an expression as most databases have it.
    void write_usual(const sql::expression& e);

    /// Where ORDER BY puts NULL.
    [[nodiscard]] virtual sql::nulls_order nulls_of(
        const sql::order_item& item, bool /*has_nulls*/
    ) const {
        return item.nulls;
    }

    /// False for columns that are declared NOT NULL, in a statement without outer joins.
    [[nodiscard]] bool may_be_null(const sql::expression& e) const;

    /// Writes what ORDER BY goes by.
    virtual void write_order_key(const sql::expression& e) { write_unlabelled(e); }

    /// True: ORDER BY may name a selected label.
    [[nodiscard]] virtual bool orders_by_name(const sql::expression& /*e*/) const { return true; }

    /// Writes an expression so that its value is checked before a column of this type stores it;
    /// false: that is not needed.
    virtual bool write_checked(const sql::expression& /*e*/, const sql_type& /*into*/) {
        return false;
    }

    /// The type that a column of a model is declared with.
    [[nodiscard]] static const sql_type& declared_type(const sql::column_expression& column);

    /// Values stand alone, expressions in parentheses: `seq=(users.seq + $1)`.
    void write_assigned(const sql::expression& e);

    /// Writes the expression of a label, whose name a column could have as well.
    void write_unlabelled(const sql::expression& e);

    /// Writes an expression, in parentheses if it binds more loosely than `around`.
    void write(const sql::expression& e, precedence around = lowest);
    void write_bind(const sql::bind_parameter& e);
    /// Returns the number of a parameter's mark: that which it has, if marks may repeat.
    [[nodiscard]] std::size_t take_placeholder(const sql::bind_parameter& e);
    /// Writes ESCAPE behind the pattern of LIKE, if the program asked for one.
    void write_escape(const sql::binary& like);

    /// The ESCAPE character of LIKE; 0: the database's own.
    [[nodiscard]] virtual char escape_of(const sql::binary& like) const { return like.escape; }

    void write_name(std::string_view name) { names_.append(text_, name); }

    /// Where the next append() writes, for insert().
    [[nodiscard]] std::size_t end() const noexcept { return text_.size(); }

    void insert(std::size_t at, std::string_view text) { text_.insert(at, text); }

    void append(std::string_view sql) { text_ += sql; }

    /// @param construct  What the database does not have: "DEFAULT as a value".
    [[noreturn]] void throw_cannot(std::string_view construct) const;
    /// For people: "SQLite".
    [[nodiscard]] virtual std::string_view database() const noexcept = 0;

    void write_query(const sql::statement_node& s);
    void write_subquery(const sql::statement_node& s);
    [[nodiscard]] static bool has_types(const std::vector<sql::expression_ref>& items) noexcept;
    void write_arguments(const std::vector<sql::expression_ref>& arguments);
    void write_list(const std::vector<sql::expression_ref>& items);
    void write_values(const sql::values_source& item);
    [[nodiscard]] const std::string& alias_name(const sql::from_item& item);

private:
    void write_with();
    void write_cte(const sql::cte_source& cte);
    void write_select(const sql::select_node& s);
    void write_compound(const sql::compound_node& s);
    [[nodiscard]] static bool stands_alone(const sql::statement_node& operand);
    void write_output_name(const sql::expression& e);
    void write_statement(const sql::statement_node& s);
    void write_create_as(const sql::create_as_node& s);
    void write_drop(const sql::drop_node& s);
    void write_insert(const sql::insert_node& s);
    void write_inserted(const sql::insert_node& s);
    void write_conflict(const sql::conflict_clause& c);
    void write_assignments(const std::vector<sql::assignment_node>& list);
    void write_update(const sql::update_node& s);
    void write_delete(const sql::delete_node& s);
    void write_text(const sql::text_node& s);

    void write_derived(const sql::statement_node& s);
    void write_select_list(
        const std::vector<sql::expression_ref>& columns, const std::vector<std::string>& new_names
    );
    void write_selected(const sql::expression& e);
    void write_renamed(const sql::expression& e, std::string_view name);
    void write_sources(std::string_view before, const source_list& items);
    void write_source(const sql::from_item& item, bool on_the_right = false);
    void write_alias(const sql::alias_source& item);
    void write_subquery_source(const sql::subquery_source& item);
    void write_join(const sql::join& both, bool on_the_right);
    void write_source_name(const sql::from_item& item);
    void write_qualified_name(std::string_view schema, std::string_view name);
    void write_unqualified_source_name(const sql::from_item& item);
    /// @param selected  What the result has: its labels stand for their expressions.
    void write_order_items(
        const std::vector<sql::order_item>& items,
        const std::vector<sql::expression_ref>& selected = {}
    );
    void write_direction(const sql::order_item& item, bool has_nulls);
    void write_returning(
        const std::vector<sql::expression_ref>& columns, const std::vector<std::string>& new_names
    );
    void write_expression(const sql::expression& e);
    void write_column(const sql::column_expression& e);
    void write_binary(const sql::binary& e);
    void write_unary(const sql::unary& e);
    void write_conjunction(const sql::conjunction& e);
    void write_between(const sql::between& e);
    void write_in_list(const sql::in_list& e);
    void write_in_select(const sql::in_select& e);
    void write_function(const sql::function_call& e);
    void write_case(const sql::case_expression& e);
    void write_over(const sql::over_expression& e);
    void write_bound(const sql::frame_bound& b);
    void write_filter(const sql::filter_expression& e);
    void write_collate(const sql::collate_expression& e);

    [[nodiscard]] static precedence precedence_of(const sql::expression& e);
    [[nodiscard]] source_list from_items(const sql::select_node& s) const;
    [[nodiscard]] bool is_outside(const sql::select_node& s, const sql::from_item* source) const;
    [[nodiscard]] static source_list others_used(
        const sql::table_source& changed,
        const std::vector<sql::assignment_node>& list,
        const sql::expression_ref& where
    );
    [[nodiscard]] std::string numbered(std::string_view base);
    [[nodiscard]] bool is_source_name(std::string_view name) const;
    void write_named_parameter(
        const sql::text_node& s,
        const std::string& name,
        std::map<std::string, std::size_t, std::less<>>& numbers
    );

    const sql::statement_node& statement_;
    const identifier_preparer& names_;
    sql::cache_key cache_key_;
    std::unordered_map<const sql::bind_parameter*, std::uint32_t> places_;
    std::string text_;
    std::vector<std::uint32_t> placeholders_;
    std::unordered_map<std::uint32_t, std::size_t>
        placeholder_numbers_;             // by place, if they repeat
    std::vector<std::string> new_names_;  // of the columns of the statement that is written next
    std::map<std::string, int, std::less<>> numbers_;
    std::unordered_map<const sql::from_item*, std::string> alias_names_;
    std::vector<source_list> enclosing_;  // FROM of the statements around
    std::size_t depth_ = 0;
    bool qualifies_ = true;
    bool for_ddl_ = false;
};

}  // namespace gino::detail
