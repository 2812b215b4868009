// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/table.hpp>

#include <vector>

#include "dialect/ddl_compiler.hpp"

namespace gino::sqlite {

/// Returns SQLite's writer of DDL.
[[nodiscard]] const detail::ddl_compiler& ddl() noexcept;

/// Returns no objects: SQLite has neither types nor sequences.
///
/// @throws compile_error  The table declares a sequence.
[[nodiscard]] std::vector<schema_object> objects_of(const table_definition& table);

}  // namespace gino::sqlite
