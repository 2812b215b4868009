// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <chrono>
#include <cstddef>
#include <mutex>
#include <string>
#include <vector>

#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql {

/// The bytes of a session: a socket, what is still to be sent, and what was received.
///
/// Every await comes after a call that did not wait: send() and recv() are tried first, because
/// most of the time they succeed. What breaks closes the socket.
///
/// Thread safety: as `driver::connection`; `interrupt()` from any thread.
class socket {
public:
    explicit socket(const boost::asio::any_io_executor& executor) : socket_(executor) {}

    ~socket() { close(); }

    socket(const socket&) = delete;
    socket& operator=(const socket&) = delete;

    /// Connects to the first address that answers.
    ///
    /// @throws connection_error  `connect_failed`, `connect_timeout`.
    [[nodiscard]] awaitable<void> connect(
        const connect_options& to, std::chrono::milliseconds timeout
    );

    /// What is sent by the next flush().
    [[nodiscard]] protocol::writer& out() noexcept { return out_; }

    /// Sends everything; reads while the server cannot take more, so that neither waits for ever.
    [[nodiscard]] awaitable<void> flush();

    /// Takes the next message if it is there. It is valid until the next call.
    ///
    /// @throws internal_error  `errc::protocol_violation`: no message has that length.
    [[nodiscard]] bool try_next(protocol::message& into);

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill();

    /// Makes whoever waits fail. Any thread.
    void interrupt() noexcept;
    void close() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    /// False when the peer has hung up or said something unasked. Never waits.
    [[nodiscard]] bool is_quiet() noexcept;

    /// Closes the socket and throws.
    [[noreturn]] void fail(const std::string& why);
    [[noreturn]] void fail_protocol(const std::string& what);

    /// For messages.
    void set_name(std::string name) { name_ = std::move(name); }

private:
    [[nodiscard]] awaitable<void> connect_in_time(
        const connect_options& to, std::chrono::milliseconds timeout
    );
    [[nodiscard]] awaitable<void> connect_any(const connect_options& to);
    void set_options(bool tcp);
    [[nodiscard]] bool send_some();
    [[nodiscard]] bool receive_some();
    void make_room();
    void check_wait(
        const boost::system::error_code& failure, boost::asio::cancellation_type cancelled
    );

    boost::asio::generic::stream_protocol::socket socket_;
    std::mutex mutex_;  // guards the descriptor against interrupt() while it is closed
    std::string name_;
    protocol::writer out_;
    std::size_t sent_ = 0;
    std::vector<std::byte> in_;
    std::size_t begin_ = 0;  // of what was received and not taken
    std::size_t end_ = 0;
};

}  // namespace gino::postgresql
