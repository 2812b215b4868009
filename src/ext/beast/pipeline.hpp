// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/handler.hpp>
#include <gino/ext/beast/middleware.hpp>

#include <cstddef>
#include <deque>
#include <vector>

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// The middlewares of an application, outermost first, and the call of the route's handler behind
/// them.
///
/// Thread safety: `call()` from any thread once all middlewares were added.
class pipeline {
public:
    pipeline();
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;
    ~pipeline() = default;

    void add(middleware_function middleware);

    /// Answers a routed request with middleware `index` and the rest of the chain. An index behind
    /// the last middleware calls the handler.
    [[nodiscard]] awaitable<response> call(std::size_t index, request& current) const;

private:
    std::vector<middleware_function> middlewares_;
    // Element n is the argument of middleware n - 1. A deque, because middlewares get references
    // to the elements.
    std::deque<next_handler> next_;
};

}  // namespace gino::ext::detail
