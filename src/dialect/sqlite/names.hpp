// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dialect/identifier_preparer.hpp"

namespace gino::sqlite {

/// Returns SQLite's rules of quoting.
[[nodiscard]] const detail::identifier_preparer& names() noexcept;

}  // namespace gino::sqlite
