// SPDX-License-Identifier: BSD-3-Clause
#include "engine/timing/cancellation.hpp"

#include <gino/core/error.hpp>

#include <string>

namespace gino::detail {

bool is_cancelled(const boost::asio::cancellation_state& of_this) noexcept {
    return of_this.cancelled() != boost::asio::cancellation_type::none;
}

void throw_if_cancelled(const boost::asio::cancellation_state& of_this) {
    if (is_cancelled(of_this)) {
        throw_cancelled("the operation");
    }
}

void throw_cancelled(std::string_view what) {
    throw error(errc::cancelled, "cancelled: " + std::string(what));
}

}  // namespace gino::detail
