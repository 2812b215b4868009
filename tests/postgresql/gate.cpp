// SPDX-License-Identifier: BSD-3-Clause
#include "postgresql/gate.hpp"

#include <boost/asio/buffer.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>
#include <memory>
#include <span>
#include <utility>

namespace gino::testing {

namespace asio = boost::asio;

namespace {

void close_both(asio::ip::tcp::socket& one, asio::ip::tcp::socket& other) {
    boost::system::error_code ignored;
    one.close(ignored);
    other.close(ignored);
}

}  // namespace

gate::gate(asio::io_context& context, std::uint16_t server, gate_fault fault)
    : acceptor_(context, {asio::ip::address_v4::loopback(), 0}), server_(server), fault_(fault) {
    asio::co_spawn(context, accept(), asio::detached);
}

std::uint16_t gate::port() const {
    return acceptor_.local_endpoint().port();
}

void gate::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

awaitable<void> gate::accept() {
    const auto executor = acceptor_.get_executor();
    for (bool is_first = true;; is_first = false) {
        auto client = std::make_shared<tcp::socket>(executor);
        auto server = std::make_shared<tcp::socket>(executor);
        boost::system::error_code failure;
        co_await acceptor_.async_accept(
            *client, asio::redirect_error(asio::use_awaitable, failure)
        );
        if (failure) {
            co_return;
        }
        const tcp::endpoint real(asio::ip::address_v4::loopback(), server_);
        co_await server->async_connect(real, asio::redirect_error(asio::use_awaitable, failure));
        client->set_option(tcp::no_delay(true));
        ++connections_;
        asio::co_spawn(executor, pass_from_client(client, server), asio::detached);
        asio::co_spawn(
            executor,
            is_first ? pass_with_faults(server, client) : pass_on(server, client),
            asio::detached
        );
    }
}

awaitable<void> gate::pass_on(std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to) {
    std::array<std::byte, 65'536> buffer{};
    boost::system::error_code failure;
    while (!failure) {
        const auto count = co_await from->async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failure)
        );
        if (!failure) {
            co_await asio::async_write(
                *to,
                asio::buffer(buffer.data(), count),
                asio::redirect_error(asio::use_awaitable, failure)
            );
        }
    }
    close_both(*from, *to);
}

awaitable<void> gate::pass_from_client(
    std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to
) {
    constexpr std::array cancel_request{
        std::byte{0},
        std::byte{0},
        std::byte{0},
        std::byte{16},
        std::byte{4},
        std::byte{0xd2},
        std::byte{0x16},
        std::byte{0x2e}};
    std::array<std::byte, cancel_request.size()> first{};
    boost::system::error_code failure;
    const auto count = co_await asio::async_read(
        *from, asio::buffer(first), asio::redirect_error(asio::use_awaitable, failure)
    );
    readable_cancels_ += first == cancel_request ? 1 : 0;
    co_await asio::async_write(
        *to, asio::buffer(first.data(), count), asio::redirect_error(asio::use_awaitable, failure)
    );
    co_await pass_on(std::move(from), std::move(to));
}

awaitable<void> gate::pass_with_faults(
    std::shared_ptr<tcp::socket> from, std::shared_ptr<tcp::socket> to
) {
    std::array<std::byte, 65'536> buffer{};
    boost::system::error_code failure;
    while (!failure) {
        const std::size_t count = co_await from->async_read_some(
            asio::buffer(buffer), asio::redirect_error(asio::use_awaitable, failure)
        );
        std::span<std::byte> rest(buffer.data(), failure ? 0 : count);
        if (fault_.corrupt_at >= passed_ && fault_.corrupt_at < passed_ + rest.size()) {
            rest[fault_.corrupt_at - passed_] ^= std::byte{0x10};
        }
        while (!rest.empty() && !failure) {
            if (passed_ >= fault_.cut_after) {
                close_both(*from, *to);
                co_return;
            }
            if (passed_ >= fault_.stall_after) {
                co_return;  // the other direction keeps both sockets open
            }
            const std::size_t room = std::min(fault_.cut_after, fault_.stall_after) - passed_;
            const auto part =
                rest.first(std::min({rest.size(), room, fault_.byte_by_byte ? 1 : rest.size()}));
            co_await asio::async_write(
                *to,
                asio::buffer(part.data(), part.size()),
                asio::redirect_error(asio::use_awaitable, failure)
            );
            passed_ += part.size();
            rest = rest.subspan(part.size());
        }
    }
    close_both(*from, *to);
}

}  // namespace gino::testing
