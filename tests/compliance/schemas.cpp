// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// Models in a schema; on SQLite, a schema is an attached database.
namespace {

struct owner {
    std::int64_t id{};
    std::string name;

    GINO_MODEL(owner, "gino_app.owners", id, name)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::index("ix_owners_name", c.name).unique(),
            gino::check("ck_owners_name", c.name != "")};
    }
};

struct house {
    std::int64_t id{};
    std::int64_t owner_id{};
    std::string street;

    GINO_MODEL(house, "gino_app.houses", id, owner_id, street)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.owner_id, owner::c.id),
            gino::unique("uq_houses_street", c.street)};
    }
};

// A table with the same name outside of the schema.
struct stranger {
    std::int64_t id{};

    GINO_MODEL(stranger, "owners", id)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Schemas : public gino::testing::on_every_database {
protected:
    // An attached database belongs to one connection. On PostgreSQL, all tests use the same schema,
    // one after the other.
    void run_attached(const std::function<gino::awaitable<void>(gino::connection&)>& body) {
        run_with(gino::models<>, [&](gino::database& db) -> gino::awaitable<void> {
            gino::connection on = co_await db.acquire();
            if (is_sqlite()) {
                co_await on.status(gino::text("ATTACH ':memory:' AS gino_app"));
                co_await body(on);
            } else {
                co_await on.execute_script(
                    "SELECT pg_advisory_lock(20261128); DROP SCHEMA IF EXISTS gino_app CASCADE;"
                    "CREATE SCHEMA gino_app"
                );
                co_await body(on);
                co_await on.execute_script(
                    "DROP SCHEMA gino_app CASCADE; SELECT pg_advisory_unlock(20261128)"
                );
            }
            co_await on.release();
        });
    }

    template <class Model>
    static gino::awaitable<std::string> violated_by(gino::connection& on, Model object) {
        try {
            co_await on.create(object);
        } catch (const gino::integrity_error& e) {
            co_return e.constraint();
        }
        co_return "nothing";
    }
};

GINO_ON_EVERY_DATABASE(Schemas);

TEST_P(Schemas, FindAndCreateTablesInTheirSchema) {
    run_attached([](gino::connection& on) -> gino::awaitable<void> {
        const gino::metadata tables = gino::metadata(gino::models<house, owner>.tables());
        const gino::metadata outside = gino::metadata(gino::models<stranger>.tables());
        co_await gino::create_all(on, outside);

        co_await gino::create_all(on, tables);
        co_await gino::create_all(on, tables);

        owner ada{.name = "Ada"};
        co_await on.create(ada);
        house first{.owner_id = ada.id, .street = "A1"};
        co_await on.create(first);
        EXPECT_EQ(co_await on.scalar(gino::select(gino::func::count(owner::c.id))), 1);
        EXPECT_EQ(co_await on.scalar(gino::select(gino::func::count(stranger::c.id))), 0);

        co_await gino::drop_all(on, tables);
        EXPECT_EQ(co_await on.scalar(gino::select(gino::func::count(stranger::c.id))), 0);
        EXPECT_THROW(co_await on.all(gino::select<owner>()), gino::programming_error);
        co_await gino::drop_all(on, outside);
    });
}

TEST_P(Schemas, AllowReadingWritingAndJoiningModels) {
    run_attached([](gino::connection& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(gino::models<house, owner>.tables()));
        owner ada{.name = "Ada"};
        co_await on.create(ada);
        house first{.owner_id = ada.id, .street = "A1"};
        co_await on.create(first);

        co_await on.update(first).set(house::c.street = "B2").apply();
        const auto streets = co_await on.all(gino::select(house::c.street, owner::c.name)
                                                 .join<owner>(owner::c.id == house::c.owner_id)
                                                 .where(house::c.street == "B2"));
        EXPECT_EQ(streets.size(), 1U);
        EXPECT_EQ((co_await on.get<owner>(ada.id))->name, "Ada");
        co_await on.remove(first);
        EXPECT_EQ((co_await on.all(gino::select<house>())).size(), 0U);
    });
}

TEST_P(Schemas, ViolationsNameTheirConstraints) {
    run_attached([](gino::connection& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(gino::models<house, owner>.tables()));
        owner ada{.name = "Ada"};
        co_await on.create(ada);
        house first{.owner_id = ada.id, .street = "A1"};
        co_await on.create(first);
        const house same_street{.owner_id = ada.id, .street = "A1"};
        const owner same_name{.name = "Ada"};
        const owner nameless{.name = ""};
        const owner same_id{.id = ada.id, .name = "Bob"};

        EXPECT_EQ(co_await violated_by(on, same_street), "uq_houses_street");
        EXPECT_EQ(co_await violated_by(on, same_name), "ix_owners_name");
        EXPECT_EQ(co_await violated_by(on, same_id), "owners_pkey");
        EXPECT_EQ(co_await violated_by(on, nameless), "ck_owners_name");
    });
}

}  // namespace
