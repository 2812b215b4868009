// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/dialect/dialect.hpp>

namespace gino::postgresql {

/// Returns the dialect of PostgreSQL 12 and later. It lives as long as the program.
///
/// Thread safety: any thread.
[[nodiscard]] const gino::dialect& dialect() noexcept;

}  // namespace gino::postgresql
