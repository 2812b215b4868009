// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/create_as.hpp>

#include "sql/qualified_name.hpp"

namespace gino {

namespace {

// The name is split once, here: dialects quote schema and name separately.
ddl_statement make_drop(sql::object_kind object, std::string_view name, bool if_exists) {
    const auto parts = sql::split_name(name);
    return ddl_statement(sql::make<sql::drop_node>(object, if_exists, parts.schema, parts.name));
}

}  // namespace

namespace detail {

// The query keeps its bind parameters in the tree; the compiler writes them as literals.
ddl_statement make_create_as(
    sql::object_kind object, bool replace, std::string_view name, const sql::statement_ref& query
) {
    const auto parts = sql::split_name(name);
    return ddl_statement(
        sql::make<sql::create_as_node>(object, replace, parts.schema, parts.name, query)
    );
}

}  // namespace detail

ddl_statement drop_view(std::string_view name, bool if_exists) {
    return make_drop(sql::object_kind::view, name, if_exists);
}

ddl_statement drop_materialized_view(std::string_view name, bool if_exists) {
    return make_drop(sql::object_kind::materialized_view, name, if_exists);
}

ddl_statement drop_table(std::string_view name, bool if_exists) {
    return make_drop(sql::object_kind::table, name, if_exists);
}

}  // namespace gino
