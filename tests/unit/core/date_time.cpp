// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/date_time.hpp>

#include <gtest/gtest.h>

#include <cstdint>
#include <limits>
#include <ostream>
#include <random>
#include <string>

namespace gino {
namespace {

using std::chrono::days;
using std::chrono::local_days;
using std::chrono::microseconds;
using namespace std::chrono_literals;

constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min() + 1;
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max() - 1;

date day_of(int year, unsigned month, unsigned day) {
    return local_days(std::chrono::year(year) / static_cast<int>(month) / static_cast<int>(day));
}

TEST(DateText, WritesIsoDate) {
    EXPECT_EQ(to_string(day_of(2024, 2, 29)), "2024-02-29");
    EXPECT_EQ(to_string(day_of(1970, 1, 1)), "1970-01-01");
    EXPECT_EQ(to_string(day_of(1, 1, 1)), "0001-01-01");
}

TEST(DateText, WritesYearsOfMoreThanFourDigits) {
    EXPECT_EQ(to_string(day_of(12345, 12, 31)), "12345-12-31");
}

TEST(DateText, WritesYearZeroAsFirstYearBeforeChrist) {
    EXPECT_EQ(to_string(day_of(0, 12, 31)), "0001-12-31 BC");
    EXPECT_EQ(to_string(day_of(-43, 3, 15)), "0044-03-15 BC");
}

TEST(DateText, WritesInfinities) {
    EXPECT_EQ(to_string(date::max()), "infinity");
    EXPECT_EQ(to_string(date::min()), "-infinity");
}

TEST(DateText, AgreesWithChronoCalendar) {
    const date first = day_of(-32767, 1, 1);
    const date last = day_of(32767, 12, 31);
    std::string expected;

    for (date at = first; at <= last; at += days(97)) {
        const std::chrono::year_month_day civil(at);
        const int year = static_cast<int>(civil.year());
        const std::string digits = std::to_string(year > 0 ? year : 1 - year);
        const auto two = [](unsigned number) {
            return (number < 10 ? "0" : "") + std::to_string(number);
        };
        expected = std::string(digits.size() < 4 ? 4 - digits.size() : 0, '0') + digits + "-" +
                   two(static_cast<unsigned>(civil.month())) + "-" +
                   two(static_cast<unsigned>(civil.day())) + (year > 0 ? "" : " BC");
        ASSERT_EQ(to_string(at), expected);
        ASSERT_EQ(parse_date(expected), at);
    }
}

TEST(DateText, SurvivesRoundTripAtBothEndsOfItsRange) {
    for (const std::int64_t count : {lowest, lowest + 1, highest - 1, highest}) {
        const date value{days(count)};

        EXPECT_EQ(parse_date(to_string(value)), value) << to_string(value);
    }
}

TEST(DateText, SurvivesRoundTripOfRandomDays) {
    std::mt19937_64 random(20240229);
    std::uniform_int_distribution<std::int64_t> anywhere(lowest, highest);
    std::uniform_int_distribution<std::int64_t> nearby(-3'000'000, 3'000'000);

    for (int round = 0; round < 20'000; ++round) {
        const date value{days(round % 2 == 0 ? anywhere(random) : nearby(random))};

        ASSERT_EQ(parse_date(to_string(value)), value) << to_string(value);
    }
}

TEST(ParseDate, ReadsInfinities) {
    EXPECT_EQ(parse_date("infinity"), date::max());
    EXPECT_EQ(parse_date("-infinity"), date::min());
}

TEST(ParseDate, HandlesLeapYears) {
    EXPECT_EQ(parse_date("2000-02-29"), day_of(2000, 2, 29));
    EXPECT_EQ(parse_date("0001-02-29 BC"), day_of(0, 2, 29));
    EXPECT_FALSE(parse_date("1900-02-29"));
    EXPECT_FALSE(parse_date("2023-02-29"));
    EXPECT_FALSE(parse_date("0004-02-29 BC"));
}

TEST(ParseDate, RefusesYearsBeyondItsRange) {
    EXPECT_FALSE(parse_date("99999999999999999-01-01"));
    EXPECT_FALSE(parse_date("99999999999999999-01-01 BC"));
    EXPECT_FALSE(parse_date("123456789012345678-01-01"));
}

struct wrong_text {
    const char* name;
    const char* text;

    friend std::ostream& operator<<(std::ostream& out, const wrong_text& wrong) {
        return out << wrong.name;
    }
};

class ParseDateRefuses : public testing::TestWithParam<wrong_text> {};

TEST_P(ParseDateRefuses, InvalidDates) {
    EXPECT_FALSE(parse_date(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    ,
    ParseDateRefuses,
    testing::Values(
        wrong_text{"Nothing", ""},
        wrong_text{"ShortYear", "999-01-01"},
        wrong_text{"YearZero", "0000-01-01"},
        wrong_text{"NegativeYear", "-0044-03-15"},
        wrong_text{"PaddedYear", "02024-01-01"},
        wrong_text{"MonthZero", "2024-00-01"},
        wrong_text{"MonthThirteen", "2024-13-01"},
        wrong_text{"DayZero", "2024-01-00"},
        wrong_text{"DayThirtyOneOfApril", "2024-04-31"},
        wrong_text{"DayThirtyTwo", "2024-01-32"},
        wrong_text{"OneDigitMonth", "2024-1-01"},
        wrong_text{"OneDigitDay", "2024-01-1"},
        wrong_text{"Slashes", "2024/01/01"},
        wrong_text{"NoSeparator", "20240101"},
        wrong_text{"BlankInFront", " 2024-01-01"},
        wrong_text{"BlankBehind", "2024-01-01 "},
        wrong_text{"TimeBehind", "2024-01-01 00:00:00"},
        wrong_text{"LowerCaseEra", "0044-03-15 bc"},
        wrong_text{"CapitalInfinity", "Infinity"},
        wrong_text{"Word", "today"},
        wrong_text{"Era", " BC"}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(TimestampText, AlwaysWritesSixFractionalDigits) {
    EXPECT_EQ(
        to_string(timestamp(day_of(2024, 2, 29)) + 23h + 59min + 58s + 123456us),
        "2024-02-29 23:59:58.123456"
    );
    EXPECT_EQ(to_string(timestamp(day_of(2024, 2, 29)) + 7us), "2024-02-29 00:00:00.000007");
}

TEST(TimestampText, WritesTimesBefore1970) {
    EXPECT_EQ(to_string(timestamp(-1us)), "1969-12-31 23:59:59.999999");
    EXPECT_EQ(to_string(timestamp(day_of(-43, 3, 15)) + 12h), "0044-03-15 12:00:00.000000 BC");
}

TEST(TimestampText, SortsChronologically) {
    const timestamp early = timestamp(day_of(2024, 1, 1)) + 9h;
    const timestamp late = early + 1us;

    EXPECT_LT(to_string(early), to_string(late));
}

TEST(TimestampText, SurvivesRoundTripAtBothEndsOfItsRange) {
    for (const std::int64_t count : {lowest, lowest + 1, highest - 1, highest}) {
        const timestamp value{microseconds(count)};

        EXPECT_EQ(parse_timestamp(to_string(value)), value) << to_string(value);
    }
    EXPECT_EQ(parse_timestamp(to_string(timestamp::min())), timestamp::min());
    EXPECT_EQ(parse_timestamp(to_string(timestamp::max())), timestamp::max());
}

TEST(TimestampText, SurvivesRoundTripOfRandomTimes) {
    std::mt19937_64 random(1);
    std::uniform_int_distribution<std::int64_t> anywhere(lowest, highest);

    for (int round = 0; round < 20'000; ++round) {
        const timestamp value{microseconds(anywhere(random))};

        ASSERT_EQ(parse_timestamp(to_string(value)), value) << to_string(value);
    }
}

TEST(ParseTimestamp, ReadsDateWithoutTime) {
    EXPECT_EQ(parse_timestamp("2024-02-29"), timestamp(day_of(2024, 2, 29)));
}

TEST(ParseTimestamp, ReadsBlankOrLetterTBetweenDateAndTime) {
    const timestamp expected = timestamp(day_of(2024, 2, 29)) + 1h + 2min + 3s;

    EXPECT_EQ(parse_timestamp("2024-02-29 01:02:03"), expected);
    EXPECT_EQ(parse_timestamp("2024-02-29T01:02:03"), expected);
}

TEST(ParseTimestamp, ReadsUpToSixFractionalDigits) {
    const timestamp second{day_of(2024, 2, 29)};

    EXPECT_EQ(parse_timestamp("2024-02-29 00:00:00.5"), second + 500000us);
    EXPECT_EQ(parse_timestamp("2024-02-29 00:00:00.05"), second + 50000us);
    EXPECT_EQ(parse_timestamp("2024-02-29 00:00:00.000001"), second + 1us);
}

TEST(ParseTimestamp, RefusesTimesBeyondItsRange) {
    EXPECT_TRUE(parse_timestamp("294247-01-10 04:00:54.775806"));
    EXPECT_FALSE(parse_timestamp("294247-01-10 04:00:54.775807"));
    EXPECT_FALSE(parse_timestamp("294247-01-10 04:00:54.775808"));
    EXPECT_TRUE(parse_timestamp("290309-12-21 19:59:05.224193 BC"));
    EXPECT_FALSE(parse_timestamp("290309-12-21 19:59:05.224192 BC"));
    EXPECT_FALSE(parse_timestamp("25252734927766554-01-01"));
}

class ParseTimestampRefuses : public testing::TestWithParam<wrong_text> {};

TEST_P(ParseTimestampRefuses, InvalidTimestamps) {
    EXPECT_FALSE(parse_timestamp(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    ,
    ParseTimestampRefuses,
    testing::Values(
        wrong_text{"Nothing", ""},
        wrong_text{"NoSeconds", "2024-02-29 10:00"},
        wrong_text{"NoDigitsOfTheSecond", "2024-02-29 10:00:00."},
        wrong_text{"SevenDigitsOfTheSecond", "2024-02-29 10:00:00.1234567"},
        wrong_text{"Midnight24", "2024-02-29 24:00:00"},
        wrong_text{"Minute60", "2024-02-29 10:60:00"},
        wrong_text{"LeapSecond", "2024-02-29 23:59:60"},
        wrong_text{"TwoBlanks", "2024-02-29  10:00:00"},
        wrong_text{"LowerCaseLetter", "2024-02-29t10:00:00"},
        wrong_text{"TimeAlone", "10:00:00"},
        wrong_text{"Zone", "2024-02-29 10:00:00+00:00"},
        wrong_text{"Utc", "2024-02-29 10:00:00Z"},
        wrong_text{"Rest", "2024-02-29 10:00:00 x"}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(TimestamptzText, WritesUtcOffset) {
    EXPECT_EQ(to_string(timestamptz(1709251198123456us)), "2024-02-29 23:59:58.123456+00:00");
    EXPECT_EQ(to_string(timestamptz::max()), "infinity");
    EXPECT_EQ(to_string(timestamptz::min()), "-infinity");
}

TEST(TimestamptzText, SurvivesRoundTripOfRandomTimes) {
    std::mt19937_64 random(2);
    std::uniform_int_distribution<std::int64_t> anywhere(lowest, highest);

    for (int round = 0; round < 20'000; ++round) {
        const timestamptz value{microseconds(anywhere(random))};

        ASSERT_EQ(parse_timestamptz(to_string(value)), value) << to_string(value);
    }
}

TEST(ParseTimestamptz, TreatsMissingOffsetAsUtc) {
    EXPECT_EQ(parse_timestamptz("1970-01-01 00:00:01"), timestamptz(1s));
    EXPECT_EQ(parse_timestamptz("1970-01-02"), timestamptz(24h));
}

TEST(ParseTimestamptz, ReadsEveryFormOfOffset) {
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00Z"), timestamptz(12h));
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00+01:00"), timestamptz(11h));
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00-03"), timestamptz(15h));
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00+0530"), timestamptz(6h + 30min));
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00+00:19:32"), timestamptz(12h - 19min - 32s));
    EXPECT_EQ(parse_timestamptz("1970-01-01 12:00:00-00:00:01"), timestamptz(12h + 1s));
}

TEST(ParseTimestamptz, AppliesOffsetBeforeCheckingTheRange) {
    EXPECT_FALSE(parse_timestamptz("294247-01-10 04:00:54.775806-00:01"));
    EXPECT_TRUE(parse_timestamptz("294247-01-10 04:00:55.775806+00:01"));
}

class ParseTimestamptzRefuses : public testing::TestWithParam<wrong_text> {};

TEST_P(ParseTimestamptzRefuses, InvalidTimestamps) {
    EXPECT_FALSE(parse_timestamptz(GetParam().text));
}

INSTANTIATE_TEST_SUITE_P(
    ,
    ParseTimestamptzRefuses,
    testing::Values(
        wrong_text{"SignAlone", "2024-02-29 10:00:00+"},
        wrong_text{"OneDigitOffset", "2024-02-29 10:00:00+1"},
        wrong_text{"ThreeDigitOffset", "2024-02-29 10:00:00+010"},
        wrong_text{"ColonAlone", "2024-02-29 10:00:00+01:"},
        wrong_text{"OffsetOf16Hours", "2024-02-29 10:00:00+16:00"},
        wrong_text{"OffsetOf60Minutes", "2024-02-29 10:00:00+00:60"},
        wrong_text{"OffsetOf60Seconds", "2024-02-29 10:00:00+00:00:60"},
        wrong_text{"OffsetWithoutItsSeconds", "2024-02-29 10:00:00+00:00:"},
        wrong_text{"LowerCaseZ", "2024-02-29 10:00:00z"},
        wrong_text{"BlankBeforeOffset", "2024-02-29 10:00:00 +01:00"},
        wrong_text{"TwoOffsets", "2024-02-29 10:00:00Z+01:00"},
        wrong_text{"InfinityWithOffset", "infinity+00:00"},
        wrong_text{"ZoneName", "2024-02-29 10:00:00 UTC"}
    ),
    [](const auto& row) { return row.param.name; }
);

TEST(ParseTimestamptz, NeverReadsPastTheEndOfAPrefix) {
    const std::string whole = "2024-02-29 23:59:58.123456+05:30 BC";

    for (std::size_t size = 0; size <= whole.size(); ++size) {
        const std::string prefix = whole.substr(0, size);  // a separate allocation, for ASan
        static_cast<void>(parse_date(prefix));
        static_cast<void>(parse_timestamp(prefix));
        const auto read = parse_timestamptz(prefix);
        EXPECT_EQ(read.has_value() && size < 10, false);
    }
}

}  // namespace
}  // namespace gino
