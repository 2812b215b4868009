// SPDX-License-Identifier: BSD-3-Clause
#include <gino/sql/cte.hpp>
#include <gino/sql/paging.hpp>

#include <gmock/gmock.h>

#include "support/company_seed.hpp"

// The columns that loaders find in a result, and the rows that they merge into one object.
namespace {

using namespace company_models;
using testing::ElementsAre;
using testing::HasSubstr;

class LoaderColumns : public seeded_test {};

class LoaderRows : public seeded_test {};

GINO_ON_EVERY_DATABASE(LoaderColumns);
GINO_ON_EVERY_DATABASE(LoaderRows);

/// Runs the statement, and returns the message of its argument_error.
template <class Statement>
gino::awaitable<std::string> problem_of(gino::database& db, const Statement& statement) {
    try {
        static_cast<void>(co_await db.all(statement));
    } catch (const gino::argument_error& e) {
        co_return e.what();
    }
    co_return "nothing was wrong";
}

std::vector<std::string> names_of(const std::vector<user>& users) {
    std::vector<std::string> names;
    for (const auto& one : users) {
        names.push_back(one.nickname);
    }
    return names;
}

TEST_P(LoaderColumns, MustIncludeAColumnOfTheModel) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto root = gino::select(team::c.id, team::c.name).load(gino::load<user>());
        const auto part = gino::select(team::c.id, team::c.name)
                              .load(std::tuple(gino::load<team>(), gino::load<user>()));
        const auto member = gino::select(user::c.id, user::c.nickname)
                                .load(gino::load<user>().with(&user::in, gino::load<team>()));

        EXPECT_THAT(
            co_await problem_of(db, root),
            HasSubstr("the loader of model user (\"gino_users\") finds none of its columns in the "
                      "result, which has: id, name")
        );
        EXPECT_THAT(co_await problem_of(db, part), HasSubstr("the loader of model user"));
        EXPECT_THAT(co_await problem_of(db, member), HasSubstr("the loader of model team"));
    });
}

TEST_P(LoaderColumns, AreFoundInASubquery) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto s = gino::select(user::c.id, user::c.nickname).subquery("s");

        const auto users = co_await db.all(gino::select(s[user::c.id], s[user::c.nickname])
                                               .order_by(s[user::c.id])
                                               .load(gino::load<user>()));

        EXPECT_THAT(names_of(users), ElementsAre("a", "b", "c", "d"));
        EXPECT_EQ(users.at(3).id, 4);
    });
}

TEST_P(LoaderColumns, AreFoundInASubqueryOfAModel) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto s = gino::select<user>().order_by(user::c.id.desc()).limit(2).subquery("s");

        const auto ids = co_await db.all(gino::select(s[user::c.id]).order_by(s[user::c.id]));
        const auto users =
            co_await db.all(gino::load<user>().from(s).query().order_by(s[user::c.id]));

        EXPECT_THAT(ids, ElementsAre(3, 4));
        EXPECT_THAT(names_of(users), ElementsAre("c", "d"));
        EXPECT_EQ(users.at(0).team_id, 3);
    });
}

TEST_P(LoaderColumns, AreFoundInACommonTableExpression) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto in_teams = gino::select<user>().where(user::c.team_id == 2).cte("in_teams");

        const auto users = co_await db.all(
            gino::load<user>().from(in_teams).query().order_by(in_teams[user::c.nickname].desc())
        );

        EXPECT_THAT(names_of(users), ElementsAre("b", "a"));
    });
}

TEST_P(LoaderColumns, AreFoundInAnAlias) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto other = gino::alias<user>("other");

        const auto users = co_await db.all(
            gino::select(other.c.id, other.c.nickname).order_by(other.c.id).load(gino::load<user>())
        );

        EXPECT_THAT(names_of(users), ElementsAre("a", "b", "c", "d"));
    });
}

TEST_P(LoaderColumns, DifferBetweenAnAliasAndItsModel) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto parent = gino::alias<team>("parent");
        const auto child =
            gino::select(team::c.id, team::c.name)
                .load(gino::load<team>("id", "name").with(&team::parent, gino::load(parent)));
        const auto above = gino::select(parent.c.id, parent.c.name)
                               .load(gino::load(parent).with(&team::parent, gino::load<team>()));

        EXPECT_THAT(co_await problem_of(db, child), HasSubstr("finds none of its columns"));
        EXPECT_THAT(co_await problem_of(db, above), HasSubstr("finds none of its columns"));
    });
}

TEST_P(LoaderColumns, AreRefusedInSeveralFromItems) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto s = gino::select<user>().subquery("s");
        const auto t = gino::select<user>().subquery("t");
        const auto both =
            gino::select(s[user::c.id], t[user::c.nickname]).where(s[user::c.id] == t[user::c.id]);

        EXPECT_THAT(
            co_await problem_of(db, both.load(gino::load<user>())),
            HasSubstr("finds its columns in several FROM items")
        );
        const auto pairs = co_await db.all(both.load(
            std::tuple(gino::load<user>().from(s), gino::load<user>().from(t).load("nickname"))
        ));
        EXPECT_EQ(pairs.size(), 4U);
    });
}

TEST_P(LoaderColumns, MustBelongToTheGivenFromItem) {
    run_seeded([](gino::database& /*db*/) -> gino::awaitable<void> {
        const auto teams = gino::select<team>().subquery();
        const auto users = gino::select(user::c.id).subquery();

        EXPECT_THROW(static_cast<void>(gino::load<user>().from(teams)), gino::argument_error);
        EXPECT_THROW(
            static_cast<void>(gino::load<user>().from(users).load("nickname")), gino::argument_error
        );
        EXPECT_THROW(
            static_cast<void>(gino::load<user>().distinct(user::c.id).from(users)),
            gino::argument_error
        );
        EXPECT_THROW(static_cast<void>(teams[user::c.id]), gino::argument_error);
        co_return;
    });
}

TEST_P(LoaderColumns, AreEmptyForTheNullsOfAnOuterJoin) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto joined = gino::select(team::c.name, user::c.nickname)
                                .from<user>()
                                .outer_join<team>()
                                .order_by(user::c.id);

        const auto rows = co_await db.all(joined.load(std::tuple(team::c.name, user::c.nickname)));
        const auto teams = co_await db.all(joined.load(team::c.name));

        using pair = std::tuple<std::optional<std::string>, std::string>;
        EXPECT_EQ(rows.at(0), pair("t2", "a"));
        EXPECT_EQ(rows.at(3), pair(std::nullopt, "d"));
        EXPECT_EQ(teams.at(3), std::nullopt);
    });
}

const auto team_with_members =
    gino::load<team>().with(&team::members, gino::load<user>().on(user::c.team_id == team::c.id));

TEST_P(LoaderRows, MergeByThePrimaryKeyOfACollection) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto teams =
            co_await db.all(team_with_members.query().order_by(team::c.id, user::c.id));

        EXPECT_EQ(teams.size(), 3U);
        EXPECT_THAT(names_of(teams.at(1).members), ElementsAre("a", "b"));
        EXPECT_EQ(teams.at(0).members.size(), 0U);
    });
}

TEST_P(LoaderRows, RequireThePrimaryKeyOfACollection) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto without_key = gino::select(team::c.name, user::c.id, user::c.nickname)
                                     .join<user>(user::c.team_id == team::c.id);

        EXPECT_THAT(
            co_await problem_of(db, without_key.load(team_with_members)),
            HasSubstr("select the primary key of team")
        );
        const auto teams =
            co_await db.all(without_key.load(team_with_members.distinct(team::c.name)));
        EXPECT_EQ(teams.size(), 2U);
    });
}

TEST_P(LoaderRows, RefuseLimitAndOffsetWhenTheyAreMerged) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto query = team_with_members.query().order_by(team::c.id, user::c.id);

        EXPECT_THAT(co_await problem_of(db, query.limit(2)), HasSubstr("limit() and offset()"));
        EXPECT_THAT(co_await problem_of(db, query.offset(1)), HasSubstr("would be cut"));

        const auto two = co_await db.all(
            query.where(team::c.id.in(gino::select(team::c.id).order_by(team::c.id).limit(2)))
        );
        EXPECT_EQ(two.size(), 2U);
        EXPECT_THAT(names_of(two.at(1).members), ElementsAre("a", "b"));
    });
}

TEST_P(LoaderRows, CountOncePerObject) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        EXPECT_EQ(co_await db.scalar(gino::count(team_with_members.query())), 3);
        EXPECT_EQ(
            co_await db.scalar(
                gino::count(gino::load<user>().with(&user::in, gino::load<team>()).query())
            ),
            4
        );
    });
}

TEST_P(LoaderRows, AreReadOnceByFirstWhenObjectsAreShared) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        int rows = 0;
        const auto counting = [&rows](const gino::row& from) {
            ++rows;
            return from[user::c.nickname];
        };
        const auto shares = gino::load<user>()
                                .with(&user::in, gino::load<team>().distinct(team::c.id))
                                .with(&user::nickname, counting);

        const auto first = co_await db.first(shares.query().order_by(user::c.id));

        EXPECT_EQ(first->nickname, "a");
        EXPECT_EQ(rows, 1);
    });
}

/// A loader that drops the users without a team.
struct name_in_team {
    using value_type = std::string;

    gino::loaded<std::string> do_load(const gino::row& from, gino::load_context& /*context*/)
        const {
        if (!from[user::c.team_id]) {
            return {.value = std::nullopt, .distinct = std::nullopt};
        }
        return {.value = from[user::c.nickname], .distinct = true};
    }
};

TEST_P(LoaderRows, AreOmittedWhenOnePartDropsThem) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto pairs = co_await db.all(
            gino::select<user>().order_by(user::c.id).load(std::tuple(user::c.id, name_in_team()))
        );

        EXPECT_EQ(pairs.size(), 3U);
        EXPECT_EQ(pairs.at(2), std::tuple(3, "c"));
    });
}

TEST_P(LoaderRows, ShareOneContextAmongTheLoadersOfAQuery) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const int key = 0;
        const auto next = [&key](const gino::row& /*from*/, gino::load_context& context) {
            return std::to_string(++context.state<int>(&key));
        };
        const auto loader = gino::load<user>()
                                .with(&user::nickname, next)
                                .with(&user::in, gino::load<team>().with(&team::name, next));

        const auto first = co_await db.first(loader.query().order_by(user::c.id));
        const auto pairs =
            co_await db.all(gino::select<user>().order_by(user::c.id).load(std::tuple(next, next)));

        EXPECT_EQ(first->nickname, "1");
        EXPECT_EQ(first->in->name, "2");
        EXPECT_EQ(pairs.at(1), std::tuple("3", "4"));
    });
}

TEST_P(LoaderRows, ArePassedToCallablesWithoutAContext) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto shout = [](const gino::row& from) { return from[user::c.nickname] + "!"; };

        EXPECT_THAT(
            co_await db.all(gino::select<user>().order_by(user::c.id).limit(2).load(shout)),
            ElementsAre("a!", "b!")
        );
    });
}

// A root object exists for every row, even a row of NULLs; only its members may be missing.
TEST_P(LoaderRows, AreRootObjectsEvenWhenAllNull) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto users =
            co_await db.all(gino::select(user::c.age).order_by(user::c.id).load(gino::load<user>())
            );

        EXPECT_EQ(users.size(), 4U);
        EXPECT_EQ(users.at(0).age, std::nullopt);
    });
}

}  // namespace
