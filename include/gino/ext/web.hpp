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

/// A database in a web application: what `gino.ext.aiohttp` is in Python. It knows no framework: an
/// application is anything with `config()`, `set_attribute()`, `on_startup()` and `on_cleanup()`.
namespace gino {

namespace detail {

[[noreturn]] void throw_object_not_found(const char* model);
[[noreturn]] void throw_row_not_found();

template <class Model>
struct not_found {
    [[noreturn]] static void throw_object() {
        throw_object_not_found(describe<Model>::class_name());
    }

    [[noreturn]] static void throw_row() { throw_row_not_found(); }
};

}  // namespace detail

namespace ext {

/// How a database is put into an application.
struct init_options {
    /// The name under which the application's attributes have the database. Copied.
    const char* attribute = "db";  // no view: {{"dsn", "..."}} must be a configuration
};

/// A database that belongs to a web application.
///
/// `init_app()` opens it when the application starts and closes it when the application stops.
/// Added to the application as a middleware (`app.use(db)`) it gives each request a scope with one
/// lazy connection: borrowed by the first statement, shared by everything that the request awaits,
/// given back on every path. `request.connection()` is that connection.
///
/// Lifetime: must outlive the application.
class database : public gino::database {
public:
    using gino::database::database;

    /// Registers start and stop, with the application's configuration, `app.config()["gino"]`.
    ///
    /// @throws argument_error  `errc::invalid_option`: there is no such configuration, or see
    ///                         `database_config::parse()`.
    template <class Application>
    void init_app(Application& app, init_options options = {}) {
        init_app(app, configuration_of(app.config()), options);
    }

    /// Registers start and stop, with a configuration of its own.
    ///
    /// @param config  Copied. Counts more than the application's.
    /// @throws argument_error  See `database_config::parse()`.
    template <class Application>
    void init_app(Application& app, const boost::json::object& config, init_options options = {}) {
        configure(config);
        app.set_attribute(options.attribute, *this);
        app.on_startup([this](Application& /*app*/) { return start(); });
        app.on_cleanup([this](Application& /*app*/) { return stop(); });
    }

    /// Settings of the engine that a configuration has no words for: hooks, echo. Must be called
    /// before the application starts.
    ///
    /// Without it, a request waits 3 s for a connection, which is less than a request may last by
    /// default: while the database is away, the answer is 503.
    void set_engine_options(engine_options options) { options_ = std::move(options); }

    /// The middleware: runs the rest of the request in a scope with a lazy connection.
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
        // The connection is not the request's any more when the scope ends, on every path.
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
