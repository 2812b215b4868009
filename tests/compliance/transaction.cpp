// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <source_location>
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

/// Returns the stored name, as the connection of `on` sees it.
gino::awaitable<std::string> stored_name(gino::statement_executor& on) {
    auto name = co_await on.one(gino::select(user::c.nickname));
    co_return name;
}

TEST_P(Transaction, CallbackCommitsWhenItReturns) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const int given = co_await db.transaction([&]() -> gino::awaitable<int> {
            co_await rename(db, "committed");
            co_return 42;
        });
        EXPECT_EQ(given, 42);
        EXPECT_EQ(co_await stored_name(db), "committed");
    });
}

TEST_P(Transaction, CallbackRollsBackAndRethrows) {
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

TEST_P(Transaction, CommitsAndRollsBackOnAConnection) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        gino::connection held = co_await db.acquire();
        {
            auto tx = co_await held.begin();
            co_await rename(held, "committed");
            co_await tx.commit();
        }
        {
            auto tx = co_await held.begin();
            co_await rename(tx, "lost");
            co_await tx.rollback();
        }
        co_await held.release();
        EXPECT_EQ(co_await stored_name(db), "committed");
    });
}

TEST_P(Transaction, RollsBackWhenDestroyedWhileOpen) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        {
            auto tx = co_await db.begin();
            co_await rename(tx, "lost");
        }
        gino::connection held = co_await db.acquire();
        {
            auto tx = co_await held.begin();
            co_await rename(tx, "lost");
        }
        EXPECT_EQ(co_await held.scalar(gino::select(user::c.nickname)), "before");
        co_await held.release();
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, IsInvisibleToOthersBeforeCommit) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
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
            auto tx = co_await db.begin();
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
        auto tx = co_await db.begin();
        co_await rename(tx, "lost");
        EXPECT_THROW(co_await tx.all(gino::text("SELECT * FROM nowhere")), gino::programming_error);
        if (is_sqlite()) {
            // SQLite continues the transaction after a failed statement.
            co_await tx.rollback();
        } else {
            EXPECT_THROW(co_await tx.commit(), gino::operational_error);
        }
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, CannotBeUsedAfterItsEnd) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        co_await tx.commit();
        EXPECT_FALSE(tx.is_active());
        EXPECT_THROW(co_await tx.commit(), gino::state_error);
        EXPECT_THROW(co_await tx.rollback(), gino::state_error);
        EXPECT_THROW(co_await rename(tx, "lost"), gino::state_error);
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, RefusesToWriteWhenReadOnly) {
    if (is_sqlite()) {
        GTEST_SUCCEED();
        return;
    }
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin({.read_only = true});
        EXPECT_THROW(co_await rename(tx, "lost"), gino::database_error);
        co_await tx.rollback();
    });
}

TEST_P(Transaction, HasTheRequestedIsolation) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin({.isolation = gino::isolation_level::serializable});
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
        auto tx = co_await held.begin();
        co_await rename(tx, "lost");
        co_await held.release();
        EXPECT_FALSE(tx.is_active());
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, ReleaseInACallbackRollsBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&](gino::transaction& tx) -> gino::awaitable<void> {
            co_await rename(tx, "early");
            co_await tx.commit();
        });
        EXPECT_EQ(co_await stored_name(db), "early");
    });
}

TEST_P(Transaction, RunsACallbackOnAConnection) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        gino::connection held = co_await db.acquire();
        const auto stored = co_await held.transaction([&]() -> gino::awaitable<std::string> {
            co_await rename(held, "stored");
            co_return "stored";
        });
        EXPECT_EQ(stored, "stored");
        auto fails = [&]() -> gino::awaitable<void> {
            co_await rename(held, "lost");
            throw std::out_of_range("callback");
        };
        EXPECT_THROW(co_await held.transaction(fails), std::out_of_range);
        EXPECT_EQ(co_await stored_name(held), "stored");
        co_await held.release();
    });
}

// Ends the transaction of a callback explicitly, and expects the verbs of the database to throw.
gino::awaitable<void> expect_refusal_after(
    gino::database& db, std::function<gino::awaitable<void>(gino::transaction&)> end
) {
    auto callback = [&](gino::transaction& tx) -> gino::awaitable<void> {
        co_await rename(db, "before the end");
        co_await end(tx);
        EXPECT_THROW(co_await stored_name(db), gino::state_error);
        EXPECT_THROW(co_await db.begin(), gino::state_error);
        co_await rename(db, "after the end");
    };
    EXPECT_THROW(co_await db.transaction(callback), gino::state_error);
}

TEST_P(Transaction, CallbackRunsNothingAfterExplicitRollback) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await expect_refusal_after(db, [](gino::transaction& tx) { return tx.rollback(); });
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, CallbackRunsNothingAfterExplicitCommit) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await expect_refusal_after(db, [](gino::transaction& tx) { return tx.commit(); });
        EXPECT_EQ(co_await stored_name(db), "before the end");
    });
}

TEST_P(Transaction, NestedCallbacksRunNothingAfterTheOuterTransactionEnds) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer_callback = [&](gino::transaction& outer) -> gino::awaitable<void> {
            co_await db.transaction([&]() -> gino::awaitable<void> {
                co_await outer.rollback();
                EXPECT_THROW(co_await rename(db, "in the inner"), gino::state_error);
            });
            co_await rename(db, "in the outer");
        };
        EXPECT_THROW(co_await db.transaction(outer_callback), gino::state_error);
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Transaction, OuterCallbackContinuesAfterExplicitInnerRollback) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&]() -> gino::awaitable<void> {
            auto inner_callback = [&](gino::transaction& inner) -> gino::awaitable<void> {
                co_await rename(db, "inner");
                co_await inner.rollback();
                EXPECT_THROW(co_await rename(db, "after the end"), gino::state_error);
            };
            co_await db.transaction(inner_callback);
            EXPECT_EQ(co_await stored_name(db), "before");
            co_await rename(db, "outer");
        });
        EXPECT_EQ(co_await stored_name(db), "outer");
    });
}

// Runs three nested callbacks; the innermost one leaves the callback of depth `left` by `leave`.
using leave_by = void (gino::transaction::*)() const;

gino::awaitable<void> leave_from_the_innermost(gino::database& db, int left, leave_by leave) {
    co_await db.transaction([&](gino::transaction& outermost) -> gino::awaitable<void> {
        co_await rename(db, "outermost");
        co_await db.transaction([&](gino::transaction& middle) -> gino::awaitable<void> {
            co_await rename(db, "middle");
            co_await middle.savepoint([&](gino::transaction& inner) -> gino::awaitable<void> {
                co_await rename(db, "inner");
                gino::transaction* const all[] = {&outermost, &middle, &inner};
                try {
                    (all[left]->*leave)();
                } catch (const std::exception&) {
                    ADD_FAILURE() << "trapped as an error";
                }
                co_await rename(db, "after the end");
            });
            EXPECT_EQ(left, 2);
        });
        EXPECT_GE(left, 1);
    });
}

TEST_P(Transaction, RaiseCommitLeavesAnyCallbackAndCommits) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        for (int left = 0; left < 3; ++left) {
            co_await leave_from_the_innermost(db, left, &gino::transaction::raise_commit);
            EXPECT_EQ(co_await stored_name(db), "inner") << left;
        }
    });
}

TEST_P(Transaction, RaiseRollbackLeavesAnyCallbackAndRollsBack) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const std::string kept[] = {"before", "outermost", "middle"};
        for (int left = 0; left < 3; ++left) {
            co_await leave_from_the_innermost(db, left, &gino::transaction::raise_rollback);
            EXPECT_EQ(co_await stored_name(db), kept[left]) << left;
        }
    });
}

TEST_P(Transaction, RefusesToLeaveWithoutACallback) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        EXPECT_THROW(tx.raise_commit(), gino::state_error);
        EXPECT_TRUE(tx.is_active());
        co_await tx.rollback();
        auto returns_a_value = [](gino::transaction& inner) -> gino::awaitable<int> {
            EXPECT_THROW(inner.raise_rollback(), gino::state_error);
            co_return 1;
        };
        EXPECT_EQ(co_await db.transaction(returns_a_value), 1);
    });
}

// The statement is outside of the holder's transaction, and cannot get the lock.
TEST_P(Transaction, IsNamedInLockErrorsOfOthers) {
    run_with_user([&](gino::database& /*db*/) -> gino::awaitable<void> {
        const std::string patience = is_sqlite() ? "?busy_timeout=20" : "";
        gino::engine engine = co_await gino::create_engine(url() + patience);
        const auto line = std::source_location::current().line() + 1;
        auto holder = co_await engine.begin();
        co_await rename(holder, "locked");
        const auto taking = gino::text(
            is_sqlite() ? "UPDATE gino_users SET name = 'x'"
                        : "SELECT * FROM gino_users FOR UPDATE NOWAIT"
        );
        std::string problem;
        try {
            co_await engine.status(taking);
        } catch (const gino::operational_error& e) {
            EXPECT_EQ(e.sqlstate(), gino::sqlstate::lock_not_available);
            problem = e.what();
        }
        EXPECT_THAT(
            problem,
            testing::HasSubstr(
                "other connections of this engine are in use: transaction.cpp:" +
                std::to_string(line) + " has 1"
            )
        );
        co_await holder.rollback();
        co_await engine.close();
    });
}

TEST_P(Savepoint, MayBeEmptyAndNested) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&]() -> gino::awaitable<void> {
            co_await db.transaction([&]() -> gino::awaitable<void> {
                co_await db.transaction([]() -> gino::awaitable<void> { co_return; });
            });
        });
    });
}

TEST_P(Savepoint, RollbackKeepsOuterChanges) {
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

TEST_P(Savepoint, CommitIsStoredWithTheOuterTransaction) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.begin();
        gino::connection held = outer.connection();
        auto middle = co_await held.begin();
        auto inner = co_await held.begin();
        co_await rename(inner, "inner");
        co_await inner.commit();
        co_await middle.commit();
        EXPECT_EQ(co_await stored_name(db), "before");
        co_await outer.commit();
        EXPECT_EQ(co_await stored_name(db), "inner");
    });
}

TEST_P(Savepoint, OuterRollbackUndoesCommittedSavepoints) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.begin();
        gino::connection held = outer.connection();
        auto inner = co_await held.begin();
        co_await rename(inner, "inner");
        co_await inner.commit();
        co_await outer.rollback();
        EXPECT_EQ(co_await stored_name(db), "before");
    });
}

TEST_P(Savepoint, RecoversFromAFailedStatement) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto outer = co_await db.begin();
        co_await rename(outer, "outer");
        gino::connection held = outer.connection();
        auto inner = co_await held.begin();
        EXPECT_THROW(
            co_await inner.all(gino::text("SELECT * FROM nowhere")), gino::programming_error
        );
        co_await inner.rollback();
        co_await outer.commit();
        EXPECT_EQ(co_await stored_name(db), "outer");
    });
}

}  // namespace
