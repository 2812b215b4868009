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

/// A web application: routes, middlewares around them, and callbacks for start and stop.
///
/// Routes, middlewares and callbacks are added first; then `run()` or `serve()` answers requests
/// over HTTP/1.1 and HTTP/1.0. Each connection has one coroutine, which awaits middlewares and
/// handlers. Pipelined requests are handled one after the other, and their responses are sent in
/// one write.
///
/// Errors. An exception that escapes from the middlewares becomes a response with a JSON body:
/// * `http_error`: its status and `{"error": message}`;
/// * a database that cannot be reached, a pool without a free connection in time, a request that
///   exceeded `request_timeout()`: 503 with `Retry-After: 1` and a general text;
/// * everything else: 500 with `{"error": "internal error", "id": "..."}`. The text of the
///   exception is not shown. The callbacks of `on_error()` get the exception and the same id. After
///   `errc::commit_unknown`, the error is "it is not known whether the request was carried out".
///
/// Cancellation of requests. When the time of a request is up, or its client has disconnected while
/// it ran for longer than a sweep interval, the coroutine of its middlewares and handler is
/// cancelled (terminal). A client that closes only its sending side counts as disconnected too.
/// After a timeout, the connection answers 503 and stays usable; after a disconnect it is closed. A
/// handler that cannot be cancelled where it waits continues until that wait ends.
///
/// Thread safety: `stop()` and `port()` may be called from any thread, everything else only while
/// the application does not serve. With `run(1)` and by default with `serve()`, handlers and
/// callbacks never run at the same time; with more threads, handlers of different connections do.
///
/// Lifetime: must outlive the coroutine of `serve()`.
class application {
public:
    /// A callback that is awaited at start or stop, or a background job.
    using life_cycle_callback = std::function<awaitable<void>(application&)>;
    /// A callback for an exception: the request, the exception, and the id in the response.
    using error_callback =
        std::function<void(const request&, std::exception_ptr, std::string_view id)>;

    /// Makes an application that does not serve yet.
    ///
    /// @param options  Moved in.
    /// @throws argument_error  `errc::invalid_option`: an option is out of range; see
    ///                         `application_options::validate()`.
    explicit application(application_options options = {});
    ~application();
    application(const application&) = delete;
    application& operator=(const application&) = delete;
    application(application&&) = delete;
    application& operator=(application&&) = delete;

    /// Adds a route: a handler for the paths that match `path` and for one method.
    ///
    /// A handler is a function object that takes `request&` and then the path's parameters, by
    /// position and by value, and returns `awaitable<response>`. It may also take no parameters and
    /// read them with `request::path_parameter()`. A path whose parameter cannot be read as its
    /// type is not found (404). Constant segments take precedence over parameters: "/users/me" over
    /// "/users/{id}". HEAD is answered by the handler of GET, and OPTIONS with the methods of the
    /// path, unless they have routes of their own.
    ///
    /// @param method   A method such as "GET"; case-sensitive. Copied.
    /// @param path     Starts with a slash; a segment in braces is a parameter: "/users/{id}". A
    ///     parameter matches one segment that is not empty. Copied.
    /// @param handler  Copied or moved in. With several threads, called for several connections at
    ///     the same time.
    /// @return This application.
    /// @throws argument_error  The path or the method is malformed, the handler takes another
    ///     number of parameters than the path has, or the route exists already.
    /// @throws state_error     The application is starting or serving.
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
    /// It also gets requests without a route, but no requests that are malformed or too large: the
    /// server answers these itself.
    ///
    /// @param callable  See the concept `middleware`. Copied or moved in. An lvalue whose type
    ///     cannot be copied, such as a database, is referred to and must outlive the application.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    template <class Callable>
    application& use(Callable&& callable) {
        add_middleware(detail::make_middleware(std::forward<Callable>(callable)));
        return *this;
    }

    /// Adds a callback that is awaited before the application listens, in the order of adding.
    ///
    /// When a callback throws, the later ones are not called and the application does not listen.
    /// The callbacks of `on_cleanup()` run, and then `run()` or `serve()` throws the exception.
    ///
    /// @param callback  Moved in. Runs on the executor of `serve()`.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    application& on_startup(life_cycle_callback callback);

    /// Adds a callback that is called once the application listens and `port()` is known. An
    /// exception from it stops the application, and `run()` or `serve()` throws it.
    ///
    /// @param callback  Moved in. Must not block.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    application& on_listening(std::function<void(application&)> callback);

    /// Adds a callback that is awaited after the last connection has ended, in the order of adding.
    ///
    /// All callbacks run, also after a failed start-up: a callback has to cope with a start-up
    /// callback that did not run. `run()` or `serve()` throws the exception of a failed start-up or
    /// job, otherwise the first exception of these callbacks.
    ///
    /// @param callback  Moved in. Runs on the executor of `serve()`.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    application& on_cleanup(life_cycle_callback callback);

    /// Adds a background job: a coroutine that runs beside the requests, from the moment that the
    /// application listens until it stops.
    ///
    /// The job is in no scope: each statement of a database borrows a connection for itself, so a
    /// sleeping job holds none. When the application stops, and the last request has ended, the job
    /// is cancelled (terminal) and awaited, for `shutdown_timeout()` at most; an exception from it
    /// is ignored then. A job that throws before that stops the application, and `run()` or
    /// `serve()` throws the exception after the clean-up. A job that returns is not started again.
    ///
    /// @param job  Moved in. Runs on the executor of `serve()`.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    application& spawn(life_cycle_callback job);

    /// Adds a callback for every exception that escaped from middlewares and handlers; for logging.
    /// The library itself prints nothing.
    ///
    /// It gets the request, the exception, and the id in the response; the id is empty unless the
    /// response has the status 500. An exception from the callback is ignored.
    ///
    /// @param callback  Moved in. Called on the executor of the connection: with several threads,
    ///     at the same time for several connections.
    /// @return This application.
    /// @throws state_error  The application is starting or serving.
    application& on_error(error_callback callback);

    /// Serves until SIGINT or SIGTERM, with an io_context of its own.
    ///
    /// The first signal stops gracefully, as `stop()` does; a second one cancels the requests in
    /// flight at once; a third one is not caught and ends the process. Blocks the calling thread.
    ///
    /// @param threads  The number of threads that run handlers, this one included; 1 to 1024. With
    ///     more than one, each connection has a strand of its own.
    /// @return 0, the exit code of a process that was stopped gracefully.
    /// @throws argument_error  `threads` is not 1 to 1024, or the host of the options is unknown.
    /// @throws state_error     The address cannot be listened on; the message has the reason and a
    ///     way out. Or the application is starting or serving already.
    /// @throws ...             The exceptions of start-up callbacks, jobs and clean-up callbacks.
    int run(std::size_t threads = 1);

    /// Serves on the executor of the calling coroutine, until `stop()` or until it is cancelled.
    ///
    /// Runs the start-up callbacks, listens, serves, stops gracefully, and runs the clean-up
    /// callbacks. May be awaited again afterwards. It catches no signals.
    ///
    /// If several threads run the executor, `application_options::strand_per_connection()` must be
    /// set.
    ///
    /// @throws argument_error  The host of the options is unknown.
    /// @throws state_error     As for `run()`.
    /// @throws ...             The exceptions of start-up callbacks, jobs and clean-up callbacks.
    ///
    /// Cancellation: partial. It is a graceful stop: the requests in flight and the clean-up
    /// finish, then this returns as after `stop()`.
    [[nodiscard]] awaitable<void> serve();

    /// Stops gracefully; returns at once.
    ///
    /// No more connections are accepted, idle ones are closed, requests in flight finish and are
    /// answered with `Connection: close`. Requests that run for longer than `shutdown_timeout()`
    /// are cancelled. Then the callbacks of `on_cleanup()` run. An application that is starting
    /// stops as soon as it serves. Without a running `run()` or `serve()`, this has no effect.
    ///
    /// Thread safety: any thread.
    void stop();

    /// Returns the port that is listened on; 0 when the application does not listen.
    ///
    /// Thread safety: any thread.
    [[nodiscard]] std::uint16_t port() const noexcept;

    /// Returns the options that the constructor was given. Valid as long as the application.
    [[nodiscard]] const application_options& options() const noexcept;

    /// Returns the configuration, a JSON object that extensions read: `app.config()["gino"]` is the
    /// database's. Empty at first; fill it before extensions are initialised.
    [[nodiscard]] boost::json::object& config() noexcept;

    /// Registers an object under a name, so that handlers and extensions find it.
    ///
    /// @param name    Copied. An object under the same name is replaced.
    /// @param object  Referred to; must outlive the application.
    /// @return This application.
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

    /// Returns an object that `set_attribute()` has registered.
    ///
    /// @tparam Object  Exactly the type that was registered, not a base of it.
    /// @throws argument_error  No object has that name (the message lists the names), or it has
    ///     another type (the message names both types).
    template <class Object>
    [[nodiscard]] Object& attribute(std::string_view name) const {
        return *static_cast<Object*>(find_attribute(name, typeid(Object)));
    }

    /// True when an object is registered under that name.
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
