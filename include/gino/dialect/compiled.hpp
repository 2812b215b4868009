// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/cache_key.hpp>

#include <cstdint>
#include <string>
#include <vector>

namespace gino {

/// A statement as the text for one database, with the order of its parameters. It has no values:
/// statements that differ only in values share one.
struct compiled {
    std::string text;  ///< With the database's placeholders: `$1` or `?`.
    /// One number for each placeholder, in their order: the index of its value in
    /// `sql::cache_key::parameters` of the statement.
    std::vector<std::uint32_t> parameters;
};

}  // namespace gino
