// SPDX-License-Identifier: BSD-3-Clause
#include <gino/schema/metadata.hpp>

#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// Values that create() and update() add to the values of the program.
namespace {

int next_serial = 0;

struct entry {
    std::int64_t id{};
    std::string title;
    std::optional<std::int32_t> serial{};
    std::optional<std::string> state{};
    std::optional<std::string> shout{};
    std::int64_t revision{};
    std::int32_t doubled{};

    GINO_MODEL(entry, "gino_entries", id, title, serial, state, shout, revision, doubled)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::default_(c.serial, [] { return ++next_serial; }),
            gino::default_(c.state, "new"),
            gino::default_(c.shout, gino::func::upper(gino::literal("hey"))),
            gino::onupdate(c.revision, c.revision + 1),
            gino::computed(c.doubled, c.serial * 2)};
    }
};

class ClientValue : public gino::testing::on_every_database {};

class ServerDefault : public gino::testing::on_every_database {};

class Computed : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(ClientValue);
GINO_ON_EVERY_DATABASE(ServerDefault);
GINO_ON_EVERY_DATABASE(Computed);

TEST_P(ClientValue, IsSentForEmptyMembers) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        next_serial = 0;
        std::vector<entry> entries(3);
        entries[1].serial = 70;
        entries[2].state = "old";
        co_await db.create_many(entries);
        EXPECT_EQ(entries[0].serial, 1);
        EXPECT_EQ(entries[1].serial, 70);
        EXPECT_EQ(entries[2].serial, 2);
        EXPECT_EQ(entries[0].state, "new");
        EXPECT_EQ(entries[2].state, "old");
        EXPECT_EQ(entries[0].shout, "HEY");
        const auto back = co_await db.get<entry>(entries[0].id);
        EXPECT_EQ(back->serial, 1);
    });
}

TEST_P(ClientValue, IsRenewedByUpdatesThatDoNotSetIt) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        entry e{.title = "a"};
        co_await db.create(e);
        co_await db.update(e).set(entry::c.title = "b").apply();
        EXPECT_EQ(e.revision, 1);
        co_await db.update(e).set(entry::c.title = "c").apply();
        EXPECT_EQ(e.revision, 2);
        co_await db.update(e).set(entry::c.revision = 9).apply();
        EXPECT_EQ(e.revision, 9);
        EXPECT_EQ((co_await db.get<entry>(e.id))->revision, 9);
    });
}

TEST_P(ClientValue, IsSentByStatements) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        next_serial = 0;
        co_await db.status(gino::insert<entry>()
                               .values(entry::c.title = "a", entry::c.revision = 0)
                               .values(entry::c.title = "b", entry::c.revision = 0));
        co_await db.status(gino::insert<entry>().values(
            entry::c.title = "c", entry::c.revision = 0, entry::c.serial = 70
        ));
        co_await db.status(gino::update<entry>().set(entry::c.title = "A").where(entry::c.id == 1));
        co_await db.status(gino::update<entry>().set(entry::c.revision = 9).where(entry::c.id == 2)
        );

        const auto all = co_await db.all(gino::select<entry>().order_by(entry::c.id));
        EXPECT_EQ(all.at(0).serial, 1);
        EXPECT_EQ(all.at(1).serial, 2);
        EXPECT_EQ(all.at(2).serial, 70);
        EXPECT_EQ(all.at(2).state, "new");
        EXPECT_EQ(all.at(2).shout, "HEY");
        EXPECT_EQ(all.at(0).revision, 1);
        EXPECT_EQ(all.at(1).revision, 9);
        EXPECT_EQ(all.at(2).revision, 0);
    });
}

TEST_P(ClientValue, IsRenewedForEachRunOfAStatement) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        next_serial = 0;
        const auto insert =
            gino::insert<entry>().values(entry::c.title = "a", entry::c.revision = 0);
        co_await db.status(insert);
        co_await db.status(insert);

        const auto serials = co_await db.all(gino::select(entry::c.serial).order_by(entry::c.id));
        EXPECT_EQ(serials, (std::vector<std::optional<std::int32_t>>{1, 2}));
    });
}

TEST_P(ClientValue, IsNotEnoughForAnUpdate) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        EXPECT_THROW(
            co_await db.status(gino::update<entry>().where(entry::c.id == 1)), gino::argument_error
        );
    });
}

TEST_P(ClientValue, IsRenewedBySave) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        entry e{.title = "a"};
        co_await db.create(e);
        e.title = "b";
        e.doubled = 77;

        co_await db.save(e);

        EXPECT_EQ(e.revision, 1);
        EXPECT_EQ(e.doubled, *e.serial * 2);
        EXPECT_EQ((co_await db.get<entry>(e.id))->title, "b");
    });
}

struct article {
    std::int64_t id{};
    std::string title;
    gino::timestamptz created_at{};
    std::string state = "draft";
    bool listed = true;

    GINO_MODEL(article, "gino_articles", id, title, created_at, state, listed)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::server_default(c.created_at, gino::func::now()),
            gino::server_default(c.state, "draft"),
            gino::server_default(c.listed, true)};
    }
};

TEST_P(ServerDefault, FillsMembersWithTheirInitialValue) {
    run_with(gino::models<article>, [&](gino::database& db) -> gino::awaitable<void> {
        article one{.title = "a"};
        article hidden{.title = "b", .state = "gone", .listed = false};
        std::vector<article> others{article{.title = "c"}, article{.title = "d", .listed = false}};

        co_await db.create(one);
        co_await db.create(hidden);
        co_await db.create_many(others);

        const auto age = std::chrono::system_clock::now() - one.created_at;
        EXPECT_LT(age, std::chrono::hours(1));
        EXPECT_GT(age, -std::chrono::hours(1));
        EXPECT_EQ(one.state, "draft");
        const auto back = co_await db.get<article>(hidden.id);
        EXPECT_EQ(back->state, "gone");
        EXPECT_FALSE(back->listed);
        EXPECT_EQ(back->created_at, hidden.created_at);
        EXPECT_FALSE((co_await db.get<article>(others.at(1).id))->listed);
        EXPECT_GT(others.at(1).created_at, gino::timestamptz(std::chrono::hours(1)));
    });
}

TEST_P(ServerDefault, MakesANonOptionalMemberNotNull) {
    run_with(gino::models<article>, [&](gino::database& db) -> gino::awaitable<void> {
        EXPECT_THROW(
            co_await db.status(
                gino::text("INSERT INTO gino_articles (title, created_at) VALUES ('x', NULL)")
            ),
            gino::not_null_violation
        );
    });
}

TEST_P(ServerDefault, IsUsableAsAPagingKey) {
    run_with(gino::models<article>, [&](gino::database& db) -> gino::awaitable<void> {
        for (const auto* title : {"a", "b", "c"}) {
            article one{.title = title};
            co_await db.create(one);
        }
        const auto newest =
            gino::select<article>().order_by(article::c.created_at.desc(), article::c.id.desc());

        const auto first = co_await db.all(newest.limit(2));
        const auto& last = first.at(1);
        const auto rest = co_await db.all(newest.where(gino::after(
            gino::key_desc(article::c.created_at, last.created_at),
            gino::key_desc(article::c.id, last.id)
        )));

        EXPECT_EQ(first.at(0).title, "c");
        EXPECT_EQ(rest.size(), 1U);
        EXPECT_EQ(rest.at(0).title, "a");
    });
}

struct switched {
    std::int64_t id{};
    bool on{};

    GINO_MODEL(switched, "gino_switched", id, on)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::server_default(c.on, true)};
    }
};

TEST_P(ServerDefault, IsRefusedWhenItWouldHideAValue) {
    try {
        static_cast<void>(gino::metadata(gino::models<switched>.tables()));
        FAIL() << "false could not be told from what was not given";
    } catch (const gino::argument_error& e) {
        EXPECT_THAT(e.what(), testing::HasSubstr("member \"on\" begins as false"));
        EXPECT_THAT(e.what(), testing::HasSubstr("begin with the same value"));
    }
}

TEST_P(Computed, IsLeftToTheDatabase) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        entry e{.serial = 21, .doubled = 7};
        co_await db.create(e);
        EXPECT_EQ(e.doubled, 42);
    });
}

}  // namespace
