// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/request.hpp>

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// Gives the application's own code access to the message of a request.
struct request_access {
    [[nodiscard]] static const request_message& message(const request& current) noexcept {
        return current.message_;
    }
};

}  // namespace gino::ext::detail
