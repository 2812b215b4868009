// SPDX-License-Identifier: BSD-3-Clause
#include "fault/scripted_server.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/read.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/write.hpp>

#include <algorithm>
#include <array>

namespace gino::postgresql::test {

namespace asio = boost::asio;

namespace {

std::string big_endian(std::size_t number) {
    std::string bytes;
    for (int shift = 24; shift >= 0; shift -= 8) {
        bytes += static_cast<char>(number >> static_cast<unsigned>(shift));
    }
    return bytes;
}

std::size_t length_in(std::string_view bytes) {
    std::size_t length = 0;
    for (const char one : bytes.substr(0, 4)) {
        length = length << 8U | static_cast<unsigned char>(one);
    }
    return length;
}

}  // namespace

std::string message(char type, std::string_view body) {
    return std::string(1, type) + big_endian(body.size() + 4) + std::string(body);
}

std::string ready(char status) {
    return message('Z', std::string_view(&status, 1));
}

std::string welcome() {
    return message('R', "\0\0\0\0"sv) + message('S', "client_encoding\0UTF8\0"sv) +
           message('K', "\0\0\0\1\0\0\0\2"sv) + ready();
}

std::string columns() {
    return message('T', "\0\1n\0\0\0\0\0\0\0\0\0\0\x17\0\4\xff\xff\xff\xff\0\0"sv);
}

std::string described() {
    return message('1', "") + message('t', "\0\0"sv) + columns() + ready();
}

std::string two_rows(char status) {
    return message('2', "") + message('D', "\0\1\0\0\0\4\0\0\0\1"sv) +
           message('D', "\0\1\0\0\0\4\0\0\0\2"sv) + message('C', "SELECT 2\0"sv) + ready(status);
}

std::string server_error(std::string_view sqlstate, std::string_view text) {
    return message(
        'E', "VERROR\0C"s + std::string(sqlstate) + "\0M"s + std::string(text) + "\0\0"s
    );
}

scripted_server::scripted_server(
    asio::io_context& context, std::vector<std::string> answers, behaviour how
)
    : acceptor_(context, {asio::ip::address_v4::loopback(), 0}),
      socket_(context),
      answers_(std::move(answers)),
      how_(std::move(how)) {
    asio::co_spawn(context, serve(), asio::detached);
}

std::uint16_t scripted_server::port() const {
    return acceptor_.local_endpoint().port();
}

awaitable<void> scripted_server::serve() {
    boost::system::error_code gone;
    co_await acceptor_.async_accept(socket_, asio::redirect_error(asio::use_awaitable, gone));
    if (gone) {
        co_return;
    }
    socket_.set_option(asio::ip::tcp::no_delay(true));
    asio::co_spawn(acceptor_.get_executor(), serve_cancels(), asio::detached);
    bool is_first = true;
    try {
        for (const auto& answer : answers_) {
            co_await read_request(is_first);
            is_first = false;
            const bool goes_on = co_await send(answer);
            if (!goes_on) {
                co_return;
            }
        }
        if (how_.resets_at_end) {
            co_await socket_.async_wait(socket_.wait_read, asio::use_awaitable);
            socket_.set_option(asio::socket_base::linger(true, 0));
        } else {
            co_await read_request(false);
        }
    } catch (const boost::system::system_error&) {
        // The client has disconnected.
    }
    socket_.close(gone);
}

void scripted_server::stop() {
    boost::system::error_code ignored;
    acceptor_.close(ignored);
}

awaitable<void> scripted_server::serve_cancels() {
    boost::system::error_code gone;
    while (!gone) {
        asio::ip::tcp::socket apart(acceptor_.get_executor());
        co_await acceptor_.async_accept(apart, asio::redirect_error(asio::use_awaitable, gone));
        std::array<char, 16> request{};
        if (!gone) {
            co_await asio::async_read(
                apart, asio::buffer(request), asio::redirect_error(asio::use_awaitable, gone)
            );
        }
        if (gone || length_in(std::string_view(request.data() + 4, 4)) != 80877102) {
            co_return;
        }
        ++cancels_;
        apart.close();
        std::string answer = how_.on_cancel;
        while (!answer.empty() && !gone) {
            co_await asio::async_write(
                socket_, asio::buffer(answer), asio::redirect_error(asio::use_awaitable, gone)
            );
            if (!gone) {
                co_await read_request(false);
                answer = ready();
            }
        }
    }
}

// Reads one startup message, or messages up to a Sync or a Query.
awaitable<void> scripted_server::read_request(bool is_first) {
    for (;;) {
        std::array<char, 5> head{};
        const std::size_t size = is_first ? 4 : 5;
        co_await asio::async_read(socket_, asio::buffer(head.data(), size), asio::use_awaitable);
        const std::string_view begun(head.data(), size);
        std::string body(length_in(begun.substr(size - 4)) - 4, '\0');
        co_await asio::async_read(socket_, asio::buffer(body), asio::use_awaitable);
        received_ += std::string(begun) + body;
        if (is_first || head[0] == 'S' || head[0] == 'Q') {
            co_return;
        }
    }
}

awaitable<bool> scripted_server::send(std::string_view answer) {
    while (!answer.empty()) {
        if (sent_ >= how_.closes_after) {
            boost::system::error_code ignored;
            socket_.close(ignored);
            co_return false;
        }
        if (sent_ >= how_.stalls_after) {
            how_.on_stall();
            co_return false;  // the socket stays open
        }
        const std::size_t room = std::min(how_.closes_after, how_.stalls_after) - sent_;
        const auto part = answer.substr(0, how_.byte_by_byte ? 1 : room);
        co_await asio::async_write(socket_, asio::buffer(part), asio::use_awaitable);
        sent_ += part.size();
        answer.remove_prefix(part.size());
    }
    co_return true;
}

}  // namespace gino::postgresql::test
