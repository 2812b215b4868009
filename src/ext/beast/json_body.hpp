// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/json/value.hpp>

#include <cstddef>
#include <string_view>

namespace gino::ext::detail {

/// Reads the body of a request; see `request::json()`.
///
/// @throws http_error  400, with the line and the column of the mistake.
[[nodiscard]] boost::json::value parse_json_body(std::string_view body, std::size_t depth_limit);

}  // namespace gino::ext::detail
