// SPDX-License-Identifier: BSD-3-Clause
#include "service.hpp"

#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json/object.hpp>
#include <boost/system/system_error.hpp>

#include <chrono>
#include <stdexcept>
#include <string>
#include <utility>

#include "import.hpp"
#include "interruption.hpp"
#include "models.hpp"
#include "routes.hpp"

namespace asio = boost::asio;

namespace {

constexpr std::size_t largest_body = 65'536;

gino::ext::application_options application_options_of(const service_options& options) {
    return gino::ext::application_options()
        .host(options.host)
        .port(options.port)
        .body_limit(largest_body);
}

// Listens for a moment, before the import: a long import would be in vain if the port were in use.
gino::awaitable<void> require_free_port(std::string host, std::uint16_t port) {
    const auto executor = co_await asio::this_coro::executor;
    try {
        asio::ip::tcp::resolver resolver(executor);
        const auto found =
            co_await resolver.async_resolve(host, std::to_string(port), asio::use_awaitable);
        const asio::ip::tcp::acceptor listening(executor, found.begin()->endpoint());
    } catch (const boost::system::system_error& e) {
        throw std::runtime_error(
            "cannot listen on " + host + ":" + std::to_string(port) + ": " + e.code().message() +
            "; choose another --host or --port, or stop the program that listens there"
        );
    }
}

}  // namespace

service::service(service_options options, progress& shown)
    : options_(std::move(options)),
      shown_(shown),
      db_(all_models),
      app_(application_options_of(options_)) {
    app_.on_startup([this](gino::ext::application& /*app*/) {
        return require_free_port(options_.host, options_.port);
    });
    // A client gets an error after 3 s when the database is down.
    gino::engine_options engine;
    engine.pool.acquire_timeout = std::chrono::seconds(3);
    db_.set_engine_options(engine);
    const boost::json::object config{
        {"dsn", options_.url}, {"pool_min_size", 1}, {"pool_max_size", options_.pool_size}};
    db_.init_app(app_, config);
    app_.on_startup([this](gino::ext::application& /*app*/) { return fill_database(); });
    app_.use(db_);
    add_routes(app_, db_);
    add_page(app_);
}

gino::awaitable<void> service::fill_database() {
    co_await db_.create_all();
    const bool is_filled = co_await has_packages(db_);
    if (!is_filled) {
        auto filling = import_packages(db_, options_.input, shown_);
        co_await run_until_signal(std::move(filling));
    }
}
