// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <string_view>

namespace gino::detail {

/// Throws if the calling coroutine was cancelled: Boost 1.81 runs a coroutine that was cancelled
/// before its first resume as if nothing had happened.
///
/// @throws error  `errc::cancelled`.
[[nodiscard]] awaitable<void> throw_if_cancelled();

/// @param what  What was under way: "waiting for a connection".
[[noreturn]] void throw_cancelled(std::string_view what);

}  // namespace gino::detail
