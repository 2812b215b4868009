// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>

namespace gino::sqlite {

/// Returns the dialect of SQLite 3.35 and later, the first version with RETURNING. It lives as long
/// as the program.
///
/// Its text uses functions and the collation `decimal` that gino's sessions register: another
/// client of SQLite cannot run all of it.
///
/// Thread safety: any thread.
[[nodiscard]] const gino::dialect& dialect() noexcept;

}  // namespace gino::sqlite
