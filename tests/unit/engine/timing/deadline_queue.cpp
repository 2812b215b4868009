// SPDX-License-Identifier: BSD-3-Clause
#include "engine/timing/deadline_queue.hpp"

#include <boost/asio/io_context.hpp>

#include <atomic>
#include <thread>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using detail::deadline;
using detail::deadline_queue;

class Deadline : public ::testing::Test {
protected:
    std::shared_ptr<manual_time> time_ = std::make_shared<manual_time>();
    std::shared_ptr<deadline_queue> queue_ =
        std::make_shared<deadline_queue>(std::make_unique<manual_clock>(time_));
};

TEST_F(Deadline, CallsFunctionWhenItExpires) {
    int calls = 0;
    const deadline one(queue_, time_->now() + 250ms, [&calls] { ++calls; });

    time_->advance(249ms);
    EXPECT_EQ(calls, 0);
    time_->advance(1ms);
    EXPECT_EQ(calls, 1);
    time_->advance(10s);
    EXPECT_EQ(calls, 1);
}

TEST_F(Deadline, CallsFunctionsInOrderOfExpiry) {
    std::string order;
    const deadline late(queue_, time_->now() + 3s, [&order] { order += "3"; });
    const deadline early(queue_, time_->now() + 1s, [&order] { order += "1"; });
    const deadline between(queue_, time_->now() + 2s, [&order] { order += "2"; });

    time_->advance(5s);

    EXPECT_EQ(order, "123");
}

TEST_F(Deadline, LastingDeadlineWakesTheQueueOnlyWhenItExpires) {
    int calls = 0;
    deadline lasting;
    lasting.arm(
        queue_, time_->now() + 1h, [&calls] { ++calls; }, deadline::waiting::lasting
    );
    EXPECT_EQ(time_->rings_at(), time_->now() + 1h);

    {
        const deadline brief(queue_, time_->now() + 10s, [&calls] { ++calls; });
        EXPECT_EQ(time_->rings_at(), time_->now() + deadline_queue::tick);
    }
    time_->advance(deadline_queue::tick);
    EXPECT_EQ(time_->rings_at(), time_->now() + 1h - deadline_queue::tick);
    time_->advance(1h);

    EXPECT_EQ(calls, 1);
}

TEST_F(Deadline, LastingDeadlineLeavesNoAlarmWhenDisarmed) {
    deadline lasting;
    lasting.arm(
        queue_, time_->now() + 1h, [] {}, deadline::waiting::lasting
    );

    lasting.disarm();

    EXPECT_FALSE(time_->is_set());
}

TEST_F(Deadline, CallsNothingAfterItsEnd) {
    bool called = false;
    {
        const deadline gone(queue_, time_->now() + 1s, [&called] { called = true; });
    }

    time_->advance(2s);

    EXPECT_FALSE(called);
}

TEST_F(Deadline, ExpiresAtTheNextAlarmWhenInThePast) {
    bool called = false;
    const deadline past(queue_, time_->now() - 1s, [&called] { called = true; });

    time_->advance(0ms);

    EXPECT_TRUE(called);
}

TEST_F(Deadline, CallsNothingAfterTheQueueStops) {
    bool called = false;
    const deadline one(queue_, time_->now() + 1s, [&called] { called = true; });

    queue_->stop();
    time_->advance(2s);

    EXPECT_FALSE(called);
}

TEST(DeadlineQueue, AllowsItsContextToFinishWithoutDeadlines) {
    asio::io_context context;
    auto queue = std::make_shared<deadline_queue>(detail::make_alarm_clock(context.get_executor()));
    {
        const deadline far_away(queue, queue->now() + 1h, [] {});
    }

    const auto began = std::chrono::steady_clock::now();
    context.run();

    EXPECT_LT(std::chrono::steady_clock::now() - began, 10s);
}

TEST(DeadlineQueue, RestCancelsItsAlarmAtOnce) {
    asio::io_context context;
    auto queue = std::make_shared<deadline_queue>(detail::make_alarm_clock(context.get_executor()));
    {
        const deadline far_away(queue, queue->now() + 1h, [] {});
    }

    queue->rest();
    context.poll();

    EXPECT_TRUE(context.stopped());
}

// A statement's deadline must never interrupt the next statement.
TEST(DeadlineQueue, FunctionIsNeverRunningWhenDisarmReturns) {
    asio::io_context context;
    auto queue = std::make_shared<deadline_queue>(detail::make_alarm_clock(context.get_executor()));
    const auto work = asio::make_work_guard(context);
    std::thread ringing([&context] { context.run(); });
    std::atomic<int> too_late{0};

    for (int i = 0; i < 2000; ++i) {
        std::atomic<bool> is_over{false};
        {
            deadline one(queue, queue->now(), [&] { too_late += is_over ? 1 : 0; });
            one.disarm();
            is_over = true;
        }
    }
    context.stop();
    ringing.join();

    EXPECT_EQ(too_late, 0);
}

}  // namespace
}  // namespace gino::test
