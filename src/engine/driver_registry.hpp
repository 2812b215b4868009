// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/engine.hpp>

#include <string_view>
#include <vector>

namespace gino::detail {

/// The URL schemes of a database, and what they stand for.
struct registered_schemes {
    std::vector<std::string_view> names;
    driver_registration registration;
};

// One function per database that the library can be built with, in drivers/.
[[nodiscard]] registered_schemes postgresql_schemes();
[[nodiscard]] registered_schemes sqlite_schemes();

/// Returns the dialect and driver of a URL scheme.
///
/// @throws argument_error  The scheme is not registered; the message lists the registered ones.
[[nodiscard]] driver_registration find_driver(std::string_view scheme);

}  // namespace gino::detail
