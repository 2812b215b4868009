// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace {

using namespace company_models;
using namespace std::chrono_literals;

class ExecutionOptions : public gino::testing::on_every_database {
protected:
    void run_with_user(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
            user fantix{.nickname = "fantix", .age = 42};
            co_await db.create(fantix);
            co_await body(db);
        });
    }
};

GINO_ON_EVERY_DATABASE(ExecutionOptions);

const auto by_hand = gino::text("SELECT id, name, age, team_id FROM gino_users");

TEST_P(ExecutionOptions, StatementLoaderDeterminesTheRowType) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const user fantix = co_await db.one(by_hand.load(gino::load<user>()));
        EXPECT_EQ(fantix.nickname, "fantix");
        EXPECT_EQ(fantix.age, 42);
        const gino::row plain = co_await db.one(by_hand);
        EXPECT_EQ(plain.size(), 4U);
    });
}

TEST_P(ExecutionOptions, ExecutorLoaderAppliesToStatementsWithoutALoader) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const user by_engine = co_await db.bind().load(gino::load<user>()).one(by_hand);
        EXPECT_EQ(by_engine.nickname, "fantix");

        gino::connection held = co_await db.acquire();
        const auto users = held.load(gino::load<user>());
        const std::vector<user> every = co_await users.all(by_hand);
        EXPECT_EQ(every.at(0).age, 42);
        EXPECT_TRUE(co_await users.first(by_hand));
        EXPECT_TRUE(co_await users.one_or_none(by_hand));
        co_await held.release();
    });
}

TEST_P(ExecutionOptions, StatementLoaderOverridesExecutorLoader) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const auto users = db.load(gino::load<user>());
        const auto name_only = by_hand.load(gino::column_loader<std::string>("name"));
        EXPECT_EQ(co_await users.one(name_only), "fantix");

        const user partial =
            co_await users.one(by_hand.columns<user>().load(gino::load<user>(user::c.age)));
        EXPECT_EQ(partial.nickname, "noname");
        EXPECT_EQ(partial.age, 42);
    });
}

TEST_P(ExecutionOptions, RowLoaderReturnsRowsInsteadOfModels) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const auto rows = db.load(gino::row_loader());
        const gino::row plain = co_await rows.one(gino::select<user>());
        EXPECT_EQ(plain.get<std::string>("name"), "fantix");
        const gino::row by_statement = co_await db.one(gino::select<user>().as_rows());
        EXPECT_EQ(by_statement.get<std::string>("name"), "fantix");
        const user again = co_await db.one(gino::select<user>());
        EXPECT_EQ(again.nickname, "fantix");
    });
}

TEST_P(ExecutionOptions, CursorsUseTheExecutorLoader) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.load(gino::load<user>()).iterate(by_hand);
        const std::optional<user> first = co_await cursor.next();
        EXPECT_EQ(first->nickname, "fantix");
        co_await tx.commit();
    });
}

TEST_P(ExecutionOptions, ConflictingLoadersAreRefused) {
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        const auto partial = gino::select<user>().load(gino::load<user>(user::c.age));
        EXPECT_THROW(
            static_cast<void>(co_await db.load(gino::row_loader()).one(partial)),
            gino::argument_error
        );
    });
}

TEST_P(ExecutionOptions, ConnectionTimeoutAppliesToStatementsWithoutATimeout) {
    if (is_sqlite()) {
        GTEST_SUCCEED();
        return;
    }
    run_with_user([&](gino::database& db) -> gino::awaitable<void> {
        gino::connection held = co_await db.acquire();
        held.set_execution_options({.timeout = 50ms});
        EXPECT_THROW(co_await held.all(gino::text("SELECT pg_sleep(20)")), gino::statement_timeout);
        EXPECT_TRUE(co_await held.first(gino::text("SELECT pg_sleep(0.1)").timeout(10s)));
        co_await held.release();
    });
}

}  // namespace
