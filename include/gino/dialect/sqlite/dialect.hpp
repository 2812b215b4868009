// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>

namespace gino::sqlite {

/// Returns the dialect of SQLite 3.35 and later (RETURNING).
[[nodiscard]] const gino::dialect& dialect() noexcept;

}  // namespace gino::sqlite
