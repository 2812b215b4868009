// SPDX-License-Identifier: BSD-3-Clause
#include "support/company_seed.hpp"

namespace {

using namespace company_models;

class Loader : public company_models::seeded_test {};

GINO_ON_EVERY_DATABASE(Loader);

TEST_P(Loader, LoadsModel) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto users = co_await db.all(gino::load<user>().query().order_by(user::c.id));

        EXPECT_EQ(users.size(), 4U);
        EXPECT_EQ(users.at(0).nickname, "a");
    });
}

TEST_P(Loader, LoadsColumnsByColumnAndByName) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto by_column = co_await db.first(gino::load<user>(user::c.nickname).query());
        auto by_name = co_await db.first(gino::load<user>("nickname").query());

        EXPECT_EQ(by_column->nickname, "a");
        EXPECT_EQ(by_column->id, 0);
        EXPECT_EQ(by_name->nickname, "a");
    });
}

TEST_P(Loader, RefusesColumnOfAnotherModelAndUnknownName) {
    run_seeded([](gino::database& /*db*/) -> gino::awaitable<void> {
        EXPECT_THROW(static_cast<void>(gino::load<user>(team::c.id)), gino::argument_error);
        EXPECT_THROW(static_cast<void>(gino::load<user>("nope")), gino::argument_error);
        co_return;
    });
}

TEST_P(Loader, ReadsNowAsAColumn) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto ts = co_await db.first(
            gino::text("SELECT now() AS ts").load(gino::column_loader<gino::timestamptz>("ts"))
        );

        const auto age = std::chrono::system_clock::now() - *ts;
        EXPECT_LT(age, std::chrono::hours(1));
        EXPECT_GT(age, -std::chrono::hours(1));
    });
}

TEST_P(Loader, AssignsAConstantToAMember) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto users =
            co_await db.all(gino::select(user::c.nickname)
                                .load(gino::load<user>(user::c.nickname).with(&user::id, 1)));

        EXPECT_EQ(users.size(), 4U);
        EXPECT_EQ(users.at(3).id, 1);
    });
}

TEST_P(Loader, ManyToOneIsNestedOrNull) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto users = co_await db.all(
            gino::load<user>().with(&user::in, gino::load<team>()).query().order_by(user::c.id)
        );

        EXPECT_EQ(users.at(0).in->name, "t2");
        EXPECT_NE(users.at(0).in, users.at(1).in);
        EXPECT_EQ(users.at(3).in, nullptr);
    });
}

TEST_P(Loader, SharesDistinctManyToOneObjects) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto users = co_await db.all(gino::load<user>()
                                         .with(&user::in, gino::load<team>().distinct(team::c.id))
                                         .query()
                                         .order_by(user::c.id));

        EXPECT_EQ(users.at(0).in, users.at(1).in);
        EXPECT_NE(users.at(0).in, users.at(2).in);
    });
}

TEST_P(Loader, IsUsableOnASelectOfItsModel) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto companies = gino::select<company>()
                                   .outer_join<team>()
                                   .outer_join<user>(user::c.team_id == team::c.id)
                                   .order_by(team::c.id, user::c.id)
                                   .load(gino::load<company>()
                                             .distinct(company::c.id)
                                             .with(
                                                 &company::teams,
                                                 gino::load<team>()
                                                     .distinct(team::c.id)
                                                     .with(&team::members, gino::load<user>())
                                             ));
        auto rows = co_await db.all(companies);
        EXPECT_EQ(rows.size(), 1U);
        EXPECT_EQ(rows.at(0).teams.size(), 3U);
        EXPECT_EQ(rows.at(0).teams.at(1).members.size(), 2U);
    });
}

TEST_P(Loader, DistinctOneToManyBuildsTheWholeGraph) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto graph =
            gino::load<company>()
                .distinct(company::c.id)
                .with(
                    &company::teams,
                    gino::load<team>()
                        .distinct(team::c.id)
                        .with(&team::members, gino::load<user>().on(user::c.team_id == team::c.id))
                );

        auto companies = co_await db.all(graph.query().order_by(team::c.id, user::c.id));
        auto first = co_await db.first(graph.query().order_by(team::c.id, user::c.id));
        auto one = co_await db.one(graph.query());

        EXPECT_EQ(companies.size(), 1U);
        EXPECT_EQ(companies.at(0).teams.size(), 3U);
        EXPECT_EQ(companies.at(0).teams.at(0).members.size(), 0U);
        EXPECT_EQ(companies.at(0).teams.at(1).members.size(), 2U);
        EXPECT_EQ(companies.at(0).teams.at(2).members.at(0).nickname, "c");
        EXPECT_EQ(first->teams.size(), 3U);
        EXPECT_EQ(one.teams.size(), 3U);
        EXPECT_EQ(log().size(), 3U);  // one statement per verb: no N+1 loading
    });
}

TEST_P(Loader, LoadsSelfReferencesThroughAnAlias) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto parent = gino::alias<team>("parent");
        auto teams = co_await db.all(
            gino::load<team>()
                .with(
                    &team::parent,
                    gino::load(parent).distinct(parent.c.id).on(team::c.parent_id == parent.c.id)
                )
                .query()
                .order_by(team::c.id)
        );

        EXPECT_EQ(teams.at(0).parent, nullptr);
        EXPECT_EQ(teams.at(1).parent->name, "t1");
        EXPECT_EQ(teams.at(1).parent, teams.at(2).parent);
    });
}

TEST_P(Loader, TupleCombinesLoaders) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto upper = gino::func::upper(user::c.nickname);
        auto rows = co_await db.all(
            gino::select(user::c.id, user::c.nickname, team::c.id, team::c.name, upper)
                .outer_join<team>()
                .order_by(user::c.id)
                .load(std::tuple(
                    gino::load<user>("id", "nickname"),
                    gino::load<team>("id", "name"),
                    upper,
                    5,
                    [](const gino::row& r, gino::load_context&) { return r.size(); }
                ))
        );

        EXPECT_EQ(std::get<0>(rows.at(0))->nickname, "a");
        EXPECT_EQ(std::get<1>(rows.at(0))->name, "t2");
        EXPECT_FALSE(std::get<1>(rows.at(3)));
        EXPECT_EQ(std::get<2>(rows.at(0)), "A");
        EXPECT_EQ(std::get<3>(rows.at(0)), 5);
        EXPECT_EQ(std::get<4>(rows.at(0)), 5U);
    });
}

}  // namespace
