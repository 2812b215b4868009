// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/table.hpp>

#include <vector>

#include "dialect/ddl_compiler.hpp"

namespace gino::postgresql {

/// Returns PostgreSQL's writer of DDL.
[[nodiscard]] const detail::ddl_compiler& ddl() noexcept;

/// Returns the types and sequences that must exist before the table.
[[nodiscard]] std::vector<schema_object> objects_of(const table_definition& table);

}  // namespace gino::postgresql
