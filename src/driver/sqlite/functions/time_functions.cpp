// SPDX-License-Identifier: BSD-3-Clause
#include "driver/sqlite/functions/time_functions.hpp"

#include <gino/core/date_time.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdlib>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

#include "driver/sqlite/functions/sql_function.hpp"

namespace gino::sqlite {

namespace {

using namespace std::chrono_literals;
using std::chrono::days;
using std::chrono::microseconds;

[[noreturn]] void refuse_part(std::string_view part, std::string_view type) {
    throw refusal{"unit \"" + std::string(part) + "\" not supported for type " + std::string(type)};
}

// Reads a timestamp, a date, or a timestamp with time zone, which is converted to UTC.
timestamp timestamp_of(std::string_view text, std::string_view type) {
    if (const auto point = parse_timestamptz(text)) {
        return timestamp(point->time_since_epoch());
    }
    const auto day = parse_date(text);
    if (!day) {
        refuse_text(text, type);
    }
    return timestamp(*day);
}

// The least and the greatest value are -infinity and infinity, as in date_time.hpp.
template <class Time>
bool is_infinite(Time time) {
    return time == Time::min() || time == Time::max();
}

date day_of(timestamp point) {
    if (is_infinite(point)) {
        return point == timestamp::max() ? date::max() : date::min();
    }
    return std::chrono::floor<days>(point);
}

void to_date(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, to_string(day_of(timestamp_of(argument(arguments[0]).text(), "date"))));
}

void to_timestamp(sqlite3_context* context, sqlite3_value** arguments) {
    give(context, to_string(timestamp_of(argument(arguments[0]).text(), "timestamp")));
}

void to_time(sqlite3_context* context, sqlite3_value** arguments) {
    const auto text = argument(arguments[0]).text();
    if (const auto time = parse_time_of_day(text)) {
        return give(context, to_string(*time));
    }
    const auto point = timestamp_of(text, "time");
    // An infinite timestamp has no time of day.
    if (is_infinite(point)) {
        return sqlite3_result_null(context);
    }
    const auto midnight = std::chrono::floor<std::chrono::days>(point);
    give(context, to_string(time_of_day{.since_midnight = point - midnight}));
}

// Arithmetic. Results outside of the years 1 to 9999 are refused, because their texts would not
// sort in the order of time.

constexpr date first_day(std::chrono::local_days(1y / 1 / 1));
constexpr date last_day(std::chrono::local_days(9999y / 12 / 31));

void give_date(sqlite3_context* context, date day) {
    if (!is_infinite(day) && (day < first_day || day > last_day)) {
        refuse_range("date");
    }
    give(context, to_string(day));
}

void give_timestamp(sqlite3_context* context, timestamp point) {
    if (!is_infinite(point) && (point < first_day || point >= last_day + days(1))) {
        refuse_range("timestamp");
    }
    give(context, to_string(point));
}

template <class Read>
Read known(const std::optional<Read>& read, const argument& given, std::string_view type) {
    if (!read) {
        refuse_text(given.text(), type);
    }
    return *read;
}

date date_of(const argument& given) {
    return known(parse_date(given.text()), given, "date");
}

timestamp timestamp_of(const argument& given) {
    return timestamp_of(given.text(), "timestamp");
}

microseconds time_of(const argument& given) {
    return known(parse_time_of_day(given.text()), given, "time").since_midnight;
}

interval interval_of(const argument& given) {
    return known(parse_interval(given.text()), given, "interval");
}

template <class Integer>
Integer sum_of(Integer left, Integer right, std::string_view type) {
    Integer sum = 0;
    if (__builtin_add_overflow(left, right, &sum)) {
        refuse_range(type);
    }
    return sum;
}

// Returns `sign * number`. The lowest integer has no positive counterpart.
template <class Integer>
Integer signed_by(int sign, Integer number) {
    if (sign < 0 && number == std::numeric_limits<Integer>::min()) {
        refuse_range("interval");
    }
    return static_cast<Integer>(sign * number);
}

template <int Sign>
interval signed_interval_of(const argument& given) {
    const auto read = interval_of(given);
    return {
        .months = signed_by(Sign, read.months),
        .days = signed_by(Sign, read.days),
        .time = microseconds(signed_by(Sign, std::int64_t{read.time.count()}))};
}

constexpr std::int32_t months_of_year = 12;

// Returns the same day of another month, or that month's last day if it is shorter, as PostgreSQL
// does: one month after January 31 is February 28 or 29.
date plus_months(date day, std::int32_t months) {
    const std::chrono::year_month_day from(day);
    const auto since_year_0 = std::int64_t{static_cast<int>(from.year())} * months_of_year +
                              static_cast<unsigned>(from.month()) - 1 + months;
    const auto year = since_year_0 / months_of_year;
    if (since_year_0 < 0 || year > static_cast<int>(std::chrono::year::max())) {
        refuse_range("timestamp");
    }
    const auto month = static_cast<unsigned>(since_year_0 % months_of_year) + 1;
    const std::chrono::year_month to{
        std::chrono::year(static_cast<int>(year)), std::chrono::month(month)};
    const std::chrono::day last = (to / std::chrono::last).day();
    return std::chrono::local_days(to / std::min(from.day(), last));
}

// Adds the months first, then the days, then the time, as PostgreSQL does.
timestamp plus(timestamp point, const interval& by) {
    if (is_infinite(point)) {
        return point;
    }
    const auto day = std::chrono::floor<days>(point);
    const auto at = plus_months(day, by.months) + days(by.days) + (point - day);
    return timestamp(microseconds(
        sum_of<std::int64_t>(at.time_since_epoch().count(), by.time.count(), "timestamp")
    ));
}

template <int Sign>
void add_to_timestamp(sqlite3_context* context, sqlite3_value** arguments) {
    const auto by = signed_interval_of<Sign>(argument(arguments[1]));
    give_timestamp(context, plus(timestamp_of(argument(arguments[0])), by));
}

// Adds the time of an interval, without its months and days; midnight follows 23:59.
template <int Sign>
void add_to_time(sqlite3_context* context, sqlite3_value** arguments) {
    const auto by = interval_of(argument(arguments[1])).time % days(1);
    auto time = (time_of(argument(arguments[0])) + Sign * by) % days(1);
    if (time < 0us) {
        time += days(1);
    }
    give(context, to_string(time_of_day{.since_midnight = time}));
}

template <int Sign>
void add_to_interval(sqlite3_context* context, sqlite3_value** arguments) {
    const auto to = interval_of(argument(arguments[0]));
    const auto by = signed_interval_of<Sign>(argument(arguments[1]));
    const interval sum{
        .months = sum_of(to.months, by.months, "interval"),
        .days = sum_of(to.days, by.days, "interval"),
        .time = microseconds(sum_of<std::int64_t>(to.time.count(), by.time.count(), "interval"))};
    give(context, to_string(sum));
}

template <int Sign>
void add_to_date(sqlite3_context* context, sqlite3_value** arguments) {
    const auto day = date_of(argument(arguments[0]));
    const auto by = argument(arguments[1]).integer();
    // Keeps the sum within std::int64_t; give_date() has the exact limits.
    constexpr std::int64_t most_days = std::numeric_limits<std::int32_t>::max();
    if (by > most_days || by < -most_days) {
        refuse_range("date");
    }
    give_date(context, is_infinite(day) ? day : day + days(Sign * by));
}

void subtract_dates(sqlite3_context* context, sqlite3_value** arguments) {
    const auto left = date_of(argument(arguments[0]));
    const auto right = date_of(argument(arguments[1]));
    if (is_infinite(left) || is_infinite(right)) {
        throw refusal{"cannot subtract infinite dates"};
    }
    sqlite3_result_int64(context, (left - right).count());
}

void subtract_timestamps(sqlite3_context* context, sqlite3_value** arguments) {
    const auto left = timestamp_of(argument(arguments[0]));
    const auto right = timestamp_of(argument(arguments[1]));
    if (is_infinite(left) || is_infinite(right)) {
        throw refusal{"cannot subtract infinite timestamps"};
    }
    const auto whole = std::chrono::duration_cast<days>(left - right);
    give(
        context,
        to_string(interval{
            .days = static_cast<std::int32_t>(whole.count()), .time = left - right - whole})
    );
}

void subtract_times(sqlite3_context* context, sqlite3_value** arguments) {
    const auto between = time_of(argument(arguments[0])) - time_of(argument(arguments[1]));
    give(context, to_string(interval{.time = between}));
}

// date_trunc().

date first_of_year(std::chrono::year year) {
    return date(std::chrono::local_days(year / 1 / 1));
}

// Returns the first day of the ISO 8601 week.
date monday_of(date day) {
    return day - (std::chrono::weekday(day) - std::chrono::Monday);
}

date first_of_quarter(const std::chrono::year_month_day& day) {
    constexpr unsigned months = 3;
    const unsigned before = (static_cast<unsigned>(day.month()) - 1) / months * months;
    return date(std::chrono::local_days(day.year() / std::chrono::month(before + 1) / 1));
}

timestamp truncated(std::string_view part, timestamp point) {
    if (part == "second") {
        return std::chrono::floor<std::chrono::seconds>(point);
    }
    if (part == "minute") {
        return std::chrono::floor<std::chrono::minutes>(point);
    }
    if (part == "hour") {
        return std::chrono::floor<std::chrono::hours>(point);
    }
    const auto day = std::chrono::floor<days>(point);
    const std::chrono::year_month_day civil(day);
    if (part == "day") {
        return day;
    }
    if (part == "week") {
        return monday_of(day);
    }
    if (part == "month") {
        return date(std::chrono::local_days(civil.year() / civil.month() / 1));
    }
    if (part == "quarter") {
        return first_of_quarter(civil);
    }
    if (part == "year") {
        return first_of_year(civil.year());
    }
    refuse_part(part, "timestamp");
}

void date_trunc(sqlite3_context* context, sqlite3_value** arguments) {
    const auto point = timestamp_of(argument(arguments[1]));
    give_timestamp(
        context, is_infinite(point) ? point : truncated(argument(arguments[0]).text(), point)
    );
}

// EXTRACT.

// Seconds with six digits behind the point, such as "15.250000": the numeric of PostgreSQL's
// EXTRACT.
void give_seconds(sqlite3_context* context, microseconds time) {
    constexpr std::int64_t per_second = 1'000'000;
    const auto count = time.count();
    const auto fraction = std::to_string(per_second + std::abs(count % per_second)).substr(1);
    const std::string sign = count < 0 ? "-" : "";
    give(context, sign + std::to_string(std::abs(count / per_second)) + "." + fraction);
}

// Returns false for a part that a time of day does not have.
bool give_part_of_clock(sqlite3_context* context, std::string_view part, microseconds time) {
    if (part == "hour") {
        sqlite3_result_int64(context, time / 1h);
    } else if (part == "minute") {
        sqlite3_result_int64(context, time % 1h / 1min);
    } else if (part == "second") {
        give_seconds(context, time % 1min);
    } else {
        return false;
    }
    return true;
}

// The ISO 8601 week belongs to the year that its Thursday is in.
std::int64_t iso_week_of(date day) {
    const auto thursday = monday_of(day) + days(3);
    const auto first = first_of_year(std::chrono::year_month_day(thursday).year());
    return (thursday - first) / days(7) + 1;
}

// Returns false for a part that a date does not have.
bool give_part_of_day(sqlite3_context* context, std::string_view part, date day) {
    const std::chrono::year_month_day civil(day);
    const unsigned month(civil.month());
    std::int64_t number = 0;
    if (part == "year") {
        number = static_cast<int>(civil.year());
    } else if (part == "quarter") {
        number = (month + 2) / 3;
    } else if (part == "month") {
        number = month;
    } else if (part == "week") {
        number = iso_week_of(day);
    } else if (part == "day") {
        number = static_cast<unsigned>(civil.day());
    } else if (part == "dow") {
        number = std::chrono::weekday(day).c_encoding();
    } else if (part == "doy") {
        number = (day - first_of_year(civil.year())).count() + 1;
    } else {
        return false;
    }
    sqlite3_result_int64(context, number);
    return true;
}

void give_part_of_interval(sqlite3_context* context, std::string_view part, const interval& from) {
    const std::int32_t months = from.months % months_of_year;
    if (part == "year") {
        sqlite3_result_int64(context, from.months / months_of_year);
    } else if (part == "quarter") {
        sqlite3_result_int64(context, months / 3 + 1);
    } else if (part == "month") {
        sqlite3_result_int64(context, months);
    } else if (part == "day") {
        sqlite3_result_int64(context, from.days);
    } else if (part == "epoch") {
        // As in PostgreSQL, a year has 365.25 days and a month 30; a quarter of a day is 6 hours.
        const std::int64_t quarters_of_days = std::int64_t{from.months / months_of_year} * 1461 +
                                              std::int64_t{months} * 120 +
                                              std::int64_t{from.days} * 4;
        give_seconds(context, quarters_of_days * 6h + from.time);
    } else if (!give_part_of_clock(context, part, from.time)) {
        refuse_part(part, "interval");
    }
}

// As in PostgreSQL, an infinite timestamp has no month. Its year is infinite there; here
// a year is an integer, so this part is an error.
void give_part_of_infinity(sqlite3_context* context, std::string_view part, bool is_negative) {
    if (part == "year") {
        throw refusal{"cannot convert infinity to an integer: year out of range"};
    }
    if (part != "epoch") {
        return sqlite3_result_null(context);
    }
    give(context, is_negative ? "-Infinity" : "Infinity");
}

void date_part(sqlite3_context* context, sqlite3_value** arguments) {
    const auto part = argument(arguments[0]).text();
    const auto text = argument(arguments[1]).text();
    // The texts of the types differ, so the first function that can read one decides the type.
    if (const auto from = parse_interval(text)) {
        return give_part_of_interval(context, part, *from);
    }
    if (const auto time = parse_time_of_day(text)) {
        if (part == "epoch") {
            return give_seconds(context, time->since_midnight);
        }
        if (!give_part_of_clock(context, part, time->since_midnight)) {
            refuse_part(part, "time");
        }
        return;
    }
    const auto point = timestamp_of(text, "timestamp");
    if (is_infinite(point)) {
        return give_part_of_infinity(context, part, point == timestamp::min());
    }
    if (part == "epoch") {
        return give_seconds(context, point.time_since_epoch());
    }
    const auto day = std::chrono::floor<days>(point);
    if (give_part_of_day(context, part, day)) {
        return;
    }
    // Parts of the clock are for timestamps only.
    if (parse_date(text)) {
        refuse_part(part, "date");
    }
    if (!give_part_of_clock(context, part, point - day)) {
        refuse_part(part, "timestamp");
    }
}

constexpr sql_function functions[] = {
    {"to_date", 1, call<to_date>},
    {"to_time", 1, call<to_time>},
    {"to_timestamp", 1, call<to_timestamp>},
    {"timestamp_add", 2, call<add_to_timestamp<1>>},
    {"timestamp_sub", 2, call<add_to_timestamp<-1>>},
    {"timestamp_diff", 2, call<subtract_timestamps>},
    {"date_add", 2, call<add_to_date<1>>},
    {"date_sub", 2, call<add_to_date<-1>>},
    {"date_diff", 2, call<subtract_dates>},
    {"time_add", 2, call<add_to_time<1>>},
    {"time_sub", 2, call<add_to_time<-1>>},
    {"time_diff", 2, call<subtract_times>},
    {"interval_add", 2, call<add_to_interval<1>>},
    {"interval_sub", 2, call<add_to_interval<-1>>},
    {"date_trunc", 2, call<date_trunc>},
    {"date_part", 2, call<date_part>},
};

}  // namespace

int register_time_functions(sqlite3* database) noexcept {
    return register_all(database, functions);
}

}  // namespace gino::sqlite
