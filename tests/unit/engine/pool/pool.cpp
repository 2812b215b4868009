// SPDX-License-Identifier: BSD-3-Clause
#include "engine/pool/pool.hpp"

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using testing::fake_answer;
using testing::gate;

class Pool : public EngineTest {
protected:
    std::shared_ptr<detail::pool> make_pool(
        pool_options options, engine_hooks hooks = {}, std::size_t limit = 0
    ) {
        auto made = detail::pool::make(
            context_.get_executor(),
            server_.make_driver(limit),
            options,
            std::make_shared<const engine_hooks>(std::move(hooks)),
            make_clock()
        );
        auto opened = spawn(detail::pool::open(made));
        opened.get();
        return made;
    }

    static pool_options at_most(std::size_t size) {
        pool_options options;
        options.min_size = 0;
        options.max_size = size;
        return options;
    }

    spawned<detail::lease> acquire(
        const std::shared_ptr<detail::pool>& from, std::chrono::milliseconds timeout = 0ms
    ) {
        return spawn(detail::pool::acquire(from, timeout, {}));
    }

    detail::lease acquire_now(const std::shared_ptr<detail::pool>& from) {
        return acquire(from).get();
    }

    // Returns "total/idle/waiting".
    static std::string counts(const std::shared_ptr<detail::pool>& of) {
        const auto now = of->statistics();
        return std::to_string(now.total) + "/" + std::to_string(now.idle) + "/" +
               std::to_string(now.waiting);
    }
};

TEST_F(Pool, OpensMinimumAtStart) {
    pool_options options;
    options.min_size = 3;

    const auto opened = make_pool(options);

    EXPECT_EQ(counts(opened), "3/3/0");
    EXPECT_EQ(server_.attempts(), 3U);
}

TEST_F(Pool, ReportsFailureToOpenMinimum) {
    server_.refuse(testing::refused_connection);
    pool_options options;
    auto made = detail::pool::make(
        context_.get_executor(),
        server_.make_driver(),
        options,
        std::make_shared<const engine_hooks>(),
        make_clock()
    );

    auto opened = spawn(detail::pool::open(made));

    EXPECT_EQ(opened.error(), "nobody listens on fake:1");
    EXPECT_EQ(counts(made), "0/0/0");
}

TEST_F(Pool, RefusesContradictoryOptions) {
    pool_options options;
    options.min_size = 3;
    options.max_size = 2;

    const auto message = thrown<argument_error>([&] { make_pool(options); });

    EXPECT_EQ(
        message,
        "pool_options: max_size has to be at least 1 and at least min_size; they are 2 and 3"
    );
}

TEST_F(Pool, ObeysConnectionLimitOfItsDriver) {
    const auto of_one = make_pool(at_most(5), {}, 1);
    const auto first = acquire_now(of_one);

    auto second = acquire(of_one);

    EXPECT_FALSE(second.is_done());
    EXPECT_EQ(counts(of_one), "1/0/1");
}

TEST_F(Pool, LendsMostRecentlyUsedConnection) {
    const auto of_two = make_pool(at_most(2));
    auto first = acquire_now(of_two);
    auto second = acquire_now(of_two);
    const auto* recent = &*second;
    first.give_back();
    second.give_back();

    const auto again = acquire_now(of_two);

    EXPECT_EQ(&*again, recent);
}

TEST_F(Pool, ServesWaitersInOrder) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto first = acquire(of_one);
    auto second = acquire(of_one);

    held.give_back();
    poll();
    EXPECT_TRUE(first.is_done());
    EXPECT_FALSE(second.is_done());

    first.get().give_back();
    poll();
    EXPECT_TRUE(second.is_done());
}

TEST_F(Pool, ServesTenThousandWaitersInOrder) {
    pool_options options = at_most(4);
    options.max_waiters = 10'000;
    const auto of_four = make_pool(options);
    std::vector<int> order;
    std::vector<detail::lease> held;
    for (int i = 0; i < 4; ++i) {
        held.push_back(acquire_now(of_four));
    }
    std::vector<spawned<nothing>> waiting;
    for (int i = 0; i < 10'000; ++i) {
        waiting.push_back(spawn([&of_four, &order, i]() -> awaitable<void> {
            auto mine = co_await detail::pool::acquire(of_four, 0ms, {});
            order.push_back(i);
        }));
    }

    held.clear();
    poll();

    EXPECT_EQ(order.size(), 10'000U);
    EXPECT_TRUE(std::is_sorted(order.begin(), order.end()));
    EXPECT_EQ(counts(of_four), "4/4/0");
}

TEST_F(Pool, NewcomerDoesNotOvertakeWaiters) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);
    held.give_back();  // the connection is handed over, but the waiter has not run yet

    const auto newcomer = of_one->try_acquire({});

    EXPECT_FALSE(newcomer);
}

TEST_F(Pool, WaitEndsAtItsTimeout) {
    const auto of_one = make_pool(at_most(1));
    const auto held = acquire_now(of_one);
    auto waiting = acquire(of_one, 50ms);

    pass(49ms);
    EXPECT_FALSE(waiting.is_done());
    pass(1ms);

    EXPECT_EQ(
        waiting.error(),
        "no connection to fake://server came free within 50 ms: 1 of at most 1 are in use"
    );
    EXPECT_EQ(counts(of_one), "1/0/0");
}

TEST_F(Pool, TimeoutNamesThePlacesThatHoldConnections) {
    const auto of_two = make_pool(at_most(2));
    const auto here = std::source_location::current();
    auto first = spawn(detail::pool::acquire(of_two, 0ms, here)).get();
    auto second = spawn(detail::pool::acquire(of_two, 0ms, here)).get();
    auto waiting = acquire(of_two, 10ms);

    pass(10ms);

    EXPECT_NE(
        waiting.error().find("(pool.cpp:" + std::to_string(here.line()) + " has 2)"),
        std::string::npos
    ) << waiting.error();
}

TEST_F(Pool, HandOverWinsOverSimultaneousTimeout) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one, 50ms);

    held.give_back();
    time_->advance(50ms);
    poll();

    EXPECT_EQ(waiting.error(), "");
    EXPECT_EQ(counts(of_one), "1/0/0");
}

TEST_F(Pool, CancelledWaitLeavesPoolUnchanged) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);
    auto next = acquire(of_one);

    waiting.cancel();
    poll();
    EXPECT_EQ(waiting.error(), "cancelled: waiting for a connection to fake://server");
    EXPECT_EQ(counts(of_one), "1/0/1");

    held.give_back();
    poll();
    EXPECT_TRUE(next.is_done());
}

TEST_F(Pool, PassesConnectionOnWhenCancelledAtHandOver) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);
    auto next = acquire(of_one);

    held.give_back();  // hands the connection to `waiting`
    waiting.cancel();  // cancels it before it runs
    poll();

    // The connection is not lost, whether or not the cancellation took effect.
    if (waiting.error().empty()) {
        waiting.get().give_back();
        poll();
    }
    EXPECT_TRUE(next.is_done());
    EXPECT_EQ(counts(of_one), "1/0/0");
}

TEST_F(Pool, StaysUsableAfterWaitingCoroutineIsDestroyed) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    {
        asio::io_context other;
        spawned<detail::lease> waiting(
            other.get_executor(), detail::pool::acquire(of_one, 0ms, {})
        );
        other.poll();
        EXPECT_EQ(counts(of_one), "1/0/1");
    }
    EXPECT_EQ(counts(of_one), "1/0/0");

    held.give_back();

    EXPECT_EQ(counts(of_one), "1/1/0");
}

TEST_F(Pool, PassesOnConnectionHandedToDestroyedCoroutine) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    {
        asio::io_context other;
        spawned<detail::lease> waiting(
            other.get_executor(), detail::pool::acquire(of_one, 0ms, {})
        );
        other.poll();
        held.give_back();  // hands the connection to a coroutine that never runs again
    }

    EXPECT_EQ(counts(of_one), "1/1/0");
}

TEST_F(Pool, WaitersKeepTheirContextBusy) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    asio::io_context other;
    const spawned<detail::lease> waiting(
        other.get_executor(), detail::pool::acquire(of_one, 0ms, {})
    );
    other.poll();

    EXPECT_FALSE(other.stopped());

    held.give_back();
    other.poll();
    EXPECT_TRUE(waiting.is_done());
    EXPECT_TRUE(other.stopped());
}

TEST_F(Pool, RefusesWaitersOverTheLimit) {
    pool_options options = at_most(1);
    options.max_waiters = 1;
    const auto of_one = make_pool(options);
    const auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);

    auto one_too_many = acquire(of_one);

    EXPECT_EQ(
        one_too_many.error(),
        "cannot acquire a connection to fake://server: 1 coroutines wait for one already "
        "(pool_options::max_waiters)"
    );
}

TEST_F(Pool, ReplacesConnectionThatDiedWhileIdle) {
    const auto of_one = make_pool(at_most(1));
    acquire_now(of_one).give_back();
    server_.hang_up();

    const auto fresh = acquire_now(of_one);

    EXPECT_EQ(fresh->description(), "fake, session 2");
    EXPECT_EQ(counts(of_one), "1/0/0");
    EXPECT_EQ(server_.open_sessions(), 1U);
}

TEST_F(Pool, ClosesConnectionAtEndOfItsLifetime) {
    pool_options options = at_most(1);
    options.max_lifetime = 60s;
    const auto of_one = make_pool(options);
    auto held = acquire_now(of_one);
    pass(61s);

    held.give_back();
    poll();

    EXPECT_EQ(counts(of_one), "0/0/0");
    EXPECT_EQ(server_.goodbyes(), 1U);
}

TEST_F(Pool, SpreadsLifetimesOfConnections) {
    pool_options options = at_most(50);
    options.min_size = 50;
    options.max_lifetime = 1000s;
    const auto of_fifty = make_pool(options);
    std::vector<detail::lease> held;
    for (int i = 0; i < 50; ++i) {
        held.push_back(acquire_now(of_fifty));
    }

    pass(950s);
    held.clear();
    poll();

    const auto left = of_fifty->statistics().total;
    EXPECT_GT(left, 5U);
    EXPECT_LT(left, 45U);
}

TEST_F(Pool, ClosesIdleConnectionsDownToTheMinimum) {
    pool_options options = at_most(3);
    options.min_size = 1;
    options.idle_timeout = 10s;
    const auto of_three = make_pool(options);
    {
        const auto first = acquire_now(of_three);
        const auto second = acquire_now(of_three);
        const auto third = acquire_now(of_three);
    }
    EXPECT_EQ(counts(of_three), "3/3/0");
    pass(11s);

    acquire_now(of_three).give_back();
    poll();

    EXPECT_EQ(counts(of_three), "1/1/0");
}

TEST_F(Pool, ClosesIdleConnectionsWithoutFurtherUse) {
    pool_options options = at_most(3);
    options.min_size = 1;
    options.idle_timeout = 10s;
    const auto of_three = make_pool(options);
    auto first = acquire_now(of_three);
    auto second = acquire_now(of_three);
    auto third = acquire_now(of_three);
    first.give_back();
    poll();
    pass(6s);
    second.give_back();
    third.give_back();
    poll();

    pass(5s);
    poll();
    EXPECT_EQ(counts(of_three), "2/2/0");
    pass(6s);
    poll();
    EXPECT_EQ(counts(of_three), "1/1/0");
}

TEST_F(Pool, CloseStopsTheTimerOfIdleConnections) {
    pool_options options = at_most(2);
    options.min_size = 0;
    const auto of_two = make_pool(options);
    acquire_now(of_two).give_back();
    poll();
    EXPECT_TRUE(time_->is_set());

    spawn(detail::pool::close(of_two)).get();

    EXPECT_FALSE(time_->is_set());
}

TEST_F(Pool, ResetsChangedSessionBeforeHandOver) {
    const auto of_one = make_pool(at_most(1));
    server_.make_dirty();
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);

    const auto cleaned = held.give_back();
    EXPECT_NE(cleaned, nullptr);
    poll();

    EXPECT_TRUE(waiting.is_done());
    EXPECT_EQ(server_.resets(), 1U);
}

TEST_F(Pool, ClosesConnectionThatCannotBeReset) {
    const auto of_one = make_pool(at_most(1));
    server_.make_dirty();
    server_.fail_resets();
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);

    held.give_back();
    poll();

    EXPECT_EQ(waiting.get()->description(), "fake, session 2");
    EXPECT_EQ(server_.open_sessions(), 1U);
}

TEST_F(Pool, FreesSlotOfConnectionWhoseResetHangs) {
    const auto of_one = make_pool(at_most(1));
    server_.make_dirty();
    const auto never = std::make_shared<gate>();
    server_.hold_resets(never);
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);
    held.give_back();
    poll();

    pass(2s);  // the reset is interrupted, and the fake server obeys

    EXPECT_EQ(waiting.get()->description(), "fake, session 2");
}

TEST_F(Pool, LimitsTheTimeOfGracefulCloses) {
    pool_options options = at_most(1);
    options.max_lifetime = 1s;
    const auto of_one = make_pool(options);
    const auto never = std::make_shared<gate>();
    server_.hold_goodbyes(never);
    auto held = acquire_now(of_one);
    pass(2s);
    auto waiting = acquire(of_one);

    held.give_back();
    poll();
    EXPECT_TRUE(waiting.is_done()) << "the slot is free before the goodbye is over";
    EXPECT_EQ(server_.open_sessions(), 2U);

    pass(250ms);
    EXPECT_EQ(server_.open_sessions(), 1U);
}

TEST_F(Pool, DiscardsConnectionBrokenWhileBorrowed) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);

    held.discard();

    EXPECT_EQ(counts(of_one), "0/0/0");
    EXPECT_EQ(server_.open_sessions(), 0U);
}

TEST_F(Pool, ReportsLeakWithItsSourceLocation) {
    std::vector<std::source_location> leaks;
    engine_hooks hooks;
    hooks.leaked = [&leaks](std::source_location where) { leaks.push_back(where); };
    pool_options options = at_most(1);
    options.leak_threshold = 5s;
    const auto of_one = make_pool(options, std::move(hooks));
    const auto here = std::source_location::current();
    const auto held = spawn(detail::pool::acquire(of_one, 0ms, here)).get();

    pass(4999ms);
    EXPECT_TRUE(leaks.empty());
    pass(1ms);

    ASSERT_EQ(leaks.size(), 1U);
    EXPECT_EQ(leaks[0].line(), here.line());
}

TEST_F(Pool, ReportsNoLeakForConnectionsReleasedInTime) {
    bool reported = false;
    engine_hooks hooks;
    hooks.leaked = [&reported](std::source_location /*where*/) { reported = true; };
    pool_options options = at_most(1);
    options.leak_threshold = 5s;
    const auto of_one = make_pool(options, std::move(hooks));
    acquire_now(of_one).give_back();

    pass(10s);

    EXPECT_FALSE(reported);
}

TEST_F(Pool, CallsHooksInOrder) {
    std::vector<std::string> calls;
    engine_hooks hooks;
    hooks.connected = [&](std::string_view which) {
        calls.push_back("connected " + std::string(which));
    };
    hooks.acquired = [&](std::string_view which) {
        calls.push_back("acquired " + std::string(which));
    };
    hooks.released = [&](std::string_view which) {
        calls.push_back("released " + std::string(which));
    };
    hooks.disconnected = [&](std::string_view which) {
        calls.push_back("disconnected " + std::string(which));
    };
    const auto of_one = make_pool(at_most(1), std::move(hooks));

    acquire_now(of_one).give_back();
    spawn(detail::pool::close(of_one)).get();

    EXPECT_EQ(
        calls,
        (std::vector<std::string>{
            "connected fake, session 1",
            "acquired fake, session 1",
            "released fake, session 1",
            "disconnected fake, session 1"})
    );
}

// Connecting.

TEST_F(Pool, FirstFailureToConnectIsReportedAtOnce) {
    server_.refuse(testing::refused_connection);
    const auto of_one = make_pool(at_most(1));

    auto failing = acquire(of_one);

    EXPECT_EQ(failing.error(), "nobody listens on fake:1");
    EXPECT_EQ(counts(of_one), "0/0/0");
}

TEST_F(Pool, ReportsPermanentFailureToAllWaiters) {
    const auto at = std::make_shared<gate>();
    server_.hold_connects(at);
    server_.refuse(testing::wrong_password);
    const auto of_one = make_pool(at_most(1));
    auto first = acquire(of_one);
    auto second = acquire(of_one);

    at->open();
    poll();

    EXPECT_EQ(first.error(), "the password of \"me\" is wrong");
    EXPECT_EQ(second.error(), "the password of \"me\" is wrong");
    EXPECT_EQ(server_.attempts(), 1U);
}

TEST_F(Pool, WaitsForATemporarilyUnavailableServer) {
    const auto of_two = make_pool(at_most(2));
    acquire_now(of_two).discard();
    server_.refuse(testing::refused_connection);
    auto waiting = acquire(of_two, 10s);
    pass(100ms);
    EXPECT_FALSE(waiting.is_done());

    server_.refuse(nullptr);
    pass(5s);

    EXPECT_EQ(waiting.error(), "");
}

TEST_F(Pool, TimeoutNamesTheLastConnectionFailure) {
    const auto of_one = make_pool(at_most(1));
    acquire_now(of_one).discard();
    server_.refuse(testing::refused_connection);
    auto waiting = acquire(of_one, 1s);

    pass(1s);

    EXPECT_EQ(
        waiting.error(),
        "no connection to fake://server came free within 1000 ms: 0 of at most 1 are in use; the "
        "last attempt to open one failed: nobody listens on fake:1"
    );
}

TEST_F(Pool, MakesOneAttemptAtATimeWhileServerIsDown) {
    const auto of_fifty = make_pool(at_most(50));
    acquire_now(of_fifty).discard();
    server_.refuse(testing::refused_connection);
    auto first = acquire(of_fifty, 30s);
    const auto before = server_.attempts();
    std::vector<spawned<detail::lease>> waiting;
    for (int i = 0; i < 49; ++i) {
        waiting.push_back(acquire(of_fifty, 30s));
    }

    for (int i = 0; i < 300; ++i) {
        pass(100ms);
    }

    // The pauses grow from 10 ms to 5 s and are halved on average: about 8 attempts while they
    // grow, then one per 2.5 s.
    EXPECT_GT(server_.attempts() - before, 8U);
    EXPECT_LT(server_.attempts() - before, 60U);
    EXPECT_TRUE(first.is_done());
}

TEST_F(Pool, ServesAllWaitersWhenServerReturns) {
    const auto of_ten = make_pool(at_most(10));
    acquire_now(of_ten).discard();
    server_.refuse(testing::refused_connection);
    std::vector<spawned<detail::lease>> waiting;
    for (int i = 0; i < 10; ++i) {
        waiting.push_back(acquire(of_ten, 60s));
    }
    pass(3s);

    server_.refuse(nullptr);
    pass(5s);

    for (const auto& one : waiting) {
        EXPECT_EQ(one.error(), "");
    }
    EXPECT_EQ(counts(of_ten), "10/0/0");
}

TEST_F(Pool, UsesOpenConnectionsWhenServerIsFull) {
    const auto of_two = make_pool(at_most(2));
    auto held = acquire_now(of_two);
    server_.refuse([] { return testing::server_error("53300"); });
    auto waiting = acquire(of_two, 10s);
    pass(1s);
    EXPECT_FALSE(waiting.is_done());

    held.give_back();
    poll();

    EXPECT_EQ(waiting.error(), "");
}

TEST_F(Pool, CancelledConnectFreesItsSlot) {
    const auto at = std::make_shared<gate>();
    server_.hold_connects(at);
    const auto of_one = make_pool(at_most(1));
    auto connecting = acquire(of_one);
    auto next = acquire(of_one);

    connecting.cancel();
    poll();
    EXPECT_FALSE(connecting.error().empty());

    at->open();
    poll();
    EXPECT_EQ(next.error(), "");
    EXPECT_EQ(counts(of_one), "1/0/0");
}

// Closing.

TEST_F(Pool, CloseRefusesWaiters) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto waiting = acquire(of_one);

    auto closing = spawn(detail::pool::close(of_one));

    EXPECT_EQ(
        waiting.error(), "cannot acquire a connection: the engine is closed; open another one"
    );
    EXPECT_FALSE(closing.is_done());
}

TEST_F(Pool, CloseWaitsForBorrowedConnections) {
    const auto of_one = make_pool(at_most(1));
    auto held = acquire_now(of_one);
    auto closing = spawn(detail::pool::close(of_one));
    EXPECT_FALSE(closing.is_done());

    held.give_back();
    poll();

    EXPECT_TRUE(closing.is_done());
    EXPECT_EQ(server_.open_sessions(), 0U);
    EXPECT_EQ(server_.goodbyes(), 1U);
}

TEST_F(Pool, CloseInterruptsUnreleasedConnectionsAndContinues) {
    const auto of_one = make_pool(at_most(1));
    const auto held = acquire_now(of_one);
    auto closing = spawn(detail::pool::close(of_one));

    pass(10s);
    EXPECT_EQ(server_.interrupts(), 1U);
    EXPECT_FALSE(closing.is_done());
    pass(1s);

    EXPECT_TRUE(closing.is_done());
}

TEST_F(Pool, CloseWaitsForConnectionBeingOpened) {
    const auto at = std::make_shared<gate>();
    server_.hold_connects(at);
    const auto of_one = make_pool(at_most(1));
    auto connecting = acquire(of_one);
    auto closing = spawn(detail::pool::close(of_one));
    EXPECT_FALSE(closing.is_done());

    at->open();
    poll();

    EXPECT_EQ(
        connecting.error(), "cannot acquire a connection: the engine is closed; open another one"
    );
    EXPECT_TRUE(closing.is_done());
    EXPECT_EQ(server_.open_sessions(), 0U);
}

TEST_F(Pool, CloseWaitsForConnectionBeingReset) {
    const auto at = std::make_shared<gate>();
    server_.make_dirty();
    server_.hold_resets(at);
    const auto of_one = make_pool(at_most(1));
    acquire_now(of_one).give_back();
    poll();
    auto closing = spawn(detail::pool::close(of_one));
    EXPECT_FALSE(closing.is_done());

    at->open();
    poll();

    EXPECT_TRUE(closing.is_done());
    EXPECT_EQ(server_.open_sessions(), 0U);
}

TEST_F(Pool, LendsNothingAfterClose) {
    const auto of_one = make_pool(at_most(1));
    spawn(detail::pool::close(of_one)).get();

    EXPECT_THROW(static_cast<void>(of_one->try_acquire({})), state_error);
    EXPECT_THROW(acquire(of_one).get(), state_error);
}

TEST_F(Pool, OutlivesItsContext) {
    std::shared_ptr<detail::pool> survivor;
    {
        asio::io_context context;
        survivor = detail::pool::make(
            context.get_executor(),
            server_.make_driver(),
            pool_options{},
            std::make_shared<const engine_hooks>()
        );
        const spawned<nothing> opened(
            context.get_executor(), with_nothing(detail::pool::open(survivor))
        );
        context.poll();
        EXPECT_EQ(server_.open_sessions(), 1U);
    }

    EXPECT_TRUE(survivor->is_closed());
    EXPECT_EQ(server_.open_sessions(), 0U);
}

TEST_F(Pool, SurvivesDestructionOfCoroutinesThatHoldConnections) {
    {
        asio::io_context context;
        auto held = detail::pool::make(
            context.get_executor(),
            server_.make_driver(),
            pool_options{},
            std::make_shared<const engine_hooks>()
        );
        auto hold = [](std::shared_ptr<detail::pool> from) -> awaitable<void> {
            auto mine = co_await detail::pool::acquire(from, 0ms, {});
            auto never = std::make_shared<detail::one_shot_event>();
            co_await detail::one_shot_event::wait(never);
        };
        const spawned<nothing> holding(context.get_executor(), with_nothing(hold(held)));
        context.poll();
        EXPECT_EQ(server_.open_sessions(), 1U);
    }

    EXPECT_EQ(server_.open_sessions(), 0U);
}

}  // namespace
}  // namespace gino::test
