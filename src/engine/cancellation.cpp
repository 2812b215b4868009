// SPDX-License-Identifier: BSD-3-Clause
#include "engine/cancellation.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/this_coro.hpp>

#include <string>

namespace gino::detail {

awaitable<void> throw_if_cancelled() {
    const auto state = co_await boost::asio::this_coro::cancellation_state;
    if (state.cancelled() != boost::asio::cancellation_type::none) {
        throw_cancelled("the operation");
    }
}

void throw_cancelled(std::string_view what) {
    throw error(errc::cancelled, "cancelled: " + std::string(what));
}

}  // namespace gino::detail
