// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

namespace gino::postgresql::codec {

/// Reads fields in PostgreSQL's binary format; those of types that are not known here are text.
[[nodiscard]] const field_decoder& decoder() noexcept;

}  // namespace gino::postgresql::codec
