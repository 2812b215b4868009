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

/// A PostgreSQL server that says what a test tells it to, and does what no real one does.
namespace gino::postgresql::test {

using namespace std::string_literals;
using namespace std::string_view_literals;

/// A message of the server: a type, and a body whose length is right.
[[nodiscard]] std::string message(char type, std::string_view body);
[[nodiscard]] std::string ready(char status = 'I');
/// AuthenticationOk, BackendKeyData, ReadyForQuery.
[[nodiscard]] std::string welcome();
/// RowDescription of one int4 column "n".
[[nodiscard]] std::string columns();
/// ParseComplete, ParameterDescription, columns(), ReadyForQuery: what a new statement is answered
/// by.
[[nodiscard]] std::string described();
/// BindComplete, two rows, CommandComplete, ReadyForQuery.
[[nodiscard]] std::string two_rows(char status = 'I');
[[nodiscard]] std::string server_error(std::string_view sqlstate, std::string_view text);

/// How the answers are sent.
struct behaviour {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    std::size_t closes_after = never;  ///< Bytes, of all answers together.
    std::size_t stalls_after = never;
    bool byte_by_byte = false;
    std::function<void()> on_stall = {};
    /// What is said when the client cancels; it then answers every Sync. Empty: it goes on
    /// stalling.
    std::string on_cancel = {};
    /// Behind the last answer: what comes then is not read, and the connection is reset.
    bool resets_at_end = false;
};

/// Serves one client. The first answer is for the startup message; each further one is for what
/// comes up to a Sync or a Query; a Flush is for nothing, as with some poolers.
///
/// Lifetime: must outlive the run of the context.
class scripted_server {
public:
    scripted_server(
        boost::asio::io_context& context, std::vector<std::string> answers, behaviour how = {}
    );

    [[nodiscard]] std::uint16_t port() const;

    /// Takes no more connections.
    void stop();

    /// CancelRequests that came, each on a connection of its own.
    [[nodiscard]] int cancels() const noexcept { return cancels_; }

    /// What the client has sent.
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
