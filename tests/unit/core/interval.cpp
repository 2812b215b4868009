// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/date_time.hpp>

#include <gtest/gtest.h>

#include <limits>

namespace gino {
namespace {

using namespace std::chrono_literals;

TEST(Interval, IsWrittenAsIso8601Duration) {
    EXPECT_EQ(to_string(interval{}), "PT0S");
    EXPECT_EQ(to_string(interval{.months = 14, .days = 3}), "P1Y2M3D");
    EXPECT_EQ(to_string(interval{.time = 4h + 5min + 6s + 789ms}), "PT4H5M6.789S");
    EXPECT_EQ(to_string(interval{.months = -1, .days = 2, .time = -500ms}), "P-1M2DT-0.5S");
}

TEST(Interval, SurvivesRoundTrip) {
    const interval ends[] = {
        {},
        {.months = std::numeric_limits<std::int32_t>::min(),
         .days = std::numeric_limits<std::int32_t>::max(),
         .time = std::chrono::microseconds(std::numeric_limits<std::int64_t>::min())},
        {.time = std::chrono::microseconds(std::numeric_limits<std::int64_t>::max())},
        {.months = 25, .days = -40, .time = 1us}};
    for (const auto& one : ends) {
        EXPECT_EQ(parse_interval(to_string(one)), one) << to_string(one);
    }
    EXPECT_EQ(parse_interval("P2W"), interval{.days = 14});
}

TEST(Interval, RefusesMalformedDurations) {
    for (const auto* text :
         {"", "P", "1Y", "P1", "PT", "P1H", "PT1D", "P1.5D", "PT99999999999999H", "P1YX"}) {
        EXPECT_FALSE(parse_interval(text).has_value()) << text;
    }
}

TEST(TimeOfDay, SurvivesRoundTrip) {
    EXPECT_EQ(to_string(time_of_day{23h + 59min + 58s + 1us}), "23:59:58.000001");
    EXPECT_EQ(parse_time_of_day("23:59:58.000001"), time_of_day{23h + 59min + 58s + 1us});
    EXPECT_EQ(parse_time_of_day("07:05"), time_of_day{7h + 5min});
    EXPECT_EQ(parse_time_of_day("24:00:00"), time_of_day{24h});
    for (const auto* text :
         {"", "7:05", "24:00:01", "12:60", "12:00:60", "12:00:00.", "12:00:00.1234567", "12-00"}) {
        EXPECT_FALSE(parse_time_of_day(text).has_value()) << text;
    }
}

}  // namespace
}  // namespace gino
