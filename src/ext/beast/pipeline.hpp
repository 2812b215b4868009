// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/beast/handler.hpp>
#include <gino/ext/beast/middleware.hpp>

#include <cstddef>
#include <deque>
#include <vector>

#include "ext/beast/http/request_message.hpp"

namespace gino::ext::detail {

/// The middlewares of an application, outermost first, and the step into the route behind them.
class pipeline {
public:
    pipeline();
    pipeline(const pipeline&) = delete;
    pipeline& operator=(const pipeline&) = delete;
    ~pipeline() = default;

    void add(middleware_function middleware);

    /// Answers a routed request with middleware `index` and everything behind it.
    [[nodiscard]] awaitable<response> call(std::size_t index, request& current) const;

private:
    std::vector<middleware_function> middlewares_;
    // Element n is what middleware n - 1 is given. A deque, since they are referred to.
    std::deque<next_handler> next_;
};

}  // namespace gino::ext::detail
