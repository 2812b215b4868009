// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace gino::testing {

/// What a gate does to the bytes that a server sends.
struct gate_fault {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    std::size_t cut_after = never;    ///< Hangs up on both sides.
    std::size_t stall_after = never;  ///< Passes nothing on any more.
    std::size_t corrupt_at = never;   ///< Turns a bit of this byte.
    bool byte_by_byte = false;
};

/// A server that passes bytes on between clients and the real one, with faults. The first
/// connection has them; those behind it, for CancelRequests, have none.
///
/// Lifetime: must outlive the run of the context.
class gate {
public:
    gate(boost::asio::io_context& context, std::uint16_t server, gate_fault fault);

    [[nodiscard]] std::uint16_t port() const;

    /// Bytes that the server has sent over the first connection.
    [[nodiscard]] std::size_t passed() const noexcept { return passed_; }

    [[nodiscard]] int connections() const noexcept { return connections_; }

    /// Connections that began with a CancelRequest, which anybody could read.
    [[nodiscard]] int readable_cancels() const noexcept { return readable_cancels_; }

    /// Takes no more connections.
    void stop();

private:
    using tcp = boost::asio::ip::tcp;

    awaitable<void> accept();
    static awaitable<void> pass_on(
        std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to
    );
    awaitable<void> pass_from_client(
        std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to
    );
    awaitable<void> pass_with_faults(
        std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to
    );

    tcp::acceptor acceptor_;
    std::uint16_t server_;
    gate_fault fault_;
    std::size_t passed_ = 0;
    int connections_ = 0;
    int readable_cancels_ = 0;
};

}  // namespace gino::testing
