// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include "support/on_every_database.hpp"

// Tables with foreign keys to each other.
namespace {

struct room {
    std::int64_t id{};
    std::optional<std::int64_t> warden_id{};

    GINO_MODEL(room, "gino_rooms", id, warden_id)

    static gino::table_args table_args();
};

struct warden {
    std::int64_t id{};
    std::optional<std::int64_t> room_id{};

    GINO_MODEL(warden, "gino_wardens", id, room_id)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.room_id, room::c.id).name("fk_wardens_room")};
    }
};

gino::table_args room::table_args() {
    return {gino::primary_key(c.id), gino::foreign_key(c.warden_id, warden::c.id)};
}

class Circle : public gino::testing::on_every_database {
protected:
    void run_circle(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<room, warden>, body);
    }
};

GINO_ON_EVERY_DATABASE(Circle);

TEST_P(Circle, IsDroppedWithItsRows) {
    run_circle([](gino::database& db) -> gino::awaitable<void> {
        for (int round = 0; round < 2; ++round) {
            room hall;
            co_await db.create(hall);
            warden keeper{.room_id = hall.id};
            co_await db.create(keeper);
            co_await db.update(hall).set(room::c.warden_id = keeper.id).apply();

            co_await db.drop_all();
            EXPECT_THROW(co_await db.all(gino::select<room>()), gino::database_error);
            co_await db.create_all();
        }
        EXPECT_EQ((co_await db.all(gino::select<warden>())).size(), 0U);
    });
}

}  // namespace
