// SPDX-License-Identifier: BSD-3-Clause
#include <gino/types/sql_type.hpp>

#include <gtest/gtest.h>

#include <set>
#include <string>

namespace gino {
namespace {

TEST(TypeKind, HasItsSqlName) {
    EXPECT_EQ(to_string(type_kind::bigint), "bigint");
    EXPECT_EQ(to_string(type_kind::double_precision), "double precision");
    EXPECT_EQ(to_string(type_kind::timestamptz), "timestamp with time zone");
}

TEST(TypeKind, HasADistinctNamePerKind) {
    std::set<std::string> names;

    for (int kind = 0; kind <= static_cast<int>(type_kind::named); ++kind) {
        names.insert(std::string(to_string(static_cast<type_kind>(kind))));
    }

    EXPECT_EQ(names.size(), static_cast<std::size_t>(type_kind::named) + 1);
}

sql_type varchar(std::uint32_t length) {
    sql_type type;
    type.kind = type_kind::varchar;
    type.length = length;
    return type;
}

TEST(SqlType, ComparesEveryPart) {
    EXPECT_EQ(varchar(20), varchar(20));
    EXPECT_NE(varchar(20), varchar(21));
}

}  // namespace
}  // namespace gino
