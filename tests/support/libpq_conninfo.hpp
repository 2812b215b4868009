// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>

#include "driver/postgresql/conninfo.hpp"

namespace gino::testing {

/// Returns true for a text that versions of libpq read in different ways: blanks within URIs are
/// significant up to version 17.
inline bool depends_on_version(const std::string& text) {
    constexpr int first_without_blanks = 180'000;
    const bool is_uri = text.starts_with("postgresql://") || text.starts_with("postgres://");
    return is_uri && text.find(' ') != std::string::npos && PQlibVersion() < first_without_blanks;
}

/// Reads a connection string with libpq. Returns an empty optional when libpq refuses it.
inline std::optional<postgresql::settings> read_by_libpq(const std::string& text) {
    char* problem = nullptr;
    const std::unique_ptr<PQconninfoOption, decltype(&PQconninfoFree)> options(
        PQconninfoParse(text.c_str(), &problem), &PQconninfoFree
    );
    PQfreemem(problem);
    if (options == nullptr) {
        return std::nullopt;
    }
    postgresql::settings found;
    for (const auto* one = options.get(); one->keyword != nullptr; ++one) {
        if (one->val != nullptr) {
            found.emplace(one->keyword, one->val);
        }
    }
    return found;
}

}  // namespace gino::testing
