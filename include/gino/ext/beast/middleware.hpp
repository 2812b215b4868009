// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/response.hpp>

#include <concepts>
#include <cstddef>
#include <functional>

namespace gino::ext {

namespace detail {

class pipeline;

}  // namespace detail

/// What a middleware calls to go on: the middlewares behind it, and at last the route's handler.
///
/// A path without a route gives the response 404, a path without the method 405. What a handler
/// throws passes through the middlewares as an exception; the application makes a response of it
/// outside of all of them.
///
/// Lifetime: as long as the application; may be copied.
class next_handler {
public:
    /// Calls what comes next. A middleware may also answer without calling it, or call it twice.
    [[nodiscard]] awaitable<response> operator()(request& current) const;

private:
    friend class detail::pipeline;

    next_handler(const detail::pipeline& pipeline, std::size_t index) noexcept
        : pipeline_(&pipeline), index_(index) {}

    const detail::pipeline* pipeline_;
    std::size_t index_;
};

/// A function object that can stand around the handlers of an application.
///
/// It is awaited in the connection's own coroutine. Its first part runs before the handler, the
/// part behind `co_await next(request)` after it.
template <class Callable>
concept middleware = std::invocable<Callable&, request&, const next_handler&> &&
                     std::same_as<
                         std::invoke_result_t<Callable&, request&, const next_handler&>,
                         awaitable<response>>;

}  // namespace gino::ext
