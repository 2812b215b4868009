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

/// The statements of the tree.
namespace gino::sql {

/// The kind of a statement; it decides the class that `cast_to` may be called with.
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

/// The base of statements. Their members can change, but only while the node has one owner: see
/// `statement_base::edit()`.
class statement_node : public node {
public:
    explicit statement_node(statement_kind k) noexcept : kind(k) {}

    const statement_kind kind;
    /// Common table expressions in WITH that no FROM item of the statement refers to.
    std::vector<from_ref> ctes;
};

/// The common part of SELECT and set operations. `limit` and `offset` are bind parameters; empty:
/// none.
class query_node : public statement_node {
public:
    using statement_node::statement_node;

    /// In the order of the calls of order_by(). A label that is selected is written by name.
    std::vector<order_item> order_by;
    /// A bind parameter of 64 bits; empty: no LIMIT.
    expression_ref limit;
    /// A bind parameter of 64 bits; empty: no OFFSET. SQLite's dialect adds `LIMIT -1` where there
    /// is no limit.
    expression_ref offset;
};

/// The strength of a row-level lock, from PostgreSQL 15, 13.3.2.
enum class lock_strength : std::uint8_t { none, update, no_key_update, share, key_share };
/// The behaviour at rows that others have locked: wait, fail, or leave them out.
enum class lock_wait : std::uint8_t { wait, nowait, skip_locked };

/// `FOR UPDATE OF a SKIP LOCKED`. PostgreSQL only; SQLite's dialect throws `compile_error`.
struct lock_clause {
    lock_strength strength = lock_strength::none;
    lock_wait wait = lock_wait::wait;
    /// Empty: all tables in FROM.
    std::vector<from_ref> of;
};

/// SELECT.
class select_node final : public query_node {
public:
    select_node() noexcept : query_node(statement_kind::select) {}

    /// The select list; empty: `*`.
    std::vector<expression_ref> columns;
    /// The FROM items that the program gave. The compiler adds the sources of `columns` and `where`
    /// that are in none of them, once each, in the order of use. In a subquery it leaves out the
    /// sources of the enclosing statement (correlation), unless no source would remain.
    std::vector<from_ref> from;
    expression_ref where;
    /// Expressions and grouping items. A label is written as its expression.
    std::vector<expression_ref> group_by;
    expression_ref having;
    /// Words after SELECT. Never from data.
    std::string prefix;
    bool distinct = false;
    /// `SELECT DISTINCT ON (...)`; empty: none. PostgreSQL only.
    std::vector<expression_ref> distinct_on;
    /// The only sources that are taken from the enclosing statements; empty: the rule at `from`.
    std::vector<from_ref> correlated;
    /// Whether FROM items may be combined without a condition between them.
    bool allows_cross_product = false;
    /// `FOR UPDATE` and the other locks; strength `none`: no lock.
    lock_clause lock;
};

/// The operators that combine the rows of several queries.
enum class set_operator : std::uint8_t {
    union_,
    union_all,
    intersect,
    intersect_all,
    except,
    except_all,
};

/// `a UNION b UNION c`: at least two operands of one operator. An operand with an order, a limit or
/// a lock, or that is a set operation itself, is written in parentheses; SQLite's dialect writes
/// `SELECT * FROM (...)`.
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

/// The action of ON CONFLICT; `fail` is an INSERT without that clause.
enum class conflict_action : std::uint8_t { fail, do_nothing, do_update };

/// `ON CONFLICT (columns) WHERE index_where DO UPDATE SET assignments WHERE where`, or
/// `ON CONFLICT ON CONSTRAINT name ...` (PostgreSQL only).
struct conflict_clause {
    conflict_action action = conflict_action::fail;
    /// Empty, and no constraint: any conflict.
    std::vector<ref<column_expression>> columns;
    std::string constraint;      ///< Instead of columns.
    expression_ref index_where;  ///< Of a partial index.
    std::vector<assignment_node> assignments;
    expression_ref where;
};

/// INSERT. Its rows come from `rows` or from `select`.
class insert_node final : public statement_node {
public:
    explicit insert_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::insert), into(std::move(t)) {}

    /// The table; its model may complete the rows when the statement runs.
    ref<table_source> into;
    /// The columns that the rows have; empty: DEFAULT VALUES.
    std::vector<ref<column_expression>> columns;
    /// Each row is as long as `columns`.
    std::vector<std::vector<expression_ref>> rows;
    /// The query of INSERT ... SELECT, instead of rows; empty otherwise.
    statement_ref select;
    conflict_clause on_conflict;
    /// The RETURNING list; empty: no RETURNING.
    std::vector<expression_ref> returning;
};

/// UPDATE. Other tables that its expressions use are written into FROM. Without assignments it is
/// an `argument_error` when it is compiled.
class update_node final : public statement_node {
public:
    explicit update_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::update), table(std::move(t)) {}

    ref<table_source> table;
    std::vector<assignment_node> assignments;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// DELETE. Other tables that its condition uses are written into USING, which only PostgreSQL has.
class delete_node final : public statement_node {
public:
    explicit delete_node(ref<table_source> t) noexcept
        : statement_node(statement_kind::delete_), from(std::move(t)) {}

    ref<table_source> from;
    expression_ref where;
    std::vector<expression_ref> returning;
};

/// Hand-written SQL. `:name` is a bind parameter, `\:` a colon, `::` a cast; names within quotes,
/// dollar quotes and comments are not changed.
class text_node final : public statement_node {
public:
    struct named_parameter {
        std::string name;
        ref<bind_parameter> bound;
    };

    explicit text_node(std::string_view s) : statement_node(statement_kind::text), sql(s) {}

    /// The text as the program wrote it; parameters are found when it is compiled.
    std::string sql;
    /// By name, or by position as "$1".
    std::vector<named_parameter> parameters;
    /// The columns of the result that `columns()` declared; empty: only the database knows them.
    std::vector<expression_ref> columns;
};

/// The kind of object that a query creates and DROP removes.
enum class object_kind : std::uint8_t { table, view, materialized_view };

/// `CREATE VIEW name AS SELECT ...`. Values in the query are written as quoted literals, because
/// such a statement cannot have parameters.
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
    /// `OR REPLACE`. PostgreSQL only.
    const bool replace;
    const std::string schema;
    const std::string name;
    const statement_ref query;
};

/// `DROP VIEW IF EXISTS name`, for tables and materialized views too.
class drop_node final : public statement_node {
public:
    drop_node(object_kind o, bool i, std::string_view s, std::string_view n)
        : statement_node(statement_kind::drop), object(o), if_exists(i), schema(s), name(n) {}

    const object_kind object;
    /// `IF EXISTS`: no error for an object that does not exist.
    const bool if_exists;
    const std::string schema;
    const std::string name;
};

/// Returns the expressions that a statement selects or returns, column by column; an empty list if
/// only the database knows them. A set operation has the columns of its first operand.
[[nodiscard]] const std::vector<expression_ref>& columns_of(const statement_node& statement
) noexcept;

/// Returns the name of a column or a label; empty for any other expression.
[[nodiscard]] std::string_view own_name(const expression& selected) noexcept;

/// Returns whether a database may take two names for the same. Case is ignored, as SQLite does.
[[nodiscard]] bool is_same_name(std::string_view a, std::string_view b) noexcept;

/// Returns the name of a selected column where the statement is in FROM or WITH: its own, with a
/// number added if an earlier column has the same: `id`, `id_1`. Empty: the expression has no name.
///
/// REQUIRES: `place` is less than the number of columns.
[[nodiscard]] std::string output_name(const statement_node& statement, std::size_t place);

}  // namespace gino::sql
