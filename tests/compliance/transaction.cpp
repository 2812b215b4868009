// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <stdexcept>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace {

using namespace company_models;

class Transaction : public gino::testing::on_every_database {
protected:
    /// Runs `body` with a database that has the user "before".
    void run_with_user(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
            user before{.nickname = "before"};
            co_await db.create(before);
            log().clear();
            co_await body(db);
            EXPECT_EQ(db.bind().statistics().in_use, 0U);
        });
    }
};

class Savepoint : public Transaction {};

GINO_ON_EVERY_DATABASE(Transaction);
GINO_ON_EVERY_DATABASE(Savepoint);

gino::awaitable<void> rename(gino::statement_executor& on, std::string to) {
    co_await on.status(gino::update<user>().set(user::c.nickname = to));
}

/// The name as another connection sees it.
gino::awaitable<std::string> stored_name(gino::database& db) {
    auto name = co_await db.one(gino::select(user::c.nickname));
    co_return name;
}

TEST_P(Transaction, CallbackStoresWhenItReturns) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const int given = co_await db.transaction([&]() -> gino::awaitable<int> {
            co_await rename(db, "committed");
            co_return 42;
        });
        EXPECT_EQ(given, 42);
        EXPECT_EQ(co_await stored_name(db), "committed");
    });
}

TEST_P(Transaction, CallbackRollsBackAndPassesTheExceptionOn) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        try {
            co_await db.transaction([&]() -> gino::awaitable<void> {
                co_await rename(db, "lost");
                throw std::out_of_range("the program's own");
            });
            ADD_FAILURE() << "the exception was swallowed";
        } catch (const std::out_of_range& thrown) {
            EXPECT_STREQ(thrown.what(), "the program's own");
        }
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, OfConnectionCommitsAndRollsBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        gino::connection held = co_await db.acquire();
        {
            auto tx = co_await held.transaction();
            co_await rename(held, "committed");
            co_await tx.commit();
        }
        {
            auto tx = co_await held.transaction();
            co_await rename(tx, "lost");
            co_await tx.rollback();
        }
        co_await held.release();
        EXPECT_EQ(co_await stored_name(db), "committed");
    });
}

TEST_P(Transaction, NeitherCommittedNorRolledBackIsRolledBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        {
            auto tx = co_await db.transaction();
            co_await rename(tx, "lost");
        }
        gino::connection held = co_await db.acquire();
        {
            auto tx = co_await held.transaction();
            co_await rename(tx, "lost");
        }
        EXPECT_EQ(co_await held.scalar(gino::select(user::c.nickname)), "before");
        co_await held.release();
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, IsNotSeenFromOutsideBeforeItsCommit) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.transaction();
        co_await rename(tx, "hidden");
        EXPECT_EQ(co_await stored_name(db), "before");
        EXPECT_EQ(co_await tx.scalar(gino::select(user::c.nickname)), "hidden");
        co_await tx.commit();
        EXPECT_EQ(co_await stored_name(db), "hidden");
    });
}

TEST_P(Transaction, UsesTheConnectionOfTheScope) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.with_connection([&]() -> gino::awaitable<void> {
            auto tx = co_await db.transaction();
            EXPECT_EQ(db.bind().statistics().in_use, 1U);
            co_await rename(db, "inside");
            EXPECT_EQ(db.bind().statistics().in_use, 1U);
            co_await tx.rollback();
            EXPECT_EQ(co_await stored_name(db), "before");
        });
    });
}

TEST_P(Transaction, FailedCommitStoresNothing) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.transaction();
        co_await rename(tx, "lost");
        EXPECT_THROW(co_await tx.all(gino::text("SELECT * FROM nowhere")), gino::programming_error);
        if (is_sqlite()) {
            // SQLite goes on behind a statement that failed.
            co_await tx.rollback();
        } else {
            EXPECT_THROW(co_await tx.commit(), gino::operational_error);
        }
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, EndedOneCannotBeUsed) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.transaction();
        co_await tx.commit();
        EXPECT_FALSE(tx.is_active());
        EXPECT_THROW(co_await tx.commit(), gino::state_error);
        EXPECT_THROW(co_await tx.rollback(), gino::state_error);
        EXPECT_THROW(co_await rename(tx, "lost"), gino::state_error);
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, ReadOnlyOneRefusesToWrite) {
    if (is_sqlite()) {
        GTEST_SUCCEED();
        return;
    }
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.transaction({.read_only = true});
        EXPECT_THROW(co_await rename(tx, "lost"), gino::database_error);
        co_await tx.rollback();
    });
}

TEST_P(Transaction, HasTheIsolationThatWasAskedFor) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.transaction({.isolation = gino::isolation_level::serializable});
        if (!is_sqlite()) {
            const auto level = gino::text("SHOW transaction_isolation")
                                   .load(gino::column_loader<std::string>("transaction_isolation"));
            EXPECT_EQ(co_await tx.one(level), "serializable");
        }
        co_await rename(tx, "serial");
        co_await tx.commit();
        EXPECT_EQ(co_await stored_name(db), "serial");
    });
}

TEST_P(Transaction, ReleaseOfItsConnectionRollsBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        gino::connection held = co_await db.acquire();
        auto tx = co_await held.transaction();
        co_await rename(tx, "lost");
        co_await held.release();
        EXPECT_FALSE(tx.is_active());
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, ReleasedInACallbackRollsBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&](gino::transaction& tx) -> gino::awaitable<void> {
            co_await rename(tx, "early");
            co_await tx.commit();
        });
        EXPECT_EQ(co_await stored_name(db), "early");
    });
}

TEST_P(Savepoint, EmptyOnesMayBeNested) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&]() -> gino::awaitable<void> {
            co_await db.transaction([&]() -> gino::awaitable<void> {
                co_await db.transaction([]() -> gino::awaitable<void> { co_return; });
            });
        });
    });
}

TEST_P(Savepoint, RollbackInTheMiddleKeepsTheOuterOne) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&](gino::transaction& outer) -> gino::awaitable<void> {
            co_await rename(db, "outer");
            try {
                co_await db.transaction([&]() -> gino::awaitable<void> {
                    co_await rename(db, "middle");
                    co_await db.transaction([&]() -> gino::awaitable<void> {
                        co_await rename(db, "inner");
                    });
                    throw std::out_of_range("middle");
                });
            } catch (const std::out_of_range&) {
            }
            EXPECT_EQ(co_await outer.scalar(gino::select(user::c.nickname)), "outer");
        });
        EXPECT_EQ(co_await stored_name(db), "outer");
    });
}

TEST_P(Savepoint, CommitInTheMiddleIsStoredWithTheOuterOne) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.transaction();
        gino::connection held = outer.connection();
        auto middle = co_await held.transaction();
        auto inner = co_await held.transaction();
        co_await rename(inner, "inner");
        co_await inner.commit();
        co_await middle.commit();
        EXPECT_EQ(co_await stored_name(db), "before");
        co_await outer.commit();
        EXPECT_EQ(co_await stored_name(db), "inner");
    });
}

TEST_P(Savepoint, OuterRollbackUndoesWhatInnerOnesCommitted) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.transaction();
        gino::connection held = outer.connection();
        auto inner = co_await held.transaction();
        co_await rename(inner, "inner");
        co_await inner.commit();
        co_await outer.rollback();
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Savepoint, RecoversFromAStatementThatFailed) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.transaction();
        co_await rename(outer, "outer");
        gino::connection held = outer.connection();
        auto inner = co_await held.transaction();
        EXPECT_THROW(
            co_await inner.all(gino::text("SELECT * FROM nowhere")), gino::programming_error
        );
        co_await inner.rollback();
        co_await outer.commit();
        EXPECT_EQ(co_await stored_name(db), "outer");
    });
}

}  // namespace
