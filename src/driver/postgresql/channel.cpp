// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/channel.hpp"

#include <gino/core/error.hpp>

#include <utility>

#include "driver/postgresql/protocol/limits.hpp"

namespace gino::postgresql {

namespace {

/// The size of the largest send buffer that is kept between two calls.
constexpr std::size_t largest_kept = std::size_t{1} << 20U;

}  // namespace

channel::channel(const boost::asio::any_io_executor& executor) : bytes_(executor) {
    bytes_.on_lost([this] { return last_error(); });
}

void channel::set_host(const std::string& host) {
    host_ = host;
    bytes_.set_name("PostgreSQL at " + host);
}

void channel::lose(const std::string& why, std::optional<error_fields> reason) {
    if (reason) {
        bytes_.fail(std::move(*reason));
    }
    bytes_.fail(why);
}

void channel::fail_protocol(const std::string& violation) {
    bytes_.close();
    protocol::throw_violation(host_, violation);
}

// Returns the last ErrorResponse among the received messages: a server that closes the connection
// sends its reason last. The messages in front of it are lost with the connection.
std::optional<error_fields> channel::last_error() {
    std::optional<error_fields> last;
    protocol::message m;
    while (try_next(m)) {
        error_fields fields;
        if (m.type == protocol::message_type::error_response &&
            protocol::read_error(m.body, fields)) {
            last = std::move(fields);
        }
    }
    return last;
}

// Sending.

bool channel::try_flush() {
    const auto messages = out_.messages();
    while (sent_ < messages.size()) {
        const std::size_t count = bytes_.write_some(messages.subspan(sent_));
        if (count == 0) {
            return false;
        }
        sent_ += count;
    }
    out_.clear();
    sent_ = 0;
    // All is sent; false makes flush() yield to other coroutines.
    return !bytes_.should_yield();
}

awaitable<void> channel::flush() {
    while (!try_flush()) {
        if (out_.messages().empty()) {
            co_await bytes_.yield();
        } else {
            co_await bytes_.wait_to_write();
        }
    }
}

awaitable<bool> channel::ask_for_tls() {
    protocol::write_ssl_request(out_);
    co_await flush();
    // Exactly one byte is read. A man in the middle could append unencrypted messages to it, and a
    // buffer that keeps them would mix them with the decrypted ones (CVE-2021-23222).
    const auto answer = co_await bytes_.read_byte("the server closed it when it was asked for TLS");
    if (answer != std::byte{'S'} && answer != std::byte{'N'}) {
        fail_protocol("it was asked for TLS, and answered neither yes nor no");
    }
    const bool is_offered = answer == std::byte{'S'};
    // Unencrypted bytes that arrive after this check are no TLS record: the handshake fails.
    if (is_offered && bytes_.has_arrived()) {
        bytes_.close();
        throw connection_error(
            errc::tls_failed,
            bytes_.name() +
                " sent something in the clear behind its yes to TLS; somebody may be in between"
        );
    }
    co_return is_offered;
}

// Receiving.

bool channel::try_next(protocol::message& into) {
    constexpr std::size_t header = 5;  // the type, and a length that counts itself
    const auto received = bytes_.received();
    if (received.size() < header) {
        return false;
    }
    protocol::reader from(received);
    const auto type = static_cast<protocol::message_type>(from.byte());
    const std::int32_t length = from.int32();
    // Before authentication the peer may be anybody, so the limit is lower (docs/decisions/0033).
    const std::size_t longest =
        is_starting_ ? protocol::longest_of_start_up(type) : protocol::longest_of(type);
    if (length < 4 || static_cast<std::size_t>(length) > longest) {
        fail_protocol(
            "a message of type " + std::to_string(static_cast<int>(type)) + " claims to have " +
            std::to_string(length) + " bytes"
        );
    }
    const auto size = static_cast<std::size_t>(length) - 4;
    if (from.rest().size() < size) {
        return false;
    }
    into = {.type = type, .body = from.bytes(size)};
    bytes_.consume(header + size);
    return true;
}

awaitable<protocol::message> channel::next() {
    protocol::message m;
    while (!try_next(m)) {
        co_await bytes_.fill();
    }
    co_return m;
}

void channel::trim() noexcept {
    bytes_.trim();
    out_.trim(largest_kept);
}

}  // namespace gino::postgresql
