// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// A served application, and a client that controls every byte it sends, on loopback sockets.

#include <gino/ext/beast.hpp>

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <chrono>
#include <cstdint>
#include <exception>
#include <functional>
#include <future>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <thread>

namespace gino::ext::testing {

/// Returns options for tests: any free port, and a short interval between sweeps.
[[nodiscard]] application_options test_options();

/// Returns options with a clock that advances by a second per sweep, so that a limit expires soon.
///
/// All time limits are long; a test sets the one that it checks.
[[nodiscard]] application_options racing_options();

/// A clock that the test advances.
class manual_clock {
public:
    [[nodiscard]] application_options::clock_function function();

    void advance(std::chrono::seconds time) { now_ = now_.load() + time; }

private:
    std::atomic<std::chrono::seconds> now_ = std::chrono::seconds(0);
};

/// Serves an application on a separate thread until `wait()` returns or the object is destroyed.
class running_application {
public:
    /// Returns when the application listens; rethrows the exception of its start-up.
    explicit running_application(application& app);
    running_application(const running_application&) = delete;
    running_application& operator=(const running_application&) = delete;

    /// Stops the application if it still runs.
    ~running_application();

    /// Requests a graceful stop and returns at once.
    void request_stop();

    /// Waits until `serve()` has ended, and rethrows its exception.
    void wait();

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] boost::asio::io_context& io() noexcept { return io_; }

private:
    application& app_;
    boost::asio::io_context io_;
    std::promise<void> listening_;
    std::promise<void> ended_;
    std::shared_future<void> end_;
    std::uint16_t port_ = 0;
    std::jthread thread_;
};

/// A response that the client has read.
struct received_response {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const;
};

/// A blocking connection to 127.0.0.1. An operation throws after ten seconds.
class client {
public:
    explicit client(std::uint16_t port);

    explicit client(const running_application& served) : client(served.port()) {}

    client(const client&) = delete;
    client& operator=(const client&) = delete;
    ~client();

    void send(std::string_view text);

    /// Reads one response, without the body when it answers a HEAD request.
    [[nodiscard]] received_response receive(bool is_head = false);

    /// Sends a whole request and reads the response.
    [[nodiscard]] received_response exchange(
        std::string_view method, std::string_view target, std::string_view body = {}
    );

    /// Returns true when the server has closed the connection without sending more bytes.
    [[nodiscard]] bool is_closed();

    /// Reads until the server closes.
    [[nodiscard]] std::string receive_all();

    /// Waits for the server's next bytes without reading them.
    void wait_for_bytes();

    /// Returns true when unread bytes have arrived.
    [[nodiscard]] bool has_bytes() const;

    /// Shuts down the sending direction.
    void finish_sending();

    /// Closes the connection with a reset instead of an orderly shutdown.
    void reset();

private:
    [[nodiscard]] std::string receive_some();

    int socket_ = -1;
    std::string input_;
};

/// Returns a "GET <target>" request with a Host field.
[[nodiscard]] std::string get_request(std::string_view target);

/// A gate at which one handler waits until the test's thread opens it.
class gate {
public:
    gate();
    ~gate();
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    /// Waits for `open()`; throws when the wait is cancelled.
    [[nodiscard]] awaitable<void> pass();

    /// Blocks the test's thread until a handler waits.
    void wait_for_visitor();

    /// Resumes the waiting handler, after all work posted before. REQUIRES: a handler waits.
    void open();

    /// Blocks the test's thread until the handler's wait is cancelled.
    void wait_for_cancellation();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace gino::ext::testing
