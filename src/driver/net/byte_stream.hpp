// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <span>
#include <string>
#include <sys/types.h>
#include <vector>

#include "driver/net/tls.hpp"

namespace gino::net {

/// The address of a server.
struct server_address {
    std::string host;        ///< A name or an IP address; the path of a Unix-domain socket.
    std::uint16_t port = 0;  ///< Unused by Unix-domain sockets.
    /// The host is a path; one that begins with '@' is in Linux' abstract namespace.
    bool is_unix_socket = false;
};

/// The options of a TCP socket. They have no effect on a Unix-domain socket.
struct socket_options {
    bool keepalives = true;
    int keepalives_idle = 0;      ///< Seconds; 0: the system's default.
    int keepalives_interval = 0;  ///< Seconds; 0: the system's default.
    int keepalives_count = 0;     ///< 0: the system's default.
    /// The longest time that sent bytes may stay unacknowledged (TCP_USER_TIMEOUT). Keepalives do
    /// not detect a broken network while sent bytes are unacknowledged.
    std::chrono::milliseconds tcp_user_timeout{30'000};
};

/// A connected socket, with TLS or without, and a buffer of the bytes that were received from it.
///
/// Sending and receiving first call send() and recv() without waiting, because these usually
/// succeed; a coroutine awaits the socket only after they have returned EAGAIN. A failure closes
/// the socket; the caller of `start_tls()` closes it when the handshake fails.
///
/// Cancellation: terminal. A wait that is cancelled closes the socket, unless the function of
/// `on_cancelled()` returns true; `fill_until()` leaves it open.
///
/// Thread safety: as `driver::connection`; `interrupt()` from any thread, as soon as the stream is
/// connected.
class byte_stream {
public:
    using endpoint = boost::asio::generic::stream_protocol::endpoint;

    explicit byte_stream(const boost::asio::any_io_executor& executor) : socket_(executor) {}

    ~byte_stream() { close(); }

    byte_stream(const byte_stream&) = delete;
    byte_stream& operator=(const byte_stream&) = delete;

    /// Sets the peer's name for messages: "PostgreSQL at db.example.com:5432".
    void set_name(std::string name) { name_ = std::move(name); }

    [[nodiscard]] const std::string& name() const noexcept { return name_; }

    /// Connects to the first address of the host that accepts a connection.
    ///
    /// @param timeout  Includes the lookup of the host's name; 0: none.
    /// @throws connection_error  `connect_failed`, `connect_timeout`, `cancelled`.
    [[nodiscard]] awaitable<void> connect(
        const server_address& to, const socket_options& options, std::chrono::milliseconds timeout
    );

    /// Connects to the peer of another stream, without a timeout.
    ///
    /// @throws connection_error  `connect_failed`.
    [[nodiscard]] awaitable<void> connect(endpoint peer, const socket_options& options);

    /// Performs the TLS handshake. REQUIRES: no byte of the encrypted session was received yet.
    ///
    /// @param host  The server's name, for SNI and for the check of its certificate.
    /// @throws connection_error  `tls_failed`: the stream is still open, without TLS; close it.
    [[nodiscard]] awaitable<void> start_tls(const tls_options& options, const std::string& host);

    /// Returns the TLS session; null: the connection is not encrypted, or is closed.
    [[nodiscard]] const tls_session* tls() const noexcept { return tls_.get(); }

    /// True when the connection is encrypted, or was encrypted when it was closed.
    [[nodiscard]] bool had_tls() const noexcept { return had_tls_; }

    [[nodiscard]] const endpoint& peer() const noexcept { return peer_; }

    /// Returns the user that runs the peer of a Unix-domain socket (SO_PEERCRED); nothing: the
    /// system does not know, or the socket is of another family.
    [[nodiscard]] std::optional<uid_t> peer_user() noexcept;

    /// Sets the function that is called when a coroutine is cancelled while it waits. The wait
    /// continues when the function returns true, because the peer was asked to end its work;
    /// otherwise the socket is closed.
    void on_cancelled(std::function<bool()> f) { on_cancelled_ = std::move(f); }

    /// Sets the function that looks for the peer's error among the received bytes when the
    /// connection is lost while bytes are sent. The function returns nothing when it finds none.
    void on_lost(std::function<std::optional<error_fields>()> f) { on_lost_ = std::move(f); }

    // Sending.

    /// Sends as many bytes as the socket accepts without waiting.
    ///
    /// @return The number of bytes; 0: the socket accepts none now.
    /// @throws connection_error  `connection_lost`.
    [[nodiscard]] std::size_t write_some(std::span<const std::byte> bytes);

    /// Waits until the socket accepts bytes, or has received some. Receives into the buffer before
    /// it waits: otherwise this side and a server that also sends would block each other for ever
    /// as soon as both socket buffers are full.
    [[nodiscard]] awaitable<void> wait_to_write();

    /// True when this stream has sent and received more than 1 MiB since the last `yield()`, so
    /// that other coroutines of the executor should run.
    [[nodiscard]] bool should_yield() const noexcept;

    /// Lets other coroutines of the executor run, then checks whether this one was cancelled.
    [[nodiscard]] awaitable<void> yield();

    // Receiving.

    /// Returns the received bytes that were not consumed. They stay valid until more bytes are
    /// received, also by a function that sends, or until `trim()`.
    [[nodiscard]] std::span<const std::byte> received() const noexcept {
        return std::span(in_).subspan(begin_, end_ - begin_);
    }

    void consume(std::size_t count) noexcept { begin_ += count; }

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill();

    /// Waits for more bytes while no answer is outstanding: neither the deadline nor a cancellation
    /// closes the socket.
    ///
    /// @return False: the deadline has passed.
    /// @throws error  `errc::cancelled`.
    [[nodiscard]] awaitable<bool> fill_until(std::chrono::steady_clock::time_point end);

    /// Receives without waiting. Returns false when nothing has arrived, or the connection has
    /// ended.
    ///
    /// @throws connection_error  `connection_lost`.
    [[nodiscard]] bool try_fill() { return receive_some() == received_state::something; }

    /// Waits for one byte and reads it from the socket, not through the buffer: no byte after it is
    /// received.
    ///
    /// @throws connection_error  `connection_lost`, with `if_closed` as its reason.
    [[nodiscard]] awaitable<std::byte> read_byte(const char* if_closed);

    /// True when the socket has bytes that were not received yet. Never waits.
    [[nodiscard]] bool has_arrived() noexcept;

    /// True when the connection is open and the socket has no bytes to receive. Never waits.
    [[nodiscard]] bool is_silent() noexcept;

    /// Waits until the peer closes the connection; discards all bytes until then.
    [[nodiscard]] awaitable<void> wait_for_end();

    /// Frees a buffer of more than 1 MiB, if it is empty.
    void trim() noexcept;

    // Ending.

    /// Shuts the socket down without closing it, so that the coroutine that waits for it fails.
    /// Closing it here could give the descriptor's number to another connection while the
    /// coroutine still uses it.
    ///
    /// Thread safety: any thread.
    void interrupt() noexcept;
    /// Closes the socket; a TLS session sends its close_notify first, if the socket accepts that.
    void close() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    /// Closes the socket and throws `connection_lost`.
    [[noreturn]] void fail(const std::string& why);
    /// Closes the socket and throws `connection_lost`.
    ///
    /// @param reason  The error that the peer has sent.
    [[noreturn]] void fail(error_fields reason);

    [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

private:
    enum class received_state : std::uint8_t { something, nothing, end };

    [[nodiscard]] awaitable<void> connect_in_time(
        const server_address& to, const socket_options& options, std::chrono::milliseconds timeout
    );
    [[nodiscard]] awaitable<void> connect_any(
        const server_address& to, const socket_options& options
    );
    [[nodiscard]] awaitable<boost::system::error_code> connect_to(endpoint peer);
    [[nodiscard]] awaitable<boost::system::error_code> connect_by_name(const server_address& to);
    void set_options(const socket_options& options);

    [[noreturn]] void lose(const std::string& why, error_fields reason);
    [[noreturn]] void fail_sending(const std::string& why);
    [[nodiscard]] std::size_t send(std::span<const std::byte> bytes);
    [[nodiscard]] received_state receive_some();
    [[nodiscard]] received_state receive(std::span<std::byte> into, std::size_t& count);
    void grow_if_full();
    [[nodiscard]] awaitable<void> wait(boost::asio::socket_base::wait_type for_what);
    void check_wait(
        const boost::system::error_code& failure, boost::asio::cancellation_type cancelled
    );

    boost::asio::generic::stream_protocol::socket socket_;
    std::unique_ptr<tls_session> tls_;
    std::mutex mutex_;  // close() and interrupt(): no shutdown() of a descriptor that was closed
    std::string name_;
    bool had_tls_ = false;
    endpoint peer_;
    std::function<bool()> on_cancelled_;
    std::function<std::optional<error_fields>()> on_lost_;
    std::size_t moved_ = 0;  // bytes sent and received since the last yield()
    std::vector<std::byte> in_;
    std::size_t begin_ = 0;  // of the received bytes of in_ that were not consumed
    std::size_t end_ = 0;    // of the received bytes of in_
};

}  // namespace gino::net
