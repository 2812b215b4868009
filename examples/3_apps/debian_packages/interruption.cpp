// SPDX-License-Identifier: BSD-3-Clause
#include "interruption.hpp"

#include <boost/asio/as_tuple.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/signal_set.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <csignal>
#include <exception>
#include <utility>

namespace asio = boost::asio;

namespace {

// Returns the exception of a task as a value: `||` continues to wait when one side throws.
gino::awaitable<std::exception_ptr> failure_of(gino::awaitable<void> task) {
    try {
        co_await std::move(task);
    } catch (...) {
        co_return std::current_exception();
    }
    co_return nullptr;
}

}  // namespace

gino::awaitable<void> run_until_signal(gino::awaitable<void> task) {
    using namespace asio::experimental::awaitable_operators;
    asio::signal_set signals(co_await asio::this_coro::executor, SIGINT, SIGTERM);
    const auto first = co_await (
        failure_of(std::move(task)) || signals.async_wait(asio::as_tuple(asio::use_awaitable))
    );
    if (first.index() == 1) {
        throw interrupted("interrupted by a signal");
    }
    if (const auto failure = std::get<0>(first)) {
        std::rethrow_exception(failure);
    }
}
