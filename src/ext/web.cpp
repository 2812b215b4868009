// SPDX-License-Identifier: BSD-3-Clause
#include <gino/ext/web.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/json.hpp>

#include <cstdio>
#include <exception>
#include <string>
#include <string_view>

namespace gino {

namespace detail {

void throw_object_not_found(const char* model) {
    throw ext::http_error(404, std::string(model) + " is not found");
}

void throw_row_not_found() {
    throw ext::http_error(404, "No such data");
}

}  // namespace detail

namespace ext {

namespace asio = boost::asio;

namespace {

// Returns true for failures that may pass within seconds: no server listens yet, or it is starting.
bool is_worth_retrying(const std::exception_ptr& failure) {
    try {
        std::rethrow_exception(failure);
    } catch (const database_error& e) {
        return e.is_connection_lost() || e.is_retryable();
    } catch (const timeout_error&) {
        return true;
    } catch (...) {
        return false;
    }
}

// Receives `echo` if the program has set no function for it. Each line is one write, so that lines
// of several threads do not mix.
void write_to_standard_error(std::string_view line) {
    const std::string whole = std::string(line) + '\n';
    std::fputs(whole.c_str(), stderr);  // manners: the configuration asked for it
}

}  // namespace

// Shorter than application_options::request_timeout(): a request fails with 503 before it is
// cancelled.
engine_options database::options_for_requests() {
    engine_options options;
    options.pool.acquire_timeout = std::chrono::seconds(3);
    options.pool.connect_timeout = std::chrono::seconds(3);
    return options;
}

const boost::json::object& database::configuration_of(const boost::json::object& application) {
    const auto* config = application.if_contains("gino");
    if (config == nullptr || !config->is_object()) {
        throw argument_error(
            errc::invalid_option,
            "init_app(): the application's configuration has no object \"gino\"; set "
            "app.config()[\"gino\"], or give init_app() a configuration"
        );
    }
    return config->get_object();
}

// The mistakes of a configuration are thrown by init_app(), in the program's own code, and not by
// the start of the application.
void database::configure(const boost::json::object& config) {
    config_ = database_config::parse(config);
    static_cast<void>(config_->url());  // throws for a malformed dsn
}

// Runs in on_startup(). The pause is outside of the catch block, since a catch block cannot
// co_await. The URL has a name, because GCC 12 destroys aggregates twice that are made within
// co_await (docs/gcc12.md).
awaitable<void> database::start() {
    if (is_bound()) {
        co_return;  // the program has bound an engine itself
    }
    // The configuration overrides the options of the program where both have a setting.
    engine_options options = options_;
    options.pool.min_size = config_->pool_min_size;
    options.pool.max_size = config_->pool_max_size;
    if (!config_->echo) {
        options.echo = nullptr;
    } else if (!options.echo) {
        options.echo = write_to_standard_error;
    }
    for (std::uint32_t attempt = 0;; ++attempt) {
        std::exception_ptr failure;
        try {
            gino::url where = config_->url();
            engine opened = co_await set_bind(std::move(where), options);
        } catch (...) {
            failure = std::current_exception();
        }
        if (failure == nullptr) {
            co_return;
        }
        if (attempt >= config_->retry_limit || !is_worth_retrying(failure)) {
            std::rethrow_exception(failure);
        }
        asio::steady_timer pause(co_await asio::this_coro::executor, config_->retry_interval);
        co_await pause.async_wait(asio::use_awaitable);
    }
}

awaitable<void> database::stop() {
    return close();
}

}  // namespace ext
}  // namespace gino
