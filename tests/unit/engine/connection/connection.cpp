// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/connection.hpp>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using testing::fake_answer;
using testing::gate;
using lines = std::vector<std::string>;

class Connection : public EngineTest {
protected:
    // Returns the number of borrowed connections.
    static std::size_t held(const engine& of) {
        const auto now = of.statistics();
        return now.total - now.idle;
    }

    void hold(const std::string& sql, const std::shared_ptr<gate>& at) {
        server_.answer(sql, {.held = at});
    }
};

TEST_F(Connection, BorrowsWhenAcquired) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        connection c = co_await on.acquire();

        EXPECT_TRUE(c.is_borrowed());
        EXPECT_EQ(held(on), 1U);
    });
}

TEST_F(Connection, LazyHandleBorrowsAtItsFirstStatement) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);
        connection c = co_await on.acquire({.lazy = true});
        EXPECT_FALSE(c.is_borrowed());
        EXPECT_EQ(held(on), 0U);

        co_await c.status(text("SELECT 1"));

        EXPECT_TRUE(c.is_borrowed());
        EXPECT_EQ(held(on), 1U);
    });
}

TEST_F(Connection, UnusedLazyHandleReleasesNothing) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);
        connection c = co_await on.acquire({.lazy = true});

        co_await c.release();

        EXPECT_EQ(server_.attempts(), 0U);
    });
}

TEST_F(Connection, DestructorReleasesIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        { connection c = co_await on.acquire(); }
        EXPECT_EQ(held(on), 0U);
    });
}

TEST_F(Connection, TemporaryReleaseLetsNextUseBorrowAgain) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();

        co_await c.release({.permanent = false});
        EXPECT_EQ(held(on), 0U);
        EXPECT_FALSE(c.is_released());
        co_await c.release({.permanent = false});
        EXPECT_EQ(held(on), 0U);

        co_await c.status(text("SELECT 1"));
        EXPECT_EQ(held(on), 1U);
    });
}

TEST_F(Connection, CannotBeUsedAfterRelease) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        co_await c.release();
        EXPECT_TRUE(c.is_released());

        EXPECT_THROW(co_await c.status(text("SELECT 1")), state_error);
        EXPECT_THROW(co_await c.release(), state_error);
        EXPECT_THROW(co_await c.begin(), state_error);
    });
}

TEST_F(Connection, MoveTransfersTheBorrowedConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection first = co_await on.acquire();

        connection second = std::move(first);

        co_await second.status(text("SELECT 1"));
        EXPECT_EQ(held(on), 1U);
    });
}

TEST_F(Connection, RunsConcurrentStatementsInOrder) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    auto acquired = spawn(on.acquire());
    connection c = acquired.get();
    auto first = spawn(c.status(text("SELECT 1")));
    auto second = spawn(c.status(text("SELECT 2")));
    auto third = spawn(c.status(text("SELECT 3")));
    EXPECT_EQ(server_.log(), (lines{"1: SELECT 1"}));

    at->open();
    poll();

    EXPECT_TRUE(third.is_done());
    EXPECT_EQ(server_.log(), (lines{"1: SELECT 1", "1: SELECT 2", "1: SELECT 3"}));
}

TEST_F(Connection, CancelledStatementKeepsTheOrderOfTheOthers) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    auto first = spawn(c.status(text("SELECT 1")));
    auto second = spawn(c.status(text("SELECT 2")));
    auto third = spawn(c.status(text("SELECT 3")));

    second.cancel();
    poll();
    EXPECT_EQ(second.error(), "cancelled: waiting for other statements on a connection");
    at->open();
    poll();

    EXPECT_TRUE(third.is_done());
    EXPECT_EQ(server_.log(), (lines{"1: SELECT 1", "1: SELECT 3"}));
}

TEST_F(Connection, StaysUsableAfterCancelledStatement) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1")));
    auto next = spawn(c.status(text("SELECT 2")));

    running.cancel();
    poll();

    EXPECT_EQ(running.error(), "cancelled: a call to a fake session");
    EXPECT_EQ(next.error(), "");
}

TEST_F(Connection, ReleaseWaitsForRunningStatement) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1")));
    auto releasing = spawn(c.release());
    EXPECT_FALSE(releasing.is_done());

    at->open();
    poll();

    EXPECT_EQ(running.error(), "");
    EXPECT_EQ(releasing.error(), "");
    EXPECT_EQ(held(on), 0U);
}

TEST_F(Connection, DestructorLetsRunningStatementFinish) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    auto c = std::make_unique<connection>(spawn(on.acquire()).get());
    auto running = spawn(c->status(text("SELECT 1")));
    auto waiting = spawn(c->status(text("SELECT 2")));

    c.reset();
    at->open();
    poll();

    EXPECT_EQ(running.error(), "");
    EXPECT_NE(waiting.error().find("released permanently"), std::string::npos);
    EXPECT_EQ(held(on), 0U);
}

TEST_F(Connection, IsReplacedAtNextStatementWhenLost) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("BOOM", {.failure = testing::lost_connection, .loses_connection = true});
        connection c = co_await on.acquire();
        EXPECT_THROW(co_await c.status(text("BOOM")), connection_error);
        EXPECT_FALSE(c.is_borrowed());

        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log(), (lines{"1: BOOM", "2: SELECT 1"}));
    });
}

TEST_F(Connection, IsDiscardedWhenServerShutsDown) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("BOOM", {.failure = [] { return testing::server_error("57P01"); }});
        connection c = co_await on.acquire();
        EXPECT_THROW(co_await c.status(text("BOOM")), operational_error);

        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log(), (lines{"1: BOOM", "2: SELECT 1"}));
        EXPECT_EQ(server_.open_sessions(), 1U);
    });
}

TEST_F(Connection, ServerErrorLeavesItUsable) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("WRONG", {.failure = [] { return testing::server_error("42601"); }});
        connection c = co_await on.acquire();
        EXPECT_THROW(co_await c.status(text("WRONG")), programming_error);

        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log(), (lines{"1: WRONG", "1: SELECT 1"}));
    });
}

TEST_F(Connection, FailedBorrowLeavesLazyHandleUsable) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire({.lazy = true});
        server_.refuse_once(testing::refused_connection);
        EXPECT_THROW(co_await c.status(text("SELECT 1")), connection_error);
        time_->advance(10ms);

        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(on.statistics().total, 1U);
    });
}

// Timeouts.

TEST_F(Connection, InterruptsStatementAtItsTimeout) {
    engine on = open_engine(1);
    hold("SELECT 1", std::make_shared<gate>());
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1").timeout(100ms)));

    pass(99ms);
    EXPECT_FALSE(running.is_done());
    pass(1ms);

    EXPECT_EQ(
        running.error(),
        "a statement did not finish within 100 ms: it ran too long, and was interrupted; "
        "statement: SELECT 1"
    );
    EXPECT_THROW(running.get(), statement_timeout);
    EXPECT_EQ(spawn(c.status(text("SELECT 2"))).error(), "");
}

TEST_F(Connection, IsReplacedWhenInterruptionClosesIt) {
    engine on = open_engine(1);
    server_.close_on_interrupt();
    hold("SELECT 1", std::make_shared<gate>());
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1").timeout(100ms)));
    pass(100ms);
    EXPECT_THROW(running.get(), statement_timeout);

    auto next = spawn(c.status(text("SELECT 2")));

    EXPECT_EQ(next.error(), "");
    EXPECT_EQ(server_.log(), (lines{"1: SELECT 1", "2: SELECT 2"}));
}

TEST_F(Connection, TimeoutCoversWaitingForOtherStatements) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1")));
    auto waiting = spawn(c.status(text("SELECT 2").timeout(50ms)));

    pass(50ms);

    EXPECT_EQ(
        waiting.error(),
        "a statement did not finish within 50 ms: it waited for other statements on its "
        "connection; statement: SELECT 2"
    );
    EXPECT_EQ(server_.interrupts(), 0U);
    at->open();
    poll();
    EXPECT_EQ(running.error(), "");
}

TEST_F(Connection, TimeoutCoversWaitingForThePool) {
    engine on = open_engine(1);
    connection holder = spawn(on.acquire()).get();
    connection c = spawn(on.acquire({.lazy = true})).get();
    auto waiting = spawn(c.status(text("SELECT 2").timeout(50ms)));

    pass(50ms);

    EXPECT_THROW(waiting.get(), statement_timeout);
}

TEST_F(Connection, DeadlineDoesNotAffectTheNextStatement) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 2", at);
    connection c = spawn(on.acquire()).get();
    spawn(c.status(text("SELECT 1").timeout(100ms))).get();
    auto next = spawn(c.status(text("SELECT 2")));

    pass(1s);

    EXPECT_EQ(server_.interrupts(), 0U);
    at->open();
    poll();
    EXPECT_EQ(next.error(), "");
}

TEST_F(Connection, StatementTimeoutOverridesConnectionTimeout) {
    engine on = open_engine(1);
    hold("SELECT 1", std::make_shared<gate>());
    connection c = spawn(on.acquire()).get();
    c.set_execution_options({.timeout = 1h});
    auto running = spawn(c.status(text("SELECT 1").timeout(10ms)));

    pass(10ms);

    EXPECT_TRUE(running.is_done());
}

TEST_F(Connection, ConnectionTimeoutOverridesEngineTimeout) {
    engine_options options;
    options.execution.timeout = 1h;
    engine on = open_engine(1, options);
    hold("SELECT 1", std::make_shared<gate>());
    connection c = spawn(on.acquire()).get();
    c.set_execution_options({.timeout = 10ms});
    auto running = spawn(c.status(text("SELECT 1")));

    pass(10ms);

    EXPECT_TRUE(running.is_done());
}

TEST_F(Connection, TimeoutOfZeroMeansNoTimeout) {
    engine_options options;
    options.execution.timeout = 10ms;
    engine on = open_engine(1, options);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    auto running = spawn(c.status(text("SELECT 1").timeout(0ms)));

    pass(1h);

    EXPECT_FALSE(running.is_done());
    at->open();
    poll();
    EXPECT_EQ(running.error(), "");
}

// Cursors.

class Cursor : public Connection {
protected:
    Cursor() {
        server_.answer("SELECT n", {.columns = {"n"}, .rows = {{"1"}, {"2"}, {"3"}, {"4"}, {"5"}}});
    }
};

TEST_F(Cursor, ReadsRowByRow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto numbers = co_await c.iterate(text("SELECT n"));

        std::string seen;
        while (auto row = co_await numbers.next()) {
            seen += row->get<std::string>("n");
        }

        EXPECT_EQ(seen, "12345");
    });
}

TEST_F(Cursor, ReadsBatches) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto numbers = co_await c.iterate(text("SELECT n"));

        EXPECT_EQ((co_await numbers.many(2)).size(), 2U);
        EXPECT_EQ(co_await numbers.forward(2), 2U);
        EXPECT_EQ((co_await numbers.many(2)).size(), 1U);
        EXPECT_EQ((co_await numbers.many(2)).size(), 0U);
    });
}

TEST_F(Cursor, LeavesConnectionUsableBetweenBatches) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto numbers = co_await c.iterate(text("SELECT n"));

        EXPECT_EQ((co_await numbers.many(1)).size(), 1U);
        co_await c.status(text("SELECT 1"));
        EXPECT_EQ((co_await numbers.many(1)).size(), 1U);
    });
}

TEST_F(Cursor, EndsWhenItsConnectionIsReleased) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto numbers = co_await c.iterate(text("SELECT n"));
        co_await c.release({.permanent = false});
        EXPECT_EQ(server_.log().back(), "1: CLOSE") << "it must not outlive its session";

        EXPECT_THROW(co_await numbers.next(), state_error);
        co_await numbers.close();
    });
}

TEST_F(Cursor, EndsWhenItsConnectionIsLost) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("BOOM", {.failure = testing::lost_connection, .loses_connection = true});
        connection c = co_await on.acquire();
        auto numbers = co_await c.iterate(text("SELECT n"));
        EXPECT_THROW(co_await c.status(text("BOOM")), connection_error);

        EXPECT_THROW(co_await numbers.next(), state_error);
    });
}

TEST_F(Cursor, DestructorClosesIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        { auto numbers = co_await c.iterate(text("SELECT n")); }
        EXPECT_EQ(server_.log().back(), "1: CLOSE");
    });
}

TEST_F(Cursor, IsClosedAfterTheRunningStatementWhenDestroyed) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    hold("SELECT 1", at);
    connection c = spawn(on.acquire()).get();
    {
        auto numbers = spawn(c.iterate(text("SELECT n"))).get();
        static_cast<void>(spawn(c.status(text("SELECT 1"))));
    }
    EXPECT_EQ(server_.log().back(), "1: SELECT 1");

    at->open();
    poll();
    spawn(c.status(text("SELECT 2"))).get();

    EXPECT_EQ(
        server_.log(), (lines{"1: DECLARE SELECT n", "1: SELECT 1", "1: CLOSE", "1: SELECT 2"})
    );
}

TEST_F(Cursor, TimeoutAppliesToEachFetch) {
    engine on = open_engine(1);
    server_.answer("SELECT n", {.columns = {"n"}, .held = std::make_shared<gate>()});
    connection c = spawn(on.acquire()).get();
    auto numbers = spawn(c.iterate(text("SELECT n").timeout(100ms))).get();
    pass(1s);
    auto fetching = spawn(numbers.next());
    EXPECT_FALSE(fetching.is_done());

    pass(100ms);

    EXPECT_THROW(fetching.get(), statement_timeout);
}

TEST_F(Cursor, NeedsAScopeOnAnEngine) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        EXPECT_THROW(co_await on.iterate(text("SELECT n")), state_error);
    });
}

}  // namespace
}  // namespace gino::test
