// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <string>
#include <string_view>

namespace gino::detail {

/// The differences between the literals of databases.
struct literal_style {
    std::string_view true_;
    std::string_view false_;
    bool bare_decimals;  ///< 9.90 is an exact number; otherwise it is written as text.
    bool with_offset;    ///< Points in time have their offset from UTC.
};

/// Writes a value as a literal, for DDL. No other part of the library does: statements have
/// parameters.
///
/// @throws argument_error  A text has a NUL byte.
/// @throws compile_error   The value is of a type that has no literal.
[[nodiscard]] std::string write_value_literal(const value& v, const literal_style& style);

}  // namespace gino::detail
