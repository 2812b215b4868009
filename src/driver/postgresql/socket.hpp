// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>
#include <boost/asio/generic/stream_protocol.hpp>

#include <chrono>
#include <cstddef>
#include <functional>
#include <memory>
#include <mutex>
#include <span>
#include <string>
#include <vector>

#include "driver/net/tls.hpp"
#include "driver/postgresql/connect_options.hpp"
#include "driver/postgresql/protocol/messages.hpp"
#include "driver/postgresql/protocol/wire.hpp"

namespace gino::postgresql {

/// The bytes of a session: a socket, with TLS or without, what is still to be sent, and what was
/// received.
///
/// Every await comes after a call that did not wait: send() and recv() are tried first, because
/// most of the time they succeed. What breaks closes the socket.
///
/// Thread safety: as `driver::connection`; `interrupt()` from any thread.
class socket {
public:
    using endpoint = boost::asio::generic::stream_protocol::endpoint;

    explicit socket(const boost::asio::any_io_executor& executor) : socket_(executor) {}

    ~socket() { close(); }

    socket(const socket&) = delete;
    socket& operator=(const socket&) = delete;

    /// Connects to the first address of a host that answers.
    ///
    /// @param timeout  0: none.
    /// @throws connection_error  `connect_failed`, `connect_timeout`.
    [[nodiscard]] awaitable<void> connect(
        const host_options& to, const connect_options& options, std::chrono::milliseconds timeout
    );

    /// Connects to the very address that another socket is connected to.
    [[nodiscard]] awaitable<void> connect(endpoint peer, const connect_options& options);

    /// Asks the server for TLS, and does it if the server agrees (manual, 55.2.10).
    ///
    /// @return False: the server has none; the connection is as it was.
    /// @throws connection_error  `tls_failed`.
    [[nodiscard]] awaitable<bool> start_tls(const tls_options& options, const std::string& host);

    /// Null: there is none.
    [[nodiscard]] const tls_session* tls() const noexcept { return tls_.get(); }

    /// True also when it is closed since.
    [[nodiscard]] bool had_tls() const noexcept { return had_tls_; }

    [[nodiscard]] const endpoint& peer() const noexcept { return peer_; }

    /// Called when the coroutine that waits is cancelled. True: the wait goes on, because the
    /// server was asked to stop what it does; otherwise the socket is closed.
    void on_cancelled(std::function<bool()> f) { on_cancelled_ = std::move(f); }

    /// What is sent by the next flush().
    [[nodiscard]] protocol::writer& out() noexcept { return out_; }

    /// Sends everything; reads while the server cannot take more, so that neither waits for ever.
    [[nodiscard]] awaitable<void> flush();

    /// Takes the next message if it is there. It is valid until the next call.
    ///
    /// @throws internal_error  `errc::protocol_violation`: no message has that length.
    [[nodiscard]] bool try_next(protocol::message& into);

    /// The server has let us in: messages may be as long as any from now on.
    void end_start_up() noexcept { is_starting_ = false; }

    /// True when bytes of a next message are there. Never waits.
    [[nodiscard]] bool has_message();

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill();

    /// As fill(), while nothing is under way: the end of the time, or of the coroutine, leaves the
    /// socket as it is.
    ///
    /// @return False: the time is over.
    /// @throws error  `errc::cancelled`.
    [[nodiscard]] awaitable<bool> fill_until(std::chrono::steady_clock::time_point end);

    /// Waits until the peer hangs up; what comes until then is dropped.
    [[nodiscard]] awaitable<void> wait_for_end();

    /// Lets go of the memory that long messages took, if there is nothing in it.
    void trim() noexcept;

    /// Makes whoever waits fail. Any thread.
    void interrupt() noexcept;
    void close() noexcept;

    [[nodiscard]] bool is_open() const noexcept { return socket_.is_open(); }

    /// True when nothing has come, the end neither. Never waits.
    [[nodiscard]] bool is_silent() noexcept;

    /// True when there is a part of a message, or more than that.
    [[nodiscard]] bool has_rest() const noexcept { return begin_ != end_; }

    /// Takes the bytes that have come. False: none has. Never waits.
    [[nodiscard]] bool take_bytes() { return receive_some() == received::something; }

    /// Closes the socket and throws.
    [[noreturn]] void fail(const std::string& why);
    /// @param said  What the server gave as its reason.
    [[noreturn]] void fail_with(error_fields said);
    [[noreturn]] void fail_protocol(const std::string& what);

    /// For messages.
    void set_name(std::string name) { name_ = std::move(name); }

    [[nodiscard]] boost::asio::any_io_executor executor() { return socket_.get_executor(); }

private:
    enum class received : std::uint8_t { something, nothing, end };

    [[nodiscard]] awaitable<void> connect_in_time(
        const host_options& to, const connect_options& options, std::chrono::milliseconds timeout
    );
    [[nodiscard]] awaitable<void> connect_any(
        const host_options& to, const connect_options& options
    );
    [[nodiscard]] awaitable<boost::system::error_code> connect_to(endpoint peer);
    [[nodiscard]] awaitable<boost::system::error_code> connect_by_name(const host_options& to);
    void set_options(const connect_options& options);
    void check_peer(const connect_options& options);

    [[nodiscard]] awaitable<bool> ask_for_tls();
    [[nodiscard]] bool has_bytes() noexcept;
    [[noreturn]] void lose(const std::string& why, error_fields said);
    [[noreturn]] void fail_sending(const std::string& why);
    [[nodiscard]] bool send_some();
    [[nodiscard]] received receive_some();
    [[nodiscard]] std::size_t send(std::span<const std::byte> bytes);
    [[nodiscard]] received receive(std::span<std::byte> into, std::size_t& count);
    void make_room();
    [[nodiscard]] awaitable<void> let_others_run();
    [[nodiscard]] awaitable<void> wait(boost::asio::socket_base::wait_type what);
    void check_wait(
        const boost::system::error_code& failure, boost::asio::cancellation_type cancelled
    );

    boost::asio::generic::stream_protocol::socket socket_;
    std::unique_ptr<tls_session> tls_;
    std::mutex mutex_;  // guards the descriptor against interrupt() while it is closed
    std::string name_;
    bool had_tls_ = false;
    bool is_starting_ = true;
    endpoint peer_;
    std::function<bool()> on_cancelled_;
    protocol::writer out_;
    std::size_t sent_ = 0;
    std::size_t moved_ = 0;  // bytes, since others could run
    std::vector<std::byte> in_;
    std::size_t begin_ = 0;  // of what was received and not taken
    std::size_t end_ = 0;
};

}  // namespace gino::postgresql
