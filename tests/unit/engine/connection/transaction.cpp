// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/transaction.hpp>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using testing::fake_answer;
using testing::gate;
using lines = std::vector<std::string>;

class Transaction : public EngineTest {
protected:
    void fail(const std::string& sql, const std::string& sqlstate) {
        server_.answer(sql, {.failure = [sqlstate] { return testing::server_error(sqlstate); }});
    }

    void lose_connection_at(const std::string& sql) {
        server_.answer(sql, {.failure = testing::lost_connection, .loses_connection = true});
    }
};

TEST_F(Transaction, CommitStoresChanges) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto tx = co_await on.begin();
        EXPECT_TRUE(tx.is_active());

        co_await tx.status(text("INSERT 1"));
        co_await tx.commit();

        EXPECT_FALSE(tx.is_active());
        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: COMMIT"}));
        EXPECT_EQ(on.statistics().idle, 1U) << "its connection is given back";
    });
}

TEST_F(Transaction, RollbackUndoesChanges) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto tx = co_await on.begin();

        co_await tx.rollback();

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: ROLLBACK"}));
        EXPECT_EQ(on.statistics().idle, 1U);
    });
}

TEST_F(Transaction, SendsItsModesWithBegin) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        auto tx =
            co_await on.begin({.isolation = isolation_level::serializable, .read_only = true});

        EXPECT_EQ(
            server_.log(),
            (lines{
                "1: " +
                on.dialect().begin({.isolation = isolation_level::serializable, .read_only = true})}
            )
        );
    });
}

TEST_F(Transaction, IsSavepointWithinAnotherTransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto outer = co_await on.begin();
        auto inner = co_await outer.begin();
        auto innermost = co_await inner.begin();

        co_await innermost.rollback();
        co_await inner.commit();
        co_await outer.commit();

        const auto log = server_.log();
        EXPECT_EQ(
            log,
            (lines{
                "1: BEGIN",
                "1: SAVEPOINT gino_2",
                "1: SAVEPOINT gino_3",
                "1: ROLLBACK TO SAVEPOINT gino_3",
                "1: RELEASE SAVEPOINT gino_3",
                "1: RELEASE SAVEPOINT gino_2",
                "1: COMMIT"})
        );
    });
}

TEST_F(Transaction, ContainsStatementsOfItsConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto tx = co_await c.begin();

        co_await c.status(text("INSERT 1"));
        co_await tx.connection().status(text("INSERT 2"));
        co_await tx.commit();

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: INSERT 2", "1: COMMIT"}));
    });
}

TEST_F(Transaction, CannotBeEndedTwice) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto tx = co_await on.begin();
        co_await tx.commit();

        EXPECT_THROW(co_await tx.commit(), state_error);
        EXPECT_THROW(co_await tx.rollback(), state_error);
        EXPECT_THROW(co_await tx.begin(), state_error);
        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: COMMIT"}));
    });
}

TEST_F(Transaction, RunsNoStatementsAfterItsEnd) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto tx = co_await c.begin();
        co_await tx.commit();

        EXPECT_THROW(co_await tx.status(text("INSERT 1")), state_error);
    });
}

TEST_F(Transaction, RefusesStatementQueuedBehindItsCommit) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    server_.answer("INSERT 1", {.held = at});
    connection c = spawn(on.acquire()).get();
    auto tx = spawn(c.begin()).get();
    auto first = spawn(tx.status(text("INSERT 1")));
    auto committing = spawn(tx.commit());
    auto late = spawn(tx.status(text("INSERT 2")));

    at->open();
    poll();

    EXPECT_EQ(committing.error(), "");
    EXPECT_THROW(late.get(), state_error);
    EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: COMMIT"}));
}

TEST_F(Transaction, CannotBeCommittedWithOpenSavepoint) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto outer = co_await on.begin();
        auto inner = co_await outer.begin();

        EXPECT_THROW(co_await outer.commit(), state_error);
        EXPECT_TRUE(outer.is_active());

        co_await inner.commit();
        co_await outer.commit();
    });
}

TEST_F(Transaction, OuterRollbackEndsInnerTransactions) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto outer = co_await on.begin();
        auto inner = co_await outer.begin();

        co_await outer.rollback();

        EXPECT_FALSE(inner.is_active());
        EXPECT_THROW(co_await inner.commit(), state_error);
    });
}

TEST_F(Transaction, SavepointRefusesDifferentModes) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto outer = co_await c.begin({.isolation = isolation_level::serializable});

        EXPECT_THROW(
            co_await c.begin({.isolation = isolation_level::read_committed}), argument_error
        );
        auto inner = co_await c.begin({.isolation = isolation_level::serializable});

        EXPECT_EQ(server_.log().back(), "1: SAVEPOINT gino_2");
    });
}

// Destructors.

TEST_F(Transaction, DestructorRollsBackBeforeNextStatement) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        {
            auto tx = co_await c.begin();
            co_await tx.status(text("INSERT 1"));
        }
        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: ROLLBACK", "1: SELECT 1"}));
    });
}

TEST_F(Transaction, DestructorRollsBackWithoutAFurtherStatement) {
    engine on = open_engine(1);
    connection c = spawn(on.acquire()).get();
    { auto tx = spawn(c.begin()).get(); }

    poll();

    EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: ROLLBACK"}));
}

TEST_F(Transaction, DestructorReleasesAnOwnedConnectionClean) {
    engine on = open_engine(1);
    { auto tx = spawn(on.begin()).get(); }

    poll();

    EXPECT_EQ(server_.resets(), 1U);
    EXPECT_EQ(on.statistics().idle, 1U);
}

TEST_F(Transaction, SavepointDestructorKeepsOuterTransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto outer = co_await on.begin();
        { auto inner = co_await outer.begin(); }
        co_await outer.commit();

        EXPECT_EQ(
            server_.log(),
            (lines{
                "1: BEGIN",
                "1: SAVEPOINT gino_2",
                "1: ROLLBACK TO SAVEPOINT gino_2",
                "1: RELEASE SAVEPOINT gino_2",
                "1: COMMIT"})
        );
    });
}

TEST_F(Transaction, ClosesConnectionThatCannotRollBack) {
    engine on = open_engine(1);
    fail("ROLLBACK", "XX000");
    connection c = spawn(on.acquire()).get();
    { auto tx = spawn(c.begin()).get(); }
    poll();

    auto next = spawn(c.status(text("SELECT 1")));

    EXPECT_EQ(next.error(), "");
    EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: ROLLBACK", "2: SELECT 1"}));
}

TEST_F(Transaction, ReleaseOfItsConnectionRollsBack) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        connection c = co_await on.acquire();
        auto tx = co_await c.begin();

        co_await c.release({.permanent = false});

        EXPECT_EQ(server_.resets(), 1U);
        EXPECT_FALSE(tx.is_active());
        EXPECT_THROW(co_await tx.commit(), state_error);
        EXPECT_EQ(server_.log(), (lines{"1: BEGIN"}));
    });
}

TEST_F(Transaction, HandleMayBeMoved) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto first = co_await on.begin();

        auto second = std::move(first);
        EXPECT_FALSE(first.is_active());  // NOLINT(bugprone-use-after-move): it is empty
        co_await second.commit();

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: COMMIT"}));
    });
}

// Failures.

TEST_F(Transaction, FailedBeginReleasesConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        fail("BEGIN", "25006");

        EXPECT_THROW(co_await on.begin(), operational_error);

        EXPECT_EQ(on.statistics().idle, 1U);
    });
}

TEST_F(Transaction, FailedCommitReleasesConnectionWithoutRollback) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto tx = co_await on.begin();
        fail("COMMIT", "40001");
        // A COMMIT that fails ends the transaction, as in PostgreSQL.
        server_.answer("COMMIT", {.failure = [] { return testing::server_error("40001"); }});

        EXPECT_THROW(co_await tx.commit(), operational_error);

        EXPECT_FALSE(tx.is_active());
        EXPECT_THROW(co_await tx.rollback(), state_error);
    });
    EXPECT_EQ(server_.log()[1], "1: COMMIT");
}

TEST_F(Transaction, IsRolledBackWhenFailedCommitLeavesItOpen) {
    engine on = open_engine(1);
    connection c = spawn(on.acquire()).get();
    auto tx = spawn(c.begin()).get();
    fail("COMMIT", "55P03");  // busy, and the transaction stays open, as in SQLite
    EXPECT_THROW(spawn(tx.commit()).get(), operational_error);
    poll();

    spawn(c.status(text("SELECT 1"))).get();

    EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: COMMIT", "1: ROLLBACK", "1: SELECT 1"}));
}

TEST_F(Transaction, SwallowedErrorMakesCommitThrow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        fail("WRONG", "42601");
        auto tx = co_await on.begin();
        EXPECT_THROW(co_await tx.status(text("WRONG")), programming_error);

        errc code{};
        try {
            co_await tx.commit();
        } catch (const operational_error& e) {
            code = e.code();
        }

        EXPECT_EQ(code, errc::transaction_aborted);
        EXPECT_FALSE(tx.is_active());
    });
}

TEST_F(Transaction, SwallowedErrorInSavepointFailsOnlyTheSavepoint) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        fail("WRONG", "42601");
        auto outer = co_await on.begin();
        auto inner = co_await outer.begin();
        EXPECT_THROW(co_await inner.status(text("WRONG")), programming_error);

        EXPECT_THROW(co_await inner.commit(), operational_error);
        co_await outer.status(text("INSERT 1"));
        co_await outer.commit();

        EXPECT_EQ(server_.log().back(), "1: COMMIT");
    });
}

TEST_F(Transaction, OutcomeIsUnknownWhenConnectionIsLostDuringCommit) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto tx = co_await on.begin();
        lose_connection_at("COMMIT");

        errc code{};
        try {
            co_await tx.commit();
        } catch (const connection_error& e) {
            code = e.code();
        }

        EXPECT_EQ(code, errc::commit_unknown);
        EXPECT_EQ(on.statistics().total, 0U);
    });
}

TEST_F(Transaction, OutcomeIsUnknownWhenInterruptedCommitClosesConnection) {
    engine_options options;
    options.execution.timeout = 100ms;
    engine on = open_engine(1, options);
    server_.close_on_interrupt();
    auto tx = spawn(on.begin()).get();
    server_.answer("COMMIT", {.held = std::make_shared<gate>()});
    auto committing = spawn(tx.commit());

    pass(100ms);

    EXPECT_NE(committing.error().find("COMMIT was sent and not answered"), std::string::npos)
        << committing.error();
}

TEST_F(Transaction, StaysOpenWhenWaitingCommitIsCancelled) {
    engine on = open_engine(1);
    const auto at = std::make_shared<gate>();
    server_.answer("INSERT 1", {.held = at});
    auto tx = spawn(on.begin()).get();
    auto running = spawn(tx.status(text("INSERT 1")));
    auto committing = spawn(tx.commit());

    committing.cancel();
    poll();
    EXPECT_TRUE(tx.is_active());
    at->open();
    poll();

    EXPECT_EQ(spawn(tx.commit()).error(), "");
}

TEST_F(Transaction, RunsNothingOutsideAfterItsConnectionIsLost) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        lose_connection_at("BOOM");
        connection c = co_await on.acquire();
        auto tx = co_await c.begin();
        EXPECT_THROW(co_await tx.status(text("BOOM")), connection_error);
        EXPECT_FALSE(tx.is_active());

        EXPECT_THROW(co_await tx.status(text("INSERT 1")), connection_error);
        EXPECT_THROW(co_await c.status(text("INSERT 1")), connection_error);
        EXPECT_THROW(co_await tx.commit(), connection_error);
        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: BOOM", "2: SELECT 1"}));
    });
}

TEST_F(Transaction, MayBeRolledBackAfterItsConnectionIsLost) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        lose_connection_at("BOOM");
        connection c = co_await on.acquire();
        auto tx = co_await c.begin();
        EXPECT_THROW(co_await tx.status(text("BOOM")), connection_error);

        co_await tx.rollback();
        co_await c.status(text("SELECT 1"));

        EXPECT_EQ(server_.log().back(), "2: SELECT 1");
    });
}

TEST_F(Transaction, DestructorEndsItAfterItsOwnedConnectionIsLost) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        lose_connection_at("BOOM");
        {
            auto tx = co_await on.begin();
            EXPECT_THROW(co_await tx.status(text("BOOM")), connection_error);
        }
        co_await on.status(text("SELECT 1"));

        EXPECT_EQ(on.statistics().total, 1U);
    });
}

TEST_F(Transaction, CancelledBeginLeavesNoTransaction) {
    engine on = open_engine(1);
    connection c = spawn(on.acquire()).get();
    const auto at = std::make_shared<gate>();
    server_.answer("BEGIN", {.held = at});
    auto beginning = spawn(c.begin());

    beginning.cancel();
    poll();
    spawn(c.status(text("SELECT 1"))).get();

    EXPECT_NE(beginning.error(), "");
    EXPECT_EQ(server_.log().back(), "1: SELECT 1");
    spawn(c.release()).get();
    EXPECT_EQ(on.statistics().idle, 1U);
}

// Callbacks.

TEST_F(Transaction, CallbackCommitsWhenItReturns) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        const int made = co_await on.transaction([&](transaction& tx) -> awaitable<int> {
            co_await tx.status(text("INSERT 1"));
            co_await on.status(text("INSERT 2"));
            co_return 7;
        });

        EXPECT_EQ(made, 7);
        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: INSERT 2", "1: COMMIT"}));
        EXPECT_EQ(on.statistics().idle, 1U);
    });
}

TEST_F(Transaction, CallbackRollsBackWhenItThrows) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto body = [&]() -> awaitable<void> {
            co_await on.status(text("INSERT 1"));
            throw std::runtime_error("no");
        };

        EXPECT_THROW(co_await on.transaction(body), std::runtime_error);

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: ROLLBACK"}));
        EXPECT_EQ(on.statistics().idle, 1U);
    });
}

TEST_F(Transaction, CallbackMayEndItsTransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        co_await on.transaction([&](transaction& tx) -> awaitable<void> {
            co_await tx.rollback();
        });

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: ROLLBACK"}));
    });
}

TEST_F(Transaction, NestedCallbackIsSavepoint) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        co_await on.transaction([&]() -> awaitable<void> {
            auto inner = [&]() -> awaitable<void> {
                co_await on.status(text("INSERT 1"));
                throw std::runtime_error("no");
            };
            EXPECT_THROW(co_await on.transaction(inner), std::runtime_error);
        });

        EXPECT_EQ(
            server_.log(),
            (lines{
                "1: BEGIN",
                "1: SAVEPOINT gino_2",
                "1: INSERT 1",
                "1: ROLLBACK TO SAVEPOINT gino_2",
                "1: RELEASE SAVEPOINT gino_2",
                "1: COMMIT"})
        );
    });
}

TEST_F(Transaction, CallbackFailsAfterSwallowedConnectionLoss) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        lose_connection_at("BOOM");
        auto body = [&]() -> awaitable<void> {
            EXPECT_THROW(co_await on.status(text("BOOM")), connection_error);
        };

        EXPECT_THROW(co_await on.transaction(body), connection_error);
    });
}

TEST_F(Transaction, RetriesSerializationFailures) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        int runs = 0;

        const int made = co_await on.retry_serialization(3, [&]() -> awaitable<int> {
            ++runs;
            if (runs < 3) {
                std::rethrow_exception(testing::server_error("40001"));
            }
            co_return runs;
        });

        EXPECT_EQ(made, 3);
    });
}

TEST_F(Transaction, StopsRetryingAfterTheLastAttempt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        int runs = 0;
        auto body = [&]() -> awaitable<void> {
            ++runs;
            std::rethrow_exception(testing::server_error("40P01"));
            co_return;
        };

        EXPECT_THROW(co_await on.retry_serialization(2, body), operational_error);

        EXPECT_EQ(runs, 2);
    });
}

TEST_F(Transaction, DoesNotRetryOtherErrors) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        int runs = 0;
        auto body = [&]() -> awaitable<void> {
            ++runs;
            std::rethrow_exception(testing::server_error("23505"));
            co_return;
        };

        EXPECT_THROW(co_await on.retry_serialization(5, body), unique_violation);

        EXPECT_EQ(runs, 1);
    });
}

TEST_F(Transaction, CannotRetryWithinATransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto part = [&]() -> awaitable<void> { co_return; };

        co_await on.transaction([&]() -> awaitable<void> {
            EXPECT_THROW(co_await on.retry_serialization(2, part), state_error);
        });
    });
}

}  // namespace
}  // namespace gino::test
