// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <chrono>

#include "support/on_every_database.hpp"

// Typed statements that are sent together.
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;

struct account {
    std::int64_t id{};
    std::string owner{};
    std::int64_t balance{};

    GINO_MODEL(account, "accounts", id, owner, balance)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::unique(c.owner),
            gino::check("ck_balance", c.balance >= 0)};
    }
};

class Batch : public gino::testing::on_every_database {
protected:
    void run_accounts(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<account>, [&](gino::database& db) -> gino::awaitable<void> {
            account ada{.owner = "ada", .balance = 10};
            account bob{.owner = "bob", .balance = 5};
            co_await db.create(ada);
            co_await db.create(bob);
            log().clear();
            co_await body(db);
        });
    }

    static auto balances() { return gino::select(account::c.balance).order_by(account::c.owner); }

    static auto take(const std::string& owner, std::int64_t amount) {
        const auto& c = account::c;
        return gino::update<account>().set(c.balance = c.balance - amount).where(c.owner == owner);
    }
};

GINO_ON_EVERY_DATABASE(Batch);

TEST_P(Batch, ReturnsATypedResultPerStatement) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        const auto& c = account::c;
        //! [batch]
        gino::batch together;
        const auto everybody = together.all(gino::select<account>().order_by(c.owner));
        const auto total = together.scalar(gino::select(gino::func::count(c.id)));
        const auto bob = together.one(gino::select<account>().where(c.owner == "bob"));
        const auto paid = together.status(
            gino::update<account>().set(c.balance = c.balance + 1).where(c.balance > 7)
        );
        co_await db.send(together);
        EXPECT_EQ(everybody.get().size(), 2U);
        EXPECT_EQ(total.get(), 2);
        EXPECT_EQ(bob.get().balance, 5);
        EXPECT_EQ(paid.get().affected_rows, 1U);
        //! [batch]
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(11, 5));
    });
}

TEST_P(Batch, HasTheVerbsOfAnExecutor) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        const auto& c = account::c;
        gino::batch together;
        const auto nobody = together.first(gino::select<account>().where(c.owner == "eve"));
        const auto first = together.first(balances());
        const auto none = together.one_or_none(gino::select<account>().where(c.owner == "eve"));
        const auto several = together.one_or_none(balances());
        const auto missing = together.one(gino::select<account>().where(c.owner == "eve"));
        const auto inserted = together.one(
            gino::insert<account>().values(c.owner = "dan", c.balance = 3).returning(c.balance)
        );
        EXPECT_EQ(together.size(), 6U);
        EXPECT_THROW(static_cast<void>(first.get()), gino::state_error);
        co_await db.send(together);
        EXPECT_FALSE(nobody.get().has_value());
        EXPECT_EQ(first.get(), 10);
        EXPECT_FALSE(none.get().has_value());
        EXPECT_THROW(static_cast<void>(several.get()), gino::multiple_results_found);
        EXPECT_THROW(static_cast<void>(missing.get()), gino::no_result_found);
        EXPECT_EQ(inserted.get(), 3);
        EXPECT_THROW(co_await db.send(together), gino::state_error);
        gino::batch empty;
        co_await db.send(empty);
    });
}

TEST_P(Batch, IsAtomic) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        gino::batch together;
        const auto before = together.status(take("ada", 1));
        const auto wrong = together.status(take("bob", 100));
        const auto behind = together.status(take("ada", 1));
        EXPECT_THROW(co_await db.send(together), gino::integrity_error);
        EXPECT_THROW(static_cast<void>(wrong.get()), gino::integrity_error);
        EXPECT_THROW(static_cast<void>(before.get()), gino::operational_error);
        EXPECT_THROW(static_cast<void>(behind.get()), gino::operational_error);
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(10, 5));
    });
}

TEST_P(Batch, MayCommitEachStatement) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        gino::batch apart(gino::pipeline_sync::each);
        const auto before = apart.status(take("ada", 1));
        const auto wrong = apart.status(take("bob", 100));
        const auto behind = apart.status(take("ada", 1));
        co_await db.send(apart);
        EXPECT_EQ(before.get().affected_rows, 1U);
        EXPECT_THROW(static_cast<void>(wrong.get()), gino::integrity_error);
        EXPECT_EQ(behind.get().affected_rows, 1U);
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(8, 5));
    });
}

TEST_P(Batch, RunsInItsTransaction) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        gino::batch together;
        const auto paid = together.status(take("ada", 1));
        const auto left = together.all(balances());
        co_await tx.send(together);
        EXPECT_EQ(paid.get().affected_rows, 1U);
        EXPECT_THAT(left.get(), ElementsAre(9, 5));
        co_await tx.rollback();
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(10, 5));
        gino::batch late;
        const auto nothing = late.status(take("ada", 1));
        EXPECT_THROW(co_await tx.send(late), gino::state_error);
        EXPECT_THROW(static_cast<void>(nothing.get()), gino::state_error);
        auto connection = co_await db.acquire();
        gino::batch on_connection;
        const auto read = on_connection.all(balances());
        co_await connection.send(on_connection);
        EXPECT_THAT(read.get(), ElementsAre(10, 5));
        co_await connection.release();
    });
}

TEST_P(Batch, HasTheShortestTimeoutOfItsStatements) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        if (is_sqlite()) {
            co_return;  // SQLite has no function that sleeps
        }
        gino::batch together;
        const auto slow = together.status(gino::text("SELECT pg_sleep(20)").timeout(50ms));
        const auto other = together.all(balances());
        EXPECT_THROW(co_await db.send(together), gino::statement_timeout);
        EXPECT_THROW(static_cast<void>(slow.get()), gino::statement_timeout);
        gino::batch apart(gino::pipeline_sync::each);
        const auto too_slow = apart.status(gino::text("SELECT pg_sleep(20)").timeout(50ms));
        EXPECT_THROW(co_await db.send(apart), gino::statement_timeout);
        EXPECT_THROW(static_cast<void>(too_slow.get()), gino::statement_timeout);
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(10, 5));
    });
}

TEST_P(Batch, IsOneEventForHooks) {
    run([&]() -> gino::awaitable<void> {
        std::vector<std::string> seen;
        gino::engine_options options;
        options.log_parameters = true;
        options.hooks.after_execute = [&](const gino::statement_event& event) {
            seen.emplace_back(event.sql);
            for (const auto* one : event.parameters) {
                seen.push_back(gino::to_string(*one));
            }
            seen.push_back(std::to_string(event.affected_rows));
        };
        gino::engine on = co_await gino::create_engine(url(), options);
        gino::batch together;
        const auto first = together.all(gino::text("SELECT :n AS n").bind("n", 1));
        const auto second = together.all(gino::text("SELECT :t AS t").bind("t", "two"));
        co_await on.send(together);
        const std::string place = is_sqlite() ? "?" : "$1";
        const std::string sql = "SELECT " + place + " AS n; SELECT " + place + " AS t";
        EXPECT_THAT(seen, ElementsAre(sql, "1", "'two'", "2"));
        co_await on.close();
    });
}

TEST_P(Batch, FailsWholeWhenItsConnectionIsLost) {
    run_accounts([&](gino::database& db) -> gino::awaitable<void> {
        if (is_sqlite()) {
            co_return;  // SQLite has no server
        }
        gino::batch together(gino::pipeline_sync::each);
        const auto last =
            together.status(gino::text("SELECT pg_terminate_backend(pg_backend_pid())"));
        const auto behind = together.all(balances());
        EXPECT_THROW(co_await db.send(together), gino::connection_error);
        EXPECT_THROW(static_cast<void>(last.get()), gino::connection_error);
        EXPECT_THROW(static_cast<void>(behind.get()), gino::connection_error);
        EXPECT_THAT(co_await db.all(balances()), ElementsAre(10, 5));
    });
}

}  // namespace
