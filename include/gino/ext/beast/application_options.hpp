// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/types/json_limits.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <string>

namespace gino::ext {

/// The settings of a web application: its address, and the limits that protect it.
///
/// Each setter returns the object: `application_options{}.port(0).body_limit(64 * 1024)`. All
/// limits have to be positive; `application`'s constructor checks them with `validate()`. They
/// cannot be changed afterwards.
///
/// Time limits are checked by one sweep over all connections every `sweep_interval()`: no wait ends
/// before its time is up, and it may end up to two intervals later.
class application_options {
public:
    /// The type of all time limits.
    using duration = std::chrono::milliseconds;
    using time_point = std::chrono::steady_clock::time_point;
    /// A function that returns the present time; see `clock()`.
    using clock_function = std::function<time_point()>;

    application_options() = default;

    /// The address to listen on: an IPv4 or IPv6 address, or a name. Default "127.0.0.1", which
    /// other machines cannot reach; "0.0.0.0" is all IPv4 addresses, "::" all addresses.
    application_options& host(std::string value);

    /// The TCP port. Default 8080; 0 is any free one, see `application::port()`.
    application_options& port(std::uint16_t value) noexcept;

    /// The largest header of a request, all fields together, in bytes. Default 16 KiB. A larger
    /// one is answered with 431.
    application_options& header_limit(std::size_t value) noexcept;

    /// The largest number of header fields. Default 100. More are answered with 431.
    application_options& header_count_limit(std::size_t value) noexcept;

    /// The longest request line, in bytes. Default 8 KiB. A longer one is answered with 414.
    application_options& request_line_limit(std::size_t value) noexcept;

    /// The largest body of a request, in bytes. Default 1 MiB. A larger one is answered with 413;
    /// before it is received, if the request has a Content-Length.
    application_options& body_limit(std::size_t value) noexcept;

    /// The most memory for request bodies and unsent responses on all connections together, in
    /// bytes. Connections with at most 16 KiB do not count. Default 256 MiB; at least
    /// `body_limit()`. While more is used, requests are answered with 503 and their connections are
    /// closed.
    application_options& memory_limit(std::size_t value) noexcept;

    /// The deepest nesting of arrays and objects that `request::json()` accepts. Default 64. Deeper
    /// ones are answered with 400.
    application_options& json_depth_limit(std::size_t value) noexcept;

    /// The most members of one object, and the most values of one document, that `request::json()`
    /// reads. Default 1,000 and 100,000. Larger ones are answered with 400.
    application_options& json_size_limits(std::size_t members, std::size_t values) noexcept;

    /// The longest time from a request's first byte to the end of its header. Default 10 s. Then
    /// 408. A new connection has the same time for its first byte; then it is closed.
    application_options& header_timeout(duration value) noexcept;

    /// The interval of a body's lowest rate: a client has to send `minimum_rate()` bytes for each
    /// second of it before it ends, or the rest of the body; then another interval begins. Default
    /// 10 s. A slower body is answered with 408.
    application_options& body_timeout(duration value) noexcept;

    /// The interval of the lowest rate of taking responses: a client has to take `minimum_rate()`
    /// bytes for each second of it before it ends, or everything that was sent; then another
    /// interval begins. Default 10 s. The connection of a slower client is closed.
    application_options& write_timeout(duration value) noexcept;

    /// The lowest rate at which a client may send a body or take responses, in bytes per second.
    /// Default 1024. It counts in each interval of `body_timeout()` and `write_timeout()`.
    application_options& minimum_rate(std::size_t value) noexcept;

    /// The longest time that a connection stays open between two requests. Default 60 s.
    application_options& idle_timeout(duration value) noexcept;

    /// The longest time for the middlewares and the handler of one request. Default 10 s. Then
    /// their coroutine is cancelled (terminal), and the client gets 503 with `Retry-After`.
    application_options& request_timeout(duration value) noexcept;

    /// The longest time that a graceful stop waits for the requests in flight, and then for the
    /// background jobs. Default 10 s. Then their coroutines are cancelled.
    application_options& shutdown_timeout(duration value) noexcept;

    /// The largest number of open connections. Default 10,000. At this number, no more connections
    /// are accepted: new clients wait in the system's queue. The process's limit of open files has
    /// to be larger.
    application_options& max_connections(std::size_t value) noexcept;

    /// The time between two checks of the time limits, and of clients that may have disconnected
    /// during a long request. Default 100 ms.
    application_options& sweep_interval(duration value) noexcept;

    /// Gives each connection a strand of its own. Default false: `application::serve()` runs every
    /// connection on the executor of its caller. It must be true when several threads run that
    /// executor; `application::run(threads)` uses strands for more than one thread anyway.
    application_options& strand_per_connection(bool value) noexcept;

    /// The clock of the time limits. Default `std::chrono::steady_clock::now`; tests replace it.
    /// Called once per sweep.
    application_options& clock(clock_function value);

    // The same names without an argument return the settings.

    [[nodiscard]] const std::string& host() const noexcept { return host_; }

    [[nodiscard]] std::uint16_t port() const noexcept { return port_; }

    [[nodiscard]] std::size_t header_limit() const noexcept { return header_limit_; }

    [[nodiscard]] std::size_t header_count_limit() const noexcept { return header_count_limit_; }

    [[nodiscard]] std::size_t request_line_limit() const noexcept { return request_line_limit_; }

    [[nodiscard]] std::size_t body_limit() const noexcept { return body_limit_; }

    [[nodiscard]] std::size_t memory_limit() const noexcept { return memory_limit_; }

    [[nodiscard]] const gino::json_limits& json_limits() const noexcept { return json_limits_; }

    [[nodiscard]] duration header_timeout() const noexcept { return header_timeout_; }

    [[nodiscard]] duration body_timeout() const noexcept { return body_timeout_; }

    [[nodiscard]] duration write_timeout() const noexcept { return write_timeout_; }

    [[nodiscard]] std::size_t minimum_rate() const noexcept { return minimum_rate_; }

    [[nodiscard]] duration idle_timeout() const noexcept { return idle_timeout_; }

    [[nodiscard]] duration request_timeout() const noexcept { return request_timeout_; }

    [[nodiscard]] duration shutdown_timeout() const noexcept { return shutdown_timeout_; }

    [[nodiscard]] std::size_t max_connections() const noexcept { return max_connections_; }

    [[nodiscard]] duration sweep_interval() const noexcept { return sweep_interval_; }

    [[nodiscard]] bool strand_per_connection() const noexcept { return strand_per_connection_; }

    [[nodiscard]] const clock_function& clock() const noexcept { return clock_; }

    /// Checks every setting.
    ///
    /// @throws argument_error  `errc::invalid_option`: a size is not from 1 to 1,073,741,823, a
    ///     time is not positive or longer than a year, `memory_limit()` is less than
    ///     `body_limit()`, the host is empty, or there is no clock. The message names the setting.
    void validate() const;

private:
    std::string host_ = "127.0.0.1";
    std::uint16_t port_ = 8080;
    bool strand_per_connection_ = false;
    std::size_t header_limit_ = std::size_t{16} * 1024;
    std::size_t header_count_limit_ = 100;
    std::size_t request_line_limit_ = std::size_t{8} * 1024;
    std::size_t body_limit_ = std::size_t{1024} * 1024;
    std::size_t memory_limit_ = std::size_t{256} * 1024 * 1024;
    gino::json_limits json_limits_{.depth = 64, .members = 1'000, .values = 100'000};
    std::size_t minimum_rate_ = 1024;
    std::size_t max_connections_ = 10'000;
    duration header_timeout_ = std::chrono::seconds(10);
    duration body_timeout_ = std::chrono::seconds(10);
    duration write_timeout_ = std::chrono::seconds(10);
    duration idle_timeout_ = std::chrono::seconds(60);
    duration request_timeout_ = std::chrono::seconds(10);
    duration shutdown_timeout_ = std::chrono::seconds(10);
    duration sweep_interval_ = std::chrono::milliseconds(100);
    clock_function clock_ = [] { return std::chrono::steady_clock::now(); };
};

}  // namespace gino::ext
