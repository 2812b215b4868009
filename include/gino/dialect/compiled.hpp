// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/cache_key.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace gino {

/// A statement as text for one database.
struct compiled {
    std::string text;
    /// For each parameter mark in the text, in order: the place of its value among
    /// `sql::cache_key::parameters` of the statement.
    std::vector<std::uint32_t> parameters;
};

}  // namespace gino
