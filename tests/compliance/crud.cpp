// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace {

using namespace company_models;

struct friendship {
    std::int64_t my_id{};
    std::int64_t friend_id{};
    std::string note;

    GINO_MODEL(friendship, "gino_friendship", my_id, friend_id, note)

    static gino::table_args table_args() {
        return {gino::primary_key(c.my_id, c.friend_id), gino::check("ck_me", c.my_id > 0)};
    }
};

struct setting {
    std::int64_t id{};
    std::string name;
    std::optional<std::string> value{};

    GINO_MODEL(setting, "gino_settings", id, name, value)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::unique("uq_name", c.name),
            gino::server_default(c.value, "on")};
    }
};

struct game {
    std::string title;

    GINO_MODEL(game, "gino_games", title)
};

struct game_of_view {
    std::string title;

    GINO_MODEL(game_of_view, "many", title)
};

struct pair_of_keys {
    std::int64_t a{};
    std::int64_t b{};

    GINO_MODEL(pair_of_keys, "gino_pairs", a, b)

    static gino::table_args table_args() { return {gino::primary_key(c.a, c.b)}; }
};

struct region {
    std::string code;
    std::int32_t number{};
    std::string name;

    GINO_MODEL(region, "gino_regions", code, number, name)

    static gino::table_args table_args() { return {gino::primary_key(c.code, c.number)}; }
};

constexpr auto tables =
    gino::models<company, team, user, friendship, setting, game, pair_of_keys, region>;

class Create : public gino::testing::on_every_database {};

class CreateMany : public gino::testing::on_every_database {};

class Get : public gino::testing::on_every_database {};

class Update : public gino::testing::on_every_database {};

class Save : public gino::testing::on_every_database {};

class Remove : public gino::testing::on_every_database {};

class Refresh : public gino::testing::on_every_database {};

class Verbs : public gino::testing::on_every_database {};

class Violations : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(Create);
GINO_ON_EVERY_DATABASE(CreateMany);
GINO_ON_EVERY_DATABASE(Get);
GINO_ON_EVERY_DATABASE(Update);
GINO_ON_EVERY_DATABASE(Save);
GINO_ON_EVERY_DATABASE(Remove);
GINO_ON_EVERY_DATABASE(Refresh);
GINO_ON_EVERY_DATABASE(Verbs);
GINO_ON_EVERY_DATABASE(Violations);

TEST_P(Create, SetsTheKeyWithOneStatement) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix"};

        co_await db.create(fantix);

        EXPECT_EQ(fantix.id, 1);
        EXPECT_EQ(log().size(), 1U);
        EXPECT_EQ(
            log().at(0),
            is_sqlite()
                ? "INSERT INTO gino_users (name, age, team_id) VALUES (?, ?, ?) RETURNING id, "
                  "name, age, team_id"
                : "INSERT INTO gino_users (name, age, team_id) VALUES ($1, $2, $3) RETURNING "
                  "gino_users.id, gino_users.name, gino_users.age, gino_users.team_id"
        );
    });
}

TEST_P(Create, ReadsBackServerDefaults) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        setting by_default{.name = "a"};
        setting by_hand{.name = "b", .value = "off"};

        co_await db.create(by_default);
        co_await db.create(by_hand);

        EXPECT_EQ(by_default.value, "on");
        EXPECT_EQ(by_hand.value, "off");
    });
}

TEST_P(Create, KeepsBytesAndNulls) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        company with{.name = "x", .logo = gino::bytes{std::byte{0}, std::byte{255}}};
        company without{.name = "y"};
        co_await db.create(with);
        co_await db.create(without);

        auto first = co_await db.get<company>(with.id);
        auto second = co_await db.get<company>(without.id);

        EXPECT_EQ(first->logo, with.logo);
        EXPECT_EQ(second->logo, std::nullopt);
    });
}

TEST_P(CreateMany, InsertsSeveralRowsPerStatementAndSetsKeys) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        std::vector<user> users(2500);
        for (std::size_t i = 0; i < users.size(); ++i) {
            users[i].nickname = "user " + std::to_string(i);
        }

        co_await db.create_many(users);

        EXPECT_EQ(log().size(), 5U);  // including BEGIN and COMMIT
        EXPECT_EQ(users.back().id, 2500);
        auto last = co_await db.get<user>(2500);
        EXPECT_EQ(last->nickname, "user 2499");
    });
}

// Makes the database skip inserted games without a title.
gino::awaitable<void> leave_out_untitled_games(gino::database& db, bool is_sqlite) {
    if (is_sqlite) {
        co_await db.status(
            gino::text("CREATE TRIGGER leave_out BEFORE INSERT ON gino_games WHEN "
                       "new.title = '' BEGIN SELECT RAISE(IGNORE); END")
        );
        co_return;
    }
    co_await db.status(
        gino::text("CREATE FUNCTION leave_out() RETURNS trigger LANGUAGE plpgsql AS "
                   "$$ BEGIN RETURN NULL; END $$")
    );
    co_await db.status(
        gino::text("CREATE TRIGGER leave_out BEFORE INSERT ON gino_games FOR EACH "
                   "ROW WHEN (new.title = '') EXECUTE FUNCTION leave_out()")
    );
}

TEST_P(CreateMany, ReportsRowsThatTheDatabaseSkipped) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        co_await leave_out_untitled_games(db, is_sqlite());
        std::vector<game> games(3);
        games[0].title = "chess";
        games[2].title = "go";
        game untitled;

        EXPECT_THROW(co_await db.create_many(games), gino::no_such_row);
        EXPECT_THROW(co_await db.create(untitled), gino::no_such_row);

        auto stored = co_await db.all(gino::select<game>().order_by(game::c.title));
        EXPECT_EQ(stored.size(), 2U);
    });
}

// Returns more rows than fit into one statement; the last row cannot be stored.
std::vector<region> regions_with_a_duplicate() {
    std::vector<region> regions;
    for (std::int32_t i = 0; i < 2'500; ++i) {
        regions.push_back({.code = "de", .number = i, .name = "x"});
    }
    regions.back().number = 0;
    return regions;
}

TEST_P(CreateMany, IsAtomic) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        const auto count = gino::select(gino::func::count()).from<region>();
        auto regions = regions_with_a_duplicate();

        EXPECT_THROW(co_await db.create_many(regions), gino::unique_violation);
        EXPECT_EQ(co_await db.scalar(count), 0);

        regions.back().number = 2'500;
        co_await db.create_many(regions);
        EXPECT_EQ(co_await db.scalar(count), 2'500);
    });
}

TEST_P(CreateMany, LeavesItsTransactionUsableAfterFailure) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        auto regions = regions_with_a_duplicate();
        region first{.code = "at", .number = 1, .name = "x"};
        region last{.code = "at", .number = 2, .name = "x"};
        auto tx = co_await db.begin();
        co_await tx.create(first);
        EXPECT_THROW(co_await tx.create_many(regions), gino::unique_violation);
        co_await tx.create(last);
        co_await tx.commit();

        EXPECT_EQ(co_await db.scalar(gino::select(gino::func::count()).from<region>()), 2);
    });
}

TEST_P(CreateMany, SendsOneStatementWithoutATransaction) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        std::vector<region> few(2);
        few.at(1).number = 1;
        log().clear();

        co_await db.create_many(few);

        EXPECT_EQ(log().size(), 1U);
    });
}

// A rule may return more rows than were inserted; the additional rows belong to no object.
TEST_P(CreateMany, ChangesItsObjectsOnlyForInsertedRows) {
    if (is_sqlite()) {
        return;  // SQLite has no rules
    }
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        co_await db.status(gino::text("CREATE VIEW many AS SELECT title FROM gino_games"));
        co_await db.status(gino::text(
            "CREATE RULE twice AS ON INSERT TO many DO INSTEAD INSERT INTO gino_games (title) "
            "SELECT new.title || n FROM generate_series(1, 3) AS n RETURNING title"
        ));
        std::vector<game_of_view> games(3, game_of_view{.title = "chess"});
        std::span<game_of_view> two(games.data(), 2);

        EXPECT_THROW(co_await db.create_many(two), gino::no_such_row);

        EXPECT_EQ(games[2].title, "chess");
    });
}

TEST_P(Get, FindsByKeyOrNothing) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix", .age = 30};
        co_await db.create(fantix);

        auto found = co_await db.get<user>(fantix.id);
        auto missing = co_await db.get<user>(77);

        EXPECT_EQ(found->nickname, "fantix");
        EXPECT_EQ(found->age, 30);
        EXPECT_FALSE(missing);
    });
}

std::string refusal_of(const std::exception& refused) {
    return dynamic_cast<const gino::argument_error*>(&refused) != nullptr ? refused.what()
                                                                          : "another error";
}

TEST_P(Get, RefusesAKeyOfAnotherType) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        std::string text_for_number;
        std::string wrong_order;
        try {
            co_await db.get<user>("abc");
        } catch (const std::exception& e) {
            text_for_number = refusal_of(e);
        }
        try {
            co_await db.get<region>(2, "de");
        } catch (const std::exception& e) {
            wrong_order = refusal_of(e);
        }

        EXPECT_EQ(
            text_for_number,
            "value 1 for the primary key of user is a text, and column \"id\" is an integer; the "
            "key is (id)"
        );
        EXPECT_EQ(
            wrong_order,
            "value 1 for the primary key of region is an integer, and column \"code\" is a text; "
            "the key is (code, number)"
        );
        EXPECT_FALSE(co_await db.get<region>("de", 2));
    });
}

TEST_P(Get, TakesCompositeKeyByPositionTupleOrName) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        friendship one{.my_id = 1, .friend_id = 2, .note = "x"};
        co_await db.create(one);

        auto by_place = co_await db.get<friendship>(1, 2);
        auto by_tuple = co_await db.get<friendship>(std::tuple(1, 2));
        auto by_name =
            co_await db.get<friendship>(friendship::c.friend_id = 2, friendship::c.my_id = 1);

        EXPECT_EQ(by_place->note, "x");
        EXPECT_EQ(by_tuple->note, "x");
        EXPECT_EQ(by_name->note, "x");
        EXPECT_THROW(co_await db.get<friendship>(1), gino::argument_error);
    });
}

TEST_P(Update, ReadsBackComputedColumns) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix", .age = 30};
        co_await db.create(fantix);
        log().clear();

        co_await db.update(fantix)
            .set(user::c.nickname = "daisy", user::c.age = user::c.age + 1)
            .apply();

        EXPECT_EQ(fantix.nickname, "daisy");
        EXPECT_EQ(fantix.age, 31);
        EXPECT_EQ(
            log().at(0),
            is_sqlite() ? "UPDATE gino_users SET name=?, age=to_integer(gino_users.age + ?) WHERE "
                          "gino_users.id "
                          "= ? RETURNING name, age"
                        : "UPDATE gino_users SET name=$1, age=(gino_users.age + $2) WHERE "
                          "gino_users.id = $3 RETURNING gino_users.name, gino_users.age"
        );
    });
}

TEST_P(Update, FindsTheRowByItsOldKeyWhenTheKeyChanges) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        friendship one{.my_id = 1, .friend_id = 2};
        co_await db.create(one);

        co_await db.update(one).set(friendship::c.my_id = 3, friendship::c.friend_id = 4).apply();

        EXPECT_EQ(one.my_id, 3);
        auto moved = co_await db.get<friendship>(3, 4);
        EXPECT_TRUE(moved);
    });
}

TEST_P(Update, IsRefusedWithoutSet) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        user fantix;
        co_await db.create(fantix);
        fantix.nickname = "x";
        log().clear();

        std::string problem;
        try {
            co_await db.update(fantix).apply();
        } catch (const gino::argument_error& e) {
            problem = e.what();
        }

        EXPECT_THAT(problem, testing::HasSubstr("no set(...)"));
        EXPECT_THAT(problem, testing::HasSubstr("save(object)"));
        EXPECT_TRUE(log().empty());
    });
}

TEST_P(Save, WritesAllColumnsOfTheObject) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix", .age = 30};
        co_await db.create(fantix);
        fantix.nickname = "daisy";
        fantix.age = std::nullopt;
        log().clear();

        co_await db.save(fantix);

        EXPECT_EQ(log().size(), 1U);
        const auto back = co_await db.get<user>(fantix.id);
        EXPECT_EQ(back->nickname, "daisy");
        EXPECT_EQ(back->age, std::nullopt);
    });
}

TEST_P(Save, RunsInTheTransactionOfItsExecutor) {
    run_with(tables, [&](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix"};
        co_await db.create(fantix);
        auto tx = co_await db.begin();
        fantix.nickname = "daisy";
        co_await tx.save(fantix);
        co_await tx.rollback();

        EXPECT_EQ((co_await db.get<user>(fantix.id))->nickname, "fantix");
    });
}

TEST_P(Save, ThrowsForAMissingRow) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix;
        pair_of_keys pair{.a = 1, .b = 2};
        co_await db.create(fantix);
        co_await db.create(pair);
        co_await db.save(pair);
        co_await db.remove(fantix);
        co_await db.remove(pair);

        EXPECT_THROW(co_await db.save(fantix), gino::no_such_row);
        EXPECT_THROW(co_await db.save(pair), gino::no_such_row);
    });
}

TEST_P(Update, ThrowsForAMissingRow) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix;
        co_await db.create(fantix);
        co_await db.remove(fantix);

        EXPECT_THROW(co_await db.update(fantix).set(user::c.age = 3).apply(), gino::no_such_row);
        EXPECT_EQ(fantix.age, std::nullopt);
    });
}

TEST_P(Update, ThrowsForAModelWithoutKey) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        game chess{.title = "chess"};
        co_await db.create(chess);

        EXPECT_THROW(static_cast<void>(db.update(chess)), gino::state_error);
        EXPECT_THROW(co_await db.remove(chess), gino::state_error);
    });
}

TEST_P(Remove, DeletesOneRowAndReturnsTheCount) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix;
        user other;
        co_await db.create(fantix);
        co_await db.create(other);

        auto once = co_await db.remove(fantix);
        auto twice = co_await db.remove(fantix);

        EXPECT_EQ(once.tag, "DELETE 1");
        EXPECT_EQ(once.affected_rows, 1U);
        EXPECT_EQ(twice.affected_rows, 0U);
        auto left = co_await db.scalar(gino::select(gino::func::count()).from<user>());
        EXPECT_EQ(left, 1);
    });
}

TEST_P(Refresh, ReadsRowAgain) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix;
        co_await db.create(fantix);
        co_await db.status(gino::update<user>().set(user::c.nickname = "daisy"));

        co_await db.refresh(fantix);

        EXPECT_EQ(fantix.nickname, "daisy");
    });
}

TEST_P(Verbs, ReturnAllFirstOneOrNone) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        std::vector<user> users(3);
        users[0].nickname = "a";
        users[1].nickname = "b";
        users[2].nickname = "c";
        co_await db.create_many(users);
        const auto everyone = gino::select<user>().order_by(user::c.id);
        const auto nobody = everyone.where(user::c.id < 0);

        auto all_of = co_await db.all(everyone);
        auto first = co_await db.first(everyone);
        auto none = co_await db.first(nobody);
        auto maybe = co_await db.one_or_none(nobody);
        auto one = co_await db.one(everyone.where(user::c.nickname == "b"));
        auto pairs =
            co_await db.all(gino::select(user::c.id, user::c.nickname).order_by(user::c.id));
        auto no_age = co_await db.scalar(gino::select(user::c.age));
        auto done = co_await db.status(everyone);

        EXPECT_EQ(all_of.size(), 3U);
        EXPECT_EQ(first->nickname, "a");
        EXPECT_FALSE(none);
        EXPECT_FALSE(maybe);
        EXPECT_EQ(one.nickname, "b");
        EXPECT_EQ(pairs.at(2), (std::tuple<std::int64_t, std::string>(3, "c")));
        EXPECT_EQ(no_age, std::nullopt);
        EXPECT_EQ(done.tag, "SELECT 3");
        EXPECT_THROW(co_await db.one(nobody), gino::no_result_found);
        EXPECT_THROW(co_await db.one(everyone), gino::multiple_results_found);
        EXPECT_THROW(co_await db.one_or_none(everyone), gino::multiple_results_found);
    });
}

TEST_P(Verbs, TakeRangesAndPatterns) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        std::vector<user> users(3);
        users[0].nickname = "Ab%";
        users[1].nickname = "ab";
        users[2].nickname = "it's";
        co_await db.create_many(users);
        const auto names = gino::select(user::c.nickname).order_by(user::c.id);
        const std::vector<std::string> wanted{"ab", "it's"};
        const std::vector<std::int64_t> ids{1, 3};

        auto by_text = co_await db.all(names.where(user::c.nickname.in(wanted)));
        auto by_id = co_await db.all(names.where(user::c.id.in(ids)));
        auto lower = co_await db.all(names.where(user::c.nickname.like("a%")));
        auto any_case = co_await db.all(names.where(user::c.nickname.ilike("AB%")));
        auto percent = co_await db.all(names.where(user::c.nickname.contains("%")));

        EXPECT_EQ(by_text, (std::vector<std::string>{"ab", "it's"}));
        EXPECT_EQ(by_id, (std::vector<std::string>{"Ab%", "it's"}));
        EXPECT_EQ(lower, (std::vector<std::string>{"ab"}));
        EXPECT_EQ(any_case, (std::vector<std::string>{"Ab%", "ab"}));
        EXPECT_EQ(percent, (std::vector<std::string>{"Ab%"}));
    });
}

TEST_P(Verbs, RunHandWrittenSql) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        user fantix{.nickname = "fantix"};
        co_await db.create(fantix);
        const auto text =
            gino::text("SELECT * FROM gino_users WHERE name = :name").bind("name", "fantix");

        auto rows = co_await db.all(text);
        auto users = co_await db.all(text.columns<user>());

        EXPECT_EQ(rows.at(0).get<std::string>("name"), "fantix");
        EXPECT_EQ(rows.at(0).get<std::int64_t>(0), fantix.id);
        EXPECT_EQ(users.at(0).nickname, "fantix");
        EXPECT_THROW(static_cast<void>(rows.at(0).get<std::string>("nope")), gino::argument_error);
    });
}

struct badge {
    std::int64_t id{};
    std::string code;
    std::int32_t number{};
    std::string owner;

    GINO_MODEL(badge, "gino_badges", id, code, number, owner)

    static gino::table_args table_args() {
        return {
            gino::primary_key("pk_badges", c.id),
            gino::unique("uq badges", c.code, c.number),
            gino::index("ix_badges_owner", c.owner).unique(),
            gino::check("ck_badges_number", c.number >= 0)};
    }
};

/// Returns the constraint that an object violates, and the column of a key with one column only.
template <class Model>
gino::awaitable<std::string> violated_by(gino::database& db, Model object) {
    try {
        co_await db.create(object);
    } catch (const gino::integrity_error& e) {
        co_return e.constraint() + ": " + e.column();
    }
    co_return "nothing";
}

TEST_P(Violations, NameTheirConstraintsAndColumns) {
    run_with(
        gino::models<badge, friendship, setting>,
        [](gino::database& db) -> gino::awaitable<void> {
            badge first{.id = 7, .code = "a", .number = 1, .owner = "x"};
            friendship pair{.my_id = 1, .friend_id = 2};
            setting one{.name = "a"};
            co_await db.create(first);
            co_await db.create(pair);
            co_await db.create(one);
            const badge same_id{.id = 7, .code = "b", .owner = "y"};
            const badge same_code{.code = "a", .number = 1, .owner = "y"};
            const badge same_owner{.code = "b", .owner = "x"};
            const badge negative{.code = "b", .number = -1, .owner = "y"};

            EXPECT_EQ(co_await violated_by(db, same_id), "pk_badges: id");
            EXPECT_EQ(co_await violated_by(db, same_code), "uq badges: ");
            EXPECT_EQ(co_await violated_by(db, same_owner), "ix_badges_owner: owner");
            EXPECT_EQ(co_await violated_by(db, negative), "ck_badges_number: ");
            EXPECT_EQ(co_await violated_by(db, pair), "gino_friendship_pkey: ");
            one.id = 0;
            EXPECT_EQ(co_await violated_by(db, one), "uq_name: name");
        }
    );
}

TEST_P(Violations, HaveAnErrorClassPerKind) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        setting one{.name = "a"};
        co_await db.create(one);
        setting same{.name = "a"};
        user lost{.team_id = 99};
        friendship bad{.my_id = -1};

        EXPECT_THROW(co_await db.create(same), gino::unique_violation);
        EXPECT_THROW(co_await db.create(lost), gino::foreign_key_violation);
        EXPECT_THROW(co_await db.create(bad), gino::check_violation);
        EXPECT_THROW(
            co_await db.status(gino::text("INSERT INTO gino_settings (name) VALUES (NULL)")),
            gino::not_null_violation
        );
        EXPECT_THROW(co_await db.all(gino::text("SELECT * FROM nowhere")), gino::programming_error);
        EXPECT_EQ(same.id, 0);
    });
}

TEST_P(Verbs, NameTableAndColumnOfAnUnexpectedNull) {
    run_with(tables, [](gino::database& db) -> gino::awaitable<void> {
        const auto text = gino::text("SELECT 1 AS id, NULL AS name, NULL AS age, NULL AS team_id");
        std::string message;
        try {
            co_await db.all(text.columns<user>());
        } catch (const gino::data_error& e) {
            message = e.what();
        }

        EXPECT_NE(message.find("gino_users.name"), std::string::npos) << message;
    });
}

}  // namespace
