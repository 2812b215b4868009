// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/field.hpp>

namespace gino::postgresql::codec {

/// @throws data_error  `errc::bad_value`: the bytes of a field are no value of its column's type.
[[noreturn]] void throw_malformed(const column_description& column);

/// @throws data_error  `errc::bad_value`: a timestamp after January 294247, where 64 bits of
/// microseconds from 1970 on end; PostgreSQL's end 30 years later.
[[noreturn]] void throw_late_timestamp(const column_description& column);

}  // namespace gino::postgresql::codec
