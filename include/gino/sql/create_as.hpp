// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/statement.hpp>

#include <string_view>

/// @file Views, and tables that are made from queries.
namespace gino {

/// A statement that creates or drops an object and has no rows: run it with `status()`.
class ddl_statement : public statement_base {
public:
    using row_type = void;
    using selected_type = void;

    using statement_base::statement_base;
};

namespace detail {

/// Makes CREATE ... AS.
///
/// @param replace  Writes OR REPLACE.
[[nodiscard]] ddl_statement make_create_as(
    sql::object_kind object, bool replace, std::string_view name, const sql::statement_ref& query
);

}  // namespace detail

/// Makes a view: `CREATE VIEW name AS SELECT ...`.
///
///     create_view("app.adults", select<user>().where(user::c.age >= 18))
///
///     CREATE VIEW app.adults AS SELECT ... FROM users WHERE users.age >= 18
///
/// A view has no parameters, so values in the query are written as quoted literals.
///
/// @param name   With a schema if needed. Copied.
/// @param query  A select, a set operation, or text.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::view, false, name, query.tree());
}

/// Makes a view, or replaces the one that exists: `CREATE OR REPLACE VIEW`. PostgreSQL only.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_or_replace_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::view, true, name, query.tree());
}

/// Makes a view whose rows are stored until it is refreshed: `CREATE MATERIALIZED VIEW`. PostgreSQL
/// only.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_materialized_view(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::materialized_view, false, name, query.tree());
}

/// Makes a table with the columns and rows of a query: `CREATE TABLE name AS SELECT ...`. It has no
/// keys or constraints.
template <detail::query_like Query>
[[nodiscard]] ddl_statement create_table_as(std::string_view name, const Query& query) {
    return detail::make_create_as(sql::object_kind::table, false, name, query.tree());
}

/// Drops a view: `DROP VIEW name`.
///
/// @param if_exists  True: `IF EXISTS`, no error for a view that does not exist.
[[nodiscard]] ddl_statement drop_view(std::string_view name, bool if_exists = false);
/// Drops a materialized view. PostgreSQL only.
[[nodiscard]] ddl_statement drop_materialized_view(std::string_view name, bool if_exists = false);
/// Drops a table without a model: `DROP TABLE name`. For tables of models, see `drop_all()`.
[[nodiscard]] ddl_statement drop_table(std::string_view name, bool if_exists = false);

}  // namespace gino
