// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// SQL's DATE: a day of the proleptic Gregorian calendar, without a time zone.
///
/// `date::min()` and `date::max()` are SQL's `-infinity` and `infinity`. Conversions to and from
/// `std::chrono::year_month_day` are those of `std::chrono`.
using date = std::chrono::local_days;

/// SQL's TIMESTAMP WITHOUT TIME ZONE, in microseconds. `min()` and `max()` are `-infinity` and
/// `infinity`.
using timestamp = std::chrono::local_time<std::chrono::microseconds>;

/// SQL's TIMESTAMP WITH TIME ZONE: a point in time, in microseconds since 1970-01-01 00:00 UTC.
/// `min()` and `max()` are `-infinity` and `infinity`. As in PostgreSQL, the time zone of the text
/// it was read from is not kept.
using timestamptz = std::chrono::sys_time<std::chrono::microseconds>;

/// SQL's TIME WITHOUT TIME ZONE: microseconds since midnight, from 0 to 24:00 inclusive. The type
/// does not check that range.
struct time_of_day {
    std::chrono::microseconds since_midnight{};

    friend auto operator<=>(const time_of_day&, const time_of_day&) = default;
};

/// SQL's INTERVAL. Months, days and microseconds are separate, because a month has no fixed number
/// of days, and a day no fixed number of hours. Two intervals are equal when all three parts are
/// equal; PostgreSQL's `=` compares them with a month as 30 days instead.
struct interval {
    std::int32_t months = 0;  ///< A year is 12 months.
    std::int32_t days = 0;
    std::chrono::microseconds time{};  ///< Hours, minutes, seconds; its own sign.

    friend bool operator==(const interval&, const interval&) = default;
};

/// Writes ISO 8601: "2024-02-29"; "-infinity", "infinity"; years before 1 as "0001-01-01 BC".
[[nodiscard]] std::string to_string(date value);
/// Writes "2024-02-29 23:59:58.123456": always six digits, so that the texts sort in the order of
/// time.
[[nodiscard]] std::string to_string(timestamp value);
/// Writes "2024-02-29 23:59:58.123456+00:00", in UTC.
[[nodiscard]] std::string to_string(timestamptz value);

/// Writes "23:59:58.123456".
[[nodiscard]] std::string to_string(time_of_day value);
/// Writes an ISO 8601 duration: "P1Y2M3DT4H5M6.789S", "PT0S". Each part has its own sign, as in
/// PostgreSQL's IntervalStyle iso_8601 (manual, 8.5.5).
[[nodiscard]] std::string to_string(const interval& value);

/// Reads "23:59", "23:59:58" or "23:59:58.123456"; "24:00" is the end of the day.
///
/// @return Empty: the text has another form, such as a second 60.
[[nodiscard]] std::optional<time_of_day> parse_time_of_day(std::string_view text) noexcept;
/// Reads the text that `to_string(interval)` writes, and weeks ("P2W"). Only seconds may have a
/// fraction, of at most six digits.
///
/// @return Empty: the text has another form, or a sum of its parts does not fit.
[[nodiscard]] std::optional<interval> parse_interval(std::string_view text) noexcept;

/// Reads the text that `to_string(date)` writes.
///
/// @return Empty: the text has another form, or the day does not exist.
[[nodiscard]] std::optional<date> parse_date(std::string_view text) noexcept;
/// Reads a date alone, or date and time separated by a blank or "T"; the seconds have 0 to 6 digits
/// after the point. Also " BC", "infinity" and "-infinity".
///
/// @return Empty: the text has another form, or is out of range.
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;
/// Reads the same texts as `parse_timestamp()`, followed by "Z", an offset ("+01:00", "-03",
/// "+0530", "+00:19:32") or no zone (UTC).
[[nodiscard]] std::optional<timestamptz> parse_timestamptz(std::string_view text) noexcept;

}  // namespace gino
