// SPDX-License-Identifier: BSD-3-Clause
#include "driver/net/resolve.hpp"

#include <boost/asio/error.hpp>
#include <boost/asio/this_coro.hpp>

#include <memory>

#include "driver/one_shot_event.hpp"

namespace gino::net {

namespace asio = boost::asio;
using asio::ip::tcp;

namespace {

/// A lookup of a name. Lifetime: until its handler has run, which may be after the coroutine that
/// waited for it has ended.
struct question {
    explicit question(const asio::any_io_executor& executor) : resolver(executor) {}

    tcp::resolver resolver;
    std::shared_ptr<detail::one_shot_event> is_answered =
        std::make_shared<detail::one_shot_event>();
    boost::system::error_code failure;
    std::vector<tcp::endpoint> addresses;
};

}  // namespace

awaitable<std::vector<tcp::endpoint>> resolve(
    asio::any_io_executor executor,
    std::string host,
    std::uint16_t port,
    boost::system::error_code& failure
) {
    auto asked = std::make_shared<question>(executor);
    asked->resolver.async_resolve(
        host,
        std::to_string(port),
        [asked](const boost::system::error_code& why, const tcp::resolver::results_type& found) {
            asked->failure = why;
            for (const auto& entry : found) {
                asked->addresses.push_back(entry.endpoint());
            }
            asked->is_answered->notify();
        }
    );
    co_await detail::one_shot_event::wait(asked->is_answered);
    const auto state = co_await asio::this_coro::cancellation_state;
    if (state.cancelled() != asio::cancellation_type::none) {
        // The handler may be writing the addresses in another thread: they are not read.
        failure = asio::error::operation_aborted;
        co_return std::vector<tcp::endpoint>();
    }
    failure = asked->failure;
    co_return std::move(asked->addresses);
}

}  // namespace gino::net
