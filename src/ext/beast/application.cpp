// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/ext/beast/application.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/core/demangle.hpp>

#include <algorithm>
#include <utility>

#include "ext/beast/application_state.hpp"
#include "ext/beast/server/background_jobs.hpp"
#include "ext/beast/server/server.hpp"

namespace gino::ext {

namespace asio = boost::asio;

namespace {

application_options validated(application_options options) {
    options.validate();
    return options;
}

// Marks the application as idle at the end of a run, also when the coroutine of serve() is
// destroyed.
class run_mark {
public:
    explicit run_mark(std::shared_ptr<detail::application_state> state)
        : state_(std::move(state)) {}

    run_mark(const run_mark&) = delete;
    run_mark& operator=(const run_mark&) = delete;
    run_mark(run_mark&&) = delete;
    run_mark& operator=(run_mark&&) = delete;

    ~run_mark() { state_->end(); }

private:
    std::shared_ptr<detail::application_state> state_;
};

}  // namespace

application::application(application_options options)
    : state_(std::make_shared<detail::application_state>(validated(std::move(options)))) {}

application::~application() = default;

void application::add_route(
    std::string_view method, std::string_view path, detail::endpoint endpoint
) {
    state_->require_idle("adding a route");
    state_->routes.add(method, path, std::move(endpoint));
}

void application::add_middleware(detail::middleware_function middleware) {
    state_->require_idle("adding a middleware");
    state_->middlewares.add(std::move(middleware));
}

application& application::on_startup(life_cycle_callback callback) {
    state_->require_idle("on_startup()");
    state_->startup.push_back(std::move(callback));
    return *this;
}

application& application::on_listening(std::function<void(application&)> callback) {
    state_->require_idle("on_listening()");
    state_->listening.push_back(std::move(callback));
    return *this;
}

application& application::on_cleanup(life_cycle_callback callback) {
    state_->require_idle("on_cleanup()");
    state_->cleanup.push_back(std::move(callback));
    return *this;
}

application& application::spawn(life_cycle_callback job) {
    state_->require_idle("spawn()");
    state_->jobs.push_back(std::move(job));
    return *this;
}

application& application::on_error(error_callback callback) {
    state_->require_idle("on_error()");
    state_->errors.push_back(std::move(callback));
    return *this;
}

awaitable<void> application::serve() {
    return serve_with_strands(options().strand_per_connection());
}

awaitable<void> application::serve_with_strands(bool has_strands) {
    const asio::any_io_executor io = co_await asio::this_coro::executor;
    const asio::any_io_executor own =
        has_strands ? asio::any_io_executor(asio::make_strand(io)) : io;
    // A cancellation of the caller becomes a graceful stop; the run itself is never cancelled: it
    // is spawned with an empty cancellation slot. Boost clears the caller's slot when the await
    // ends.
    const asio::cancellation_state cancellation = co_await asio::this_coro::cancellation_state;
    if (asio::cancellation_slot slot = cancellation.slot(); slot.is_connected()) {
        slot.assign([this](asio::cancellation_type /*type*/) { stop(); });
    }
    co_await asio::co_spawn(
        own,
        serve_uncancelled(std::make_shared<detail::server>(own, io, *this, state_)),
        asio::bind_cancellation_slot(asio::cancellation_slot(), asio::use_awaitable)
    );
}

// The order of a run: start-up callbacks, listen, on_listening() callbacks, jobs and requests, end
// of the jobs, clean-up callbacks. The first failure is kept and thrown at the end, so that the
// last two steps happen on every path. Jobs end after the last request and before the clean-up,
// which may close the database that they use.
awaitable<void> application::serve_uncancelled(std::shared_ptr<detail::server> server) {
    state_->begin(server);
    const run_mark mark(state_);
    const asio::any_io_executor executor = co_await asio::this_coro::executor;
    const auto jobs = std::make_shared<detail::background_jobs>(executor, *this);
    std::exception_ptr failure;
    try {
        for (const auto& callback : state_->startup) {
            co_await callback(*this);
        }
        co_await server->listen();
        state_->port = server->port();
        state_->begin_serving();
        for (const auto& callback : state_->listening) {
            callback(*this);
        }
        jobs->start(state_->jobs);
        co_await server->run();
    } catch (...) {
        failure = std::current_exception();
    }
    state_->port = 0;
    co_await detail::background_jobs::stop(jobs, options().shutdown_timeout());
    failure = failure ? failure : jobs->failure();
    for (const auto& callback : state_->cleanup) {
        try {
            co_await callback(*this);
        } catch (...) {
            failure = failure ? failure : std::current_exception();
        }
    }
    if (failure) {
        std::rethrow_exception(failure);
    }
}

void application::stop() {
    state_->stop();
}

std::uint16_t application::port() const noexcept {
    return state_->port;
}

const application_options& application::options() const noexcept {
    return state_->options;
}

boost::json::object& application::config() noexcept {
    return state_->config;
}

bool application::has_attribute(std::string_view name) const noexcept {
    return state_->attributes.find(name) != state_->attributes.end();
}

void application::add_attribute(std::string_view name, void* object, const std::type_info& type) {
    state_->require_not_serving("set_attribute()");
    state_->attributes.insert_or_assign(std::string(name), detail::attribute{object, &type});
}

void* application::find_attribute(std::string_view name, const std::type_info& type) const {
    const auto found = state_->attributes.find(name);
    const std::string wanted = boost::core::demangle(type.name());
    if (found == state_->attributes.end()) {
        std::string known;
        for (const auto& entry : state_->attributes) {
            known += (known.empty() ? " \"" : ", \"") + entry.first + "\"";
        }
        throw argument_error(
            errc::invalid_argument,
            "application::attribute(): there is no \"" + std::string(name) + "\" of type " +
                wanted + "; known are:" + (known.empty() ? " none" : known)
        );
    }
    if (*found->second.type != type) {
        throw argument_error(
            errc::invalid_argument,
            "application::attribute(): \"" + std::string(name) + "\" is of type " +
                boost::core::demangle(found->second.type->name()) + ", not " + wanted
        );
    }
    return found->second.object;
}

namespace detail {

void application_state::require_idle(const char* attempted) const {
    const std::lock_guard lock(mutex);
    if (current != phase::idle) {
        throw state_error(
            errc::wrong_state,
            std::string(attempted) + ": the application is serving; do this before run() or serve()"
        );
    }
}

void application_state::require_not_serving(const char* attempted) const {
    const std::lock_guard lock(mutex);
    if (current == phase::serving) {
        throw state_error(
            errc::wrong_state,
            std::string(attempted) +
                ": the application is serving; do this before, at the latest in on_startup()"
        );
    }
}

void application_state::begin(const std::shared_ptr<server>& run) {
    const std::lock_guard lock(mutex);
    if (current != phase::idle) {
        throw state_error(
            errc::wrong_state,
            "application::serve(): it is serving already; stop() it first and wait for the end"
        );
    }
    current = phase::starting;
    stop_wanted = false;
    running = run;
}

// A stop() during the start-up was only noted: the server exists, but did not listen yet.
void application_state::begin_serving() {
    const std::lock_guard lock(mutex);
    current = phase::serving;
    if (stop_wanted) {
        running.lock()->stop();
    }
}

void application_state::stop() {
    // The mutex is held until `run` is destroyed: end() waits for it, so the io_context cannot be
    // destroyed while this thread holds the server.
    const std::lock_guard lock(mutex);
    if (current == phase::starting) {
        stop_wanted = true;
    } else if (const std::shared_ptr<server> run = running.lock()) {
        run->stop();
    }
}

void application_state::abort() {
    const std::lock_guard lock(mutex);
    stop_wanted = true;
    if (const std::shared_ptr<server> run = running.lock(); run && current == phase::serving) {
        run->abort();
    }
}

void application_state::end() noexcept {
    const std::lock_guard lock(mutex);
    current = phase::idle;
    running.reset();
    port = 0;
}

}  // namespace detail

}  // namespace gino::ext
