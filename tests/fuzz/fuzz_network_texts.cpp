// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Texts of network addresses and UUIDs are parsed or refused. A parsed value survives writing and
/// parsing again.

#include <gino/core/network.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const auto text = gino::fuzz::text_of(data, size);
    using namespace gino;
    const auto write = [](const auto& v) { return to_string(v); };
    fuzz::check_text(
        text, [](auto t) { return parse_network_address(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_mac_address(t); }, write
    );
    fuzz::check_text(
        text, [](auto t) { return parse_uuid(t); }, write
    );
    return 0;
}
