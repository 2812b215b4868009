// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "support/company_seed.hpp"

// Statements whose meaning has to be the same in the databases and in gino.
namespace {

using namespace company_models;
using testing::ElementsAre;

class OnConflict : public seeded_test {};

class InsertFromSelect : public seeded_test {};

class Case : public seeded_test {};

class Over : public seeded_test {};

GINO_ON_EVERY_DATABASE(OnConflict);
GINO_ON_EVERY_DATABASE(InsertFromSelect);
GINO_ON_EVERY_DATABASE(Case);
GINO_ON_EVERY_DATABASE(Over);

TEST_P(OnConflict, DoNothingKeepsTheExistingRow) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto again =
            gino::insert<company>().values(company::c.id = 1, company::c.name = "another");
        EXPECT_THROW(co_await db.status(again), gino::unique_violation);
        const auto done = co_await db.status(again.on_conflict(company::c.id).do_nothing());
        EXPECT_EQ(done.affected_rows, 0U);
        EXPECT_EQ(co_await db.scalar(gino::select(company::c.name)), "acme");
    });
}

TEST_P(OnConflict, DoUpdateTakesValuesOfTheExcludedRow) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto upsert = gino::insert<company>()
                                .values(company::c.id = 1, company::c.name = "new")
                                .values(company::c.id = 2, company::c.name = "second")
                                .on_conflict(company::c.id)
                                .do_update(company::c.name = gino::excluded(company::c.name))
                                .where(company::c.name == "acme");
        const auto names = gino::select(company::c.name).order_by(company::c.id);
        co_await db.status(upsert);
        EXPECT_THAT(co_await db.all(names), ElementsAre("new", "second"));
        // The condition is no longer true, so the statement changes and returns no row.
        const auto changed = co_await db.all(upsert.returning(company::c.id));
        EXPECT_TRUE(changed.empty());
        EXPECT_THAT(co_await db.all(names), ElementsAre("new", "second"));
    });
}

TEST_P(InsertFromSelect, StoresTheSelectedRows) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto done = co_await db.status(
            gino::insert<company>()
                .from_select(
                    gino::select(user::c.id + 100, user::c.nickname), company::c.id, company::c.name
                )
                .on_conflict(company::c.id)
                .do_nothing()
        );
        EXPECT_EQ(done.affected_rows, 4U);
        const auto names = co_await db.all(gino::select(company::c.name).order_by(company::c.id));
        EXPECT_THAT(names, ElementsAre("acme", "a", "b", "c", "d"));
    });
}

TEST_P(Case, ChoosesTheFirstTrueCondition) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto kind = gino::case_(user::c.nickname == "a", "first")
                              .when(user::c.id < 3, "early")
                              .else_("late");
        const auto kinds = co_await db.all(gino::select(kind).order_by(user::c.id));
        EXPECT_THAT(kinds, ElementsAre("first", "early", "late", "late"));
        const auto some = co_await db.all(
            gino::select(gino::case_(user::c.id == 1, user::c.nickname)).order_by(user::c.id)
        );
        EXPECT_EQ(some.at(0), "a");
        EXPECT_EQ(some.at(1), std::nullopt);
    });
}

TEST_P(Over, NumbersRowsOfEachPartition) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto place = gino::over(
            gino::func::row_number(),
            gino::partition_by(user::c.team_id).order_by(user::c.id.desc())
        );
        const auto places = co_await db.all(gino::select(place).order_by(user::c.id));
        EXPECT_THAT(places, ElementsAre(2, 1, 1, 1));
        const auto before =
            gino::over(gino::func::lag(user::c.nickname), gino::window().order_by(user::c.id));
        const auto names = co_await db.all(gino::select(before).order_by(user::c.id));
        EXPECT_EQ(names.at(0), std::nullopt);
        EXPECT_EQ(names.at(3), "c");
        const auto some = gino::filter(gino::func::count(user::c.id), user::c.team_id == 2);
        EXPECT_EQ(co_await db.one(gino::select(some)), 2);
    });
}

}  // namespace
