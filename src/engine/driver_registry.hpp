// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/engine.hpp>

#include <string_view>

namespace gino::detail {

/// Returns the dialect and driver of a URL scheme.
///
/// @throws argument_error  The scheme is not registered; the message lists the registered ones.
[[nodiscard]] driver_registration find_driver(std::string_view scheme);

}  // namespace gino::detail
