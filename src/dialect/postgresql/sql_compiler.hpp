// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/compiled.hpp>
#include <gino/sql/node.hpp>

#include <string>

namespace gino::postgresql {

/// Writes a statement in PostgreSQL's SQL; see `dialect::compile()`.
[[nodiscard]] compiled compile(const sql::statement_node& statement);

/// Writes an expression in the form of DDL: columns without their table, values as literals.
[[nodiscard]] std::string compile_for_ddl(const sql::expression& e);

}  // namespace gino::postgresql
