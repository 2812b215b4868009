// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of dates, times and intervals are parsed or refused. A parsed value survives writing and
/// parsing again.

#include <gino/core/date_time.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    using namespace gino;
    const auto write = [](const auto& v) { return to_string(v); };
    fuzz::check_text(
        text, [](auto t) { return parse_date(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_timestamp(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_timestamptz(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_time_of_day(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_interval(t); }, write
    );
    return 0;
}
