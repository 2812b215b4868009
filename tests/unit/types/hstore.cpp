// SPDX-License-Identifier: BSD-3-Clause
#include <gino/types/hstore.hpp>

#include <gtest/gtest.h>

namespace gino {
namespace {

TEST(Hstore, SurvivesRoundTrip) {
    const hstore pairs{{"a", "1"}, {"b \"c\" \\", "x=>y, z"}, {"", ""}, {"n", std::nullopt}};

    EXPECT_EQ(parse_hstore(to_string(pairs)), pairs);
    EXPECT_EQ(parse_hstore(""), hstore());
}

TEST(Hstore, RefusesMalformedText) {
    for (const auto* bad :
         {"a", "\"a\"", "\"a\"=>", "\"a\"=>b", "\"a\"=>\"b", "\"a\"=>NULL x", "\"a\\"}) {
        EXPECT_FALSE(parse_hstore(bad).has_value()) << bad;
    }
}

}  // namespace
}  // namespace gino
