// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/describe/class.hpp>
#include <boost/describe/enum.hpp>

#include "support/on_every_database.hpp"

namespace changed_types {

enum class mood { sad, happy };
BOOST_DESCRIBE_ENUM(mood, sad, happy)

struct place {
    std::int32_t x{};
    std::string name;

    friend bool operator==(const place&, const place&) = default;
};
BOOST_DESCRIBE_STRUCT(place, (), (x, name))

}  // namespace changed_types

template <>
struct gino::mapping<changed_types::mood> : gino::enumeration<changed_types::mood, "gino_mood"> {};

template <>
struct gino::mapping<changed_types::place> : gino::composite<changed_types::place, "gino_place"> {};

namespace changed_types {

struct diary {
    std::int64_t id{};
    mood felt{};
    place at{};

    GINO_MODEL(diary, "gino_diaries", id, felt, at)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

// Types that are dropped and created again while prepared statements use them.
class ChangedTypes : public gino::testing::on_every_database {
protected:
    void run_changing(
        const std::function<gino::awaitable<void>(gino::database&, gino::engine&)>& body
    ) {
        run([&]() -> gino::awaitable<void> {
            gino::database db{gino::models<diary>};
            co_await db.set_bind(url());
            co_await db.create_all();
            co_await body(db, db.bind());
            co_await db.drop_all();
            co_await db.close();
        });
    }

    /// Stores an object, and reads it and an array of its enumeration, by `on`.
    static gino::awaitable<void> use(gino::statement_executor& on) {
        diary one{.felt = mood::happy, .at = {.x = 7, .name = "here"}};
        co_await on.status(
            gino::insert<diary>().values(diary::c.felt = one.felt, diary::c.at = one.at)
        );
        const auto felt = gino::select(diary::c.felt, diary::c.at, gino::array(diary::c.felt));
        const auto back = co_await on.first(felt.where(diary::c.felt == one.felt));
        EXPECT_EQ(std::get<0>(*back), one.felt);
        EXPECT_EQ(std::get<1>(*back), one.at);
        EXPECT_EQ(std::get<2>(*back), std::vector{one.felt});
    }
};

INSTANTIATE_TEST_SUITE_P(, ChangedTypes, ::testing::Values("postgresql"));

TEST_P(ChangedTypes, AreLookedUpAgainOnOneEngine) {
    run_changing([&](gino::database& db, gino::engine& on) -> gino::awaitable<void> {
        for (int i = 0; i < 3; ++i) {
            co_await use(on);
            co_await db.drop_all();
            co_await db.create_all();
        }
        co_await use(on);
    });
}

TEST_P(ChangedTypes, AreLookedUpAgainByOtherConnections) {
    run_changing([&](gino::database& db, gino::engine& on) -> gino::awaitable<void> {
        gino::connection other = co_await on.acquire();
        co_await use(other);
        co_await db.drop_all();
        co_await db.create_all();
        {
            // A statement in a transaction cannot be retried.
            gino::transaction tx = co_await other.begin();
            co_await use(tx);
            co_await tx.commit();
        }
        co_await other.release();
    });
}

TEST_P(ChangedTypes, AreLookedUpAgainAfterChangesByAnotherEngine) {
    run_changing([&](gino::database&, gino::engine& on) -> gino::awaitable<void> {
        co_await use(on);
        gino::database foreign{gino::models<diary>};
        co_await foreign.set_bind(url());
        co_await foreign.drop_all();
        co_await foreign.create_all();
        co_await foreign.close();
        co_await use(on);
    });
}

TEST_P(ChangedTypes, AreLookedUpAgainWhenAColumnChangesItsType) {
    run_changing([&](gino::database&, gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        gino::connection other = co_await on.acquire();
        co_await use(held);
        co_await use(other);
        co_await held.execute_script(
            "ALTER TYPE gino_mood RENAME TO gino_old_mood;"
            "CREATE TYPE gino_mood AS ENUM ('sad', 'happy');"
            "ALTER TABLE gino_diaries ALTER COLUMN felt TYPE gino_mood "
            "USING felt::text::gino_mood;"
            "DROP TYPE gino_old_mood"
        );
        co_await use(held);
        co_await use(other);
        co_await held.release();
        co_await other.release();
    });
}

TEST_P(ChangedTypes, AreLookedUpAgainAfterARollback) {
    run_changing([&](gino::database& db, gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        co_await db.drop_all();
        for (int i = 0; i < 2; ++i) {
            gino::transaction tx = co_await held.begin();
            co_await gino::create_all(held, gino::metadata(gino::models<diary>.tables()));
            co_await use(tx);
            co_await tx.rollback();
        }
        co_await db.create_all();
        co_await use(held);
        co_await held.release();
    });
}

}  // namespace changed_types
