// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>

#include <cstddef>
#include <cstdint>
#include <limits>

namespace gino::testing {

/// The faults that a gate applies to the bytes that a server sends.
struct gate_fault {
    static constexpr std::size_t never = std::numeric_limits<std::size_t>::max();

    std::size_t cut_after = never;    ///< Closes both sides after this number of bytes.
    std::size_t stall_after = never;  ///< Stops forwarding after this number of bytes.
    std::size_t corrupt_at = never;   ///< Flips a bit of this byte.
    bool byte_by_byte = false;
};

/// A proxy that forwards bytes between clients and the real server, with faults. Only the first
/// connection has faults; later connections, for CancelRequests, have none.
///
/// Lifetime: must outlive the run of the context.
class gate {
public:
    gate(boost::asio::io_context& context, std::uint16_t server, gate_fault fault);

    [[nodiscard]] std::uint16_t port() const;

    /// Returns the number of bytes that the server has sent over the first connection.
    [[nodiscard]] std::size_t passed() const noexcept { return passed_; }

    [[nodiscard]] int connections() const noexcept { return connections_; }

    /// Returns the number of connections that began with an unencrypted CancelRequest.
    [[nodiscard]] int readable_cancels() const noexcept { return readable_cancels_; }

    /// Stops accepting connections.
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
