// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/json_limits.hpp>

#include <boost/json/value.hpp>

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace gino::detail {

/// The reason why a text was not read.
struct json_problem {
    std::string text;        ///< Follows "the JSON text": "has an object of more than ...".
    std::string syntax;      ///< The parser's message for malformed JSON; otherwise empty.
    std::size_t offset = 0;  ///< The number of bytes that were read.
    bool is_too_deep = false;
};

/// Reads a JSON document, and checks the limits while it reads. A key that occurs twice in one
/// object, and a number beyond the range of a double, are refused.
///
/// @param into  Assigned if the text was read.
/// @return Empty: the text was read.
[[nodiscard]] std::optional<json_problem> parse_json(
    std::string_view text, const json_limits& limits, boost::json::value& into
);

/// Returns true when the document contains NaN or an infinity, which JSON cannot represent.
[[nodiscard]] bool has_non_finite(const boost::json::value& document);

}  // namespace gino::detail
