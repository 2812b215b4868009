// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <random>
#include <string>

#include "support/on_every_database.hpp"
#include "support/statement_generator.hpp"

// Random statements: the database parses each one with the meaning of its expressions, and returns
// values unchanged.
namespace {

using gino::testing::statement_generator;

class Generated : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(Generated);

TEST_P(Generated, TextsSurviveRoundTrip) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        std::mt19937_64 random(20261121);
        statement_generator make([&] { return random(); });
        for (int i = 0; i < 300; ++i) {
            const std::string wanted = make.nasty_text(12);
            const auto statement =
                gino::select(make.text(wanted, 1 + make.below(4)).label(make.nasty_name()));
            const std::string back = co_await db.one(statement);
            EXPECT_EQ(back, wanted);
        }
        co_await db.close();
    });
}

TEST_P(Generated, ArithmeticKeepsItsPrecedence) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        std::mt19937_64 random(42);
        statement_generator make([&] { return random(); });
        for (int i = 0; i < 300; ++i) {
            const auto made = make.number(1 + make.below(4));
            const std::int64_t back = co_await db.one(gino::select(made.first));
            EXPECT_EQ(back, made.second);
        }
        co_await db.close();
    });
}

TEST_P(Generated, ConditionsKeepTheirTruth) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        std::mt19937_64 random(7);
        statement_generator make([&] { return random(); });
        for (int i = 0; i < 300; ++i) {
            const bool wanted = make.below(2) == 0;
            const auto condition = make.truth(wanted, 1 + make.below(5));
            const auto statement = gino::select(gino::literal(1)).where(condition);
            const auto rows = co_await db.all(statement);
            EXPECT_EQ(rows.size(), wanted ? 1U : 0U);
        }
        co_await db.close();
    });
}

}  // namespace
