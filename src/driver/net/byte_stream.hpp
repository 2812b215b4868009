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

/// Where a server listens.
struct server_address {
    std::string host;        ///< A name or an IP address; the path of a Unix-domain socket.
    std::uint16_t port = 0;  ///< Unused by Unix-domain sockets.
    /// A path that begins with '@' is in Linux' abstract namespace.
    bool is_unix_socket = false;
};

/// The options of a TCP socket. Unix-domain sockets have none of them.
struct socket_options {
    bool keepalives = true;
    int keepalives_idle = 0;      ///< Seconds; 0: the system's default.
    int keepalives_interval = 0;  ///< Seconds; 0: the system's default.
    int keepalives_count = 0;     ///< 0: the system's default.
    /// How long sent bytes may stay unacknowledged. Keepalives alone do not notice a cut cable
    /// while bytes are on their way.
    std::chrono::milliseconds tcp_user_timeout{30'000};
};

/// A connected socket, with TLS or without, and the bytes that were received from it.
///
/// Each await follows an attempt that does not wait: send() and recv() are tried first, because
/// most of the time they succeed. A failure closes the socket.
///
/// Thread safety: as `driver::connection`; `interrupt()` from any thread.
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

    /// Connects to the first address of a host that answers.
    ///
    /// @param timeout  0: none.
    /// @throws connection_error  `connect_failed`, `connect_timeout`, `cancelled`.
    [[nodiscard]] awaitable<void> connect(
        const server_address& to, const socket_options& options, std::chrono::milliseconds timeout
    );

    /// Connects to the address that another stream is connected to.
    ///
    /// @throws connection_error  `connect_failed`.
    [[nodiscard]] awaitable<void> connect(endpoint peer, const socket_options& options);

    /// Encrypts the connection.
    ///
    /// @param host  The server's name, for SNI and for its certificate.
    /// @throws connection_error  `tls_failed`.
    [[nodiscard]] awaitable<void> start_tls(const tls_options& options, const std::string& host);

    /// Null: the connection is not encrypted.
    [[nodiscard]] const tls_session* tls() const noexcept { return tls_.get(); }

    /// True when the connection is, or was before it was closed, encrypted.
    [[nodiscard]] bool had_tls() const noexcept { return had_tls_; }

    [[nodiscard]] const endpoint& peer() const noexcept { return peer_; }

    /// The user who runs the peer of a Unix-domain socket; nothing: the system does not know, or
    /// the socket is of another family.
    [[nodiscard]] std::optional<uid_t> peer_user() noexcept;

    /// Sets the function that is called when a coroutine is cancelled while it waits. When it
    /// returns true, the wait goes on, because the peer was asked to end its work; otherwise the
    /// socket is closed.
    void on_cancelled(std::function<bool()> f) { on_cancelled_ = std::move(f); }

    /// Sets the function that looks for the peer's reason among the received bytes when the
    /// connection is lost while bytes are sent. It returns nothing when there is none.
    void on_lost(std::function<std::optional<error_fields>()> f) { on_lost_ = std::move(f); }

    // Sending.

    /// Sends as many bytes as the socket takes without waiting.
    ///
    /// @return The number of bytes; 0: the socket takes none now.
    /// @throws connection_error  `connection_lost`.
    [[nodiscard]] std::size_t write_some(std::span<const std::byte> bytes);

    /// Waits until the socket takes bytes again. Receives meanwhile, so that two peers that both
    /// send do not wait for each other for ever.
    [[nodiscard]] awaitable<void> wait_to_write();

    /// True when other coroutines of the executor should run: this stream has moved a megabyte
    /// without waiting.
    [[nodiscard]] bool should_yield() const noexcept;

    /// Lets other coroutines of the executor run, and looks whether this one was cancelled.
    [[nodiscard]] awaitable<void> yield();

    // Receiving.

    /// The received bytes that were not consumed; valid until the next call.
    [[nodiscard]] std::span<const std::byte> received() const noexcept {
        return std::span(in_).subspan(begin_, end_ - begin_);
    }

    void consume(std::size_t count) noexcept { begin_ += count; }

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill();

    /// Waits for more bytes while no answer is outstanding: neither the end of the time nor a
    /// cancellation closes the socket.
    ///
    /// @return False: the time is over.
    /// @throws error  `errc::cancelled`.
    [[nodiscard]] awaitable<bool> fill_until(std::chrono::steady_clock::time_point end);

    /// Receives without waiting. False: there is nothing.
    ///
    /// @throws connection_error  `connection_lost`.
    [[nodiscard]] bool try_fill() { return receive_some() == received_state::something; }

    /// Reads exactly one byte, past the buffer, and waits for it.
    ///
    /// @throws connection_error  `connection_lost`, with `if_closed` as its reason.
    [[nodiscard]] awaitable<std::byte> read_byte(const char* if_closed);

    /// True when bytes have arrived at the socket that were not received. Never waits.
    [[nodiscard]] bool has_arrived() noexcept;

    /// True when nothing has arrived, nor the end of the connection. Never waits.
    [[nodiscard]] bool is_silent() noexcept;

    /// Waits until the peer closes the connection; drops all bytes until then.
    [[nodiscard]] awaitable<void> wait_for_end();

    /// Frees the memory that long messages took, if the buffer is empty.
    void trim() noexcept;

    // Ending.

    /// Shuts the socket down, so that the coroutine that waits fails. Any thread.
    void interrupt() noexcept;
    void close() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    /// Closes the socket and throws `connection_lost`.
    [[noreturn]] void fail(const std::string& why);
    /// @param reason  The peer's own.
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
    std::mutex mutex_;  // guards the descriptor against interrupt() while it is closed
    std::string name_;
    bool had_tls_ = false;
    endpoint peer_;
    std::function<bool()> on_cancelled_;
    std::function<std::optional<error_fields>()> on_lost_;
    std::size_t moved_ = 0;  // bytes, since other coroutines could run
    std::vector<std::byte> in_;
    std::size_t begin_ = 0;  // of the received bytes that were not consumed
    std::size_t end_ = 0;
};

}  // namespace gino::net
