// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

/// A server that sends the messages of a test's script, including messages that a real PostgreSQL
/// server never sends.
namespace gino::postgresql::test {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// Returns a message of the server with a type, the correct length and a body.
[[nodiscard]] std::string message(char type, std::string_view body);
[[nodiscard]] std::string ready(char status = 'I');
/// Returns AuthenticationOk, BackendKeyData and ReadyForQuery.
[[nodiscard]] std::string welcome();
/// Returns the RowDescription of one int4 column "n".
[[nodiscard]] std::string columns();
/// Returns ParseComplete, ParameterDescription, columns() and ReadyForQuery: the response to the
/// preparation of a statement.
[[nodiscard]] std::string described();
/// Returns BindComplete, two rows, CommandComplete and ReadyForQuery.
[[nodiscard]] std::string two_rows(char status = 'I');
[[nodiscard]] std::string server_error(std::string_view sqlstate, std::string_view text);

/// The way in which the server sends its answers.
struct behaviour {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    std::size_t closes_after = never;  ///< In bytes of all answers together.
    std::size_t stalls_after = never;
    bool byte_by_byte = false;
    std::function<void()> on_stall = {};
    /// The answer to a CancelRequest; each Sync after it is answered by ReadyForQuery. If it is
    /// empty, the server continues to stall.
    std::string on_cancel = {};
    /// After the last answer, the server resets the connection without reading further bytes.
    bool resets_at_end = false;
};

/// A server for one client. It sends the first answer after the startup message, and each further
/// answer after a Sync or a Query. It ignores a Flush, like some poolers.
///
/// Lifetime: must outlive the run of the context.
class scripted_server {
public:
    scripted_server(
        boost::asio::io_context& context, std::vector<std::string> answers, behaviour how = {}
    );

    [[nodiscard]] std::uint16_t port() const;

    /// Stops accepting connections.
    void stop();

    /// Returns the number of received CancelRequests, each on a separate connection.
    [[nodiscard]] int cancels() const noexcept { return cancels_; }

    /// Returns the bytes that the client has sent.
    [[nodiscard]] const std::string& received() const noexcept { return received_; }

private:
    awaitable<void> serve();
    awaitable<void> serve_cancels();
    awaitable<void> read_request(bool is_first);
    awaitable<bool> send(std::string_view answer);

    boost::asio::ip::tcp::acceptor acceptor_;
    boost::asio::ip::tcp::socket socket_;
    std::vector<std::string> answers_;
    behaviour how_;
    std::string received_;
    std::size_t sent_ = 0;
    int cancels_ = 0;
};

}  // namespace gino::postgresql::test
