// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/socket.hpp"

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
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/socket.h>
#include <system_error>
#include <utility>

#include "driver/net/happy_eyeballs.hpp"
#include "driver/net/resolve.hpp"
#include "driver/postgresql/protocol/limits.hpp"

namespace gino::postgresql {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;  // NOLINT(misc-unused-using-decls)

namespace {

constexpr std::size_t first_buffer = 16'384;
/// After so many bytes without a wait, others may run.
constexpr std::size_t most_moved = std::size_t{1} << 20U;
/// Larger buffers are given back between two calls.
constexpr std::size_t largest_kept = std::size_t{1} << 20U;

}  // namespace

void socket::fail(const std::string& why) {
    lose(why, {});
}

void socket::fail_with(error_fields said) {
    const std::string why =
        said.message + (said.sqlstate.empty() ? "" : " (SQLSTATE " + said.sqlstate + ")");
    lose(why, std::move(said));
}

void socket::lose(const std::string& why, error_fields said) {
    close();
    throw connection_error(
        errc::connection_lost,
        "the connection to PostgreSQL at " + name_ + " was lost: " + why +
            "; the statement that was under way may have run or not",
        std::move(said)
    );
}

// The server may have said why it hangs up.
void socket::fail_sending(const std::string& why) {
    std::optional<error_fields> last_words;
    try {
        while (receive_some() == received::something) {
        }
    } catch (const connection_error&) {
        // What came before is here.
    }
    protocol::message m;
    while (try_next(m)) {
        error_fields said;
        if (m.type == 'E' && protocol::read_error(m.body, said)) {
            last_words = std::move(said);
        }
    }
    if (last_words) {
        fail_with(std::move(*last_words));
    }
    fail(why);
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
    if (tls_ != nullptr && socket_.is_open()) {
        tls_->shut_down();
    }
    tls_.reset();
    boost::system::error_code ignored;
    socket_.close(ignored);
}

void socket::interrupt() noexcept {
    const std::lock_guard lock(mutex_);
    if (socket_.is_open()) {
        ::shutdown(socket_.native_handle(), SHUT_RDWR);
    }
}

void socket::set_options(const connect_options& options) {
    socket_.native_non_blocking(true);
    const int family = peer_.protocol().family();
    if (family != AF_INET && family != AF_INET6) {
        return;
    }
    const auto set = [this](int level, int name, int value) {
        ::setsockopt(socket_.native_handle(), level, name, &value, sizeof value);
    };
    set(IPPROTO_TCP, TCP_NODELAY, 1);
    // Keepalive alone does not notice a cut cable while a query is under way.
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

// `requirepeer`: the user who runs the server of a unix socket.
void socket::check_peer(const connect_options& options) {
    if (options.required_peer.empty() || peer_.protocol().family() != AF_UNIX) {
        return;
    }

    struct ucred peer {};

    socklen_t size = sizeof peer;

    const bool is_known =
        ::getsockopt(socket_.native_handle(), SOL_SOCKET, SO_PEERCRED, &peer, &size) == 0;
    const std::string user =
        (is_known ? user_name(peer.uid) : std::nullopt).value_or("somebody unknown");
    if (user != options.required_peer) {
        close();
        throw connection_error(
            errc::connect_failed,
            "the server at " + name_ + " is run by " + user + ", and requirepeer wants " +
                options.required_peer
        );
    }
}

awaitable<boost::system::error_code> socket::connect_to(endpoint peer) {
    boost::system::error_code failure;
    close();
    co_await socket_.async_connect(peer, asio::redirect_error(asio::use_awaitable, failure));
    peer_ = peer;
    co_return failure;
}

awaitable<boost::system::error_code> socket::connect_by_name(const host_options& to) {
    boost::system::error_code failure;
    std::string name = to.address.empty() ? to.host : to.address;
    auto addresses = co_await resolve(socket_.get_executor(), std::move(name), to.port, failure);
    if (failure) {
        co_return failure;
    }
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

awaitable<void> socket::connect_any(const host_options& to, const connect_options& options) {
    boost::system::error_code failure;
    if (to.is_unix_socket()) {
        std::string path = to.name();
        if (path.front() == '@') {
            path.front() = '\0';  // an abstract one
        }
        failure = co_await connect_to(asio::local::stream_protocol::endpoint(path));
    } else {
        failure = co_await connect_by_name(to);
    }
    if (failure) {
        close();
        throw connection_error(
            errc::connect_failed,
            "cannot connect to PostgreSQL at " + to.name() + ": " + failure.message() +
                "; is the server running, and are host and port right?"
        );
    }
    set_options(options);
    check_peer(options);
}

awaitable<void> socket::connect(endpoint peer, const connect_options& options) {
    const auto failure = co_await connect_to(std::move(peer));
    if (failure) {
        close();
        throw connection_error(errc::connect_failed, failure.message());
    }
    set_options(options);
}

awaitable<bool> socket::ask_for_tls() {
    protocol::write_ssl_request(out_);
    co_await flush();
    // Exactly one byte: what stood behind it in the clear would pass for a part of what is
    // encrypted (CVE-2021-23222).
    std::byte answer{};
    std::size_t count = 0;
    while (receive({&answer, 1}, count) == received::nothing) {
        co_await wait(socket_.wait_read);
    }
    if (count == 0) {
        fail("the server closed it when it was asked for TLS");
    }
    if (answer != std::byte{'S'} && answer != std::byte{'N'}) {
        fail_protocol("it was asked for TLS, and answered neither yes nor no");
    }
    if (answer == std::byte{'S'} && has_bytes()) {  // what comes later fails the handshake
        close();
        throw connection_error(
            errc::tls_failed,
            "PostgreSQL at " + name_ +
                " sent something in the clear behind its yes to TLS; somebody may be in between"
        );
    }
    co_return answer == std::byte{'S'};
}

// Something that was not received yet is here.
bool socket::has_bytes() noexcept {
    std::byte one{};
    return ::recv(socket_.native_handle(), &one, 1, MSG_DONTWAIT | MSG_PEEK) > 0;
}

awaitable<bool> socket::start_tls(const tls_options& options, const std::string& host) {
    const bool is_offered = options.is_direct || co_await ask_for_tls();
    if (!is_offered) {
        co_return false;
    }
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
    co_return true;
}

awaitable<void> socket::connect(
    const host_options& to, const connect_options& options, std::chrono::milliseconds timeout
) {
    name_ = to.name();
    std::exception_ptr failure;
    try {
        co_await connect_in_time(to, options, timeout);
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
    const host_options& to, const connect_options& options, std::chrono::milliseconds timeout
) {
    if (timeout <= 0ms) {
        co_await connect_any(to, options);
        co_return;
    }
    // `||` waits for the first that succeeds, so a failure is a result here.
    auto caught = [](socket& self, const host_options& target, const connect_options& how
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
            "PostgreSQL at " + to.name() + " did not answer within " +
                std::to_string(timeout.count()) +
                " ms; is the host right, and not behind a firewall?"
        );
    }
    if (std::get<0>(first) != nullptr) {
        std::rethrow_exception(std::get<0>(first));
    }
}

// Returns how many bytes the kernel, or TLS, has taken.
std::size_t socket::send(std::span<const std::byte> bytes) {
    if (tls_ != nullptr) {
        try {
            const auto outcome = tls_->write(bytes);
            if (outcome.state == tls_session::progress::closed) {
                fail_sending("the server closed it");
            }
            return outcome.bytes;
        } catch (const connection_error& e) {
            if (!is_open()) {
                throw;
            }
            fail_sending(e.what());
        }
    }
    for (;;) {
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

// Sends what the socket takes; true: everything.
bool socket::send_some() {
    const auto messages = out_.messages();
    while (sent_ < messages.size()) {
        const std::size_t count = send(messages.subspan(sent_));
        if (count == 0) {
            return false;
        }
        sent_ += count;
        moved_ += count;
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

socket::received socket::receive(std::span<std::byte> into, std::size_t& count) {
    count = 0;
    if (tls_ != nullptr) {
        try {
            const auto outcome = tls_->read(into);
            count = outcome.bytes;
            if (outcome.state == tls_session::progress::closed) {
                return received::end;
            }
            return count > 0 ? received::something : received::nothing;
        } catch (const connection_error& e) {
            fail(e.what());
        }
    }
    for (;;) {
        const auto got = ::recv(socket_.native_handle(), into.data(), into.size(), MSG_DONTWAIT);
        if (got > 0) {
            count = static_cast<std::size_t>(got);
            return received::something;
        }
        if (got == 0) {
            return received::end;
        }
        if (errno == EAGAIN || errno == EWOULDBLOCK) {
            return received::nothing;
        }
        if (errno != EINTR) {
            fail(std::system_category().message(errno));
        }
    }
}

// Receives what is there.
socket::received socket::receive_some() {
    make_room();
    std::size_t count = 0;
    const auto outcome = receive(std::span(in_).subspan(end_), count);
    end_ += count;
    moved_ += count;
    return outcome;
}

awaitable<void> socket::flush() {
    while (!send_some()) {
        if (receive_some() == received::end) {
            fail_sending("the server closed it");
        }
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
    if (moved_ > most_moved) {
        co_await let_others_run();
    }
}

// A peer that is as fast as we are would keep the executor for itself, and a cancellation would not
// be seen.
awaitable<void> socket::let_others_run() {
    moved_ = 0;
    co_await asio::post(asio::use_awaitable);
    const auto state = co_await asio::this_coro::cancellation_state;
    check_wait({}, state.cancelled());
}

awaitable<void> socket::wait(asio::socket_base::wait_type what) {
    boost::system::error_code failure;
    co_await socket_.async_wait(what, asio::redirect_error(asio::use_awaitable, failure));
    const auto state = co_await asio::this_coro::cancellation_state;
    check_wait(failure, state.cancelled());
}

awaitable<void> socket::fill() {
    for (;;) {
        switch (receive_some()) {
            case received::something:
                if (moved_ > most_moved) {
                    co_await let_others_run();
                }
                co_return;
            case received::end:
                fail("the server closed it");
            case received::nothing:
                break;
        }
        boost::system::error_code failure;
        co_await socket_.async_wait(
            socket_.wait_read, asio::redirect_error(asio::use_awaitable, failure)
        );
        const auto state = co_await asio::this_coro::cancellation_state;
        check_wait(failure, state.cancelled());
    }
}

awaitable<bool> socket::fill_until(std::chrono::steady_clock::time_point end) {
    for (;;) {
        const auto got = receive_some();
        if (got == received::end) {
            fail("the server closed it");
        }
        if (got == received::something) {
            co_return true;
        }
        boost::system::error_code readable;
        boost::system::error_code late;
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

awaitable<void> socket::wait_for_end() {
    for (auto got = receive_some(); got != received::end; got = receive_some()) {
        begin_ = end_ = 0;
        if (got == received::nothing) {
            co_await wait(socket_.wait_read);
        }
    }
}

// What was sent and not answered cannot be taken back, so a wait that is cancelled ends the
// session, unless the server can be asked to end the statement.
void socket::check_wait(
    const boost::system::error_code& failure, asio::cancellation_type cancelled
) {
    if (cancelled != asio::cancellation_type::none) {
        if (on_cancelled_ && on_cancelled_()) {
            return;
        }
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
    begin_ += header + size;
    return true;
}

bool socket::has_message() {
    static_cast<void>(receive_some());
    return begin_ != end_;
}

void socket::trim() noexcept {
    if (begin_ == end_ && in_.size() > largest_kept) {
        std::vector<std::byte>().swap(in_);
        begin_ = end_ = 0;
    }
    out_.trim(largest_kept);
}

bool socket::is_silent() noexcept {
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

}  // namespace gino::postgresql
