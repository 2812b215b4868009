// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of composite values are parsed or refused. A parsed value survives writing and parsing
/// again.

#include <gino/core/composite_text.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    gino::fuzz::check_text(
        text,
        [](auto t) { return gino::parse_composite_text(t); },
        [](const gino::attribute_texts& v) { return gino::to_composite_text(v); }
    );
    return 0;
}
