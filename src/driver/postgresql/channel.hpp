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

/// The framing of messages on a byte stream: a buffer of messages to send, and the received
/// messages.
///
/// A message is a type of one byte, a length that includes itself but not the type, and a body
/// (manual, 55.1). A received body is not copied: it is a view of the receive buffer.
///
/// Errors: a length below 4, or above the limit of the message's type
/// (`protocol/limits.hpp`), closes the stream and throws `errc::protocol_violation`. The length is
/// checked as soon as five bytes have arrived: no memory is allocated for such a message.
///
/// Thread safety: as `driver::connection`.
class channel {
public:
    explicit channel(const boost::asio::any_io_executor& executor);

    /// @param host  Host and port, for error messages.
    void set_host(const std::string& host);

    [[nodiscard]] net::byte_stream& bytes() noexcept { return bytes_; }

    [[nodiscard]] const net::byte_stream& bytes() const noexcept { return bytes_; }

    /// Returns the buffer of the messages that the next flush sends.
    [[nodiscard]] protocol::writer& out() noexcept { return out_; }

    /// Sends messages as far as the socket accepts them without waiting. False: call flush(), which
    /// sends the rest, or lets other coroutines run.
    [[nodiscard]] bool try_flush();

    /// Sends all messages. Receives into the buffer while it waits, so that this side and the
    /// server never block each other (see `byte_stream::wait_to_write()`).
    [[nodiscard]] awaitable<void> flush();

    /// Takes the next message from the receive buffer; false: it has not arrived completely.
    ///
    /// The message is valid until bytes are received, which `flush()` may do as well.
    [[nodiscard]] bool try_next(protocol::message& into);

    /// Waits for more bytes.
    [[nodiscard]] awaitable<void> fill() { return bytes_.fill(); }

    /// Waits for the next message. Valid as that of try_next().
    [[nodiscard]] awaitable<protocol::message> next();

    /// True when the buffer has at least a part of a message.
    [[nodiscard]] bool has_rest() const noexcept { return !bytes_.received().empty(); }

    /// Replaces the limits of the start-up, which are lower, by those of a session.
    void end_start_up() noexcept { is_starting_ = false; }

    /// Sends SSLRequest and reads the answer, one byte (manual, 55.2.10).
    ///
    /// @return False: the server has no TLS; the connection is as it was.
    /// @throws connection_error  `tls_failed`: unencrypted bytes follow the answer.
    [[nodiscard]] awaitable<bool> ask_for_tls();

    /// Frees buffers of more than 1 MiB, if they are empty.
    void trim() noexcept;

    /// Closes the stream and throws `errc::connection_lost`.
    ///
    /// @param why     The reason, if the server has sent none.
    /// @param reason  The server's error.
    [[noreturn]] void lose(const std::string& why, std::optional<error_fields> reason);

    /// Closes the stream and throws `errc::protocol_violation`.
    [[noreturn]] void fail_protocol(const std::string& violation);

private:
    [[nodiscard]] std::optional<error_fields> last_error();

    net::byte_stream bytes_;
    std::string host_;
    protocol::writer out_;
    std::size_t sent_ = 0;  // bytes of out_ that were sent
    bool is_starting_ = true;
};

}  // namespace gino::postgresql
