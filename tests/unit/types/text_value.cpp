// SPDX-License-Identifier: BSD-3-Clause
#include "types/text_value.hpp"

#include <gino/core/date_time.hpp>
#include <gino/core/value.hpp>

#include <gtest/gtest.h>

#include <chrono>
#include <cstdint>
#include <limits>
#include <optional>
#include <string_view>

namespace gino {
namespace {

std::optional<interval> interval_of(std::string_view text) {
    const auto read = detail::value_in_text(text, sql_type{.kind = type_kind::interval});
    return read ? std::optional(*read->get_if<interval>()) : std::nullopt;
}

std::optional<bytes> bytes_of(std::string_view text) {
    const auto read = detail::value_in_text(text, sql_type{.kind = type_kind::binary});
    return read ? std::optional(*read->get_if<bytes>()) : std::nullopt;
}

TEST(BytesInText, AreReadInHexAndEscapeFormat) {
    const bytes wanted{std::byte{0}, std::byte{'a'}, std::byte{'\\'}, std::byte{0xff}};

    EXPECT_EQ(bytes_of("\\x00615cff"), wanted);
    EXPECT_EQ(bytes_of("\\000a\\\\\\377"), wanted);
    EXPECT_EQ(bytes_of(""), bytes());
    EXPECT_EQ(bytes_of("\\x"), bytes());
}

TEST(BytesInText, AreRefusedInOtherFormats) {
    EXPECT_EQ(bytes_of("\\x0"), std::nullopt);
    EXPECT_EQ(bytes_of("\\xgg"), std::nullopt);
    EXPECT_EQ(bytes_of("a\\"), std::nullopt);
    EXPECT_EQ(bytes_of("\\00"), std::nullopt);
    EXPECT_EQ(bytes_of("\\008"), std::nullopt);
    EXPECT_EQ(bytes_of("\\400"), std::nullopt);
}

TEST(IntervalInText, IsReadUpToTheLimitsOfItsFields) {
    using limits = std::numeric_limits<std::int32_t>;

    EXPECT_EQ(interval_of("178956970 years 7 mons")->months, limits::max());
    EXPECT_EQ(interval_of("-178956970 years -8 mons")->months, limits::min());
    EXPECT_EQ(interval_of("2147483647 days")->days, limits::max());
    EXPECT_EQ(interval_of("-2147483648 days")->days, limits::min());
    EXPECT_EQ(interval_of("2562047788:00:54.775807")->time, std::chrono::microseconds::max());
    EXPECT_EQ(interval_of("-2562047788:00:54.775808")->time, std::chrono::microseconds::min());
}

TEST(IntervalInText, IsRefusedBeyondTheLimitsOfItsFields) {
    EXPECT_EQ(interval_of("178956970 years 8 mons"), std::nullopt);
    EXPECT_EQ(interval_of("-178956970 years -9 mons"), std::nullopt);
    EXPECT_EQ(interval_of("210835694 years"), std::nullopt);
    EXPECT_EQ(interval_of("2147483647 days 1 day"), std::nullopt);
    EXPECT_EQ(interval_of("2562047788:00:54.775808"), std::nullopt);
    EXPECT_EQ(interval_of("-2562047788:00:54.775809"), std::nullopt);
    EXPECT_EQ(interval_of("4294967296:00:00"), std::nullopt);
}

}  // namespace
}  // namespace gino
