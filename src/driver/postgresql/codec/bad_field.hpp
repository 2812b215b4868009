// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

namespace gino::postgresql::codec {

/// Throws the error of a field whose bytes are no value of its column's type.
///
/// @throws data_error  `errc::bad_value`.
[[noreturn]] void throw_malformed(const column_description& column);

/// Throws the error of a timestamp after January 294247, the end of a count of microseconds since
/// 1970 with 64 bits. PostgreSQL counts from 2000, so its timestamps end 30 years later.
///
/// @throws data_error  `errc::bad_value`.
[[noreturn]] void throw_late_timestamp(const column_description& column);

}  // namespace gino::postgresql::codec
