// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// A served application and a client that says every byte itself, on real loopback sockets.

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

/// Options for tests: any free port, and a sweep that does not keep a test waiting.
[[nodiscard]] application_options test_options();

/// Options with a clock on which each sweep takes a second, so that a time limit is soon up.
///
/// All limits are far away; a test sets the one that it is about.
[[nodiscard]] application_options racing_options();

/// A clock that a test sets forward.
class manual_clock {
public:
    [[nodiscard]] application_options::clock_function function();

    void advance(std::chrono::seconds time) { now_ = now_.load() + time; }

private:
    std::atomic<std::chrono::seconds> now_ = std::chrono::seconds(0);
};

/// Serves an application on a thread of its own until it is destroyed or `stop()` has finished.
class running_application {
public:
    /// Returns when the application listens; throws what its start-up threw.
    explicit running_application(application& app);
    running_application(const running_application&) = delete;
    running_application& operator=(const running_application&) = delete;

    /// Stops the application if it still runs.
    ~running_application();

    /// Asks for a graceful stop and returns at once.
    void request_stop();

    /// Waits until `serve()` has ended; throws what it threw.
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

/// A response as the client read it.
struct received_response {
    int status = 0;
    std::map<std::string, std::string> headers;  // names in lower case
    std::string body;

    [[nodiscard]] std::string header(const std::string& name) const;
};

/// A blocking connection to 127.0.0.1. What takes longer than ten seconds throws.
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

    /// True when the server has closed the connection and nothing more comes.
    [[nodiscard]] bool is_closed();

    /// Reads until the server closes.
    [[nodiscard]] std::string receive_all();

    /// Waits for the server's next bytes without taking them.
    void wait_for_bytes();

    /// True when bytes have arrived that were not read.
    [[nodiscard]] bool has_bytes() const;

    /// Ends the sending direction.
    void finish_sending();

    /// Closes with a reset instead of an orderly end.
    void reset();

private:
    [[nodiscard]] std::string receive_some();

    int socket_ = -1;
    std::string input_;
};

/// "GET <target>" with a Host.
[[nodiscard]] std::string get_request(std::string_view target);

/// Something that one handler waits for and the test's thread grants.
class gate {
public:
    gate();
    ~gate();
    gate(const gate&) = delete;
    gate& operator=(const gate&) = delete;

    /// Waits for `open()`; throws when it is cancelled.
    [[nodiscard]] awaitable<void> pass();

    /// Blocks the test's thread until somebody waits.
    void wait_for_visitor();

    /// Lets the visitor go on, after everything that was posted before. REQUIRES: there is one.
    void open();

    /// Blocks the test's thread until the visitor's wait was cancelled.
    void wait_for_cancellation();

private:
    struct state;
    std::unique_ptr<state> state_;
};

}  // namespace gino::ext::testing
