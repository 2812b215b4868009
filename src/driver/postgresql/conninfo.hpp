// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace gino::postgresql {

/// The contents of a connection string: libpq's keywords and their values, decoded.
using settings = std::map<std::string, std::string, std::less<>>;

/// The treatment of unknown keywords.
enum class unknown_keywords : std::uint8_t { refused, kept };

/// Reads a connection string as libpq does (manual, 34.1.1): a URI,
/// `postgresql://me@one:5432,two/app?sslmode=require`, or keywords and values,
/// `host=one,two user=me password='a b'`. Defaults are not filled in.
///
/// gino's own keywords ("statement_cache_size") are known too. Unlike in libpq, a keyword that
/// appears twice is an error.
///
/// @throws argument_error  `errc::invalid_url`; the message has the reason, and never a value.
[[nodiscard]] settings parse_conninfo(
    std::string_view text, unknown_keywords unknown = unknown_keywords::refused
);

/// True for a keyword that `parse_conninfo()` knows.
[[nodiscard]] bool is_keyword(std::string_view name) noexcept;

/// Splits a list of hosts or ports at its commas; an empty text has one empty element.
[[nodiscard]] std::vector<std::string> split_list(std::string_view text);

}  // namespace gino::postgresql
