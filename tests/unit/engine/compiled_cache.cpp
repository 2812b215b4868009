// SPDX-License-Identifier: BSD-3-Clause
#include "engine/compiled_cache.hpp"

#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/sql/text.hpp>

#include <gtest/gtest.h>

#include <string>

namespace gino::detail {

namespace {

class CompiledCache : public ::testing::Test {
protected:
    static std::shared_ptr<const compiled> compile(
        compiled_cache& cache, const statement_base& statement
    ) {
        sql::cache_key described;
        sql::build_cache_key(statement.node(), described);
        return cache.find_or_compile(postgresql::dialect(), statement.node(), described);
    }
};

TEST_F(CompiledCache, CompilesEqualCacheKeysOnce) {
    compiled_cache cache(10);

    const auto first = compile(cache, text("SELECT :a").bind("a", 1));
    const auto second = compile(cache, text("SELECT :a").bind("a", 2));

    EXPECT_EQ(first, second);
}

TEST_F(CompiledCache, DistinguishesParameterTypes) {
    compiled_cache cache(10);

    const auto number = compile(cache, text("SELECT :a").bind("a", 1));
    const auto word = compile(cache, text("SELECT :a").bind("a", "1"));

    EXPECT_NE(number, word);
}

TEST_F(CompiledCache, EvictsLeastRecentlyUsedStatement) {
    compiled_cache cache(2);
    const auto first = compile(cache, text("SELECT 1"));
    const auto second = compile(cache, text("SELECT 2"));
    static_cast<void>(compile(cache, text("SELECT 1")));

    static_cast<void>(compile(cache, text("SELECT 3")));

    EXPECT_EQ(compile(cache, text("SELECT 1")), first);
    EXPECT_NE(compile(cache, text("SELECT 2")), second);
}

TEST_F(CompiledCache, KeepsNothingWithCapacityZero) {
    compiled_cache cache(0);

    const auto first = compile(cache, text("SELECT 1"));

    EXPECT_EQ(first->text, "SELECT 1");
    EXPECT_NE(compile(cache, text("SELECT 1")), first);
}

TEST_F(CompiledCache, LimitsItsBytes) {
    compiled_cache cache(1000);
    const auto small = compile(cache, text("SELECT 1"));

    static_cast<void>(
        compile(cache, text("SELECT '" + std::string(compiled_cache::most_bytes, 'x') + "'"))
    );

    EXPECT_NE(compile(cache, text("SELECT 1")), small);
}

}  // namespace
}  // namespace gino::detail
