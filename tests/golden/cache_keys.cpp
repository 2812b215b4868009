// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/cache_key.hpp>

#include <gtest/gtest.h>

#include <map>
#include <random>
#include <string>

#include "support/expression_generator.hpp"

namespace {

using gino::testing::expression_generator;

std::string text_in(const gino::dialect& by, const gino::statement_base& statement) {
    try {
        return by.compile(statement.node()).text;
    } catch (const gino::compile_error& e) {
        return e.what();
    }
}

/// The texts that were compiled for a key.
struct texts {
    std::string postgresql;
    std::string sqlite;
};

// A short expression is often repeated with other values, which is the use of the cache; a key
// without a member of some node would give it the text of another statement.
TEST(CacheKeys, AreTheSameForTheSameTextOnly) {
    constexpr int statements = 20'000;
    std::mt19937_64 random(20261128);
    expression_generator make([&] { return random(); });
    std::map<std::string, texts> seen;
    int repeated = 0;
    const auto check = [&](const gino::statement_base& statement) {
        gino::sql::cache_key made;
        gino::sql::build_cache_key(statement.node(), made);
        const texts now{
            .postgresql = text_in(gino::postgresql::dialect(), statement),
            .sqlite = text_in(gino::sqlite::dialect(), statement)};
        const auto [found, is_new] = seen.try_emplace(made.key, now);
        repeated += is_new ? 0 : 1;
        EXPECT_EQ(found->second.postgresql, now.postgresql);
        EXPECT_EQ(found->second.sqlite, now.sqlite);
    };
    for (int i = 0; i < statements; ++i) {
        const std::size_t depth = make.below(3);
        switch (make.below(6)) {
            case 0:
                check(gino::select(make.condition(depth)));
                break;
            case 1:
                check(gino::select(make.medium(depth)));
                break;
            case 2:
                check(gino::select(make.large(depth)));
                break;
            case 3:
                check(gino::select(make.exact(depth)));
                break;
            case 4:
                check(gino::select(make.text(depth)));
                break;
            default:
                check(gino::select(make.text(depth)).where(make.condition(depth)));
                break;
        }
    }
    EXPECT_GT(repeated, statements / 10);
    EXPECT_GT(seen.size(), 1'000U);
}

}  // namespace
