// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

namespace gino::postgresql::codec {

/// Returns the decoder of PostgreSQL's binary format. Fields of types that gino does not know are
/// text.
///
/// Thread safety: any thread; it has no state.
[[nodiscard]] const field_decoder& decoder() noexcept;

}  // namespace gino::postgresql::codec
