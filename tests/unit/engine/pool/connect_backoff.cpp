// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pool/connect_backoff.hpp"

#include <gtest/gtest.h>

namespace gino::detail {

namespace {

using namespace std::chrono_literals;

const connect_backoff::time_point start{1000s};

TEST(ConnectBackoff, AllowsAnyNumberOfAttemptsToAHealthyServer) {
    connect_backoff backoff;

    for (int i = 0; i < 100; ++i) {
        EXPECT_TRUE(backoff.may_begin(start));
        static_cast<void>(backoff.begin());
    }
    EXPECT_FALSE(backoff.pause_ends());
}

TEST(ConnectBackoff, PausesAfterFailure) {
    connect_backoff backoff;

    backoff.fail(backoff.begin(), start, 0.5);

    EXPECT_FALSE(backoff.may_begin(start));
    EXPECT_FALSE(backoff.may_begin(start + 4ms));
    EXPECT_TRUE(backoff.may_begin(start + 5ms));
    EXPECT_EQ(backoff.pause_ends(), start + 5ms);
}

TEST(ConnectBackoff, AllowsOneAttemptAtATimeWhileServerIsDown) {
    connect_backoff backoff;
    backoff.fail(backoff.begin(), start, 0);

    static_cast<void>(backoff.begin());

    EXPECT_FALSE(backoff.may_begin(start + 1h));
    EXPECT_FALSE(backoff.pause_ends()) << "it is no pause that keeps the next attempt back";
}

TEST(ConnectBackoff, DoublesPauseUpToFiveSeconds) {
    connect_backoff backoff;
    auto now = start;

    for (const auto expected :
         {10ms, 20ms, 40ms, 80ms, 160ms, 320ms, 640ms, 1280ms, 2560ms, 5000ms, 5000ms}) {
        backoff.fail(backoff.begin(), now, 1);
        EXPECT_EQ(backoff.pause_ends(), now + expected);
        now += expected;
    }
}

TEST(ConnectBackoff, CountsConcurrentFailuresOnce) {
    connect_backoff backoff;
    const auto first = backoff.begin();
    const auto second = backoff.begin();

    backoff.fail(first, start, 1);
    backoff.fail(second, start + 1ms, 1);

    EXPECT_EQ(backoff.pause_ends(), start + 10ms);
}

TEST(ConnectBackoff, AllowsTwoThenFourAttemptsDuringRecovery) {
    connect_backoff backoff;
    backoff.fail(backoff.begin(), start, 0);
    static_cast<void>(backoff.begin());

    backoff.succeed();

    static_cast<void>(backoff.begin());
    EXPECT_TRUE(backoff.may_begin(start));
    static_cast<void>(backoff.begin());
    EXPECT_FALSE(backoff.may_begin(start));
    backoff.succeed();
    static_cast<void>(backoff.begin());
    static_cast<void>(backoff.begin());
    EXPECT_TRUE(backoff.may_begin(start));
    static_cast<void>(backoff.begin());
    EXPECT_FALSE(backoff.may_begin(start));
}

TEST(ConnectBackoff, AbandonedAttemptChangesNothing) {
    connect_backoff backoff;
    backoff.fail(backoff.begin(), start, 1);
    static_cast<void>(backoff.begin());

    backoff.abandon();

    EXPECT_EQ(backoff.pause_ends(), start + 10ms);
}

}  // namespace
}  // namespace gino::detail
