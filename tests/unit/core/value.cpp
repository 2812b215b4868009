// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/value.hpp>

#include <gtest/gtest.h>

#include <cstddef>
#include <cstdint>
#include <limits>
#include <string>

namespace gino {
namespace {

using namespace std::chrono_literals;

TEST(Value, IsNullByDefault) {
    EXPECT_TRUE(value().is_null());
    EXPECT_TRUE(value(null).is_null());
    EXPECT_FALSE(value(false).is_null());
}

TEST(Value, IsReadableOnlyAsItsOwnType) {
    const value held(std::int64_t{7});

    ASSERT_NE(held.get_if<std::int64_t>(), nullptr);
    EXPECT_EQ(*held.get_if<std::int64_t>(), 7);
    EXPECT_EQ(held.get_if<double>(), nullptr);
    EXPECT_EQ(held.get_if<bool>(), nullptr);
}

TEST(Value, DistinguishesTextFromJson) {
    EXPECT_NE(value(std::string("1")), value(json_text{"1"}));
}

TEST(ValueText, WritesNullAndBooleans) {
    EXPECT_EQ(to_string(value()), "NULL");
    EXPECT_EQ(to_string(value(true)), "true");
    EXPECT_EQ(to_string(value(false)), "false");
}

TEST(ValueText, WritesIntegers) {
    EXPECT_EQ(to_string(value(std::int64_t{-7})), "-7");
    EXPECT_EQ(to_string(value(std::numeric_limits<std::int64_t>::min())), "-9223372036854775808");
}

TEST(ValueText, DistinguishesDoublesFromIntegers) {
    EXPECT_EQ(to_string(value(7.0)), "7.0");
    EXPECT_EQ(to_string(value(-0.0)), "-0.0");
    EXPECT_EQ(to_string(value(0.1)), "0.1");
    EXPECT_EQ(to_string(value(1e300)), "1e+300");
    EXPECT_EQ(to_string(value(std::numeric_limits<double>::quiet_NaN())), "NaN");
    EXPECT_EQ(to_string(value(-std::numeric_limits<double>::infinity())), "-Infinity");
}

TEST(ValueText, DoublesQuotesInText) {
    EXPECT_EQ(to_string(value(std::string("it's"))), "'it''s'");
    EXPECT_EQ(to_string(value(std::string())), "''");
}

TEST(ValueText, WritesBinaryAsHexadecimal) {
    EXPECT_EQ(to_string(value(bytes{std::byte{0x00}, std::byte{0xaf}})), "x'00af'");
}

TEST(ValueText, WritesTimesAndJsonInQuotes) {
    EXPECT_EQ(to_string(value(date(std::chrono::days(0)))), "'1970-01-01'");
    EXPECT_EQ(to_string(value(timestamp(1us))), "'1970-01-01 00:00:00.000001'");
    EXPECT_EQ(to_string(value(timestamptz(1us))), "'1970-01-01 00:00:00.000001+00:00'");
    EXPECT_EQ(to_string(value(json_text{R"({"a": "it's"})"})), R"('{"a": "it''s"}')");
}

TEST(ValueText, WritesArraysWithinArrays) {
    const value inner(value::array{value(std::int64_t{2}), value()});
    const value outer(value::array{value(std::int64_t{1}), inner, value(std::string("x"))});

    EXPECT_EQ(to_string(outer), "[1, [2, NULL], 'x']");
    EXPECT_EQ(to_string(value(value::array{})), "[]");
}

}  // namespace
}  // namespace gino
