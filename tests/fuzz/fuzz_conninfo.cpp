// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Connection strings are read as libpq reads them, or refused as it refuses them.

#include <gino/core/error.hpp>

#include <optional>

#include "driver/postgresql/conninfo.hpp"
#include "fuzz/round_trip.hpp"
#include "support/libpq_conninfo.hpp"

namespace {

using gino::postgresql::settings;
using gino::testing::read_by_libpq;

// Where we are stricter, or know more, on purpose.
bool differs_on_purpose(const std::string& problem) {
    return problem.find("stands twice") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(gino::fuzz::text_of(data, size));
    // The parts of those that libpq 15 does not know, and of our own.
    for (const auto* later :
         {"require_auth",
          "load_balance",
          "sslcertmode",
          "gssdeleg",
          "sslnegot",
          "servicefile",
          "protocol_version",
          "sslkeylog",
          "scram_",
          "oauth_",
          "statement_cache",
          "prepared_st"}) {
        if (text.find(later) != std::string::npos) {
            return 0;
        }
    }
    std::optional<settings> read;
    std::string problem;
    try {
        read = gino::postgresql::parse_conninfo(text);
    } catch (const gino::argument_error& e) {
        problem = e.what();
    }
    const bool has_nul = text.find('\0') != std::string::npos;  // libpq ends there
    if (!has_nul && !gino::testing::depends_on_version(text) && !differs_on_purpose(problem) &&
        read != read_by_libpq(text)) {
        std::abort();
    }
    return 0;
}
