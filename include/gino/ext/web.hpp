// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/ext/database_config.hpp>
#include <gino/ext/http_error.hpp>
#include <gino/model/database.hpp>

#include <boost/json/object.hpp>

#include <functional>
#include <optional>
#include <string>
#include <utility>

/// A database in a web application, the counterpart of Python's `gino.ext.aiohttp`. It depends on
/// no web framework: an application is any class with `config()`, `set_attribute()`, `on_startup()`
/// and `on_cleanup()`, such as `gino::ext::application`.
namespace gino {

namespace detail {

/// Throws `http_error` 404, with the name of the model.
[[noreturn]] void throw_object_not_found(const char* model);
/// Throws `http_error` 404, "No such data".
[[noreturn]] void throw_row_not_found();

/// Implements `get_or_404()` and `first_or_404()` of `statement_executor`.
template <class Model>
struct not_found {
    [[noreturn]] static void throw_object() {
        throw_object_not_found(describe<Model>::class_name());
    }

    [[noreturn]] static void throw_row() { throw_row_not_found(); }
};

}  // namespace detail

namespace ext {

/// Options of `database::init_app()`.
struct init_options {
    /// The name of the database among the application's attributes:
    /// `app.attribute<gino::ext::database>("db")`. Copied.
    // No string_view, so that {{"dsn", "..."}} can only be a configuration.
    const char* attribute = "db";
};

/// A database that belongs to a web application.
///
/// `init_app()` makes the application open it at start and close it at stop. Opening is tried again
/// `retry_limit` times, `retry_interval` apart, when the server cannot be reached or is starting;
/// other failures end the start of the application. A database that is bound already stays as it
/// is.
///
/// As a middleware of the application (`app.use(db)`), it gives each request a scope with one lazy
/// connection. The first statement borrows the connection, everything that the request awaits
/// shares it, and it is given back when the response was made or an exception was thrown.
/// `request.connection()` returns that connection.
///
/// Thread safety: as `gino::database`; configure it before the application serves.
/// Lifetime: must outlive the application.
class database : public gino::database {
public:
    using gino::database::database;

    /// Registers opening and closing, with the application's configuration, `app.config()["gino"]`.
    ///
    /// @param app      Its callbacks refer to this database.
    /// @param options  The name among the application's attributes; default: "db".
    /// @throws argument_error  `errc::invalid_option`: the configuration has no object "gino", or
    ///                         that is refused by `database_config::parse()`. `errc::invalid_url`:
    ///                         its dsn is malformed.
    template <class Application>
    void init_app(Application& app, init_options options = {}) {
        init_app(app, configuration_of(app.config()), options);
    }

    /// Registers opening and closing, with a configuration of its own.
    ///
    /// @param app, options  As above.
    /// @param config        Copied. Used instead of the application's configuration.
    /// @throws argument_error  The configuration is refused by `database_config::parse()`, or its
    ///                         dsn is malformed.
    template <class Application>
    void init_app(Application& app, const boost::json::object& config, init_options options = {}) {
        configure(config);
        app.set_attribute(options.attribute, *this);
        app.on_startup([this](Application& /*app*/) { return start(); });
        app.on_cleanup([this](Application& /*app*/) { return stop(); });
    }

    /// Sets the options of the engine that the configuration has no keys for: timeouts, hooks,
    /// echo. Must be called before the application starts.
    ///
    /// The configuration overrides `pool.min_size` and `pool.max_size`, and `echo` is only called
    /// if the configuration's `echo` is true. Without this call, `acquire_timeout` and
    /// `connect_timeout` are 3 s, which is less than the `request_timeout()` of 10 s: while the
    /// database cannot be reached, requests are answered with 503 in time.
    ///
    /// @param options  Moved in. Replaces the options before as a whole.
    void set_engine_options(engine_options options) { options_ = std::move(options); }

    /// Runs the rest of the request in a scope with a lazy connection; called by the application
    /// for each request, because this object is a middleware.
    ///
    /// @param request  Its `connection()` returns the scope's connection until this ends.
    /// @param next     The middlewares behind this one, and the handler.
    /// @return The response of `next`.
    /// @throws ...     Any exception of `next`; the connection is given back before.
    template <class Request, class Next>
    [[nodiscard]] auto operator()(Request& request, const Next& next) -> decltype(next(request)) {
        auto handle = [&request, &next](connection& borrowed) -> decltype(next(request)) {
            const auto previous = request.set_connection(&borrowed);
            return answer(request, next, previous);
        };
        return with_connection(handle);
    }

private:
    [[nodiscard]] static engine_options options_for_requests();

    template <class Request, class Next>
    static auto answer(Request& request, const Next& next, connection* previous)
        -> decltype(next(request)) {
        // Takes the connection back from the request when the scope ends, also by an exception: it
        // must not be used afterwards.
        class restore {
        public:
            restore(Request& of, connection* to) : of_(of), to_(to) {}

            restore(const restore&) = delete;
            restore& operator=(const restore&) = delete;

            ~restore() { of_.set_connection(to_); }

        private:
            Request& of_;
            connection* to_;
        };

        const restore guard(request, previous);
        auto made = co_await next(request);
        co_return made;
    }

    [[nodiscard]] static const boost::json::object& configuration_of(
        const boost::json::object& application
    );
    void configure(const boost::json::object& config);
    [[nodiscard]] awaitable<void> start();
    [[nodiscard]] awaitable<void> stop();

    std::optional<database_config> config_;
    engine_options options_ = options_for_requests();
};

}  // namespace ext
}  // namespace gino
