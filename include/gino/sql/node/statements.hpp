// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node/expressions.hpp>
#include <gino/sql/node/ownership.hpp>
#include <gino/sql/node/sources.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// Whole statements.
namespace gino::sql {

/// What a statement is; tells which class it is of.
enum class statement_kind : std::uint8_t {
    select,
    compound,
    insert,
    update,
    delete_,
    text,
    create_as,
    drop,
};

/// The base of statements. Unlike expressions they may be changed while they have one owner.
class statement_node : public node {
public:
    explicit statement_node(statement_kind k) noexcept : kind(k) {}

    const statement_kind kind;
    /// Common table expressions that stand in WITH although nothing selects from them.
    std::vector<from_ref> ctes;
};

/// What SELECT and set operations have in common.
class query_node : public statement_node {
public:
    using statement_node::statement_node;

    std::vector<order_item> order_by;
    expression_ref limit;
    expression_ref offset;
};

enum class lock_strength : std::uint8_t { none, update, no_key_update, share, key_share };
enum class lock_wait : std::uint8_t { wait, nowait, skip_locked };

/// `FOR UPDATE OF a SKIP LOCKED`.
struct lock_clause {
    lock_strength strength = lock_strength::none;
    lock_wait wait = lock_wait::wait;
    std::vector<from_ref> of;
};

/// SELECT.
class select_node final : public query_node {
public:
    select_node() noexcept : query_node(statement_kind::select) {}

    std::vector<expression_ref> columns;
    /// What the program put into FROM. Sources of `columns` and `where` that are in none of these
    /// are added behind them by the compiler, each once, in order of use; in a subquery, those of
    /// the enclosing statement are left out (correlation), unless none would remain.
    std::vector<from_ref> from;
    expression_ref where;
    std::vector<expression_ref> group_by;
    expression_ref having;
    std::string prefix;  ///< Words behind SELECT. Never from data.
    bool distinct = false;
    std::vector<expression_ref> distinct_on;
    /// Empty: as said at `from`. Otherwise only these are taken from the enclosing statements.
    std::vector<from_ref> correlated;
    bool allows_cross_product = false;
    lock_clause lock;
};

/// How rows of several selects become one set.
enum class set_operator : std::uint8_t {
    union_,
    union_all,
    intersect,
    intersect_all,
    except,
    except_all,
};

/// `a UNION b UNION c`: at least two operands.
class compound_node final : public query_node {
public:
    compound_node(set_operator o, std::vector<statement_ref> s) noexcept
        : query_node(statement_kind::compound), op(o), operands(std::move(s)) {}

    const set_operator op;
    const std::vector<statement_ref> operands;
};

/// `column = expression`.
struct assignment_node {
    ref<column_expression> column;
    expression_ref to;
};

enum class conflict_action : std::uint8_t { fail, do_nothing, do_update };

/// `ON CONFLICT (columns) WHERE index_where DO UPDATE SET assignments WHERE where`.
struct conflict_clause {
    conflict_action action = conflict_action::fail;
    std::vector<ref<column_expression>> columns;  ///< Empty: whatever conflicts.
    std::string constraint;                       ///< Instead of columns.
    expression_ref index_where;                   ///< Of a partial index.
    std::vector<assignment_node> assignments;
    expression_ref where;
};

/// INSERT.
class insert_node final : public statement_node {
public:
    explicit insert_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::insert), into(std::move(t)) {}

    ref<table_source> into;
    std::vector<ref<column_expression>> columns;    ///< Empty: DEFAULT VALUES.
    std::vector<std::vector<expression_ref>> rows;  ///< Each as long as `columns`.
    statement_ref select;                           ///< Instead of rows.
    conflict_clause on_conflict;
    std::vector<expression_ref> returning;
};

/// UPDATE. Sources other than the table that its expressions use stand in FROM.
class update_node final : public statement_node {
public:
    explicit update_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::update), table(std::move(t)) {}

    ref<table_source> table;
    std::vector<assignment_node> assignments;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// DELETE. Sources other than the table that its condition uses stand in USING.
class delete_node final : public statement_node {
public:
    explicit delete_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::delete_), from(std::move(t)) {}

    ref<table_source> from;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// Hand-written SQL. `:name` stands for a bind parameter, `\:` for a colon, `::` for a cast; names
/// within quotes, dollar quotes and comments are left alone.
class text_node final : public statement_node {
public:
    struct named_parameter {
        std::string name;
        ref<bind_parameter> bound;
    };

    explicit text_node(std::string_view s) : statement_node(statement_kind::text), sql(s) {}

    std::string sql;
    std::vector<named_parameter> parameters;
    std::vector<expression_ref> columns;  ///< What `columns()` says about the result; may be empty.
};

/// What is made of a query, and dropped.
enum class object_kind : std::uint8_t { table, view, materialized_view };

/// `CREATE VIEW name AS SELECT ...`. Values in the query are written as quoted literals.
class create_as_node final : public statement_node {
public:
    create_as_node(object_kind o, bool r, std::string_view s, std::string_view n, statement_ref q)
        : statement_node(statement_kind::create_as),
          object(o),
          replace(r),
          schema(s),
          name(n),
          query(std::move(q)) {}

    const object_kind object;
    const bool replace;  ///< OR REPLACE.
    const std::string schema;
    const std::string name;
    const statement_ref query;
};

/// `DROP VIEW IF EXISTS name`.
class drop_node final : public statement_node {
public:
    drop_node(object_kind o, bool i, std::string_view s, std::string_view n)
        : statement_node(statement_kind::drop), object(o), if_exists(i), schema(s), name(n) {}

    const object_kind object;
    const bool if_exists;
    const std::string schema;
    const std::string name;
};

/// Returns what a statement selects or returns, column by column; empty when only the database
/// knows.
[[nodiscard]] const std::vector<expression_ref>& columns_of(const statement_node& statement
) noexcept;

/// Returns the name of a column or a label; empty: another expression.
[[nodiscard]] std::string_view own_name(const expression& selected) noexcept;

/// Whether a database may take two names for the same: SQLite ignores the case of letters.
[[nodiscard]] bool is_same_name(std::string_view a, std::string_view b) noexcept;

/// Returns the name that a selected column has where the statement stands in FROM or WITH: its own;
/// with a number behind it, when a column before it has that name. Empty: it has none.
[[nodiscard]] std::string output_name(const statement_node& statement, std::size_t place);

}  // namespace gino::sql
