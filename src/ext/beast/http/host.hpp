// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino::ext::detail {

/// True for what a Host field may hold (RFC 9110, 7.2): a name, an IPv4 address or an IPv6 address
/// in brackets, and a port. Not for an empty text.
[[nodiscard]] bool is_host(std::string_view text) noexcept;

}  // namespace gino::ext::detail
