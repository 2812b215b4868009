// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <string>

namespace gino::detail {

/// Writes a value that is not NULL as PostgreSQL reads it from text: `true`, `7`, `\x6162`,
/// `{a,b}`.
[[nodiscard]] std::string text_form(const value& v);

}  // namespace gino::detail
