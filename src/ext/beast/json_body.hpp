// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/json_limits.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace gino::ext::detail {

/// Reads the body of a request; see `request::json()`.
///
/// @throws http_error  400, with the line and the column of the mistake.
[[nodiscard]] boost::json::value parse_json_body(std::string_view body, const json_limits& limits);

}  // namespace gino::ext::detail
