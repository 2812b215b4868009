// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node/expressions.hpp>
#include <gino/sql/node/ownership.hpp>
#include <gino/types/sql_type.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

/// The FROM items of the tree. Two uses of one item are recognised by its address: a column and
/// FROM have to share the same node.
namespace gino::sql {

/// The kind of a FROM item; it decides the class that `cast_to` may be called with.
enum class from_kind : std::uint8_t {
    table,
    alias,
    subquery,
    join,
    cte,
    cte_self,
    function,
    values,
};

/// The base of FROM items.
class from_item : public node {
public:
    explicit from_item(from_kind k) noexcept : kind(k) {}

    const from_kind kind;
};

/// A column as its table declares it to expressions; the rest of a declaration is in
/// `gino::table_definition`.
struct column_info {
    /// As in the database.
    std::string name;
    /// As the program calls it; for a column without a member, the same as `name`.
    std::string key;
    sql_type type;
    /// Whether ORDER BY by it needs NULLS LAST on SQLite.
    bool nullable = false;
};

/// A foreign key and its target, for joins without ON. A composite key pairs `columns` and
/// `target_columns` by position.
struct foreign_key_link {
    /// The columns of the table that has the key.
    std::vector<std::string> columns;
    /// As in the description; empty: the connection's search path decides.
    std::string target_schema;
    std::string target_table;
    /// The columns that the key refers to, by the same positions.
    std::vector<std::string> target_columns;
};

/// Functions of a table's model. They are called only when a statement needs them, because models
/// may refer to each other in a circle and are complete only later. Null: the table has no model.
struct table_finders {
    /// Returns the foreign keys of the model's table.
    const std::vector<foreign_key_link>& (*foreign_keys)() = nullptr;

    /// Returns an INSERT or UPDATE completed by the model's default_() and onupdate() values for
    /// the columns that the statement leaves out; null if there are none.
    statement_ref (*complete)(const statement_node&) = nullptr;

    /// Returns the type that a column is declared with, which may differ from its C++ type's.
    const sql_type& (*declared_type)(std::uint32_t column) = nullptr;
};

/// A table of the database: `app.users`.
class table_source final : public from_item {
public:
    table_source(
        std::string_view s, std::string_view n, std::vector<column_info> c, table_finders f = {}
    )
        : from_item(from_kind::table), schema(s), name(n), columns(std::move(c)), find(f) {}

    /// Empty: the connection's search path decides.
    const std::string schema;
    const std::string name;
    /// In the order of the model; a `column_expression` refers to them by position.
    const std::vector<column_info> columns;
    const table_finders find;
};

/// `TABLESAMPLE method(percent) REPEATABLE (seed)`, of an alias. PostgreSQL only.
struct table_sample {
    /// Empty: no sample.
    std::string method;
    /// Of the rows; a bind parameter.
    expression_ref percent;
    /// May be empty.
    expression_ref seed;
};

/// `table AS name`, with a sample if it has one. Two aliases of one table are two FROM items.
class alias_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "teams_1".
    alias_source(ref<table_source> t, std::string_view n, table_sample s = {})
        : from_item(from_kind::alias), table(std::move(t)), name(n), sample(std::move(s)) {}

    /// Makes `excluded`, the row that an INSERT could not insert. It is visible in ON CONFLICT DO
    /// UPDATE without being a FROM item.
    explicit alias_source(ref<table_source> t)
        : from_item(from_kind::alias), table(std::move(t)), name("excluded"), is_excluded(true) {}

    const ref<table_source> table;
    const std::string name;
    const table_sample sample;
    /// True: the row that an INSERT could not insert.
    const bool is_excluded = false;
};

/// `(SELECT ...) AS name`. Equal column names in it get numbers; see `output_name()`.
class subquery_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "anon_1".
    /// @param l  `LATERAL`: it may use columns of the items before it in FROM.
    subquery_source(statement_ref s, std::string_view n, bool l = false)
        : from_item(from_kind::subquery), select(std::move(s)), name(n), lateral(l) {}

    const statement_ref select;
    const std::string name;
    /// `LATERAL`: it may use columns of the items before it.
    const bool lateral;
};

/// The common table expression as its own recursive part uses it. It holds a name and no statement:
/// a node that owned itself would never be freed (docs/decisions/0018).
class cte_self_source final : public from_item {
public:
    explicit cte_self_source(std::string_view n) : from_item(from_kind::cte_self), name(n) {}

    const std::string name;
};

/// The hint of a common table expression: `AS MATERIALIZED`, `AS NOT MATERIALIZED`, or none.
enum class materialization : std::uint8_t { unspecified, materialized, not_materialized };

/// `WITH name AS (statement)`: a common table expression. FROM has its name only; the compiler
/// writes WITH before the whole statement.
class cte_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "anon_1".
    /// @param r  Recursive: the statement uses a `cte_self_source` of that name.
    /// @param m  The hint about materialization.
    cte_source(
        statement_ref s,
        std::string_view n,
        bool r = false,
        materialization m = materialization::unspecified
    )
        : from_item(from_kind::cte),
          statement(std::move(s)),
          name(n),
          recursive(r),
          materialized(m) {}

    const statement_ref statement;
    const std::string name;
    /// The statement contains a `cte_self_source` of this name.
    const bool recursive;
    const materialization materialized;
};

/// `function(...) AS name(columns)`. SQLite's dialect writes no columns: they have the function's
/// own names there.
class function_source final : public from_item {
public:
    function_source(
        expression_ref f,
        std::string_view n,
        std::vector<column_info> c,
        bool ordinality,
        bool typed
    )
        : from_item(from_kind::function),
          function(std::move(f)),
          name(n),
          columns(std::move(c)),
          with_ordinality(ordinality),
          with_types(typed) {}

    const expression_ref function;
    const std::string name;
    const std::vector<column_info> columns;
    /// `WITH ORDINALITY`: the last column numbers the rows. PostgreSQL only.
    const bool with_ordinality;
    /// `AS name(a INTEGER)`, for functions that return records. PostgreSQL only.
    const bool with_types;
};

/// `(VALUES (...), (...)) AS name (columns)`. Each row is as long as `columns`. SQLite's dialect
/// selects `column1 AS id, ...` from VALUES, because SQLite cannot name them.
class values_source final : public from_item {
public:
    values_source(
        std::string_view n, std::vector<column_info> c, std::vector<std::vector<expression_ref>> r
    )
        : from_item(from_kind::values), name(n), columns(std::move(c)), rows(std::move(r)) {}

    const std::string name;
    const std::vector<column_info> columns;
    /// Empty: an `argument_error` when the statement is compiled.
    const std::vector<std::vector<expression_ref>> rows;
};

/// The kind of a join. There is no RIGHT JOIN: it is a LEFT JOIN of the other side.
enum class join_kind : std::uint8_t { inner, left_outer, full_outer, cross };

/// `a JOIN b ON c`. Joins add up on the left side; a join on the right side is written in
/// parentheses.
class join final : public from_item {
public:
    join(from_ref l, from_ref r, join_kind k, expression_ref o)
        : from_item(from_kind::join),
          left(std::move(l)),
          right(std::move(r)),
          join_type(k),
          on(std::move(o)) {}

    const from_ref left;
    const from_ref right;
    const join_kind join_type;
    /// The join's condition; empty for a cross join only.
    const expression_ref on;
};

}  // namespace gino::sql
