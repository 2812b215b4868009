// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of hstore values are parsed or refused. A parsed value survives writing and parsing again.

#include <gino/types/hstore.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    gino::fuzz::check_text(
        text,
        [](auto t) { return gino::parse_hstore(t); },
        [](const gino::hstore& v) { return gino::to_string(v); }
    );
    return 0;
}
