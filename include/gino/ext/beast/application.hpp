// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/ext/beast/application_options.hpp>
#include <gino/ext/beast/handler.hpp>
#include <gino/ext/beast/middleware.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/response.hpp>

#include <boost/json/object.hpp>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <type_traits>
#include <typeinfo>
#include <utility>

namespace gino::ext {

namespace detail {

struct application_state;
class server;

}  // namespace detail

/// A web application: routes, middlewares around them, and what happens at start and stop.
///
/// Routes, middlewares and callbacks are added first; then `run()` or `serve()` answers requests
/// over HTTP/1.1 and HTTP/1.0. Each connection is one coroutine; middlewares and handlers are
/// awaited in it. Pipelined requests are handled one after the other, and their responses sent in
/// one write.
///
/// Errors. What escapes from middlewares and handlers becomes a response with a JSON body:
/// * `http_error`: its status and `{"error": message}`;
/// * a database that cannot be reached, a pool without a free connection in time, a request that
///   ran into `request_timeout()`: 503 with `Retry-After: 1` and a general text;
/// * everything else: 500 with `{"error": "internal error", "id": "..."}`; nothing of the
///   exception's text is shown. The same id goes to the callbacks of `on_error()`.
///
/// Cancellation of requests. When the time of a request is up, or its client has gone while it ran
/// for longer than a sweep interval, the coroutine of its middlewares and handler is cancelled
/// (terminal). A client that closes only its sending side counts as gone too. After a timeout the
/// connection answers 503 and stays usable; after a disconnect it is closed. A handler that cannot
/// be cancelled where it waits goes on until that wait ends.
///
/// Thread safety: `stop()` and `port()` may be called from any thread, everything else only while
/// the application does not serve. With `run(1)` and by default with `serve()`, handlers and
/// callbacks never run at the same time; with more threads, those of different connections do.
///
/// Lifetime: must outlive the coroutine of `serve()`.
class application {
public:
    using life_cycle_callback = std::function<awaitable<void>(application&)>;
    using error_callback =
        std::function<void(const request&, std::exception_ptr, std::string_view id)>;

    /// @param options  Moved in.
    /// @throws argument_error  An option is out of range.
    explicit application(application_options options = {});
    ~application();
    application(const application&) = delete;
    application& operator=(const application&) = delete;
    application(application&&) = delete;
    application& operator=(application&&) = delete;

    /// Adds a route: a handler for the paths that look like `path` and for one method.
    ///
    /// A handler is a function object that takes `request&` and then the path's parameters, by
    /// position and by value, and returns `awaitable<response>`. It may also take none of them and
    /// ask the request. A parameter's text that is no value of its type makes the path not found
    /// (404). Constant segments go before parameters: "/users/me" before "/users/{id}". HEAD is
    /// answered by the handler of GET, and OPTIONS with the methods of the path, unless they have
    /// routes of their own.
    ///
    /// @param method   Such as "GET". Copied.
    /// @param path     Starts with a slash; a segment in braces is a parameter: "/users/{id}". A
    ///     parameter stands for one segment that is not empty. Copied.
    /// @param handler  Copied or moved in.
    /// @throws argument_error  The path is malformed, the handler takes another number of
    ///     parameters than the path has, or there is such a route already.
    /// @throws state_error     The application is serving.
    template <class Handler>
    application& route(std::string_view method, std::string_view path, Handler&& handler) {
        add_route(method, path, detail::make_endpoint(std::forward<Handler>(handler)));
        return *this;
    }

    /// Adds a route for GET; see `route()`.
    template <class Handler>
    application& get(std::string_view path, Handler&& handler) {
        return route("GET", path, std::forward<Handler>(handler));
    }

    /// Adds a route for POST; see `route()`.
    template <class Handler>
    application& post(std::string_view path, Handler&& handler) {
        return route("POST", path, std::forward<Handler>(handler));
    }

    /// Adds a route for PUT; see `route()`.
    template <class Handler>
    application& put(std::string_view path, Handler&& handler) {
        return route("PUT", path, std::forward<Handler>(handler));
    }

    /// Adds a route for PATCH; see `route()`.
    template <class Handler>
    application& patch(std::string_view path, Handler&& handler) {
        return route("PATCH", path, std::forward<Handler>(handler));
    }

    /// Adds a route for DELETE; see `route()`.
    template <class Handler>
    application& remove(std::string_view path, Handler&& handler) {
        return route("DELETE", path, std::forward<Handler>(handler));
    }

    /// Adds a middleware around all routes; the first one added is the outermost.
    ///
    /// It also sees requests without a route. Requests that are malformed or too large never come
    /// this far.
    ///
    /// @param callable  See the concept `middleware`. Copied or moved in; an object that cannot be
    ///     copied and is not given away is referred to, and must outlive the application.
    /// @throws state_error  The application is serving.
    template <class Callable>
    application& use(Callable&& callable) {
        add_middleware(detail::make_middleware(std::forward<Callable>(callable)));
        return *this;
    }

    /// Adds a callback that is awaited before the application listens, in the order of adding.
    ///
    /// When one throws, those behind it are not called, nothing listens, the callbacks of
    /// `on_cleanup()` run, and `run()` or `serve()` throws what it threw.
    ///
    /// @throws state_error  The application is serving.
    application& on_startup(life_cycle_callback callback);

    /// Adds a callback that is called once the application listens and `port()` is known.
    ///
    /// @throws state_error  The application is serving.
    application& on_listening(std::function<void(application&)> callback);

    /// Adds a callback that is awaited after the last connection has ended, in the order of adding.
    ///
    /// All of them run, also after a start-up that failed half-way: a callback has to cope with a
    /// start-up that did not happen. The first exception is thrown by `run()` or `serve()`, after
    /// that of a failed start-up.
    ///
    /// @throws state_error  The application is serving.
    application& on_cleanup(life_cycle_callback callback);

    /// Adds a background job: a coroutine that runs beside the requests, from when the application
    /// listens until it stops.
    ///
    /// It is in no scope: each statement of a database borrows a connection for itself, so that a
    /// job which sleeps holds none. When the application stops, and the last request has ended, the
    /// job is cancelled (terminal) and awaited, for `shutdown_timeout()` at most; what it throws
    /// then is ignored. A job that throws before stops the application, and `run()` or `serve()`
    /// throws it after the clean-up.
    ///
    /// @param job  Moved in. Runs on the executor of `serve()`.
    /// @throws state_error  The application is serving.
    application& spawn(life_cycle_callback job);

    /// Adds a callback that is told every exception that escaped from middlewares and handlers.
    ///
    /// It gets the request, the exception, and the id that the response shows; the id is empty when
    /// the response has another status than 500. What it throws is ignored. The library itself
    /// prints nothing.
    ///
    /// @throws state_error  The application is serving.
    application& on_error(error_callback callback);

    /// Serves until SIGINT or SIGTERM, with an io_context of its own.
    ///
    /// The first signal stops gracefully, as `stop()` does; a second one cancels the requests in
    /// flight at once; a third one is not caught.
    ///
    /// @param threads  How many threads run handlers, this one included.
    /// @return 0, the exit code of a process that was stopped in an orderly way.
    /// @throws argument_error  `threads` is 0.
    /// @throws state_error     The address cannot be listened on: the message says why and what to
    ///     try. Or the application is serving already.
    /// @throws ...             What a callback of `on_startup()` or `on_cleanup()` threw.
    int run(std::size_t threads = 1);

    /// Serves on the executor of the calling coroutine, until `stop()` or until it is cancelled.
    ///
    /// Starts up, listens, serves, stops gracefully, cleans up. May be awaited again afterwards.
    ///
    /// @throws state_error  As for `run()`.
    /// @throws ...          What a callback of `on_startup()` or `on_cleanup()` threw.
    ///
    /// Cancellation: partial. It is a graceful stop: the requests in flight and the clean-up
    /// finish, then this returns as after `stop()`.
    [[nodiscard]] awaitable<void> serve();

    /// Stops gracefully; returns at once.
    ///
    /// No more connections are accepted, idle ones are closed, requests in flight finish and are
    /// answered with `Connection: close`. What runs for longer than `shutdown_timeout()` is
    /// cancelled. Then the callbacks of `on_cleanup()` run. Before the application serves, this has
    /// no effect.
    ///
    /// Thread safety: any thread.
    void stop();

    /// Returns the port that is listened on; 0 when the application does not listen.
    ///
    /// Thread safety: any thread.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Returns the settings as they were given.
    [[nodiscard]] const application_options& options() const noexcept;

    /// Returns the configuration, which extensions read: `app.config()["gino"]`.
    [[nodiscard]] boost::json::object& config() noexcept;

    /// Makes an object known by a name, so that handlers and extensions find it.
    ///
    /// @param name    Copied. An object under the same name is replaced.
    /// @param object  Referred to; must outlive the application.
    /// @throws state_error  The application is serving (start-up callbacks may still call this).
    template <class Object>
    application& set_attribute(std::string_view name, Object& object) {
        static_assert(
            !std::is_const_v<Object>,
            "gino: set_attribute() refers to an object; it must not be const or a temporary"
        );
        add_attribute(name, &object, typeid(Object));
        return *this;
    }

    /// Returns an object that `set_attribute()` made known.
    ///
    /// @tparam Object  Exactly the type that was given.
    /// @throws argument_error  There is none of that name (the message says those that are there),
    ///     or it has another type (the message says both).
    template <class Object>
    [[nodiscard]] Object& attribute(std::string_view name) const {
        return *static_cast<Object*>(find_attribute(name, typeid(Object)));
    }

    /// True when an object is known by that name.
    [[nodiscard]] bool has_attribute(std::string_view name) const noexcept;

private:
    void add_route(std::string_view method, std::string_view path, detail::endpoint endpoint);
    void add_middleware(detail::middleware_function middleware);
    void add_attribute(std::string_view name, void* object, const std::type_info& type);
    [[nodiscard]] void* find_attribute(std::string_view name, const std::type_info& type) const;

    [[nodiscard]] awaitable<void> serve_with_strands(bool has_strands);

    // Start-up, serving and clean-up, without the cancellation of the caller.
    [[nodiscard]] awaitable<void> serve_uncancelled(std::shared_ptr<detail::server> server);

    std::shared_ptr<detail::application_state> state_;
};

}  // namespace gino::ext
