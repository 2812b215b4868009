// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/socket.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

constexpr std::size_t first_buffer = 16'384;
/// A message that is longer is refused before memory is taken for it.
constexpr std::size_t longest_received = std::size_t{256} << 20U;
/// How long sent bytes may stay unacknowledged: keepalive alone does not notice a cut cable while a
/// query is under way.
constexpr int tcp_user_timeout_milliseconds = 30'000;

}  // namespace

void socket::fail(const std::string& why) {
    close();
    throw connection_error(
        errc::connection_lost,
        "the connection to PostgreSQL at " + name_ + " was lost: " + why +
            "; the statement that was under way may have run or not"
    );
}

void socket::fail_protocol(const std::string& what) {
    close();
    throw internal_error(
        errc::protocol_violation,
        "the server at " + name_ + " broke the protocol: " + what + "; the connection is closed"
    );
}

void socket::close() noexcept {
    const std::lock_guard lock(mutex_);
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void socket::interrupt() noexcept {
    const std::lock_guard lock(mutex_);
    if (socket_.is_open()) {
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    }
}

void socket::set_options(bool tcp) {
    socket_.native_non_blocking(true);
    if (!tcp) {
        return;
    }
    const int on = 1;
    const int descriptor = socket_.native_handle();
    ::setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    ::setsockopt(descriptor, SOL_SOCKET, SO_KEEPALIVE, &on, sizeof on);
    ::setsockopt(
        descriptor,
        IPPROTO_TCP,
        TCP_USER_TIMEOUT,
        &tcp_user_timeout_milliseconds,
        sizeof tcp_user_timeout_milliseconds
    );
}

awaitable<void> socket::connect_any(const connect_options& to) {
    using generic = asio::generic::stream_protocol;
    std::vector<generic::endpoint> endpoints;
    boost::system::error_code failure;
    if (to.is_unix_socket()) {
        endpoints.emplace_back(asio::local::stream_protocol::endpoint(to.address()));
    } else {
        asio::ip::tcp::resolver resolver(socket_.get_executor());
        auto found = co_await resolver.async_resolve(
            to.host, std::to_string(to.port), asio::redirect_error(asio::use_awaitable, failure)
        );
        for (const auto& entry : found) {
            endpoints.emplace_back(entry.endpoint());
        }
    }
    for (const auto& endpoint : endpoints) {
        close();
        co_await socket_.async_connect(
            endpoint, asio::redirect_error(asio::use_awaitable, failure)
        );
        if (!failure) {
            set_options(!to.is_unix_socket());
            co_return;
        }
    }
    close();
    throw connection_error(
        errc::connect_failed,
        "cannot connect to PostgreSQL at " + to.address() + ": " + failure.message() +
            "; is the server running, and are host and port right?"
    );
}

awaitable<void> socket::connect(const connect_options& to, std::chrono::milliseconds timeout) {
    name_ = to.address();
    std::exception_ptr failure;
    try {
        co_await connect_in_time(to, timeout);
    } catch (...) {
        failure = std::current_exception();
    }
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        close();
        throw connection_error(
            errc::cancelled, "cancelled while it connected to PostgreSQL at " + name_
        );
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> socket::connect_in_time(
    const connect_options& to, std::chrono::milliseconds timeout
) {
    if (timeout <= 0ms) {
        co_await connect_any(to);
        co_return;
    }
    // `||` waits for the first that succeeds, so a failure is a result here.
    auto caught = [](socket& self, const connect_options& target) -> awaitable<std::exception_ptr> {
        try {
            co_await self.connect_any(target);
        } catch (...) {
            co_return std::current_exception();
        }
        co_return nullptr;
    };
    asio::steady_timer deadline(socket_.get_executor(), timeout);
    auto first = co_await (caught(*this, to) || deadline.async_wait(asio::use_awaitable));
    if (first.index() == 1) {
        close();
        throw connection_error(
            errc::connect_timeout,
            "PostgreSQL at " + to.address() + " did not answer within " +
                std::to_string(timeout.count()) +
                " ms; is the host right, and not behind a firewall?"
        );
    }
    if (std::get<0>(first) != nullptr) {
        std::rethrow_exception(std::get<0>(first));
    }
}

// Sends what the socket takes; true: everything.
bool socket::send_some() {
    const auto messages = out_.messages();
    while (sent_ < messages.size()) {
        const auto rest = messages.subspan(sent_);
        const auto count =
            ::send(socket_.native_handle(), rest.data(), rest.size(), MSG_NOSIGNAL | MSG_DONTWAIT);
        if (count > 0) {
            sent_ += static_cast<std::size_t>(count);
        } else if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return false;
        } else if (errno != EINTR) {
            fail(std::system_category().message(errno));
        }
    }
    out_.clear();
    sent_ = 0;
    return true;
}

void socket::make_room() {
    if (begin_ == end_) {
        begin_ = end_ = 0;
    }
    if (end_ < in_.size()) {
        return;
    }
    if (begin_ > 0) {
        std::memmove(in_.data(), in_.data() + begin_, end_ - begin_);
        end_ -= begin_;
        begin_ = 0;
    }
    if (end_ == in_.size()) {
        in_.resize(in_.empty() ? first_buffer : in_.size() * 2);
    }
}

// Receives what is there; true: something.
bool socket::receive_some() {
    make_room();
    for (;;) {
        const auto count =
            ::recv(socket_.native_handle(), in_.data() + end_, in_.size() - end_, MSG_DONTWAIT);
        if (count > 0) {
            end_ += static_cast<std::size_t>(count);
            return true;
        }
        if (count == 0) {
            fail("the server closed it");
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return false;
        }
        if (errno != EINTR) {
            fail(std::system_category().message(errno));
        }
    }
}

awaitable<void> socket::flush() {
    while (!send_some()) {
        static_cast<void>(receive_some());
        boost::system::error_code writable;
        boost::system::error_code readable;
        auto first = co_await (
            socket_.async_wait(
                socket_.wait_write, asio::redirect_error(asio::use_awaitable, writable)
            ) ||
            socket_.async_wait(
                socket_.wait_read, asio::redirect_error(asio::use_awaitable, readable)
            )
        );
        const auto state = co_await asio::this_coro::cancellation_state;
        check_wait(first.index() == 0 ? writable : readable, state.cancelled());
    }
}

awaitable<void> socket::fill() {
    while (!receive_some()) {
        boost::system::error_code failure;
        co_await socket_.async_wait(
            socket_.wait_read, asio::redirect_error(asio::use_awaitable, failure)
        );
        const auto state = co_await asio::this_coro::cancellation_state;
        check_wait(failure, state.cancelled());
    }
}

// What was sent and not answered cannot be taken back, so a wait that is cancelled ends the
// session.
void socket::check_wait(
    const boost::system::error_code& failure, asio::cancellation_type cancelled
) {
    if (cancelled != asio::cancellation_type::none) {
        close();
        throw connection_error(
            errc::cancelled,
            "cancelled while PostgreSQL at " + name_ + " was working; the connection is closed"
        );
    }
    if (failure) {
        fail(failure.message());
    }
}

bool socket::try_next(protocol::message& into) {
    constexpr std::size_t header = 5;  // the type, and a length that counts itself
    if (end_ - begin_ < header) {
        return false;
    }
    protocol::reader from({in_.data() + begin_, end_ - begin_});
    const auto type = static_cast<char>(from.byte());
    const std::int32_t length = from.int32();
    if (length < 4 || static_cast<std::size_t>(length) > longest_received) {
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
    begin_ += header + size;
    return true;
}

bool socket::is_quiet() noexcept {
    if (!socket_.is_open() || begin_ != end_) {
        return false;
    }
    std::byte one{};
    const auto count = ::recv(socket_.native_handle(), &one, 1, MSG_DONTWAIT | MSG_PEEK);
    // Notices and parameter changes begin with other letters than the 'E' of a goodbye.
    return (count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK)) ||
           (count == 1 && (one == std::byte{'N'} || one == std::byte{'S'} || one == std::byte{'A'})
           );
}

}  // namespace gino::postgresql
