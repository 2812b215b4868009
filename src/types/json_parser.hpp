// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/json_limits.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gino::detail {

/// Why a text was not read.
struct json_problem {
    std::string text;        ///< Goes on behind "the JSON text": "has an object of more than ...".
    std::string syntax;      ///< What the parser says of a text that is no JSON; otherwise empty.
    std::size_t offset = 0;  ///< Bytes that were read.
    bool is_too_deep = false;
};

/// Reads a JSON document. Limits are checked while it is read. A key that stands twice in one
/// object, and a number beyond double's, are refused.
[[nodiscard]] std::optional<json_problem> parse_json(
    std::string_view text, const json_limits& limits, boost::json::value& into
);

/// True when a number in the document is NaN or an infinity, which JSON has no form for.
[[nodiscard]] bool has_non_finite(const boost::json::value& document);

}  // namespace gino::detail
