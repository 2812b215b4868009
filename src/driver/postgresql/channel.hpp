// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/error.hpp>
#include <gino/driver/awaitable.hpp>

#include <boost/asio/any_io_executor.hpp>

#include <cstddef>
#include <optional>
#include <string>

#include "driver/net/byte_stream.hpp"
#include "driver/postgresql/protocol/messages.hpp"

namespace gino::postgresql {

/// Messages over a byte stream: those that are to be sent, and those that were received.
///
/// Errors: a message whose length is impossible closes the stream and throws
/// `errc::protocol_violation`.
///
/// Thread safety: as `driver::connection`.
class channel {
public:
    explicit channel(const boost::asio::any_io_executor& executor);

    /// @param host  Host and port, for messages.
    void set_host(const std::string& host);

    [[nodiscard]] net::byte_stream& bytes() noexcept { return bytes_; }

    [[nodiscard]] const net::byte_stream& bytes() const noexcept { return bytes_; }

    /// The messages that the next flush sends.
    [[nodiscard]] protocol::writer& out() noexcept { return out_; }

    /// Sends all messages if that needs no wait. False: call flush().
    [[nodiscard]] bool try_flush();

    /// Sends all messages. Receives meanwhile, so that neither side waits for ever.
    [[nodiscard]] awaitable<void> flush();

    /// Takes the next message if it has arrived. It is valid until the next call.
    [[nodiscard]] bool try_next(protocol::message& into);

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill() { return bytes_.fill(); }

    /// Waits for the next message.
    [[nodiscard]] awaitable<protocol::message> next();

    /// True when bytes of a next message have arrived. Never waits.
    [[nodiscard]] bool has_message();

    /// True when a part of a message, or more, was received.
    [[nodiscard]] bool has_rest() const noexcept { return !bytes_.received().empty(); }

    /// Lifts the limits for messages of a server that has not authenticated the client yet.
    void end_start_up() noexcept { is_starting_ = false; }

    /// Asks the server for TLS (manual, 55.2.10).
    ///
    /// @return False: the server has none; the connection is as it was.
    /// @throws connection_error  `tls_failed`: bytes in the clear follow the answer.
    [[nodiscard]] awaitable<bool> ask_for_tls();

    /// Frees the memory that long messages took.
    void trim() noexcept;

    /// Closes the stream and throws `errc::connection_lost`.
    ///
    /// @param reason  The server's error. Nothing: `why`.
    [[noreturn]] void lose(const std::string& why, std::optional<error_fields> reason);

    /// Closes the stream and throws `errc::protocol_violation`.
    [[noreturn]] void fail_protocol(const std::string& violation);

private:
    [[nodiscard]] std::optional<error_fields> last_error();

    net::byte_stream bytes_;
    std::string host_;
    protocol::writer out_;
    std::size_t sent_ = 0;  // bytes of out_
    bool is_starting_ = true;
};

}  // namespace gino::postgresql
