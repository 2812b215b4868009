// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <libpq-fe.h>

#include <memory>
#include <optional>
#include <string>

#include "driver/postgresql/conninfo.hpp"

namespace gino::testing {

/// Reads a connection string as libpq does. Nothing: it refuses it.
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
