// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/awaitable.hpp>

namespace gino {

/// The return type of every function that waits. It does nothing until it is awaited by `co_await`
/// in a coroutine that Boost.Asio runs.
///
/// Do not move-assign one: Boost 1.81 leaks the frame of the old coroutine.
template <class Result>
using awaitable = boost::asio::awaitable<Result>;

}  // namespace gino
