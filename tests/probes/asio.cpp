// SPDX-License-Identifier: BSD-3-Clause
/// @file
/// Behaviour of Boost.Asio that the library relies on, and defects of Boost 1.81 that it avoids.

#include <boost/asio/awaitable.hpp>
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/experimental/channel.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/version.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <cstddef>
#include <exception>
#include <utility>

#include "probes/tracked.hpp"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define GINO_HAS_LEAK_SANITIZER
#include <sanitizer/lsan_interface.h>
#endif
#endif

namespace {

#ifdef GINO_HAS_LEAK_SANITIZER
/// A guard that makes LeakSanitizer ignore memory allocated during its lifetime.
using leaks_are_meant = __lsan::ScopedDisabler;
#else
struct leaks_are_meant {
    leaks_are_meant() {}
};
#endif

using namespace probes;

constexpr bool is_boost_1_81 = BOOST_VERSION / 100 == 1081;

awaitable<int> count_awaits(int times) {
    int total = 0;
    for (int i = 0; i < times; ++i) {
        total += co_await [](int one) -> awaitable<int> { co_return one; }(1);
    }
    co_return total;
}

TEST(Awaitable, AwaitsAMillionTimesWithoutStackGrowth) {
    asio::io_context context;
    int total = 0;

    asio::co_spawn(context, count_awaits(1'000'000), [&](const std::exception_ptr&, int result) {
        total = result;
    });
    context.run();

    EXPECT_EQ(total, 1'000'000);
}

awaitable<void> wait_for(std::chrono::steady_clock::duration time) {
    asio::steady_timer timer(co_await asio::this_coro::executor, time);
    co_await timer.async_wait(asio::use_awaitable);
}

awaitable<std::size_t> first_to_end() {
    using namespace asio::experimental::awaitable_operators;
    const auto ended = co_await (
        wait_for(std::chrono::hours(1)) || wait_for(std::chrono::steady_clock::duration::zero())
    );
    co_return ended.index();
}

TEST(Awaitable, OperatorOrCancelsTheSlowerBranch) {
    asio::io_context context;
    std::size_t first = 0;

    asio::co_spawn(context, first_to_end(), [&](const std::exception_ptr&, std::size_t index) {
        first = index;
    });
    context.run();

    EXPECT_EQ(first, 1U);
}

awaitable<void> hold(tracked /*argument*/) {
    co_return;
}

TEST(Awaitable, MoveAssignmentLeaksTheOldFrame) {
    const leaks_are_meant meant;
    tracked::balance = 0;
    {
        auto one = hold(tracked{1});
        one = hold(tracked{2});
    }

    expect_defect(is_boost_1_81, tracked::balance > 0, "never assign an awaitable");
}

TEST(Awaitable, RunsWhenCancelledBeforeItsStart) {
    asio::io_context context;
    asio::cancellation_signal signal;
    bool ran = false;

    asio::co_spawn(
        context,
        [](bool& mark) -> awaitable<void> {
            mark = true;
            co_return;
        }(ran),
        asio::bind_cancellation_slot(signal.slot(), asio::detached)
    );
    signal.emit(asio::cancellation_type::all);
    try {
        context.run();
    } catch (const boost::system::system_error&) {
        // Later versions of Boost throw, and detached rethrows the exception.
    }

    expect_defect(is_boost_1_81, ran, "check the cancellation state on entry");
}

TEST(Channel, LosesMessagesWhenClosed) {
    asio::io_context context;
    asio::experimental::channel<void(boost::system::error_code, int)> channel(context, 4);
    int received = 0;

    channel.try_send(boost::system::error_code(), 7);
    channel.close();
    channel.async_receive([&](const boost::system::error_code&, int value) { received = value; });
    context.run();

    expect_defect(is_boost_1_81, received != 7, "no experimental::channel");
}

}  // namespace
