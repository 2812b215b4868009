// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/driver.hpp>

#include <sqlite3.h>

#include <span>

#include "driver/sqlite/fault.hpp"

namespace gino::sqlite {

/// The lifetime of bound values, which decides whether SQLite copies them (SQLite's page "Constants
/// Defining Special Destructor Behavior").
enum class bound_lifetime : bool {
    statement,  ///< They stay valid until the statement is reset: SQLite reads them in place.
    call,       ///< They end with the call of `bind()`: SQLite copies them.
};

/// Binds values to the parameters of a statement. REQUIRES: the statement was reset.
///
/// @return  The fault of a wrong number of values, or of a value that SQLite cannot store; empty
///          when all are bound.
[[nodiscard]] outcome bind(
    sqlite3_stmt* statement, std::span<const driver::parameter> parameters, bound_lifetime lifetime
);

/// Writes an array as the text of a JSON array, for `json_each(?)`.
///
/// @return  The fault of an element that JSON has no form for; empty when all are written.
[[nodiscard]] outcome write_array(const value::array& elements, std::string& into);

}  // namespace gino::sqlite
