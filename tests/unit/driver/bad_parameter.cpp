// SPDX-License-Identifier: BSD-3-Clause
#include "driver/bad_parameter.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

namespace gino::driver::detail {
namespace {

TEST(BadParameter, NamesTheColumnItIsStoredIn) {
    const auto* sql =
        "INSERT INTO users (id, \"na,me\", age) VALUES ($1, CAST($2 AS mood), $3), ($4, $5, $10) "
        "ON CONFLICT (id) DO UPDATE SET age = $11 WHERE users.id <> $12 RETURNING age + $13";
    EXPECT_EQ(column_of_parameter(sql, 1), "id");
    EXPECT_EQ(column_of_parameter(sql, 2), "na,me");
    EXPECT_EQ(column_of_parameter(sql, 3), "age");
    EXPECT_EQ(column_of_parameter(sql, 5), "na,me");
    EXPECT_EQ(column_of_parameter(sql, 10), "age");
    EXPECT_EQ(column_of_parameter(sql, 11), "age");
    EXPECT_EQ(column_of_parameter(sql, 12), "id");
    EXPECT_EQ(column_of_parameter(sql, 13), "");
    EXPECT_EQ(column_of_parameter(sql, 14), "");
}

TEST(BadParameter, NamesTheColumnItIsComparedWith) {
    const auto* sql =
        "UPDATE \"users\" SET a = $1, \"b\" = $2 WHERE \"users\".\"c\" <= $3 AND d + e = $4 "
        "OR f = '$5' OR lower(g) = $5";
    EXPECT_EQ(column_of_parameter(sql, 1), "a");
    EXPECT_EQ(column_of_parameter(sql, 2), "b");
    EXPECT_EQ(column_of_parameter(sql, 3), "c");
    EXPECT_EQ(column_of_parameter(sql, 4), "");
    EXPECT_EQ(column_of_parameter(sql, 5), "");
    EXPECT_EQ(column_of_parameter("SELECT $1", 1), "");
    EXPECT_EQ(column_of_parameter("= $1", 1), "");
    EXPECT_EQ(column_of_parameter("\" = $1", 1), "");
}

TEST(BadParameter, CountsUnnumberedPlaceholders) {
    const auto* sql = "INSERT INTO users (id, name) VALUES (?, ?) RETURNING '?' = ?";
    EXPECT_EQ(column_of_parameter(sql, 1), "id");
    EXPECT_EQ(column_of_parameter(sql, 2), "name");
    EXPECT_EQ(column_of_parameter(sql, 3), "");
    EXPECT_EQ(column_of_parameter("UPDATE users SET a = ? WHERE b = ?", 2), "b");
}

TEST(BadParameter, NamesNumberColumnAndStatement) {
    try {
        const argument_error cause(errc::bad_value, "a value cannot be sent as bigint");
        throw_bad_parameter(cause, 1, "SELECT id FROM users WHERE id = $1");
    } catch (const argument_error& e) {
        EXPECT_EQ(e.code(), errc::bad_value);
        EXPECT_STREQ(
            e.what(),
            "parameter 1 (column \"id\"): a value cannot be sent as bigint; statement: SELECT id "
            "FROM users WHERE id = $1"
        );
    }
}

}  // namespace
}  // namespace gino::driver::detail
