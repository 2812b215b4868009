// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Connection strings are parsed or refused with the same result as by libpq.

#include <gino/core/error.hpp>

#include <optional>

#include "driver/postgresql/conninfo.hpp"
#include "fuzz/round_trip.hpp"
#include "support/libpq_conninfo.hpp"

namespace {

using gino::postgresql::settings;
using gino::testing::read_by_libpq;

// Returns true for an error of a rule that gino has and libpq does not have.
bool differs_on_purpose(const std::string& problem) {
    return problem.find("stands twice") != std::string::npos;
}

}  // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
    const std::string text(gino::fuzz::text_of(data, size));
    // Parts of the names of parameters that libpq 15 does not support, and of gino's own
    // parameters.
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
    const bool has_nul = text.find('\0') != std::string::npos;  // libpq stops reading at a NUL
    if (!has_nul && !gino::testing::depends_on_version(text) && !differs_on_purpose(problem) &&
        read != read_by_libpq(text)) {
        std::abort();
    }
    return 0;
}
