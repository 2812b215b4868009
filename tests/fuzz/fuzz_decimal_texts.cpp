// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of decimals are parsed or refused. A parsed decimal survives writing and parsing again.

#include <gino/core/decimal.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    using gino::decimal;
    if (text.size() > 200 || text.find_first_of("eE") != std::string_view::npos) {
        return 0;  // a long text or a large exponent only takes time
    }
    gino::fuzz::check_text(
        text,
        [](auto t) { return decimal::parse(t); },
        [](const decimal& v) { return v.to_string(); }
    );
    return 0;
}
