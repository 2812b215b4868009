// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/http/request_message.hpp"

#include "ext/beast/http/give_back.hpp"

namespace gino::ext::detail {

namespace {

// A larger body is freed after its request, so that an idle connection holds little memory.
constexpr std::size_t kept_body_capacity = std::size_t{16} * 1024;

}  // namespace

void request_message::clear() noexcept {
    received.clear();
    method = {};
    target = {};
    fields.clear();
    if (body.capacity() > kept_body_capacity) {
        give_back(body);
    } else {
        body.clear();
    }
    keep_alive = false;
    is_http_1_0 = false;
    decoded.clear();
    path = {};
    segments.clear();
    query.clear();
    matched = nullptr;
    allowed.clear();
}

}  // namespace gino::ext::detail
