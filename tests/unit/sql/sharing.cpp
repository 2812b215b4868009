// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>
#include <gino/sql/cte.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/select.hpp>

#include <gtest/gtest.h>

#include <string>
#include <thread>
#include <vector>

#include "unit/sql/models.hpp"

namespace gino::test {
namespace {

// ThreadSanitizer reports any write to a statement that several threads share.
TEST(Statement, IsSharedBetweenThreads) {
    const auto n = func::count().label("n");
    const auto counted = select(person::c.age, n).group_by(person::c.age).cte("counted");
    const auto shared = select(counted[n]).where(counted[person::c.age] > 3);
    const std::string text = postgresql::dialect().compile(shared.node()).text;

    std::vector<std::string> texts(4);
    std::vector<std::thread> threads;
    for (auto& written : texts) {
        threads.emplace_back([&] {
            for (int i = 0; i < 500; ++i) {
                const auto copy = shared;
                const auto longer = copy.where(counted[n] > i).order_by(counted[n]).limit(i);
                static_cast<void>(sqlite::dialect().compile(longer.node()));
                written = postgresql::dialect().compile(copy.node()).text;
            }
        });
    }
    for (auto& thread : threads) {
        thread.join();
    }

    EXPECT_EQ(texts, std::vector<std::string>(4, text));
}

}  // namespace
}  // namespace gino::test
