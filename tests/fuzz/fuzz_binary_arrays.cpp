// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Binary arrays of a PostgreSQL server, including nested ones, are decoded or refused. A decoded
/// array survives a round trip.

#include "fuzz/binary_values.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    // The OIDs of array types are in PostgreSQL's src/include/catalog/pg_type.dat.
    static constexpr std::uint32_t types[] = {
        1000, 1005, 1007, 1016, 1009, 1021, 1022, 1182, 1115, 1185, 1231, 2951, 199, 3807};
    gino::fuzz::check_value_of(data, size, types);
    return 0;
}
