// SPDX-License-Identifier: BSD-3-Clause
#include "engine/turn_queue.hpp"

#include <boost/asio/this_coro.hpp>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using detail::turn_queue;

class TurnQueue : public EngineTest {
protected:
    spawned<turn_queue::turn> take(
        std::optional<detail::deadline::time_point> until = std::nullopt
    ) {
        return spawn(turns_.take(deadlines_, until));
    }

    std::shared_ptr<detail::deadline_queue> deadlines_ =
        std::make_shared<detail::deadline_queue>(make_clock());
    turn_queue turns_;
};

TEST_F(TurnQueue, GivesOneTurnAtATime) {
    auto first = turns_.try_take();

    EXPECT_TRUE(first);
    EXPECT_FALSE(turns_.try_take());

    first.end();
    EXPECT_TRUE(turns_.try_take());
}

TEST_F(TurnQueue, ServesInOrder) {
    auto held = turns_.try_take();
    auto first = take();
    auto second = take();

    held.end();
    poll();
    EXPECT_TRUE(first.is_done());
    EXPECT_FALSE(second.is_done());

    first.get().end();
    poll();
    EXPECT_TRUE(second.is_done());
}

TEST_F(TurnQueue, NewcomerDoesNotOvertake) {
    auto held = turns_.try_take();
    auto waiting = take();

    held.end();  // passed on, but the coroutine has not run yet

    EXPECT_FALSE(turns_.try_take());
}

TEST_F(TurnQueue, TurnIsEmptyWhenTimeIsOver) {
    auto held = turns_.try_take();
    auto waiting = take(time_->now() + 10ms);

    pass(10ms);

    EXPECT_FALSE(waiting.get());
    held.end();
    EXPECT_TRUE(turns_.try_take());
}

TEST_F(TurnQueue, CancelledWaiterLeavesTheRestInOrder) {
    auto held = turns_.try_take();
    auto first = take();
    auto second = take();

    first.cancel();
    poll();
    EXPECT_EQ(first.error(), "cancelled: waiting for other statements on a connection");

    held.end();
    poll();
    EXPECT_TRUE(second.is_done());
}

TEST_F(TurnQueue, TurnOfDestroyedCoroutineIsPassedOn) {
    auto held = turns_.try_take();
    {
        asio::io_context other;
        const spawned<turn_queue::turn> waiting(
            other.get_executor(), turns_.take(deadlines_, std::nullopt)
        );
        other.poll();
        held.end();  // passed to a coroutine that never runs again
    }

    EXPECT_TRUE(turns_.try_take());
}

TEST_F(TurnQueue, CoroutineThatWasCancelledBeforeGetsNoTurn) {
    const auto wake = std::make_shared<detail::one_shot>();
    auto late = spawn([&]() -> awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await detail::one_shot::wait(wake);
        static_cast<void>(co_await turns_.take(deadlines_, std::nullopt));
    });

    late.cancel();
    poll();

    EXPECT_EQ(late.error(), "cancelled: the operation");
    EXPECT_TRUE(turns_.try_take());
}

}  // namespace
}  // namespace gino::test
