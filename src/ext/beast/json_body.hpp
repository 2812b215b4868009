// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/json_limits.hpp>

#include <boost/json/value.hpp>

#include <string_view>

namespace gino::ext::detail {

/// Reads the body of a request; see `request::json()`.
///
/// @param limits  The deepest nesting and the largest numbers of members and values.
/// @throws http_error  400: the body is empty or no JSON, exceeds a limit, or has a NUL character.
///                     The message has line and column.
[[nodiscard]] boost::json::value parse_json_body(std::string_view body, const json_limits& limits);

}  // namespace gino::ext::detail
