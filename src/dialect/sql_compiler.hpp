// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/compiled.hpp>
#include <gino/sql/node.hpp>
#include <gino/sql/shape.hpp>

#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "dialect/identifier_preparer.hpp"

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
    virtual void write_mark(std::size_t number) = 0;
    virtual void write_literal(sql::literal_kind kind) = 0;
    virtual void write_in_array(const sql::in_array& e) = 0;
    virtual void write_ilike(const sql::binary& e) = 0;
    [[nodiscard]] virtual std::string_view symbol_of(sql::binary_operator op) const;
    [[nodiscard]] virtual std::string type_name(const sql_type& type) const = 0;
    /// True: RETURNING names columns with their table.
    [[nodiscard]] virtual bool qualifies_returning() const noexcept = 0;
    virtual void write_limit(const sql::select_node& s);
    /// Writes the select of an INSERT.
    virtual void write_inserted_select(const sql::insert_node& s);
    /// Writes ON CONSTRAINT behind ON CONFLICT.
    virtual void write_conflict_constraint(std::string_view name);
    /// Writes a value as a literal of the right type, for DDL.
    virtual void write_value_literal(const value& v) = 0;

    /// Writes an expression, in parentheses if it binds more loosely than `around`.
    void write(const sql::expression& e, precedence around = lowest);
    void write_bind(const sql::bind_parameter& e);

    void write_name(std::string_view name) { names_.append(text_, name); }

    void append(std::string_view sql) { text_ += sql; }

    /// @param construct  What the database does not have: "DEFAULT as a value".
    [[noreturn]] void throw_cannot(std::string_view construct) const;
    /// For people: "SQLite".
    [[nodiscard]] virtual std::string_view database() const noexcept = 0;

    void write_select(const sql::select_node& s);

private:
    void write_statement(const sql::statement_node& s);
    void write_insert(const sql::insert_node& s);
    void write_conflict(const sql::conflict_clause& c);
    void write_assignments(const std::vector<sql::assignment_node>& list);
    void write_update(const sql::update_node& s);
    void write_delete(const sql::delete_node& s);
    void write_text(const sql::text_node& s);

    void write_select_list(const std::vector<sql::expression_ref>& columns);
    void write_selected(const sql::expression& e);
    void write_from(const std::vector<const sql::from_item*>& items);
    void write_source(const sql::from_item& item, bool on_the_right = false);
    void write_source_name(const sql::from_item& item);
    void write_order_by(const std::vector<sql::order_item>& items);
    void write_order_item(const sql::order_item& item);
    /// Writes a label's name where a label may stand alone, otherwise the expression.
    void write_by_name(const sql::expression& e);
    void write_returning(const std::vector<sql::expression_ref>& columns);
    void write_subquery(const sql::select_node& s);
    void write_assigned(const sql::expression& e);

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
    void write_list(const std::vector<sql::expression_ref>& items);

    [[nodiscard]] static precedence precedence_of(const sql::expression& e);
    [[nodiscard]] std::vector<const sql::from_item*> from_items(const sql::select_node& s) const;
    [[nodiscard]] const std::string& alias_name(const sql::from_item& item);
    [[nodiscard]] std::string numbered(std::string_view base);
    void write_named_parameter(const sql::text_node& s, const std::string& name);

    const sql::statement_node& statement_;
    const identifier_preparer& names_;
    sql::shape shape_;
    std::unordered_map<const sql::bind_parameter*, std::uint32_t> places_;
    std::string text_;
    std::vector<std::uint32_t> marks_;
    std::map<std::string, int, std::less<>> numbers_;
    std::unordered_map<const sql::from_item*, std::string> alias_names_;
    std::vector<std::vector<const sql::from_item*>> enclosing_;  // FROM of the selects around
    std::size_t depth_ = 0;
    bool qualifies_ = true;
    bool for_ddl_ = false;
};

}  // namespace gino::detail
