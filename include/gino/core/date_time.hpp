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
/// `date::min()` and `date::max()` are the infinities. Convert to and from
/// `std::chrono::year_month_day` as usual.
using date = std::chrono::local_days;

/// SQL's TIMESTAMP WITHOUT TIME ZONE, in microseconds; `min()` and `max()` are the infinities.
using timestamp = std::chrono::local_time<std::chrono::microseconds>;

/// SQL's TIMESTAMP WITH TIME ZONE: a point in time, in microseconds since 1970-01-01 00:00 UTC;
/// `min()` and `max()` are the infinities.
using timestamptz = std::chrono::sys_time<std::chrono::microseconds>;

/// SQL's TIME WITHOUT TIME ZONE: microseconds since midnight, up to 24:00.
struct time_of_day {
    std::chrono::microseconds since_midnight{};

    friend auto operator<=>(const time_of_day&, const time_of_day&) = default;
};

/// SQL's INTERVAL: months, days and microseconds are apart, because a month has no fixed number of
/// days, nor a day of hours. Two intervals are equal when all three are.
struct interval {
    std::int32_t months = 0;
    std::int32_t days = 0;
    std::chrono::microseconds time{};

    friend bool operator==(const interval&, const interval&) = default;
};

/// Writes ISO 8601: "2024-02-29"; "-infinity", "infinity"; years before 1 as "0001-01-01 BC".
[[nodiscard]] std::string to_string(date value);
/// Writes "2024-02-29 23:59:58.123456": always six digits, so that text sorts as time does.
[[nodiscard]] std::string to_string(timestamp value);
/// Writes "2024-02-29 23:59:58.123456+00:00".
[[nodiscard]] std::string to_string(timestamptz value);

/// Writes "23:59:58.123456".
[[nodiscard]] std::string to_string(time_of_day value);
/// Writes ISO 8601: "P1Y2M3DT4H5M6.789S", "PT0S"; each part has its own sign.
[[nodiscard]] std::string to_string(const interval& value);

/// Reads "23:59", "23:59:58" or "23:59:58.123456".
[[nodiscard]] std::optional<time_of_day> parse_time_of_day(std::string_view text) noexcept;
/// Reads what `to_string(interval)` writes, weeks ("P2W") too.
[[nodiscard]] std::optional<interval> parse_interval(std::string_view text) noexcept;

/// Reads what `to_string(date)` writes. Nothing: the text is no date.
[[nodiscard]] std::optional<date> parse_date(std::string_view text) noexcept;
/// Reads a date alone, or date and time parted by a blank or "T", seconds with 0 to 6 digits.
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;
/// As `parse_timestamp()`, followed by "Z", an offset ("+01:00", "-03", "+0530") or nothing (UTC).
[[nodiscard]] std::optional<timestamptz> parse_timestamptz(std::string_view text) noexcept;

}  // namespace gino
