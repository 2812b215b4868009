// SPDX-License-Identifier: BSD-3-Clause
#include "engine/connection/fifo_mutex.hpp"

#include <boost/asio/this_coro.hpp>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using detail::fifo_mutex;

class FifoMutex : public EngineTest {
protected:
    spawned<fifo_mutex::lock> take(
        std::optional<detail::deadline::time_point> until = std::nullopt
    ) {
        return spawn(fifo_.acquire(deadlines_, until));
    }

    std::shared_ptr<detail::deadline_queue> deadlines_ =
        std::make_shared<detail::deadline_queue>(make_clock());
    fifo_mutex fifo_;
};

TEST_F(FifoMutex, GrantsOneLockAtATime) {
    auto first = fifo_.try_acquire();

    EXPECT_TRUE(first);
    EXPECT_FALSE(fifo_.try_acquire());

    first.end();
    EXPECT_TRUE(fifo_.try_acquire());
}

TEST_F(FifoMutex, ServesInOrder) {
    auto held = fifo_.try_acquire();
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

TEST_F(FifoMutex, NewcomerDoesNotOvertake) {
    auto held = fifo_.try_acquire();
    auto waiting = take();

    held.end();  // the lock is passed on, but the coroutine has not run yet

    EXPECT_FALSE(fifo_.try_acquire());
}

TEST_F(FifoMutex, ReturnsEmptyLockAtDeadline) {
    auto held = fifo_.try_acquire();
    auto waiting = take(time_->now() + 10ms);

    pass(10ms);

    EXPECT_FALSE(waiting.get());
    held.end();
    EXPECT_TRUE(fifo_.try_acquire());
}

TEST_F(FifoMutex, CancelledWaiterKeepsTheOrderOfTheOthers) {
    auto held = fifo_.try_acquire();
    auto first = take();
    auto second = take();

    first.cancel();
    poll();
    EXPECT_EQ(first.error(), "cancelled: waiting for other statements on a connection");

    held.end();
    poll();
    EXPECT_TRUE(second.is_done());
}

TEST_F(FifoMutex, PassesOnTheLockOfADestroyedCoroutine) {
    auto held = fifo_.try_acquire();
    {
        asio::io_context other;
        const spawned<fifo_mutex::lock> waiting(
            other.get_executor(), fifo_.acquire(deadlines_, std::nullopt)
        );
        other.poll();
        held.end();  // the lock is passed to a coroutine that never runs again
    }

    EXPECT_TRUE(fifo_.try_acquire());
}

TEST_F(FifoMutex, GrantsNoLockToACoroutineCancelledBefore) {
    const auto wake = std::make_shared<detail::one_shot_event>();
    auto late = spawn([&]() -> awaitable<void> {
        co_await asio::this_coro::throw_if_cancelled(false);
        co_await detail::one_shot_event::wait(wake);
        static_cast<void>(co_await fifo_.acquire(deadlines_, std::nullopt));
    });

    late.cancel();
    poll();

    EXPECT_EQ(late.error(), "cancelled: the operation");
    EXPECT_TRUE(fifo_.try_acquire());
}

}  // namespace
}  // namespace gino::test
