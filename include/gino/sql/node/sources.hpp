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

/// What stands in FROM.
namespace gino::sql {

/// What stands in FROM; tells which class it is of.
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

/// The base of what stands in FROM.
class from_item : public node {
public:
    explicit from_item(from_kind k) noexcept : kind(k) {}

    const from_kind kind;
};

/// A column as its table declares it to expressions; the rest of a declaration is in
/// `gino::table_definition`.
struct column_info {
    std::string name;  ///< As in the database.
    std::string key;   ///< As the program calls it.
    sql_type type;
    bool nullable = false;
};

/// Where a foreign key leads, for joins that are given no ON.
struct foreign_key_link {
    std::vector<std::string> columns;
    std::string target_schema;
    std::string target_table;
    std::vector<std::string> target_columns;
};

/// Functions of a table's model, which are called when a statement needs them: models may refer to
/// each other in a circle. Null: nothing is known.
struct table_finders {
    const std::vector<foreign_key_link>& (*foreign_keys)() = nullptr;

    /// Returns an INSERT or UPDATE with the values that the program gave to the model for what the
    /// statement leaves out; null: there are none.
    statement_ref (*complete)(const statement_node&) = nullptr;

    /// The type that a column is declared with, which may be another than that of its C++ type.
    const sql_type& (*declared_type)(std::uint32_t column) = nullptr;
};

/// A table of the database.
class table_source final : public from_item {
public:
    table_source(
        std::string_view s, std::string_view n, std::vector<column_info> c, table_finders f = {}
    )
        : from_item(from_kind::table), schema(s), name(n), columns(std::move(c)), find(f) {}

    const std::string schema;  ///< Empty: the connection's search path decides.
    const std::string name;
    const std::vector<column_info> columns;
    const table_finders find;
};

/// `TABLESAMPLE method(percent) REPEATABLE (seed)`.
struct table_sample {
    std::string method;  ///< Empty: no sample.
    expression_ref percent;
    expression_ref seed;  ///< May be empty.
};

/// `table AS name`.
class alias_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "teams_1".
    alias_source(ref<table_source> t, std::string_view n, table_sample s = {})
        : from_item(from_kind::alias), table(std::move(t)), name(n), sample(std::move(s)) {}

    /// The row that an INSERT could not insert: it is there without standing in FROM.
    explicit alias_source(ref<table_source> t)
        : from_item(from_kind::alias), table(std::move(t)), name("excluded"), is_excluded(true) {}

    const ref<table_source> table;
    const std::string name;
    const table_sample sample;
    const bool is_excluded = false;
};

/// `(SELECT ...) AS name`.
class subquery_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "anon_1".
    /// @param l  `LATERAL`: it sees what stands before it in FROM.
    subquery_source(statement_ref s, std::string_view n, bool l = false)
        : from_item(from_kind::subquery), select(std::move(s)), name(n), lateral(l) {}

    const statement_ref select;
    const std::string name;
    const bool lateral;
};

/// What the recursive part of a common table expression sees of itself.
class cte_self_source final : public from_item {
public:
    explicit cte_self_source(std::string_view n) : from_item(from_kind::cte_self), name(n) {}

    const std::string name;
};

enum class materialization : std::uint8_t { unspecified, materialized, not_materialized };

/// `WITH name AS (statement)`: a common table expression.
class cte_source final : public from_item {
public:
    /// @param n  Empty: the dialect makes one, such as "anon_1".
    /// @param r  The statement uses a `cte_self_source` of that name.
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
    const bool recursive;
    const materialization materialized;
};

/// `function(...) AS name(columns)`.
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
    const bool with_ordinality;
    const bool with_types;  ///< `AS name(a INTEGER)`: of functions that return records.
};

/// `(VALUES (...), (...)) AS name (columns)`.
class values_source final : public from_item {
public:
    values_source(
        std::string_view n, std::vector<column_info> c, std::vector<std::vector<expression_ref>> r
    )
        : from_item(from_kind::values), name(n), columns(std::move(c)), rows(std::move(r)) {}

    const std::string name;
    const std::vector<column_info> columns;
    const std::vector<std::vector<expression_ref>> rows;
};

enum class join_kind : std::uint8_t { inner, left_outer, full_outer, cross };

/// `a JOIN b ON c`.
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
    const expression_ref on;  ///< Empty for a cross join only.
};

}  // namespace gino::sql
