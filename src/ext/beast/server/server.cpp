// SPDX-License-Identifier: BSD-3-Clause
#include "ext/beast/server/server.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/error.hpp>
#include <boost/asio/ip/address.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <string>
#include <utility>

#include "ext/beast/server/connection.hpp"

namespace gino::ext::detail {

namespace asio = boost::asio;

namespace {

constexpr auto as_result = asio::as_tuple(asio::use_awaitable);

// Returns a way out for the common failures of listening.
std::string advice_for(const boost::system::error_code& failure) {
    if (failure == asio::error::address_in_use) {
        return "; another program listens there: stop it, or choose another port with "
               "application_options::port(), 0 for any free one";
    }
    if (failure == asio::error::access_denied) {
        return "; ports below 1024 need a privilege: choose a higher one with "
               "application_options::port()";
    }
    if (failure == boost::system::errc::address_not_available) {
        return "; the address is not one of this machine: application_options::host(\"0.0.0.0\") "
               "is all that it has";
    }
    return {};
}

}  // namespace

server::server(
    asio::any_io_executor executor,
    asio::any_io_executor io,
    application& app,
    std::shared_ptr<application_state> state
)
    : executor_(std::move(executor)),
      io_(std::move(io)),
      has_strands_(executor_ != io_),
      app_(app),
      state_(std::move(state)),
      clock_(state_->options),
      memory_(state_->options.memory_limit()),
      acceptor_(executor_),
      sweep_timer_(executor_),
      change_(executor_) {}

awaitable<void> server::listen() {
    const asio::ip::tcp::endpoint endpoint = co_await resolve();
    open(endpoint);
}

awaitable<asio::ip::tcp::endpoint> server::resolve() {
    boost::system::error_code failure;
    const auto address = asio::ip::make_address(options().host(), failure);
    if (!failure) {
        co_return asio::ip::tcp::endpoint(address, options().port());
    }
    asio::ip::tcp::resolver resolver(executor_);
    const auto resolved = co_await resolver.async_resolve(
        options().host(), std::to_string(options().port()), as_result
    );
    const auto& [error, results] = resolved;
    if (error || results.empty()) {
        throw argument_error(
            errc::invalid_option,
            "listening on " + options().host() + ": " + error.message() +
                "; application_options::host() takes an address of this machine"
        );
    }
    co_return results.begin()->endpoint();
}

void server::open(const asio::ip::tcp::endpoint& endpoint) {
    boost::system::error_code failure;
    acceptor_.open(endpoint.protocol(), failure);
    if (!failure) {
        acceptor_.set_option(asio::socket_base::reuse_address(true), failure);
    }
    if (!failure) {
        acceptor_.bind(endpoint, failure);
    }
    if (!failure) {
        acceptor_.listen(asio::socket_base::max_listen_connections, failure);
    }
    if (failure) {
        throw state_error(
            errc::wrong_state,
            "listening on " + options().host() + " port " + std::to_string(endpoint.port()) + ": " +
                failure.message() + advice_for(failure)
        );
    }
}

std::uint16_t server::port() const {
    return acceptor_.local_endpoint().port();
}

// The connections end before this returns, and is_done_ ends the sweep, whose timer holds the
// server.
awaitable<void> server::run() {
    schedule_sweep();
    co_await accept_connections();
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    while (connection_count() > 0) {
        co_await wait_for_change();
    }
    is_done_ = true;
    sweep_timer_.cancel();
}

awaitable<void> server::accept_connections() {
    while (!stopping_) {
        if (connection_count() >= options().max_connections()) {
            co_await wait_for_change();
            continue;
        }
        auto accepted = co_await acceptor_.async_accept(connection_executor(), as_result);
        auto& [failure, socket] = accepted;
        if (!failure && !stopping_) {
            connection::start(std::move(socket), shared_from_this());
        } else if (failure && failure != asio::error::connection_aborted && !stopping_) {
            // Out of file descriptors or memory: the next attempt follows after a sweep, because
            // accepting would fail at once again.
            co_await wait_for_change();
        }
    }
}

// Returns after the next change in the connections, and at the latest after the next sweep.
awaitable<void> server::wait_for_change() {
    change_.expires_at(asio::steady_timer::time_point::max());
    co_await change_.async_wait(as_result);
}

// A strand per connection serialises its coroutine with check(), stop() and abort().
asio::any_io_executor server::connection_executor() const {
    if (has_strands_) {
        return asio::make_strand(io_);
    }
    return io_;
}

void server::stop() {
    asio::post(executor_, [self = shared_from_this()] { self->begin_stop(); });
}

void server::abort() {
    asio::post(executor_, [self = shared_from_this()] {
        self->begin_stop();
        self->begin_abort();
    });
}

// Closing the acceptor ends accept_connections(); a second call does nothing.
void server::begin_stop() {
    if (stopping_.exchange(true)) {
        return;
    }
    stop_deadline_ = clock_.after(options().shutdown_timeout());
    boost::system::error_code ignored;
    acceptor_.close(ignored);
    change_.cancel();
    for (const auto& each : all_connections()) {
        asio::post(each->executor(), [each] { each->stop(); });
    }
}

void server::begin_abort() {
    stop_deadline_ = coarse_clock::never;
    for (const auto& each : all_connections()) {
        asio::post(each->executor(), [each] { each->abort(); });
    }
}

void server::schedule_sweep() {
    sweep_timer_.expires_after(options().sweep_interval());
    sweep_timer_.async_wait([self = shared_from_this()](const boost::system::error_code& failure) {
        if (!failure && !self->is_done_) {
            self->sweep();
            self->schedule_sweep();
        }
    });
}

void server::sweep() {
    clock_.tick();
    change_.cancel();
    check_due_connections();
    if (clock_.now() >= stop_deadline_) {
        begin_abort();
    }
}

// shared_from_this() is safe under the mutex: a connection removes itself, under the same mutex,
// before its last owner lets it go.
void server::check_due_connections() {
    const std::lock_guard lock(mutex_);
    for (connection* const each : connections_) {
        if (each->is_due()) {
            asio::post(each->executor(), [due = each->shared_from_this()] { due->check(); });
        }
    }
}

void server::add(connection& begun) {
    const std::lock_guard lock(mutex_);
    connections_.insert(&begun);
}

// Wakes run() only if it may wait for this connection: at the limit of connections, or while
// stopping. The post comes last: run() may end then, and the application with it.
void server::remove(connection& ended) {
    bool is_awaited = false;
    {
        const std::lock_guard lock(mutex_);
        is_awaited = connections_.size() >= options().max_connections() || stopping_;
        connections_.erase(&ended);
    }
    if (is_awaited) {
        asio::post(executor_, [self = shared_from_this()] { self->change_.cancel(); });
    }
}

std::size_t server::connection_count() const {
    const std::lock_guard lock(mutex_);
    return connections_.size();
}

std::vector<std::shared_ptr<connection>> server::all_connections() const {
    const std::lock_guard lock(mutex_);
    std::vector<std::shared_ptr<connection>> all;
    all.reserve(connections_.size());
    for (connection* const each : connections_) {
        all.push_back(each->shared_from_this());
    }
    return all;
}

}  // namespace gino::ext::detail
