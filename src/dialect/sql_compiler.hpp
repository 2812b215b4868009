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

/// Writes one statement as SQL. The base class has the SQL that all databases share; a dialect
/// overrides the rest.
///
/// Values never come into the text: a bind parameter becomes a placeholder, and
/// `compiled::parameters` has the index of its value. Names go through `write_name()`, which quotes
/// them, so that no input of a program is written as SQL unless it was declared as SQL.
///
/// Invariants: `text_` only grows, except for `insert()`. `qualifies_`, `enclosing_` and
/// `new_names_` describe the statement that is being written; each function that changes them
/// restores them.
///
/// Lifetime: one object writes one statement; `compile()` may be called once.
class sql_compiler {
public:
    /// Makes a compiler.
    ///
    /// @param statement  Must outlive the compiler.
    /// @param names      Quotes names. Must outlive the compiler.
    sql_compiler(const sql::statement_node& statement, const identifier_preparer& names);
    sql_compiler(const sql_compiler&) = delete;
    sql_compiler& operator=(const sql_compiler&) = delete;
    virtual ~sql_compiler() = default;

    /// Writes the statement.
    ///
    /// @throws compile_error   The database does not have a construct.
    /// @throws argument_error  A name cannot be written; a text's parameters do not fit.
    [[nodiscard]] compiled compile();

    /// Writes an expression in the form of DDL: columns without their table, values as literals.
    /// DDL cannot have parameters.
    [[nodiscard]] std::string compile_for_ddl(const sql::expression& e);

protected:
    /// The precedence of operators, loosest first: the order of PostgreSQL's table (manual, 4.1.6).
    /// SQLite's differs for `||` and its like, which `write_binary()` takes into account.
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

    /// Writes the placeholder of the parameter with this number, counted from 1.
    virtual void write_placeholder(std::size_t number) = 0;

    /// Same as `write_placeholder()`, for a type that the database cannot infer.
    virtual void write_typed_placeholder(std::size_t number, const sql_type& /*type*/) {
        write_placeholder(number);
    }

    /// Same as `write()`, for a place where the database cannot infer the type of a parameter from
    /// its neighbours: in VALUES, as the result of a CASE, compared with another parameter.
    virtual void write_with_type(const sql::expression& e, precedence around = lowest) {
        write(e, around);
    }

    /// Returns false for parameters and NULL, whose types the database has to infer.
    [[nodiscard]] static bool has_type(const sql::expression& e) noexcept;

    /// Writes a keyword that is a value: NULL, TRUE, FALSE, DEFAULT, `*`.
    virtual void write_literal(sql::literal_kind kind) = 0;
    /// Writes IN with one parameter that has all values: the text is the same for any number of
    /// them, so that it can be cached and prepared.
    virtual void write_in_array(const sql::in_array& e) = 0;
    /// Writes a case-insensitive LIKE.
    virtual void write_ilike(const sql::binary& e) = 0;
    /// Returns the operator's symbol. Overriders throw for operators that the database does not
    /// have.
    [[nodiscard]] virtual std::string_view symbol_of(sql::binary_operator op) const;
    /// Writes the name of a type in CAST and in the column list of a function.
    [[nodiscard]] virtual std::string type_name(const sql_type& type) const = 0;
    /// Returns true when RETURNING names columns with their table. On SQLite it names the columns
    /// alone.
    [[nodiscard]] virtual bool qualifies_returning() const noexcept = 0;
    /// Returns true when a parameter that occurs twice may have the same placeholder: `$1`, but not
    /// `?`.
    [[nodiscard]] virtual bool repeats_placeholders() const noexcept = 0;
    /// Writes a value as a literal of its type, for DDL.
    virtual void write_value_literal(const value& v) = 0;

    /// Writes LIMIT and OFFSET.
    virtual void write_limit(const sql::query_node& s);
    /// Writes DISTINCT ON of PostgreSQL.
    virtual void write_distinct_on(const sql::select_node& s);
    /// Writes FOR UPDATE and its variants.
    virtual void write_lock(const sql::lock_clause& lock);
    /// Returns the keywords of a set operation.
    [[nodiscard]] virtual std::string_view symbol_of(sql::set_operator op) const;
    /// Writes an operand of a set operation that has an order, a limit or operands of its own.
    virtual void write_compound_operand(const sql::statement_node& operand);
    /// Writes the SELECT of an INSERT.
    virtual void write_inserted_select(const sql::insert_node& s);
    /// Writes ON CONSTRAINT of an ON CONFLICT clause.
    virtual void write_conflict_constraint(std::string_view name);
    /// Writes USING of a DELETE.
    virtual void write_using(const source_list& others);
    /// Writes a common table expression that is an INSERT, UPDATE or DELETE.
    virtual void write_changing_cte(const sql::statement_node& s);
    /// Writes TABLESAMPLE.
    virtual void write_sample(const sql::table_sample& sample);
    /// Writes LATERAL.
    virtual void write_lateral();
    /// Writes the kind of a created or dropped object: TABLE, VIEW, MATERIALIZED VIEW.
    virtual void write_object(sql::object_kind object);
    /// Writes a function in FROM, with its alias and columns.
    virtual void write_table_function(const sql::function_source& item);
    /// Writes VALUES in FROM, with its alias and columns.
    virtual void write_values_list(const sql::values_source& item);

    /// Writes a function that has another name or form in this database.
    ///
    /// @return False: it has not; nothing was written.
    [[nodiscard]] virtual bool write_native_function(const sql::function_call& /*e*/) {
        return false;
    }

    /// Writes the start of ORDER BY within an aggregate.
    virtual void write_aggregate_order();
    /// Writes the start of WITHIN GROUP of an ordered-set aggregate.
    virtual void write_within_group();
    /// Returns the name of a part in EXTRACT and date_trunc().
    [[nodiscard]] static std::string_view part_name(sql::date_part part) noexcept;
    /// Writes EXTRACT.
    virtual void write_extract(const sql::extract_expression& e) = 0;
    /// Writes ANY or ALL.
    virtual void write_quantified(const sql::quantified_expression& e);
    /// Writes ARRAY[...].
    virtual void write_array(const sql::array_expression& e);
    /// Writes an element or a slice of an array.
    virtual void write_subscript(const sql::subscript& e);
    /// Writes ROLLUP, CUBE or GROUPING SETS.
    virtual void write_grouping(const sql::grouping_expression& e);
    /// Writes the next value of a sequence.
    virtual void write_next_value(const sql::next_value_expression& e);
    /// Writes the operators `#>` and `#>>`.
    virtual void write_json_path(const sql::binary& e);

    /// Writes an expression that has another form in this database.
    ///
    /// @return False: it has not; nothing was written.
    virtual bool write_own(const sql::expression& /*e*/) { return false; }

    /// Writes an expression in the common form. A `write_own()` calls it for the parts that it does
    /// not change.
    void write_usual(const sql::expression& e);

    /// Returns the place of NULL in ORDER BY. The base class leaves it to the database.
    [[nodiscard]] virtual sql::nulls_order nulls_of(
        const sql::order_item& item, bool /*has_nulls*/
    ) const {
        return item.nulls;
    }

    /// Returns false for a column that is declared NOT NULL, in a statement without outer joins,
    /// and for count().
    [[nodiscard]] bool may_be_null(const sql::expression& e) const;

    /// Writes an expression that ORDER BY sorts by.
    virtual void write_order_key(const sql::expression& e) { write_unlabelled(e); }

    /// Returns true when ORDER BY may name a label of the select list.
    [[nodiscard]] virtual bool orders_by_name(const sql::expression& /*e*/) const { return true; }

    /// Writes an expression so that its value is checked before a column of this type stores it.
    ///
    /// @return False: no check is needed; nothing was written.
    virtual bool write_checked(const sql::expression& /*e*/, const sql_type& /*into*/) {
        return false;
    }

    /// Returns the type that the column is declared with, which `column_type()` may have changed.
    [[nodiscard]] static const sql_type& declared_type(const sql::column_expression& column);

    /// Writes the right side of SET: expressions with operators get parentheses, `seq=(users.seq +
    /// $1)`.
    void write_assigned(const sql::expression& e);

    /// Writes the expression of a label instead of its name, which might be the name of a column
    /// too.
    void write_unlabelled(const sql::expression& e);

    /// Writes an expression, in parentheses if it binds more loosely than `around`.
    void write(const sql::expression& e, precedence around = lowest);
    /// Writes a parameter: a placeholder, or a literal in DDL.
    void write_bind(const sql::bind_parameter& e);
    /// Returns the number of a parameter's placeholder: a new one, or the one it has already if
    /// placeholders may repeat.
    [[nodiscard]] std::size_t take_placeholder(const sql::bind_parameter& e);
    /// Writes ESCAPE after the pattern of LIKE, if there is an escape character.
    void write_escape(const sql::binary& like);

    /// Returns the escape character of LIKE; 0: the database's own.
    [[nodiscard]] virtual char escape_of(const sql::binary& like) const { return like.escape; }

    /// Writes a name, in quotes if necessary.
    void write_name(std::string_view name) { names_.append(text_, name); }

    /// Returns the place where the next append() writes, for insert().
    [[nodiscard]] std::size_t end() const noexcept { return text_.size(); }

    void insert(std::size_t at, std::string_view text) { text_.insert(at, text); }

    void append(std::string_view sql) { text_ += sql; }

    /// Throws `compile_error`: the database has no such construct.
    ///
    /// @param construct  Its name: "DEFAULT as a value".
    [[noreturn]] void throw_cannot(std::string_view construct) const;
    /// Returns the database's name in messages: "SQLite".
    [[nodiscard]] virtual std::string_view database() const noexcept = 0;

    /// Writes a statement inside another one.
    void write_query(const sql::statement_node& s);
    /// Writes a statement in parentheses.
    void write_subquery(const sql::statement_node& s);
    /// Returns true when one of the expressions has a type, from which the database infers the
    /// others.
    [[nodiscard]] static bool has_types(const std::vector<sql::expression_ref>& items) noexcept;
    /// Writes the arguments of a function. If all are parameters, each gets its type.
    void write_arguments(const std::vector<sql::expression_ref>& arguments);
    void write_list(const std::vector<sql::expression_ref>& items);
    void write_values(const sql::values_source& item);
    /// Returns the name of a FROM item: the program's, or one that is made at its first use.
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
    /// Writes the list of ORDER BY.
    ///
    /// @param selected  The select list: its labels are written by name.
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
    // The index of each parameter in the cache key.
    std::unordered_map<const sql::bind_parameter*, std::uint32_t> places_;
    std::string text_;
    // The index of the value of each placeholder, in their order: `compiled::parameters`.
    std::vector<std::uint32_t> placeholders_;
    // The number of each value's placeholder, if placeholders repeat.
    std::unordered_map<std::uint32_t, std::size_t> placeholder_numbers_;
    // The names of the columns of the next statement, if it is in FROM or WITH.
    std::vector<std::string> new_names_;
    // The last number of each base name: "anon_1", "users_1".
    std::map<std::string, int, std::less<>> numbers_;
    std::unordered_map<const sql::from_item*, std::string> alias_names_;
    std::vector<source_list> enclosing_;  // FROM of the enclosing statements, outermost first
    std::size_t depth_ = 0;               // of nested expressions
    bool qualifies_ = true;               // columns are written with their table
    bool for_ddl_ = false;                // values are written as literals
};

}  // namespace gino::detail
