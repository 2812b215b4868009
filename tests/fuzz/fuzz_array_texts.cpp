// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of arrays are parsed or refused. A parsed array survives writing and parsing again.

#include <gino/core/array_text.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    gino::fuzz::check_text(
        text,
        [](auto t) { return gino::parse_array_text(t); },
        [](const gino::value::array& v) { return gino::to_array_text(v); }
    );
    return 0;
}
