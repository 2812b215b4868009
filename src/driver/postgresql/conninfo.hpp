// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gino::postgresql {

/// What a connection string says: libpq's keywords and their values, decoded.
using settings = std::map<std::string, std::string, std::less<>>;

/// What becomes of keywords that nobody knows.
enum class unknown_keywords : std::uint8_t { refused, kept };

/// Reads a connection string as libpq does (manual, 34.1.1): a URI,
/// `postgresql://me@one:5432,two/app?sslmode=require`, or keywords and values,
/// `host=one,two user=me password='a b'`. Defaults are not filled in.
///
/// Keywords of our own ("statement_cache_size") are known too. One thing is stricter: a keyword
/// that stands twice is an error.
///
/// @throws argument_error  `errc::invalid_url`; says what is wrong, and never quotes a value.
[[nodiscard]] settings parse_conninfo(
    std::string_view text, unknown_keywords unknown = unknown_keywords::refused
);

/// True for a keyword that libpq 15 knows, or one of ours.
[[nodiscard]] bool is_keyword(std::string_view name) noexcept;

/// Splits a list of hosts or ports at its commas; an empty text has one empty element.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace gino::postgresql
