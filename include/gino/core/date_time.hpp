// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
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

/// Writes ISO 8601: "2024-02-29"; "-infinity", "infinity"; years before 1 as "0001-01-01 BC".
[[nodiscard]] std::string to_string(date value);
/// Writes "2024-02-29 23:59:58.123456": always six digits, so that text sorts as time does.
[[nodiscard]] std::string to_string(timestamp value);
/// Writes "2024-02-29 23:59:58.123456+00:00".
[[nodiscard]] std::string to_string(timestamptz value);

/// Reads what `to_string(date)` writes. Nothing: the text is no date.
[[nodiscard]] std::optional<date> parse_date(std::string_view text) noexcept;
/// Reads a date alone, or date and time parted by a blank or "T", seconds with 0 to 6 digits.
[[nodiscard]] std::optional<timestamp> parse_timestamp(std::string_view text) noexcept;
/// As `parse_timestamp()`, followed by "Z", an offset ("+01:00", "-03", "+0530") or nothing (UTC).
[[nodiscard]] std::optional<timestamptz> parse_timestamptz(std::string_view text) noexcept;

}  // namespace gino
