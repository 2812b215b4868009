// SPDX-License-Identifier: BSD-3-Clause
#include "support.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/use_future.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/http.hpp>
#include <boost/json.hpp>

#include <chrono>
#include <utility>

namespace debian_packages::testing {

namespace asio = boost::asio;
namespace http = boost::beast::http;

namespace {

// Returns options that listen on any free port.
service_options options_of(const std::string& url, const std::string& input) {
    service_options options;
    options.url = url;
    options.input = input;
    options.port = 0;
    return options;
}

}  // namespace

std::string file_path(const std::string& name) {
    return GINO_TESTS_DIR "/examples/debian_packages/" + name;
}

boost::json::value answer::json() const {
    return boost::json::parse(body);
}

running_service::running_service(const std::string& url, const std::string& input)
    : service_(options_of(url, input), shown_) {
    record_statements();
    service_.application().on_listening([this](gino::ext::application& app) {
        port_ = app.port();
        listening_.set_value();
    });
    end_ = asio::co_spawn(io_, service_.application().serve(), asio::use_future).share();
    thread_ = std::jthread([this] { io_.run(); });
    wait_until_it_listens();
    static_cast<void>(take_statements());
}

running_service::~running_service() {
    service_.application().stop();
    end_.wait();
}

void running_service::record_statements() {
    gino::engine_options options;
    options.hooks.before_execute = [this](const gino::statement_event& event) {
        const std::lock_guard lock(mutex_);
        statements_.emplace_back(event.sql);
    };
    service_.database().set_engine_options(std::move(options));
}

void running_service::wait_until_it_listens() {
    const std::future<void> listening = listening_.get_future();
    while (listening.wait_for(std::chrono::milliseconds(1)) != std::future_status::ready) {
        if (end_.wait_for(std::chrono::seconds(0)) == std::future_status::ready) {
            end_.get();
        }
    }
}

answer running_service::send(
    std::string_view method, std::string_view target, std::string_view body
) {
    asio::io_context io;
    asio::ip::tcp::socket socket(io);
    socket.connect({asio::ip::address_v4::loopback(), port_});
    http::request<http::string_body> request(
        http::string_to_verb({method.data(), method.size()}), {target.data(), target.size()}, 11
    );
    request.set(http::field::host, "localhost");
    request.body() = body;
    request.prepare_payload();
    http::write(socket, request);
    boost::beast::flat_buffer buffer;
    http::response<http::string_body> response;
    http::read(socket, buffer, response);
    return {
        .status = static_cast<int>(response.result_int()),
        .content_type = std::string(response[http::field::content_type]),
        .body = response.body()};
}

std::vector<std::string> running_service::take_statements() {
    const std::lock_guard lock(mutex_);
    return std::exchange(statements_, {});
}

}  // namespace debian_packages::testing
