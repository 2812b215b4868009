// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/statement.hpp>

#include <string_view>

/// @file
/// Views, and tables made of queries.
namespace gino {

/// A statement that makes or drops something, and has no rows.
class ddl_statement : public statement_base {
public:
    using row_type = void;
    using selected_type = void;

    using statement_base::statement_base;
};

namespace detail {

[[nodiscard]] ddl_statement make_create_as(
    sql::object_kind object, bool replace, std::string_view name, const sql::statement_ref& query
);

}  // namespace detail

/// `CREATE VIEW name AS query`. Values in the query become quoted literals.
///
/// @param name  With a schema if need be. Copied.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::view, false, name, query.tree());
}

/// `CREATE OR REPLACE VIEW`: PostgreSQL only.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_or_replace_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::view, true, name, query.tree());
}

/// `CREATE MATERIALIZED VIEW`: a view whose rows are kept. PostgreSQL only.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_materialized_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::materialized_view, false, name, query.tree());
}

/// `CREATE TABLE name AS query`: a table with the query's columns and rows.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_table_as(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::table, false, name, query.tree());
}

/// `DROP VIEW name`.
///
/// @param if_exists  No error when it is not there.
[[nodiscard]] ddl_statement drop_view(std::string_view name, bool if_exists = false);
[[nodiscard]] ddl_statement drop_materialized_view(std::string_view name, bool if_exists = false);
/// `DROP TABLE name`, of one that no model stands for.
[[nodiscard]] ddl_statement drop_table(std::string_view name, bool if_exists = false);

}  // namespace gino
