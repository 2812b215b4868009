// SPDX-License-Identifier: BSD-3-Clause
#include "driver/net/byte_stream.hpp"

#include <gino/core/error.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/local/stream_protocol.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/redirect_error.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <cerrno>
#include <cstring>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include "driver/net/connect_first.hpp"
#include "driver/net/resolve.hpp"

namespace gino::net {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

constexpr std::size_t first_buffer = 16'384;
/// The number of bytes that a stream moves before other coroutines may run.
constexpr std::size_t most_moved = std::size_t{1} << 20U;
/// The size of the largest receive buffer that is kept between two calls.
constexpr std::size_t largest_kept = std::size_t{1} << 20U;

constexpr const char* closed_by_server = "the server closed it";

}  // namespace

// Failing and closing.

void byte_stream::fail(const std::string& why) {
    lose(why, {});
}

void byte_stream::fail(error_fields reason) {
    const std::string why =
        reason.message + (reason.sqlstate.empty() ? "" : " (SQLSTATE " + reason.sqlstate + ")");
    lose(why, std::move(reason));
}

void byte_stream::lose(const std::string& why, error_fields reason) {
    close();
    throw connection_error(
        errc::connection_lost,
        "the connection to " + name_ + " was lost: " + why +
            "; the statement that was under way may have run or not",
        std::move(reason)
    );
}

// A server that closes the connection sends its error first (57P01, for instance). That error has
// arrived although sending fails, and its text is more useful than "Broken pipe".
void byte_stream::fail_sending(const std::string& why) {
    try {
        while (receive_some() == received_state::something) {
        }
    } catch (const connection_error&) {
        // The bytes that arrived before this failure are in the buffer.
    }
    std::optional<error_fields> reason;
    if (on_lost_) {
        reason = on_lost_();
    }
    if (reason) {
        fail(std::move(*reason));
    }
    fail(why);
}

void byte_stream::close() noexcept {
    // Under the lock: after close() another thread's interrupt() must not shut down a descriptor
    // with the same number, which may belong to a new connection.
    const std::lock_guard lock(mutex_);
    if (tls_ != nullptr && socket_.is_open()) {
        tls_->shut_down();
    }
    tls_.reset();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void byte_stream::interrupt() noexcept {
    const std::lock_guard lock(mutex_);
    if (socket_.is_open()) {
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    }
}

// Connecting.

void byte_stream::set_options(const socket_options& options) {
    // send() and recv() are called without Asio, and would block otherwise.
    socket_.native_non_blocking(true);
    const int family = peer_.protocol().family();
    if (family != AF_INET && family != AF_INET6) {
        return;
    }
    const auto set = [this](int level, int name, int value) {
        ::setsockopt(socket_.native_handle(), level, name, &value, sizeof value);
    };
    // Nagle's algorithm would delay the last message of a request until the others are
    // acknowledged. Failures are ignored: no option is needed for a correct session.
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    set(IPPROTO_TCP, TCP_USER_TIMEOUT, static_cast<int>(options.tcp_user_timeout.count()));
    if (!options.keepalives) {
        return;
    }
    set(SOL_SOCKET, SO_KEEPALIVE, 1);
    if (options.keepalives_idle > 0) {
        set(IPPROTO_TCP, TCP_KEEPIDLE, options.keepalives_idle);
    }
    if (options.keepalives_interval > 0) {
        set(IPPROTO_TCP, TCP_KEEPINTVL, options.keepalives_interval);
    }
    if (options.keepalives_count > 0) {
        set(IPPROTO_TCP, TCP_KEEPCNT, options.keepalives_count);
    }
}

std::optional<uid_t> byte_stream::peer_user() noexcept {
    if (peer_.protocol().family() != AF_UNIX) {
        return std::nullopt;
    }

    struct ucred user {};

    socklen_t size = sizeof user;
    if (::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_PEERCRED, &user, &size) != 0) {
        return std::nullopt;
    }
    return user.uid;
}

awaitable<boost::system::error_code> byte_stream::connect_to(endpoint peer) {
    boost::system::error_code failure;
    close();
    co_await socket_.async_connect(peer, asio::redirect_error(asio::use_awaitable, failure));
    peer_ = peer;
    co_return failure;
}

awaitable<boost::system::error_code> byte_stream::connect_by_name(const server_address& to) {
    boost::system::error_code failure;
    auto addresses = co_await resolve(socket_.get_executor(), to.host, to.port, failure);
    if (failure) {
        co_return failure;
    }
    // connect_first() has sockets of its own, one for each attempt.
    close();
    auto connected = co_await connect_first(socket_.get_executor(), std::move(addresses), failure);
    if (!failure) {
        peer_ = connected.remote_endpoint(failure);
    }
    if (!failure) {
        socket_ = asio::generic::stream_protocol::socket(std::move(connected));
    }
    co_return failure;
}

awaitable<void> byte_stream::connect_any(const server_address& to, const socket_options& options) {
    boost::system::error_code failure;
    if (to.is_unix_socket) {
        std::string path = to.host;
        // Linux' abstract namespace: the path in the address begins with a NUL.
        if (path.front() == '@') {
            path.front() = '\0';
        }
        failure = co_await connect_to(asio::local::stream_protocol::endpoint(path));
    } else {
        failure = co_await connect_by_name(to);
    }
    if (failure) {
        close();
        throw connection_error(
            errc::connect_failed,
            "cannot connect to " + name_ + ": " + failure.message() +
                "; is the server running, and are host and port right?"
        );
    }
    set_options(options);
}

awaitable<void> byte_stream::connect_in_time(
    const server_address& to, const socket_options& options, std::chrono::milliseconds timeout
) {
    if (timeout <= 0ms) {
        co_await connect_any(to, options);
        co_return;
    }
    // `||` waits for the first operation that succeeds, and a failed connect would wait for the
    // deadline: the failure is therefore a result. The lambda captures nothing, because a closure
    // inside a `co_await` expression is destroyed twice by GCC 12 (docs/gcc12.md) and would have
    // to outlive its coroutine.
    auto caught = [](byte_stream& self, const server_address& target, const socket_options& how
                  ) -> awaitable<std::exception_ptr> {
        try {
            co_await self.connect_any(target, how);
        } catch (...) {
            co_return std::current_exception();
        }
        co_return nullptr;
    };
    asio::steady_timer deadline(socket_.get_executor(), timeout);
    auto first = co_await (caught(*this, to, options) || deadline.async_wait(asio::use_awaitable));
    if (first.index() == 1) {
        close();
        throw connection_error(
            errc::connect_timeout,
            name_ + " did not answer within " + std::to_string(timeout.count()) +
                " ms; is the host right, and not behind a firewall?"
        );
    }
    if (std::get<0>(first) != nullptr) {
        std::rethrow_exception(std::get<0>(first));
    }
}

awaitable<void> byte_stream::connect(
    const server_address& to, const socket_options& options, std::chrono::milliseconds timeout
) {
    // The cancellation state is awaited after a failure, and a handler must not contain co_await.
    std::exception_ptr failure;
    try {
        co_await connect_in_time(to, options, timeout);
    } catch (...) {
        failure = std::current_exception();
    }
    // The error of an aborted operation is replaced by the cancellation, which is its cause.
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        close();
        throw connection_error(errc::cancelled, "cancelled while it connected to " + name_);
    }
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

awaitable<void> byte_stream::connect(endpoint peer, const socket_options& options) {
    const auto failure = co_await connect_to(std::move(peer));
    if (failure) {
        close();
        throw connection_error(errc::connect_failed, failure.message());
    }
    set_options(options);
}

awaitable<void> byte_stream::start_tls(const tls_options& options, const std::string& host) {
    // Not a member before the handshake has succeeded: a failed one leaves a stream without TLS.
    auto fresh = std::make_unique<tls_session>(options, host, socket_.native_handle());
    for (;;) {
        const auto next = fresh->handshake();
        if (next == tls_session::progress::done) {
            break;
        }
        const bool reads = next == tls_session::progress::wants_read;
        co_await wait(reads ? socket_.wait_read : socket_.wait_write);
    }
    tls_ = std::move(fresh);
    had_tls_ = true;
}

// Sending.

std::size_t byte_stream::write_some(std::span<const std::byte> bytes) {
    const std::size_t count = send(bytes);
    moved_ += count;
    return count;
}

std::size_t byte_stream::send(std::span<const std::byte> bytes) {
    if (tls_ != nullptr) {
        try {
            const auto outcome = tls_->write(bytes);
            if (outcome.state == tls_session::progress::closed) {
                fail_sending(closed_by_server);
            }
            return outcome.bytes;
        } catch (const connection_error& e) {
            // fail_sending() above has closed the socket: its error is complete.
            if (!is_open()) {
                throw;
            }
            fail_sending(e.what());
        }
    }
    for (;;) {
        // MSG_NOSIGNAL: SIGPIPE would end a process that does not ignore it.
        const auto count = ::send(
            socket_.native_handle(), bytes.data(), bytes.size(), MSG_NOSIGNAL | MSG_DONTWAIT
        );
        if (count >= 0) {
            return static_cast<std::size_t>(count);
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return 0;
        }
        if (errno != EINTR) {
            fail_sending(std::system_category().message(errno));
        }
    }
}

awaitable<void> byte_stream::wait_to_write() {
    // Received before the wait: TLS may hold decrypted bytes for which the socket is not readable.
    if (receive_some() == received_state::end) {
        fail_sending(closed_by_server);
    }
    // Either event ends the wait: received bytes have to be read before the server reads on, and
    // TLS may have to read before it can write.
    boost::system::error_code writable;
    boost::system::error_code readable;
    auto first = co_await (
        socket_.async_wait(
            socket_.wait_write, asio::redirect_error(asio::use_awaitable, writable)
        ) ||
        socket_.async_wait(socket_.wait_read, asio::redirect_error(asio::use_awaitable, readable))
    );
    const auto state = co_await asio::this_coro::cancellation_state;
    check_wait(first.index() == 0 ? writable : readable, state.cancelled());
}

bool byte_stream::should_yield() const noexcept {
    return moved_ > most_moved;
}

// With a peer that is as fast as this process no call would ever wait: other coroutines of the
// executor would not run, and a cancellation would not be noticed.
awaitable<void> byte_stream::yield() {
    moved_ = 0;
    co_await asio::post(asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    check_wait({}, state.cancelled());
}

// Receiving.

// Moves the unread bytes to the front only when the end of the buffer is reached, and doubles the
// buffer only when they fill all of it: each byte is moved a constant number of times on average.
void byte_stream::grow_if_full() {
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

byte_stream::received_state byte_stream::receive(std::span<std::byte> into, std::size_t& count) {
    count = 0;
    if (tls_ != nullptr) {
        try {
            const auto outcome = tls_->read(into);
            count = outcome.bytes;
            if (outcome.state == tls_session::progress::closed) {
                return received_state::end;
            }
            return count > 0 ? received_state::something : received_state::nothing;
        } catch (const connection_error& e) {
            fail(e.what());
        }
    }
    for (;;) {
        const auto got = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
        if (got > 0) {
            count = static_cast<std::size_t>(got);
            return received_state::something;
        }
        if (got == 0) {
            return received_state::end;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return received_state::nothing;
        }
        if (errno != EINTR) {
            fail(std::system_category().message(errno));
        }
    }
}

byte_stream::received_state byte_stream::receive_some() {
    grow_if_full();
    std::size_t count = 0;
    const auto outcome = receive(std::span(in_).subspan(end_), count);
    end_ += count;
    moved_ += count;
    return outcome;
}

awaitable<void> byte_stream::fill() {
    for (;;) {
        switch (receive_some()) {
            case received_state::something:
                if (should_yield()) {
                    co_await yield();
                }
                co_return;
            case received_state::end:
                fail(closed_by_server);
            case received_state::nothing:
                break;
        }
        // The body of wait(), without the frame of another coroutine: most statements wait here
        // once.
        boost::system::error_code failure;
        co_await socket_.async_wait(
            socket_.wait_read, asio::redirect_error(asio::use_awaitable, failure)
        );
        const auto state = co_await asio::this_coro::cancellation_state;
        check_wait(failure, state.cancelled());
    }
}

awaitable<bool> byte_stream::fill_until(std::chrono::steady_clock::time_point end) {
    for (;;) {
        const auto got = receive_some();
        if (got == received_state::end) {
            fail(closed_by_server);
        }
        if (got == received_state::something && should_yield()) {
            moved_ = 0;
            co_await asio::post(asio::use_awaitable);
        }
        if (got == received_state::something) {
            co_return true;
        }
        boost::system::error_code readable;
        boost::system::error_code late;
        // An error of the wait is ignored: the next receive_some() reports it.
        asio::steady_timer timer(socket_.get_executor(), end);
        auto first = co_await (
            socket_.async_wait(
                socket_.wait_read, asio::redirect_error(asio::use_awaitable, readable)
            ) ||
            timer.async_wait(asio::redirect_error(asio::use_awaitable, late))
        );
        const auto state = co_await asio::this_coro::cancellation_state;
        if (state.cancelled() != asio::cancellation_type::none) {
            throw error(errc::cancelled, "cancelled: a wait for " + name_);
        }
        if (first.index() == 1) {
            co_return false;
        }
    }
}

awaitable<std::byte> byte_stream::read_byte(const char* if_closed) {
    std::byte one{};
    std::size_t count = 0;
    for (;;) {
        const auto got = receive({&one, 1}, count);
        if (got == received_state::something) {
            co_return one;
        }
        if (got == received_state::end) {
            fail(if_closed);
        }
        co_await wait(socket_.wait_read);
    }
}

bool byte_stream::has_arrived() noexcept {
    std::byte one{};
    return ::recv(socket_.native_handle(), &one, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

bool byte_stream::is_silent() noexcept {
    if (!socket_.is_open()) {
        return false;
    }
    if (tls_ != nullptr) {
        bool is_closed = false;
        return !tls_->peek(is_closed) && !is_closed;
    }
    std::byte one{};
    const auto count = ::recv(socket_.native_handle(), &one, 1, MSG_DONTWAIT | MSG_PEEK);
    return count < 0 && (errno == EAGAIN || errno == EWOULDBLOCK);
}

awaitable<void> byte_stream::wait_for_end() {
    for (auto got = receive_some(); got != received_state::end; got = receive_some()) {
        begin_ = end_ = 0;
        if (got == received_state::nothing) {
            co_await wait(socket_.wait_read);
        } else if (should_yield()) {
            co_await yield();
        }
    }
}

void byte_stream::trim() noexcept {
    if (begin_ == end_ && in_.size() > largest_kept) {
        std::vector<std::byte>().swap(in_);
        begin_ = end_ = 0;
    }
}

// Waiting.

awaitable<void> byte_stream::wait(asio::socket_base::wait_type for_what) {
    boost::system::error_code failure;
    co_await socket_.async_wait(for_what, asio::redirect_error(asio::use_awaitable, failure));
    const auto state = co_await asio::this_coro::cancellation_state;
    check_wait(failure, state.cancelled());
}

// A statement that was sent and not answered cannot be withdrawn. A cancelled wait therefore closes
// the connection, unless on_cancelled_ has asked the server to end the statement; then the wait
// continues, for the answer.
void byte_stream::check_wait(
    const boost::system::error_code& failure, asio::cancellation_type cancelled
) {
    if (cancelled != asio::cancellation_type::none) {
        if (on_cancelled_ && on_cancelled_()) {
            return;
        }
        close();
        throw connection_error(
            errc::cancelled, "cancelled while " + name_ + " was working; the connection is closed"
        );
    }
    if (failure) {
        fail(failure.message());
    }
}

}  // namespace gino::net
