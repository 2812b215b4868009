// SPDX-License-Identifier: BSD-3-Clause
#include "unit/ext_beast/support.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <cerrno>
#include <netinet/in.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/time.h>
#include <system_error>
#include <unistd.h>

namespace gino::ext::testing {

namespace asio = boost::asio;

namespace {

constexpr std::chrono::seconds patience(10);

[[noreturn]] void fail(const char* attempted) {
    throw std::system_error(errno, std::generic_category(), attempted);
}

std::string lower(std::string text) {
    std::ranges::transform(text, text.begin(), [](unsigned char letter) {
        return static_cast<char>(std::tolower(letter));
    });
    return text;
}

received_response parse_header(const std::string& header) {
    received_response response;
    response.status = std::stoi(header.substr(header.find(' ') + 1));
    std::size_t line = header.find("\r\n") + 2;
    while (line < header.size()) {
        const std::size_t end = header.find("\r\n", line);
        const std::size_t colon = header.find(": ", line);
        response.headers[lower(header.substr(line, colon - line))] =
            header.substr(colon + 2, end - colon - 2);
        line = end + 2;
    }
    return response;
}

}  // namespace

application_options test_options() {
    return application_options().port(0).sweep_interval(std::chrono::milliseconds(1));
}

application_options racing_options() {
    constexpr std::chrono::hours far(24 * 300);
    return test_options()
        .clock([now = application_options::time_point()]() mutable {
            return now += std::chrono::seconds(1);
        })
        .header_timeout(far)
        .body_timeout(far)
        .write_timeout(far)
        .idle_timeout(far)
        .request_timeout(far)
        .shutdown_timeout(far);
}

application_options::clock_function manual_clock::function() {
    return [this] { return application_options::time_point(now_.load()); };
}

running_application::running_application(application& app) : app_(app), end_(ended_.get_future()) {
    app.on_listening([this](application& self) {
        port_ = self.port();
        listening_.set_value();
    });
    asio::co_spawn(io_, app.serve(), [this](const std::exception_ptr& failure) {
        failure ? ended_.set_exception(failure) : ended_.set_value();
    });
    thread_ = std::jthread([this] { io_.run(); });
    const std::future<void> listening = listening_.get_future();
    while (listening.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
        if (end_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
            end_.get();
        }
    }
}

running_application::~running_application() {
    app_.stop();
    end_.wait();
}

void running_application::request_stop() {
    app_.stop();
}

void running_application::wait() {
    if (end_.wait_for(patience) != std::future_status::ready) {
        throw std::runtime_error("the application did not stop");
    }
    end_.get();
}

std::string received_response::header(const std::string& name) const {
    const auto found = headers.find(name);
    return found == headers.end() ? std::string() : found->second;
}

client::client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM, 0)) {
    const timeval limit{patience.count(), 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_RCVTIMEO, &limit, sizeof limit);
    ::setsockopt(socket_, SOL_SOCKET, SO_SNDTIMEO, &limit, sizeof limit);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_port = htons(port);
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
        fail("connect");
    }
}

client::~client() {
    ::close(socket_);
}

void client::send(std::string_view text) {
    while (!text.empty()) {
        const ssize_t sent = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
        if (sent < 0) {
            fail("send");
        }
        text.remove_prefix(static_cast<std::size_t>(sent));
    }
}

std::string client::receive_some() {
    std::array<char, 65536> buffer{};
    const ssize_t received = ::recv(socket_, buffer.data(), buffer.size(), 0);
    if (received < 0) {
        fail("recv");
    }
    return {buffer.data(), static_cast<std::size_t>(received)};
}

received_response client::receive(bool is_head) {
    const auto more = [this] {
        const std::string part = receive_some();
        if (part.empty()) {
            throw std::runtime_error("the server closed the connection after: " + input_);
        }
        input_ += part;
    };
    std::size_t end = 0;
    while ((end = input_.find("\r\n\r\n")) == std::string::npos) {
        more();
    }
    received_response response = parse_header(input_.substr(0, end + 2));
    input_.erase(0, end + 4);
    const std::string length = response.header("content-length");
    const std::size_t size = is_head || length.empty() ? 0 : std::stoul(length);
    while (input_.size() < size) {
        more();
    }
    response.body = input_.substr(0, size);
    input_.erase(0, size);
    return response;
}

received_response client::exchange(
    std::string_view method, std::string_view target, std::string_view body
) {
    std::string text = std::string(method) + " " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n";
    if (!body.empty()) {
        text += "Content-Length: " + std::to_string(body.size()) + "\r\n";
    }
    send(text + "\r\n" + std::string(body));
    return receive(method == "HEAD");
}

bool client::is_closed() {
    return input_.empty() && receive_some().empty();
}

std::string client::receive_all() {
    std::string all = std::move(input_);
    input_.clear();
    for (;;) {
        const std::string part = receive_some();
        if (part.empty()) {
            return all;
        }
        all += part;
    }
}

void client::wait_for_bytes() {
    char byte = 0;
    if (::recv(socket_, &byte, 1, MSG_PEEK) != 1) {
        fail("recv");
    }
}

bool client::has_bytes() const {
    char byte = 0;
    return !input_.empty() || ::recv(socket_, &byte, 1, MSG_PEEK | MSG_DONTWAIT) > 0;
}

void client::finish_sending() {
    ::shutdown(socket_, SHUT_WR);
}

void client::reset() {
    const linger immediately{1, 0};
    ::setsockopt(socket_, SOL_SOCKET, SO_LINGER, &immediately, sizeof immediately);
    ::close(socket_);
    socket_ = -1;
}

std::string get_request(std::string_view target) {
    return "GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n";
}

struct gate::state {
    std::optional<asio::steady_timer> timer;
    bool is_open = false;
    std::promise<void> visited;
    std::promise<void> cancelled;
};

gate::gate() : state_(std::make_unique<state>()) {}

gate::~gate() = default;

awaitable<void> gate::pass() {
    state_->timer.emplace(
        co_await asio::this_coro::executor, asio::steady_timer::time_point::max()
    );
    state_->visited.set_value();
    const auto waited = co_await state_->timer->async_wait(asio::as_tuple(asio::use_awaitable));
    state_->timer.reset();  // the gate may outlive the io_context
    if (!state_->is_open) {
        state_->cancelled.set_value();
        throw boost::system::system_error(std::get<0>(waited));
    }
}

void gate::wait_for_visitor() {
    if (state_->visited.get_future().wait_for(patience) != std::future_status::ready) {
        throw std::runtime_error("no request reached the gate");
    }
}

void gate::open() {
    asio::post(state_->timer->get_executor(), [this] {
        state_->is_open = true;
        state_->timer->cancel();
    });
}

void gate::wait_for_cancellation() {
    if (state_->cancelled.get_future().wait_for(patience) != std::future_status::ready) {
        throw std::runtime_error("the request at the gate was not cancelled");
    }
}

}  // namespace gino::ext::testing
