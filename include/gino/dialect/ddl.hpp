// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/metadata.hpp>

#include <string>

namespace gino {

/// Returns what creates all tables of `all`, as a script: types and sequences, tables in the order
/// of their foreign keys, indexes, comments; each statement ends with ";\n".
///
/// @throws compile_error  The database cannot express something; names it.
[[nodiscard]] std::string ddl(const metadata& all, const dialect& by);

/// Returns what drops them again, in the reverse order.
[[nodiscard]] std::string drop_ddl(const metadata& all, const dialect& by);

}  // namespace gino
