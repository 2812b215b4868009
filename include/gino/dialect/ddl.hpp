// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>
#include <gino/schema/metadata.hpp>

#include <string>
#include <string_view>

namespace gino {

/// Returns the script that creates all tables of `all`: types and sequences, tables in the order of
/// their foreign keys, indexes, comments. Each statement ends with ";\n".
///
/// The script has no IF NOT EXISTS: it is for an empty schema and for migration tools.
///
/// @param all  The tables.
/// @param by   The dialect: `postgresql::dialect()` or `sqlite::dialect()`.
/// @throws compile_error   The database cannot express a part of a table; the message names it.
/// @throws argument_error  A name is empty or too long, or a text contains a NUL byte.
[[nodiscard]] std::string ddl(const metadata& all, const dialect& by);

/// Returns the statement that creates one index on a table that exists, with CONCURRENTLY if the
/// index asks for it. PostgreSQL runs such a statement outside of a transaction only.
///
/// @param all    The tables.
/// @param index  The name of the index.
/// @param by     The dialect.
/// @return The statement, without ";".
/// @throws argument_error  `errc::invalid_argument`: no table of `all` has an index of that name.
/// @throws compile_error   See `ddl()`.
[[nodiscard]] std::string index_ddl(const metadata& all, std::string_view index, const dialect& by);

/// Returns the script that drops the tables, in the reverse order, and then their types and
/// sequences. It has no IF EXISTS.
///
/// @throws argument_error  A foreign key that is part of a cycle has no name, and PostgreSQL's own
///                         name for it would be longer than 63 bytes.
[[nodiscard]] std::string drop_ddl(const metadata& all, const dialect& by);

}  // namespace gino
