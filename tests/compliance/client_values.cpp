// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "support/on_every_database.hpp"

// Values that create() and update() send by themselves.
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

class Computed : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(ClientValue);
GINO_ON_EVERY_DATABASE(Computed);

TEST_P(ClientValue, IsSentForMembersThatAreEmpty) {
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

TEST_P(ClientValue, ChangesWithEveryUpdateThatDoesNotSetIt) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        entry e{.title = "a"};
        co_await db.create(e);
        co_await db.update(e).set(entry::c.title = "b").apply();
        EXPECT_EQ(e.revision, 1);
        co_await db.update(e).set(entry::c.title = "c").apply();
        EXPECT_EQ(e.revision, 2);
        co_await db.update(e).set(entry::c.revision = 9).apply();
        EXPECT_EQ(e.revision, 9);
        co_await db.update(e).apply();
        EXPECT_EQ(e.revision, 9);
        EXPECT_EQ((co_await db.get<entry>(e.id))->revision, 9);
    });
}

TEST_P(Computed, IsLeftToTheDatabase) {
    run_with(gino::models<entry>, [&](gino::database& db) -> gino::awaitable<void> {
        entry e{.serial = 21, .doubled = 7};
        co_await db.create(e);
        EXPECT_EQ(e.doubled, 42);
    });
}

}  // namespace
