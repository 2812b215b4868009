// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/cancellation_state.hpp>

#include <string_view>

namespace gino::detail {

/// Throws if the calling coroutine was cancelled. Boost 1.81 needs this at the beginning of a
/// coroutine: it runs a coroutine that was cancelled before its first resume as if nothing had
/// happened.
///
/// Usage: `throw_if_cancelled(co_await boost::asio::this_coro::cancellation_state);`
///
/// @throws error  `errc::cancelled`.
void throw_if_cancelled(const boost::asio::cancellation_state& of_this);

/// Throws `error` (`errc::cancelled`).
///
/// @param what  The cancelled action, for the message: "waiting for a connection".
[[noreturn]] void throw_cancelled(std::string_view what);

[[nodiscard]] bool is_cancelled(const boost::asio::cancellation_state& of_this) noexcept;

}  // namespace gino::detail
