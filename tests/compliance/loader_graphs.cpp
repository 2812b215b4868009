// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "support/company_seed.hpp"

// Object graphs that several loaders build together.
namespace {

using namespace company_models;
using testing::ElementsAre;

class Graph : public seeded_test {};

GINO_ON_EVERY_DATABASE(Graph);

/// Models of teams and companies whose members are added by member functions.
struct squad {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int64_t> company_id{};
    std::vector<std::string> nicknames{};

    void add_member(const user& one) { nicknames.push_back(one.nickname); }

    GINO_MODEL(squad, "gino_teams", id, name, company_id)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::foreign_key(c.company_id, company::c.id)};
    }
};

struct club {
    std::int64_t id{};
    std::string name{};
    std::vector<std::shared_ptr<squad>> squads{};

    void add_squad(std::shared_ptr<squad> one) { squads.push_back(std::move(one)); }

    GINO_MODEL(club, "gino_companies", id, name)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

TEST_P(Graph, LoadsThreeLevelsOfManyToOne) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto loader = gino::load<user>().with(
            &user::in,
            gino::load<team>()
                .on(user::c.team_id == team::c.id)
                .with(&team::owner, gino::load<company>().on(team::c.company_id == company::c.id))
        );
        const auto derived = co_await db.all(loader.query().order_by(user::c.id));
        const auto by_hand =
            co_await db.all(gino::select<user>()
                                .outer_join<team>(user::c.team_id == team::c.id)
                                .outer_join<company>(team::c.company_id == company::c.id)
                                .order_by(user::c.id)
                                .load(loader));
        for (const auto& users : {derived, by_hand}) {
            EXPECT_EQ(users.at(0).nickname, "a");
            EXPECT_EQ(users.at(0).in->name, "t2");
            EXPECT_EQ(users.at(0).in->owner->name, "acme");
            EXPECT_EQ(users.at(3).in, nullptr);
        }
    });
}

TEST_P(Graph, IsBuiltFromColumnsByACallable) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto build = [](const gino::row& from, gino::load_context&) {
            user made{.id = from[user::c.id], .nickname = from[user::c.nickname]};
            made.in = std::make_shared<team>();
            made.in->name = from[team::c.name];
            made.in->owner = std::make_shared<company>();
            made.in->owner->name = from[company::c.name];
            return made;
        };
        const auto users = co_await db.all(
            gino::select(user::c.id, user::c.nickname, team::c.name, company::c.name)
                .join<team>()
                .join<company>(team::c.company_id == company::c.id)
                .order_by(user::c.id)
                .load(build)
        );
        EXPECT_EQ(users.size(), 3U);
        EXPECT_EQ(users.at(2).in->name, "t3");
        EXPECT_EQ(users.at(2).in->owner->name, "acme");
    });
}

// The query loads teams with their company, their parent, and their parent's company.
TEST_P(Graph, SharesDistinctObjectsBetweenSiblings) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto parent = gino::alias<team>("parent");
        const auto parents_company = gino::alias<company>("parents_company");
        const auto loader = gino::load<team>()
                                .with(
                                    &team::owner,
                                    gino::load<company>()
                                        .distinct(company::c.id)
                                        .on(team::c.company_id == company::c.id)
                                )
                                .with(
                                    &team::parent,
                                    gino::load(parent)
                                        .distinct(parent.c.id)
                                        .on(team::c.parent_id == parent.c.id)
                                        .with(
                                            &team::owner,
                                            gino::load(parents_company)
                                                .distinct(parents_company.c.id)
                                                .on(parent.c.company_id == parents_company.c.id)
                                        )
                                );

        const auto teams = co_await db.all(loader.query().order_by(team::c.id));

        EXPECT_EQ(teams.size(), 3U);
        EXPECT_EQ(teams.at(0).parent, nullptr);
        EXPECT_EQ(teams.at(0).owner, teams.at(2).owner);
        EXPECT_EQ(teams.at(1).parent, teams.at(2).parent);
        EXPECT_EQ(teams.at(1).parent->name, "t1");
        EXPECT_EQ(teams.at(1).parent->owner->name, "acme");
        EXPECT_EQ(log().size(), 1U);
    });
}

TEST_P(Graph, LoadsPairsOfAliasesOfOneTable) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto left = gino::alias<user>("l");
        const auto right = gino::alias<user>("r");
        const auto pairs =
            co_await db.all(gino::select(left.c.id, left.c.nickname, right.c.id, right.c.nickname)
                                .join(right, left.c.id < right.c.id)
                                .where(right.c.id < 4)
                                .order_by(left.c.id, right.c.id)
                                .load(std::tuple(
                                    gino::load(left).load("id", "nickname"),
                                    gino::load(right).load("id", "nickname")
                                )));
        std::vector<std::string> seen;
        for (const auto& [one, other] : pairs) {
            seen.push_back(one->nickname + other->nickname);
        }
        EXPECT_THAT(seen, ElementsAre("ab", "ac", "bc"));
    });
}

TEST_P(Graph, LoadsCountsFromASubquery) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto members = gino::func::count(user::c.id).label("members");
        const auto counted =
            gino::select(user::c.team_id, members).group_by(user::c.team_id).subquery("counted");
        const auto rows = co_await db.all(
            gino::select(team::c.name, counted[members])
                .outer_join(counted, counted[user::c.team_id] == team::c.id)
                .order_by(team::c.id)
                .load(std::tuple(
                    team::c.name, gino::column_loader<std::optional<std::int64_t>>("members")
                ))
        );
        EXPECT_EQ(rows.at(0), std::tuple("t1", std::nullopt));
        EXPECT_EQ(rows.at(1), std::tuple("t2", 2));
        EXPECT_EQ(rows.at(2), std::tuple("t3", 1));
    });
}

TEST_P(Graph, CallsMemberFunctionsOncePerObject) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto loader = gino::load<club>()
                                .distinct(club::c.id)
                                .with(
                                    &club::add_squad,
                                    gino::load<squad>()
                                        .distinct(squad::c.id)
                                        .on(squad::c.company_id == club::c.id)
                                        .with(
                                            &squad::add_member,
                                            gino::load<user>().on(user::c.team_id == squad::c.id)
                                        )
                                );

        const auto clubs = co_await db.all(loader.query().order_by(squad::c.id, user::c.id));

        EXPECT_EQ(clubs.size(), 1U);
        EXPECT_EQ(clubs.at(0).squads.size(), 3U);
        EXPECT_TRUE(clubs.at(0).squads.at(0)->nicknames.empty());
        EXPECT_THAT(clubs.at(0).squads.at(1)->nicknames, ElementsAre("a", "b"));
        EXPECT_THAT(clubs.at(0).squads.at(2)->nicknames, ElementsAre("c"));
    });
}

TEST_P(Graph, LoadsAnEmptyCollectionWithoutMembers) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto rows = co_await db.all(
            gino::select(team::c.id, team::c.name, user::c.id, user::c.nickname)
                .outer_join<user>(user::c.team_id == team::c.id)
                .order_by(team::c.id, user::c.id)
                .load(std::tuple(gino::load<team>("id", "name"), gino::load<user>("id", "nickname"))
                )
        );
        EXPECT_EQ(rows.size(), 4U);
        EXPECT_EQ(std::get<0>(rows.at(0))->name, "t1");
        EXPECT_FALSE(std::get<1>(rows.at(0)));

        const auto nested =
            gino::load<team>()
                .distinct(team::c.id)
                .with(&team::members, gino::load<user>().on(user::c.team_id == team::c.id));
        const auto teams = co_await db.all(nested.query().order_by(team::c.id, user::c.id));
        EXPECT_EQ(teams.size(), 3U);
        EXPECT_TRUE(teams.at(0).members.empty());
        EXPECT_EQ(teams.at(1).members.size(), 2U);
    });
}

TEST_P(Graph, DoesNotShareObjectsBetweenQueries) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto query = gino::load<user>()
                               .with(&user::in, gino::load<team>().distinct(team::c.id))
                               .query()
                               .order_by(user::c.id);
        const auto first = co_await db.all(query);
        const auto second = co_await db.all(query);
        EXPECT_NE(first.at(0).in, second.at(0).in);
        EXPECT_EQ(first.at(0).in->name, second.at(0).in->name);
    });
}

}  // namespace
