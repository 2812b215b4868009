// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <boost/asio/awaitable.hpp>

namespace gino {

/// What every function that waits returns: `co_await` it from a coroutine that Boost.Asio runs.
///
/// Never move-assign one (Boost 1.81 leaks the old frame).
template <class Result>
using awaitable = boost::asio::awaitable<Result>;

}  // namespace gino
