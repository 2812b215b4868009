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

/// The rest of the chain behind a middleware: the middlewares that were added after it, and at last
/// the handler of the route.
///
/// A path without a route gives the response 404, a path without the method 405. An exception of a
/// handler passes through the middlewares; the application makes a response of it outside of all of
/// them.
///
/// Thread safety: any thread. Lifetime: valid as long as the application; may be copied.
class next_handler {
public:
    /// Runs the rest of the chain. A middleware may also answer without calling it, or call it
    /// twice.
    ///
    /// @param current  The request that the middleware got.
    /// @return The response, which the middleware may change before it returns it.
    /// @throws ...     Any exception of a middleware behind it, or of the handler.
    [[nodiscard]] awaitable<response> operator()(request& current) const;

private:
    friend class detail::pipeline;

    next_handler(const detail::pipeline& pipeline, std::size_t index) noexcept
        : pipeline_(&pipeline), index_(index) {}

    const detail::pipeline* pipeline_;
    std::size_t index_;
};

/// A function object that can wrap the handlers of an application; see `application::use()`.
///
/// It takes `request&` and `const next_handler&` and returns `awaitable<response>`. It is awaited
/// in the coroutine of the client's connection: its code in front of `co_await next(request)` runs
/// before the handler, its code behind that after the handler. With several threads, it runs for
/// several connections at the same time.
template <class Callable>
concept middleware = std::invocable<Callable&, request&, const next_handler&> &&
                     std::same_as<
                         std::invoke_result_t<Callable&, request&, const next_handler&>,
                         awaitable<response>>;

}  // namespace gino::ext
