// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace {

using namespace company_models;

class Iterate : public gino::testing::on_every_database {
protected:
    /// Runs `body` with a database that has the users "1", "2", ... up to `count`.
    void run_with_users(
        int count, const std::function<gino::awaitable<void>(gino::database&)>& body
    ) {
        run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
            std::vector<user> users(static_cast<std::size_t>(count));
            for (int i = 0; i < count; ++i) {
                users[static_cast<std::size_t>(i)].nickname = std::to_string(i + 1);
            }
            co_await db.create_many(users);
            co_await body(db);
            EXPECT_EQ(db.bind().statistics().in_use, 0U);
        });
    }
};

GINO_ON_EVERY_DATABASE(Iterate);

const auto names = gino::select(user::c.nickname).order_by(user::c.id);

TEST_P(Iterate, RequiresAConnection) {
    run_with_users(1, [&](gino::database& db) -> gino::awaitable<void> {
        try {
            static_cast<void>(co_await db.iterate(names));
            ADD_FAILURE() << "a cursor without a connection";
        } catch (const gino::state_error& refused) {
            EXPECT_THAT(refused.what(), testing::HasSubstr("connection"));
        }
    });
}

TEST_P(Iterate, ReadsOneByOneInsideATransaction) {
    run_with_users(3, [&](gino::database& db) -> gino::awaitable<void> {
        co_await db.transaction([&]() -> gino::awaitable<void> {
            auto users = co_await db.iterate(gino::select<user>().order_by(user::c.id));
            std::vector<std::string> seen;
            while (auto each = co_await users.next()) {
                seen.push_back(each->nickname);
            }
            EXPECT_THAT(seen, testing::ElementsAre("1", "2", "3"));
            EXPECT_FALSE(co_await users.next());
        });
    });
}

TEST_P(Iterate, ReadsManyUntilTheEnd) {
    run_with_users(4, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(names);
        EXPECT_EQ(co_await cursor.next(), "1");
        const auto one = co_await cursor.many(1);
        EXPECT_THAT(one, testing::ElementsAre("2"));
        const auto rest = co_await cursor.many(3);
        EXPECT_THAT(rest, testing::ElementsAre("3", "4"));
        const auto none = co_await cursor.many(2);
        EXPECT_TRUE(none.empty());
        EXPECT_FALSE(co_await cursor.next());
        co_await tx.commit();
    });
}

TEST_P(Iterate, SkipsForward) {
    run_with_users(3, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(names);
        EXPECT_EQ(co_await cursor.forward(1), 1U);
        EXPECT_EQ(co_await cursor.next(), "2");
        EXPECT_EQ(co_await cursor.forward(5), 1U);
        co_await tx.commit();
    });
}

TEST_P(Iterate, ReadsMoreThanOneBatch) {
    run_with_users(250, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(names);
        int expected = 0;
        while (auto name = co_await cursor.next()) {
            EXPECT_EQ(*name, std::to_string(++expected));
        }
        EXPECT_EQ(expected, 250);
        co_await tx.commit();
    });
}

TEST_P(Iterate, LeavesTheConnectionToOthersBetweenBatches) {
    run_with_users(3, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(names);
        EXPECT_EQ((co_await cursor.many(1)).size(), 1U);
        EXPECT_EQ(co_await tx.scalar(gino::select(gino::func::count()).from<user>()), 3);
        EXPECT_EQ((co_await cursor.many(5)).size(), 2U);
        co_await tx.commit();
    });
}

TEST_P(Iterate, LeavesTheConnectionUsableWhenEndedEarly) {
    run_with_users(250, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        {
            auto destroyed = co_await tx.iterate(names);
            EXPECT_EQ(co_await destroyed.next(), "1");
        }
        auto closed = co_await tx.iterate(names);
        EXPECT_EQ(co_await closed.next(), "1");
        co_await closed.close();
        EXPECT_FALSE(co_await closed.next());
        EXPECT_EQ(co_await tx.scalar(gino::select(gino::func::count()).from<user>()), 250);
        co_await tx.commit();
    });
}

// Three companies have 120 teams each, so that the rows of a company are in more than one batch.
TEST_P(Iterate, MergesRowsOfOneObjectAcrossBatches) {
    run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
        std::vector<company> companies(3);
        co_await db.create_many(companies);
        std::vector<team> teams(360);
        for (std::size_t i = 0; i < teams.size(); ++i) {
            teams[i].company_id = companies[i % 3].id;
        }
        co_await db.create_many(teams);
        const auto whole =
            gino::load<company>().distinct(company::c.id).with(&company::teams, gino::load<team>());
        const auto by_company = whole.query().order_by(company::c.id, team::c.id);

        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(by_company);
        std::vector<std::size_t> sizes;
        while (auto each = co_await cursor.next()) {
            sizes.push_back(each->teams.size());
        }
        EXPECT_THAT(sizes, testing::ElementsAre(120, 120, 120));

        auto again = co_await tx.iterate(by_company);
        const auto two = co_await again.many(2);
        EXPECT_EQ(two.size(), 2U);
        const auto rest = co_await again.many(2);
        EXPECT_EQ(rest.size(), 1U);
        EXPECT_EQ(rest.at(0).teams.size(), 120U);
        co_await tx.commit();
    });
}

TEST_P(Iterate, RefusesScatteredRowsOfOneObject) {
    run_with(all, [&](gino::database& db) -> gino::awaitable<void> {
        std::vector<company> companies(2);
        co_await db.create_many(companies);
        std::vector<team> teams(300);
        for (std::size_t i = 0; i < teams.size(); ++i) {
            teams[i].company_id = companies[i % 2].id;
        }
        co_await db.create_many(teams);
        const auto whole =
            gino::load<company>().distinct(company::c.id).with(&company::teams, gino::load<team>());

        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(whole.query().order_by(team::c.id));
        EXPECT_TRUE(co_await cursor.next());
        try {
            static_cast<void>(co_await cursor.next());
            ADD_FAILURE() << "half an object was given away";
        } catch (const gino::state_error& refused) {
            EXPECT_THAT(refused.what(), testing::HasSubstr("order the statement"));
        }
        co_await tx.rollback();
    });
}

TEST_P(Iterate, RequiresABoundDatabase) {
    run_with_users(1, [&](gino::database& db) -> gino::awaitable<void> {
        gino::database unbound;
        auto tx = co_await db.begin();
        EXPECT_THROW(co_await unbound.iterate(names), gino::uninitialized_error);
        gino::connection held = tx.connection();
        auto cursor = co_await held.iterate(names);
        EXPECT_EQ(co_await cursor.next(), "1");
        co_await tx.commit();
    });
}

TEST_P(Iterate, ReportsAFailedStatement) {
    run_with_users(1, [&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        EXPECT_THROW(
            {
                auto cursor = co_await tx.iterate(gino::text("SELECT * FROM nowhere"));
                static_cast<void>(co_await cursor.next());
            },
            gino::programming_error
        );
        co_await tx.rollback();
    });
}

}  // namespace
