// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dialect/identifier_preparer.hpp"

namespace gino::sqlite {

/// Quotes names as SQLite wants them.
[[nodiscard]] const detail::identifier_preparer& names() noexcept;

}  // namespace gino::sqlite
