// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <sqlite3.h>

#include <span>

#include "driver/sqlite/fault.hpp"

namespace gino::sqlite {

/// How long the bytes of bound values stay where they are.
enum class bound_lifetime : bool {
    statement,  ///< Until the statement is done: SQLite reads them there.
    call,       ///< SQLite must copy them.
};

/// Binds values to the parameters of a statement.
///
/// @return  A wrong number of values, a value that SQLite cannot hold; otherwise nothing.
[[nodiscard]] outcome bind(
    sqlite3_stmt* statement, std::span<const driver::parameter> parameters, bound_lifetime lifetime
);

/// Writes an array as the text of a JSON array, for `json_each(?)`.
///
/// @return  An element that JSON has no form for; otherwise nothing.
[[nodiscard]] outcome write_array(const value::array& elements, std::string& into);

}  // namespace gino::sqlite
