// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/statement_cache.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gino::postgresql {
namespace {

prepared_statement statement(const std::string& key) {
    prepared_statement made;
    made.key = key;
    made.name = "name_of_" + key;
    return made;
}

TEST(StatementCache, FindsCachedStatements) {
    statement_cache cache(2);
    std::vector<std::string> closed;
    cache.add(statement("a"), closed);
    EXPECT_EQ(cache.find("a")->name, "name_of_a");
    EXPECT_EQ(cache.find("b"), nullptr);
    EXPECT_TRUE(closed.empty());
}

TEST(StatementCache, EvictsLeastRecentlyUsedStatement) {
    statement_cache cache(2);
    std::vector<std::string> closed;
    cache.add(statement("a"), closed);
    cache.add(statement("b"), closed);
    static_cast<void>(cache.find("a"));
    cache.add(statement("c"), closed);
    EXPECT_THAT(closed, testing::ElementsAre("name_of_b"));
    EXPECT_NE(cache.find("a"), nullptr);
    EXPECT_EQ(cache.find("b"), nullptr);
}

TEST(StatementCache, NeverExceedsItsCapacity) {
    statement_cache cache(3);
    std::vector<std::string> closed;
    for (int i = 0; i < 100; ++i) {
        cache.add(statement(std::to_string(i)), closed);
    }
    EXPECT_EQ(closed.size(), 97U);
}

TEST(StatementCache, RemovesOneOrAllStatements) {
    statement_cache cache(2);
    std::vector<std::string> closed;
    const auto& kept = cache.add(statement("a"), closed);
    cache.remove(kept);
    EXPECT_EQ(cache.find("a"), nullptr);
    cache.add(statement("b"), closed);
    cache.clear();
    EXPECT_EQ(cache.find("b"), nullptr);
}

TEST(StatementCache, NeverReusesAName) {
    statement_cache cache(1);
    EXPECT_NE(cache.next_name(), cache.next_name());
    EXPECT_FALSE(cache.is_off());
    EXPECT_TRUE(statement_cache(0).is_off());
}

}  // namespace
}  // namespace gino::postgresql
