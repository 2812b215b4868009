// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/engine/engine.hpp>

#include <string_view>

namespace gino::detail {

/// Returns what serves URLs of a scheme.
///
/// @throws argument_error  Nobody does; lists the schemes that are known.
[[nodiscard]] driver_registration find_driver(std::string_view scheme);

}  // namespace gino::detail
