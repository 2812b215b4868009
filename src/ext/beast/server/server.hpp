// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/ext/beast/application.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>

#include <atomic>
#include <cstdint>
#include <memory>
#include <mutex>
#include <unordered_set>
#include <vector>

#include "ext/beast/application_state.hpp"
#include "ext/beast/server/coarse_clock.hpp"
#include "ext/beast/server/memory_budget.hpp"

namespace gino::ext::detail {

class connection;

/// One run of an application: the listening socket, the open connections, the sweep over them.
///
/// Invariants:
/// * everything but `stop()`, `abort()`, `add()` and `remove()` runs on the server's executor;
/// * a connection is in `connections_` from its start until its coroutine has ended;
/// * a connection runs on its own executor: the server only posts to it;
/// * `run()` ends after the last connection, so that the application outlives all of them.
///
/// Lifetime: the coroutine of `run()`, the connections and the sweep hold the server.
class server : public std::enable_shared_from_this<server> {
public:
    /// @param executor   Runs the server itself, one function at a time.
    /// @param io         Runs the connections; in strands if it is not `executor`.
    /// @param app        Must outlive `run()`.
    /// @param state      The state of the same application.
    server(
        boost::asio::any_io_executor executor,
        boost::asio::any_io_executor io,
        application& app,
        std::shared_ptr<application_state> state
    );

    /// Listens. `port()` is known afterwards.
    ///
    /// @throws argument_error  The host is not known.
    /// @throws state_error     The address cannot be listened on.
    [[nodiscard]] awaitable<void> listen();

    /// Accepts connections until `stop()`, then waits until all have ended.
    [[nodiscard]] awaitable<void> run();

    /// Begins the graceful stop. Thread safety: any thread.
    void stop();

    /// Begins the stop and cancels the requests in flight. Thread safety: any thread.
    void abort();

    [[nodiscard]] std::uint16_t port() const;

    /// Adds a connection that begins to the list. Thread safety: any thread.
    void add(connection& begun);

    /// Removes a connection that has ended from the list. Thread safety: any thread.
    void remove(connection& ended);

    [[nodiscard]] application& app() const noexcept { return app_; }

    [[nodiscard]] application_state& state() const noexcept { return *state_; }

    [[nodiscard]] const application_options& options() const noexcept { return state_->options; }

    [[nodiscard]] const coarse_clock& clock() const noexcept { return clock_; }

    [[nodiscard]] memory_budget& memory() noexcept { return memory_; }

    [[nodiscard]] bool is_stopping() const noexcept { return stopping_.load(); }

private:
    [[nodiscard]] awaitable<boost::asio::ip::tcp::endpoint> resolve();
    [[nodiscard]] awaitable<void> accept_connections();
    [[nodiscard]] awaitable<void> wait_for_change();
    [[nodiscard]] boost::asio::any_io_executor connection_executor() const;
    void open(const boost::asio::ip::tcp::endpoint& endpoint);
    void begin_stop();
    void begin_abort();
    void schedule_sweep();
    void sweep();
    void check_due_connections();
    [[nodiscard]] std::size_t connection_count() const;
    [[nodiscard]] std::vector<std::shared_ptr<connection>> all_connections() const;

    boost::asio::any_io_executor executor_;
    boost::asio::any_io_executor io_;
    bool has_strands_;
    application& app_;
    std::shared_ptr<application_state> state_;
    coarse_clock clock_;
    memory_budget memory_;
    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::steady_timer sweep_timer_;
    boost::asio::steady_timer change_;  // never expires; cancelled to wake up wait_for_change()
    coarse_clock::moment stop_deadline_ = coarse_clock::never;
    std::atomic<bool> stopping_ = false;
    bool is_done_ = false;

    mutable std::mutex mutex_;  // guards connections_
    std::unordered_set<connection*> connections_;
};

}  // namespace gino::ext::detail
