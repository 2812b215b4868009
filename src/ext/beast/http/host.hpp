// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>

namespace gino::ext::detail {

/// True for a valid value of a Host field (RFC 9110, 7.2): a name, an IPv4 address or an IPv6
/// address in brackets, with or without a port. An empty text is refused.
[[nodiscard]] bool is_host(std::string_view text) noexcept;

}  // namespace gino::ext::detail
