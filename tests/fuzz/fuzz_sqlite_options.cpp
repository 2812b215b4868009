// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// URLs of SQLite databases are parsed or refused.

#include <gino/core/error.hpp>
#include <gino/driver/sqlite/connect_options.hpp>
#include <gino/driver/url.hpp>

#include "fuzz/round_trip.hpp"

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    try {
        const gino::url where("sqlite://" + std::string(gino::fuzz::text_of(data, size)));
        static_cast<void>(gino::sqlite::connect_options(where));
    } catch (const gino::argument_error&) {
        // The URL is refused.
    }
    return 0;
}
