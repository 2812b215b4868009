// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Binary ranges of a PostgreSQL server are decoded or refused. A decoded range survives a round
/// trip.

#include "fuzz/binary_values.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    namespace oid = gino::postgresql::codec::oid;
    static constexpr std::uint32_t types[] = {
        oid::int4range,
        oid::int8range,
        oid::numrange,
        oid::daterange,
        oid::tsrange,
        oid::tstzrange};
    gino::fuzz::check_value_of(data, size, types);
    return 0;
}
