// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <string>

namespace gino::detail {

/// Writes a value in the text form that PostgreSQL reads: `true`, `7`, `\x6162`, `{a,b}`.
///
/// REQUIRES: the value is not NULL, which has no text form.
[[nodiscard]] std::string text_form(const value& v);

}  // namespace gino::detail
