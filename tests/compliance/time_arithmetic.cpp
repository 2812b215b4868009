// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// Addition, subtraction and truncation of dates, times and intervals have the same result on both
// databases.
namespace {

using namespace std::chrono_literals;
using std::chrono::microseconds;

class TimeArithmetic : public gino::testing::on_every_database {
protected:
    void run_on(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<>, body);
    }

    template <class Expression>
    static auto value_of(gino::database& db, const Expression& expression) {
        return db.one(gino::select(expression));
    }

    template <class Expression>
    gino::awaitable<std::string> state_of(gino::database& db, const Expression& expression) {
        try {
            static_cast<void>(co_await db.one(gino::select(expression)));
        } catch (const gino::database_error& e) {
            co_return std::string(e.sqlstate());
        }
        co_return "";
    }
};

GINO_ON_EVERY_DATABASE(TimeArithmetic);

gino::date day(const char* text) {
    return *gino::parse_date(text);
}

gino::timestamp point(const char* text) {
    return *gino::parse_timestamp(text);
}

gino::timestamptz utc(const char* text) {
    return *gino::parse_timestamptz(text);
}

gino::time_of_day time(const char* text) {
    return *gino::parse_time_of_day(text);
}

gino::interval span(const char* text) {
    return *gino::parse_interval(text);
}

TEST_P(TimeArithmetic, TimestampPlusMonthsStopsAtTheEndOfAShorterMonth) {
    struct sum {
        const char* at;
        const char* by;
        const char* later;
        const char* earlier;
    };

    static constexpr sum sums[] = {
        {"2024-01-31 12:30:15.5", "P1M", "2024-02-29 12:30:15.5", "2023-12-31 12:30:15.5"},
        {"2023-03-31 00:00:00", "P1M1D", "2023-05-01 00:00:00", "2023-02-27 00:00:00"},
        {"2024-02-29 23:59:59", "P1Y", "2025-02-28 23:59:59", "2023-02-28 23:59:59"},
        {"2024-02-29 00:00:00", "P1DT25H", "2024-03-02 01:00:00", "2024-02-26 23:00:00"},
        {"2024-02-29 00:00:00",
         "PT0.000001S",
         "2024-02-29 00:00:00.000001",
         "2024-02-28 23:59:59.999999"},
        {"0001-02-01 00:00:00", "P-1M", "0001-01-01 00:00:00", "0001-03-01 00:00:00"},
        {"1900-01-01 00:00:00", "P24M-1DT-1H", "1901-12-30 23:00:00", "1898-01-02 01:00:00"},
    };
    run_on([&](gino::database& db) -> gino::awaitable<void> {
        for (const auto& [at, by, later, earlier] : sums) {
            const auto from = gino::literal(point(at));
            const auto from_utc = gino::literal(utc(at));

            EXPECT_EQ(co_await value_of(db, from + span(by)), point(later)) << at << by;
            EXPECT_EQ(co_await value_of(db, span(by) + from), point(later)) << at << by;
            EXPECT_EQ(co_await value_of(db, from - span(by)), point(earlier)) << at << by;
            EXPECT_EQ(co_await value_of(db, from_utc + span(by)), utc(later)) << at << by;
            EXPECT_EQ(co_await value_of(db, from_utc - span(by)), utc(earlier)) << at << by;
        }
    });
}

TEST_P(TimeArithmetic, DatePlusIntervalIsTimestampAndPlusDaysIsDate) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto from = gino::literal(day("2024-02-28"));

        EXPECT_EQ(co_await value_of(db, from + span("P1MT1H")), point("2024-03-28 01:00:00"));
        EXPECT_EQ(co_await value_of(db, from - span("PT1S")), point("2024-02-27 23:59:59"));
        EXPECT_EQ(co_await value_of(db, from + 2), day("2024-03-01"));
        EXPECT_EQ(co_await value_of(db, 2 + from), day("2024-03-01"));
        EXPECT_EQ(co_await value_of(db, from - 59), day("2023-12-31"));
        EXPECT_EQ(co_await value_of(db, from + std::int16_t{-1}), day("2024-02-27"));
        EXPECT_EQ(co_await value_of(db, from - day("2024-01-01")), 58);
        EXPECT_EQ(co_await value_of(db, day("2024-01-01") - from), -58);
    });
}

TEST_P(TimeArithmetic, DifferencesOfTimestampsHaveDaysAndTime) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto from = gino::literal(point("2024-02-29 12:00:00"));
        const auto difference = from - point("2024-02-27 13:30:00.000001");

        EXPECT_EQ(co_await value_of(db, difference), span("P1DT22H29M59.999999S"));
        EXPECT_EQ(co_await value_of(db, from - point("2024-03-31 12:00:01")), span("P-31DT-1S"));
        EXPECT_EQ(
            co_await value_of(db, gino::literal(utc("2024-03-01")) - utc("2023-03-01")),
            span("P366D")
        );
        EXPECT_EQ(
            co_await value_of(
                db, gino::literal(point("9999-12-31 23:59:59")) - point("0001-01-01 00:00:00")
            ),
            span("P3652058DT23H59M59S")
        );
    });
}

TEST_P(TimeArithmetic, TimesOfDayPlusIntervalsWrapAtMidnight) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto from = gino::literal(time("23:30"));

        EXPECT_EQ(co_await value_of(db, from + span("PT45M")), time("00:15"));
        EXPECT_EQ(co_await value_of(db, from - span("PT24H")), time("23:30"));
        EXPECT_EQ(co_await value_of(db, from + span("P1M3DT-24H")), time("23:30"));
        EXPECT_EQ(co_await value_of(db, from - span("PT23H31M")), time("23:59"));
        EXPECT_EQ(co_await value_of(db, from - time("23:45")), span("PT-15M"));
    });
}

TEST_P(TimeArithmetic, IntervalsKeepMonthsDaysAndTimeApart) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto from = gino::literal(span("P1M20DT20H"));

        EXPECT_EQ(co_await value_of(db, from + span("P11M20DT20H")), span("P12M40DT40H"));
        EXPECT_EQ(co_await value_of(db, from - span("P2M21DT21H")), span("P-1M-1DT-1H"));
    });
}

TEST_P(TimeArithmetic, NullYieldsNull) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto nothing =
            gino::func::nullif(gino::literal(day("2024-02-28")), day("2024-02-28"));

        EXPECT_EQ(co_await value_of(db, nothing + 1), std::nullopt);
        EXPECT_EQ(co_await value_of(db, nothing - span("P1M")), std::nullopt);
        EXPECT_EQ(co_await value_of(db, nothing - day("2024-01-01")), std::nullopt);
        EXPECT_EQ(
            co_await value_of(db, gino::func::date_trunc(gino::date_part::month, nothing)),
            std::nullopt
        );
    });
}

TEST_P(TimeArithmetic, InfinityStaysInfinite) {
    run_on([this](gino::database& db) -> gino::awaitable<void> {
        const auto never = gino::literal(gino::timestamp::max());
        const auto ever = gino::literal(gino::timestamp::min());
        const auto no_day = gino::literal(gino::date::max());

        EXPECT_EQ(co_await value_of(db, never - span("P1Y")), gino::timestamp::max());
        EXPECT_EQ(co_await value_of(db, ever + span("P1Y")), gino::timestamp::min());
        EXPECT_EQ(co_await value_of(db, no_day + 1), gino::date::max());
        EXPECT_EQ(co_await value_of(db, no_day + span("P1M")), gino::timestamp::max());
        EXPECT_EQ(
            co_await value_of(db, gino::func::date_trunc(gino::date_part::year, never)),
            gino::timestamp::max()
        );
        EXPECT_EQ(co_await state_of(db, no_day - day("2024-01-01")), "22008");
    });
}

TEST_P(TimeArithmetic, ResultsOutOfRangeAreErrors) {
    run_on([this](gino::database& db) -> gino::awaitable<void> {
        const auto late = gino::literal(point("9999-12-31 00:00:00"));
        const auto longest = gino::interval{.months = std::numeric_limits<std::int32_t>::max()};

        EXPECT_EQ(co_await state_of(db, late + longest), "22008");
        EXPECT_EQ(co_await state_of(db, gino::literal(day("2024-01-01")) + 2'147'483'647), "22008");
        EXPECT_EQ(
            co_await state_of(db, gino::literal(longest) + gino::interval{.months = 1}), "22008"
        );
    });
}

TEST_P(TimeArithmetic, YearsOfFiveDigitsAreOutOfRangeOnSqlite) {
    run_on([this](gino::database& db) -> gino::awaitable<void> {
        const std::string state = is_sqlite() ? "22008" : "";

        EXPECT_EQ(co_await state_of(db, gino::literal(day("9999-12-31")) + 1), state);
        EXPECT_EQ(
            co_await state_of(db, gino::literal(point("9999-12-31 23:59:59")) + span("PT1S")), state
        );
        EXPECT_EQ(
            co_await state_of(db, gino::literal(point("0001-01-01 00:00:00")) - span("PT1S")), state
        );
    });
}

TEST_P(TimeArithmetic, DateTruncReturnsTheStartOfThePart) {
    using gino::date_part;

    struct truncation {
        date_part part;
        const char* of;
        const char* first;
    };

    static constexpr truncation truncations[] = {
        {date_part::year, "2024-05-17 12:30:15.123456", "2024-01-01 00:00:00"},
        {date_part::quarter, "2024-05-17 12:30:15.123456", "2024-04-01 00:00:00"},
        {date_part::quarter, "2024-12-31 23:59:59", "2024-10-01 00:00:00"},
        {date_part::month, "2024-05-17 12:30:15.123456", "2024-05-01 00:00:00"},
        {date_part::week, "2024-05-17 12:30:15.123456", "2024-05-13 00:00:00"},
        {date_part::week, "2024-05-19 23:59:59", "2024-05-13 00:00:00"},
        {date_part::week, "2024-05-20 00:00:00", "2024-05-20 00:00:00"},
        {date_part::week, "2025-01-01 00:00:00", "2024-12-30 00:00:00"},
        {date_part::day, "2024-05-17 12:30:15.123456", "2024-05-17 00:00:00"},
        {date_part::hour, "2024-05-17 12:30:15.123456", "2024-05-17 12:00:00"},
        {date_part::minute, "2024-05-17 12:30:15.123456", "2024-05-17 12:30:00"},
        {date_part::second, "2024-05-17 12:30:15.123456", "2024-05-17 12:30:15"},
        {date_part::second, "1950-05-17 12:30:15.999999", "1950-05-17 12:30:15"},
    };
    run_on([&](gino::database& db) -> gino::awaitable<void> {
        for (const auto& [part, of, first] : truncations) {
            EXPECT_EQ(
                co_await value_of(db, gino::func::date_trunc(part, gino::literal(point(of)))),
                point(first)
            ) << of;
        }
        EXPECT_EQ(
            co_await value_of(
                db, gino::func::date_trunc(date_part::month, gino::literal(day("2024-02-29")))
            ),
            point("2024-02-01 00:00:00")
        );
    });
}

TEST_P(TimeArithmetic, DateTruncRefusesPartsWithoutAStart) {
    using gino::date_part;
    for (const auto part : {date_part::day_of_week, date_part::day_of_year, date_part::epoch}) {
        EXPECT_THROW(
            static_cast<void>(
                gino::func::date_trunc(part, gino::literal(point("2024-02-29 00:00:00")))
            ),
            gino::argument_error
        );
    }
}

}  // namespace
