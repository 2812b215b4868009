// SPDX-License-Identifier: BSD-3-Clause
#include "driver/guarded_timer.hpp"

#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <gtest/gtest.h>

#include <chrono>
#include <optional>

namespace gino::detail {
namespace {

using namespace std::chrono_literals;

TEST(GuardedTimer, CallsItsFunctionWhenItExpires) {
    boost::asio::io_context context;
    int calls = 0;
    const guarded_timer timer(context.get_executor(), std::chrono::steady_clock::now() + 1ms, [&] {
        ++calls;
    });
    EXPECT_FALSE(timer.has_rung());

    context.run();

    EXPECT_EQ(calls, 1);
    EXPECT_TRUE(timer.has_rung());
}

TEST(GuardedTimer, CallsNothingAfterDestructionEvenWhenExpired) {
    boost::asio::io_context context;
    const auto past = std::chrono::steady_clock::now() - 1s;
    std::optional<guarded_timer> timer;
    bool has_rung = false;
    // Both timers have expired, so both functions are queued before the first one is called.
    boost::asio::steady_timer earlier(context, past);
    earlier.async_wait([&](const boost::system::error_code& /*failure*/) { timer.reset(); });
    timer.emplace(context.get_executor(), past + 1ms, [&] { has_rung = true; });

    context.run();

    EXPECT_FALSE(has_rung);
}

}  // namespace
}  // namespace gino::detail
