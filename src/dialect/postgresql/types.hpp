// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/types/sql_type.hpp>

#include <string>

namespace gino::postgresql {

/// Writes a type as a column declares it.
///
/// @throws compile_error  PostgreSQL has no such type.
[[nodiscard]] std::string name_of(const sql_type& type);

/// Writes a value as a literal, for DDL.
///
/// @throws compile_error  It is of a type that has no literal.
[[nodiscard]] std::string literal_of(const value& v);

}  // namespace gino::postgresql
