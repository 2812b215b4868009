// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <type_traits>

#include "support/company_seed.hpp"

// At least one test for each name of gino.loader.
namespace {

using namespace company_models;
using testing::ElementsAre;
using testing::HasSubstr;

class LoaderConcept : public seeded_test {};

class LoaderFor : public seeded_test {};

class LoaderQuery : public seeded_test {};

class ModelLoader : public seeded_test {};

class AliasLoader : public seeded_test {};

class ColumnLoader : public seeded_test {};

class TupleLoader : public seeded_test {};

class CallableLoader : public seeded_test {};

class ValueLoader : public seeded_test {};

GINO_ON_EVERY_DATABASE(LoaderConcept);
GINO_ON_EVERY_DATABASE(LoaderFor);
GINO_ON_EVERY_DATABASE(LoaderQuery);
GINO_ON_EVERY_DATABASE(ModelLoader);
GINO_ON_EVERY_DATABASE(AliasLoader);
GINO_ON_EVERY_DATABASE(ColumnLoader);
GINO_ON_EVERY_DATABASE(TupleLoader);
GINO_ON_EVERY_DATABASE(CallableLoader);
GINO_ON_EVERY_DATABASE(ValueLoader);

const auto names = gino::select(user::c.id, user::c.nickname).order_by(user::c.id);

std::string problem_of(const std::function<void()>& call) {
    try {
        call();
    } catch (const gino::argument_error& e) {
        return e.what();
    }
    return "nothing was wrong";
}

/// A user-defined loader: prefixes a name with the number of rows loaded before, and drops "b".
struct numbered_name {
    using value_type = std::string;

    gino::loaded<std::string> do_load(const gino::row& from, gino::load_context& context) const {
        auto& rows = context.state<int>(this);
        const auto name = from.get<std::string>("name");
        if (name == "b") {
            return {.value = std::nullopt, .distinct = std::nullopt};
        }
        return {.value = std::to_string(rows++) + name, .distinct = true};
    }
};

static_assert(gino::loader<numbered_name>);
static_assert(gino::loader<gino::model_loader<user>>);
static_assert(gino::loader<gino::column_loader<int>>);
static_assert(gino::loader<gino::value_loader<int>>);
static_assert(!gino::loader<user>);
static_assert(!gino::loader<int>);

TEST_P(LoaderConcept, AllowsCustomClassesWithOneContextPerQuery) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto numbered = names.load(numbered_name());
        EXPECT_THAT(co_await db.all(numbered), ElementsAre("0a", "1c", "2d"));
        EXPECT_THAT(co_await db.all(numbered), ElementsAre("0a", "1c", "2d"));
    });
}

TEST_P(LoaderConcept, OneContextServesAllBatchesOfACursor) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(names.load(numbered_name()));
        EXPECT_THAT(co_await cursor.many(1), ElementsAre("0a"));
        EXPECT_THAT(co_await cursor.many(5), ElementsAre("1c", "2d"));
        co_await tx.commit();
    });
}

// loader_for() tests for loaders, aliases, columns and labels, tuples, callables and constants, in
// this order.
TEST_P(LoaderFor, FindsTheLoaderOfAnyValue) {
    const auto parent = gino::alias<team>("parent");
    const auto label = gino::func::upper(user::c.nickname).label("loud");
    const auto function = [](const gino::row& from, gino::load_context&) { return from.size(); };
    const auto own = numbered_name();

    using gino::loader_for;
    static_assert(std::is_same_v<decltype(loader_for(own)), numbered_name>);
    static_assert(std::is_same_v<
                  decltype(loader_for(gino::load<user>())),
                  gino::model_loader<user>>);
    static_assert(std::is_same_v<decltype(loader_for(parent)), gino::alias_loader<team>>);
    static_assert(std::is_same_v<
                  decltype(loader_for(user::c.id)),
                  gino::column_loader<std::int64_t>>);
    static_assert(std::is_same_v<decltype(loader_for(label)), gino::column_loader<std::string>>);
    static_assert(std::is_same_v<
                  decltype(loader_for(std::tuple(user::c.id, 5)))::value_type,
                  std::tuple<std::int64_t, int>>);
    static_assert(std::is_same_v<
                  decltype(loader_for(function)),
                  gino::callable_loader<std::remove_const_t<decltype(function)>>>);
    static_assert(std::is_same_v<decltype(loader_for(5)), gino::value_loader<int>>);
    static_assert(std::is_same_v<decltype(loader_for("x")), gino::value_loader<std::string>>);

    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto selected = gino::select(user::c.id, label).order_by(user::c.id).limit(1);
        const auto row =
            co_await db.one(selected.load(std::tuple(user::c.id, label, function, 5, "constant")));
        EXPECT_EQ(row, std::tuple(1, "A", 2U, 5, "constant"));
    });
}

TEST_P(LoaderFor, LoadsAnUnlabelledExpression) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto upper = gino::func::upper(user::c.nickname);
        const auto loud =
            co_await db.first(gino::select(user::c.id, upper).order_by(user::c.id).load(upper));
        EXPECT_EQ(loud, "A");
    });
}

TEST_P(LoaderQuery, GetColumnsListsEachColumnOnce) {
    const auto twice =
        gino::load<user>().with(&user::in, gino::load<team>()).with(&user::age, user::c.age);
    EXPECT_EQ(gino::load<user>().get_columns().size(), 4U);
    EXPECT_EQ(twice.get_columns().size(), 8U);
    EXPECT_EQ(gino::load<user>("id", "nickname").get_columns().size(), 2U);
    EXPECT_EQ(gino::column_loader(user::c.id).get_columns().size(), 1U);
    EXPECT_TRUE(gino::value_loader(5).get_columns().empty());
}

TEST_P(LoaderQuery, GetFromJoinsTheTablesOfItsMembers) {
    const auto members = gino::load<user>().with(&user::in, gino::load<team>());
    EXPECT_EQ(gino::load<user>().get_from()->kind, gino::sql::from_kind::table);
    EXPECT_EQ(members.get_from()->kind, gino::sql::from_kind::join);
    EXPECT_FALSE(gino::column_loader(user::c.id).get_from());
    EXPECT_FALSE(gino::value_loader(5).get_from());
}

TEST_P(LoaderQuery, AcceptsFurtherClauses) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto found = co_await db.all(gino::load<user>("nickname")
                                               .query()
                                               .where(user::c.team_id == 2)
                                               .order_by(user::c.id.desc())
                                               .limit(1));
        EXPECT_EQ(found.at(0).nickname, "b");
        EXPECT_EQ(
            log().at(0),
            is_sqlite() ? "SELECT gino_users.name FROM gino_users WHERE gino_users.team_id = ? "
                          "ORDER BY gino_users.id DESC LIMIT ?"
                        : "SELECT gino_users.name FROM gino_users WHERE gino_users.team_id = $1 "
                          "ORDER BY gino_users.id DESC LIMIT $2"
        );
        EXPECT_EQ(co_await db.first(gino::column_loader(user::c.id).query()), 1);
    });
}

TEST_P(ModelLoader, NewColumnsReplaceEarlierColumns) {
    const auto loader = gino::load<user>("id").load("nickname").load(user::c.age, user::c.id);
    EXPECT_EQ(loader.columns().size(), 2U);
    EXPECT_EQ(gino::load<user>().columns().size(), 4U);
}

TEST_P(ModelLoader, NewMembersAddToEarlierMembers) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto loader = gino::load<user>("nickname").with(&user::id, 7).with(&user::age, 42);
        const auto found = co_await db.one(names.limit(1).load(loader));
        EXPECT_EQ(found.nickname, "a");
        EXPECT_EQ(found.id, 7);
        EXPECT_EQ(found.age, 42);
    });
}

TEST_P(ModelLoader, ChangedCopyLeavesTheOriginalUnchanged) {
    const auto whole = gino::load<user>();
    static_cast<void>(whole.load("id"));
    static_cast<void>(whole.distinct(user::c.id));
    EXPECT_EQ(whole.columns().size(), 4U);
    EXPECT_FALSE(whole.merges_rows());
}

TEST_P(ModelLoader, RefusesColumnOfAnotherModelAndNamesBoth) {
    const auto message = problem_of([] { static_cast<void>(gino::load<user>(team::c.id)); });
    EXPECT_THAT(message, HasSubstr("user"));
    EXPECT_THAT(message, HasSubstr("gino_teams"));
}

TEST_P(ModelLoader, RefusesUnknownNameAndNamesItWithTheModel) {
    const auto message = problem_of([] { static_cast<void>(gino::load<user>("colour")); });
    EXPECT_THAT(message, HasSubstr("colour"));
    EXPECT_THAT(message, HasSubstr("user"));
    EXPECT_THAT(message, HasSubstr("nickname"));
}

TEST_P(ModelLoader, DistinctLoadsEachObjectOncePerQuery) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto once = gino::select(team::c.id, team::c.name, user::c.id)
                              .join<user>()
                              .order_by(team::c.id)
                              .load(gino::load<team>("id", "name").distinct(team::c.id));
        for (int time = 0; time < 2; ++time) {
            const auto teams = co_await db.all(once);
            EXPECT_EQ(teams.size(), 2U);
            EXPECT_EQ(teams.at(0).name, "t2");
        }
    });
}

TEST_P(ModelLoader, OnSetsTheJoinCondition) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto on = user::c.team_id == team::c.id;
        const auto first =
            gino::load<user>().with(&user::in, gino::load<team>("id", "name").on(on));
        const auto second =
            gino::load<user>().with(&user::in, gino::load<team>().on(on).load("id", "name"));
        for (const auto& loader : {first, second}) {
            const auto users = co_await db.all(loader.query().order_by(user::c.id));
            EXPECT_EQ(users.at(0).in->name, "t2");
            EXPECT_EQ(users.at(3).in, nullptr);
        }
    });
}

TEST_P(AliasLoader, LoadsTheAliasAndSomeOfItsColumns) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto people = gino::alias<user>("people");
        const auto everything = co_await db.all(gino::load(people).query().order_by(people.c.id));
        EXPECT_EQ(everything.size(), 4U);
        EXPECT_EQ(everything.at(0).nickname, "a");
        const auto some = co_await db.first(
            gino::load(people).load(people.c.nickname).query().order_by(people.c.id)
        );
        EXPECT_EQ(some->nickname, "a");
        EXPECT_EQ(some->id, 0);
        const auto named = co_await db.first(gino::load(people).load("nickname").query());
        EXPECT_EQ(named->nickname, "a");
    });
}

TEST_P(AliasLoader, RefusesColumnOfTheAliasedModel) {
    const auto people = gino::alias<user>("people");
    const auto message =
        problem_of([&] { static_cast<void>(gino::load(people).load(user::c.nickname)); });
    EXPECT_THAT(message, HasSubstr("does not belong"));
}

TEST_P(ColumnLoader, LoadsByColumnAndByName) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        EXPECT_EQ(co_await db.first(names.load(user::c.nickname)), "a");
        EXPECT_EQ(co_await db.first(names.load(gino::column_loader(user::c.nickname))), "a");
        EXPECT_EQ(co_await db.first(names.load(gino::column_loader<std::string>("name"))), "a");
        EXPECT_EQ(co_await db.one_or_none(names.limit(1).load(user::c.id)), 1);
        EXPECT_EQ(co_await db.one(names.limit(1).load(user::c.id)), 1);
    });
}

TEST_P(ColumnLoader, ReportsAMissingColumnAndTheAvailableOnes) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        try {
            static_cast<void>(co_await db.all(names.load(gino::column_loader<std::string>("colour"))
            ));
            ADD_FAILURE() << "loaded a column that is not there";
        } catch (const gino::argument_error& e) {
            EXPECT_THAT(e.what(), HasSubstr("colour"));
            EXPECT_THAT(e.what(), HasSubstr("name"));
        }
        EXPECT_EQ((co_await db.all(names)).size(), 4U);
    });
}

TEST_P(TupleLoader, IsTypedAndWorksWithEveryVerb) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const auto pairs = names.load(std::tuple(user::c.id, user::c.nickname));
        using pair = std::tuple<std::int64_t, std::string>;
        EXPECT_EQ(co_await db.first(pairs), pair(1, "a"));
        EXPECT_EQ((co_await db.all(pairs)).at(3), pair(4, "d"));
        EXPECT_EQ(
            co_await db.one(names.limit(1).load(std::tuple(user::c.id, user::c.nickname))),
            pair(1, "a")
        );
        EXPECT_EQ(
            co_await db.one_or_none(names.limit(1).load(std::tuple(user::c.id, user::c.nickname))),
            pair(1, "a")
        );
        const auto made = co_await db.first(
            names.load(gino::tuple_loader(gino::column_loader(user::c.id), gino::value_loader(5)))
        );
        EXPECT_EQ(made, std::tuple(1, 5));
    });
}

TEST_P(TupleLoader, LoadsModelsInACursor) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        auto tx = co_await db.begin();
        auto cursor = co_await tx.iterate(
            gino::select(user::c.id, user::c.nickname, team::c.id, team::c.name)
                .outer_join<team>()
                .order_by(user::c.id)
                .load(std::tuple(gino::load<user>("id", "nickname"), gino::load<team>("id", "name"))
                )
        );
        const auto first = co_await cursor.next();
        EXPECT_EQ(std::get<0>(*first)->nickname, "a");
        EXPECT_EQ(std::get<1>(*first)->name, "t2");
        const auto rest = co_await cursor.many(5);
        EXPECT_EQ(rest.size(), 3U);
        EXPECT_FALSE(std::get<1>(rest.at(2)));
        co_await tx.commit();
    });
}

TEST_P(CallableLoader, ReceivesTheRowAndTheContextOfTheQuery) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        const int key = 0;
        const auto counting = [&key](const gino::row& from, gino::load_context& context) {
            return from[user::c.nickname] + std::to_string(++context.state<int>(&key));
        };
        EXPECT_THAT(co_await db.all(names.load(counting)), ElementsAre("a1", "b2", "c3", "d4"));
        EXPECT_THAT(co_await db.all(names.load(counting)), ElementsAre("a1", "b2", "c3", "d4"));
    });
}

TEST_P(ValueLoader, ReturnsTheSameValueForEachRow) {
    run_seeded([&](gino::database& db) -> gino::awaitable<void> {
        EXPECT_THAT(co_await db.all(names.load(gino::value_loader(5))), ElementsAre(5, 5, 5, 5));
        EXPECT_EQ(co_await db.first(names.load(std::string("x"))), "x");
    });
}

}  // namespace
