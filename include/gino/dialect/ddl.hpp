// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/metadata.hpp>

#include <string>
#include <string_view>

namespace gino {

/// Returns what creates all tables of `all`, as a script: types and sequences, tables in the order
/// of their foreign keys, indexes, comments; each statement ends with ";\n".
///
/// @throws compile_error  The database cannot express something; names it.
[[nodiscard]] std::string ddl(const metadata& all, const dialect& by);

/// Returns what creates one index on a table that is there already, CONCURRENTLY if it says so. On
/// PostgreSQL that runs outside of a transaction only.
///
/// @throws argument_error  No table of `all` has an index of that name.
/// @throws compile_error   As above.
[[nodiscard]] std::string index_ddl(const metadata& all, std::string_view index, const dialect& by);

/// Returns what drops them again, in the reverse order.
[[nodiscard]] std::string drop_ddl(const metadata& all, const dialect& by);

}  // namespace gino
