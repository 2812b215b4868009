// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/date_time.hpp>

#include <charconv>
#include <cstdint>
#include <iterator>
#include <limits>

namespace gino {

namespace {

// 128 bits hold every product of years, days and microseconds below. Only the final result has to
// be checked for overflow, not each step.
__extension__ typedef __int128 wide;  // NOLINT(modernize-use-using): __extension__ wants it

constexpr std::int64_t microseconds_per_second = 1'000'000;
constexpr std::int64_t microseconds_per_day = 86'400 * microseconds_per_second;
constexpr std::int64_t days_per_era = 146'097;  // 400 years of the Gregorian calendar.

constexpr std::string_view infinity = "infinity";
constexpr std::string_view minus_infinity = "-infinity";
constexpr std::string_view before_christ = " BC";

/// A day of the proleptic Gregorian calendar; year 0 is 1 BC, as in ISO 8601. `std::chrono::year`
/// ends at 32767 and PostgreSQL's dates at 5874897; these end where 64 bits of days end.
struct civil_day {
    std::int64_t year = 0;
    int month = 1;
    int day = 1;
};

// Rounds towards minus infinity: days before 1970 are negative, and C++ rounds towards zero.
constexpr std::int64_t floor_divide(std::int64_t dividend, std::int64_t divisor) noexcept {
    return dividend / divisor - (dividend % divisor < 0 ? 1 : 0);
}

/// Returns the remainder of `floor_divide()`: never negative.
constexpr std::int64_t floor_modulo(std::int64_t dividend, std::int64_t divisor) noexcept {
    const std::int64_t rest = dividend % divisor;
    return rest < 0 ? rest + divisor : rest;
}

/// Howard Hinnant's algorithm `civil_from_days`: years begin in March, so that the leap day is the
/// last day of a year. The number is split into eras of 400 years first, which keeps every step
/// within 64 bits.
constexpr civil_day civil_of(std::int64_t days_since_1970) noexcept {
    constexpr std::int64_t days_to_1970 = 719'468;  // From 0000-03-01.
    const std::int64_t eras = floor_divide(days_since_1970, days_per_era);
    const std::int64_t shifted = floor_modulo(days_since_1970, days_per_era) + days_to_1970;
    const std::int64_t era = eras + shifted / days_per_era;
    const std::int64_t day_of_era = shifted % days_per_era;
    const std::int64_t year_of_era =
        (day_of_era - day_of_era / 1460 + day_of_era / 36'524 - day_of_era / 146'096) / 365;
    const std::int64_t day_of_year =
        day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    const std::int64_t month = (5 * day_of_year + 2) / 153;  // 0: March.
    const std::int64_t day = day_of_year - (153 * month + 2) / 5 + 1;
    const bool is_next_year = month >= 10;
    return {
        era * 400 + year_of_era + (is_next_year ? 1 : 0),
        static_cast<int>(is_next_year ? month - 9 : month + 3),
        static_cast<int>(day),
    };
}

/// The inverse of `civil_of()`.
constexpr wide days_of(const civil_day& civil) noexcept {
    const std::int64_t year = civil.year - (civil.month <= 2 ? 1 : 0);
    const std::int64_t era = floor_divide(year, 400);
    const std::int64_t year_of_era = year - era * 400;
    const std::int64_t month = civil.month > 2 ? civil.month - 3 : civil.month + 9;
    const std::int64_t day_of_year = (153 * month + 2) / 5 + civil.day - 1;
    const std::int64_t day_of_era =
        year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    return static_cast<wide>(era) * days_per_era + day_of_era - 719'468;
}

constexpr int days_in_month(std::int64_t year, int month) noexcept {
    if (month == 2) {
        const bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
        return is_leap ? 29 : 28;
    }
    return month == 4 || month == 6 || month == 9 || month == 11 ? 30 : 31;
}

/// Returns true for values between the two ends of the type, which represent the infinities.
constexpr bool is_finite(wide count) noexcept {
    return count > std::numeric_limits<std::int64_t>::min() &&
           count < std::numeric_limits<std::int64_t>::max();
}

void append_padded(std::string& text, std::int64_t number, std::size_t width) {
    char digits[24];
    const auto end = std::to_chars(std::begin(digits), std::end(digits), number).ptr;
    const auto size = static_cast<std::size_t>(end - digits);
    text.append(width > size ? width - size : 0, '0');
    text.append(digits, size);
}

/// Appends the day without the era, because " BC" comes after the time of day.
void append_day(std::string& text, const civil_day& civil) {
    append_padded(text, civil.year > 0 ? civil.year : 1 - civil.year, 4);
    text += '-';
    append_padded(text, civil.month, 2);
    text += '-';
    append_padded(text, civil.day, 2);
}

void append_time_of_day(std::string& text, std::int64_t microseconds) {
    const std::int64_t seconds = microseconds / microseconds_per_second;
    append_padded(text, seconds / 3600, 2);
    text += ':';
    append_padded(text, seconds / 60 % 60, 2);
    text += ':';
    append_padded(text, seconds % 60, 2);
    text += '.';
    append_padded(text, microseconds % microseconds_per_second, 6);
}

// Writes both timestamp types, which differ in `zone` alone.
std::string point_in_time(std::int64_t since_1970, std::string_view zone) {
    if (since_1970 == std::numeric_limits<std::int64_t>::min()) {
        return std::string(minus_infinity);
    }
    if (since_1970 == std::numeric_limits<std::int64_t>::max()) {
        return std::string(infinity);
    }
    const std::int64_t days = floor_divide(since_1970, microseconds_per_day);
    const civil_day civil = civil_of(days);
    std::string text;
    append_day(text, civil);
    text += ' ';
    append_time_of_day(text, floor_modulo(since_1970, microseconds_per_day));
    text += zone;
    if (civil.year <= 0) {
        text += before_christ;
    }
    return text;
}

constexpr bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads a text from left to right. Each function consumes the characters that it reads. One that
/// fails returns false or an empty optional; the caller then gives up the whole text, unless a part
/// is optional.
class reader {
public:
    explicit reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_at_end() const noexcept { return rest_.empty(); }

    [[nodiscard]] std::size_t size() const noexcept { return rest_.size(); }

    [[nodiscard]] bool is_at_digit() const noexcept {
        return !rest_.empty() && is_digit(rest_.front());
    }

    bool take(std::string_view expected) noexcept {
        if (!rest_.starts_with(expected)) {
            return false;
        }
        rest_.remove_prefix(expected.size());
        return true;
    }

    /// Consumes `expected` at the end of the text: the era is read before the day, because it
    /// decides whether the year is a leap year.
    bool take_last(std::string_view expected) noexcept {
        if (!rest_.ends_with(expected)) {
            return false;
        }
        rest_.remove_suffix(expected.size());
        return true;
    }

    /// Reads all digits at the front. Their number must be `least` to `most`.
    std::optional<std::int64_t> number(std::size_t least, std::size_t most) noexcept {
        std::size_t size = 0;
        while (size < rest_.size() && is_digit(rest_[size])) {
            ++size;
        }
        if (size < least || size > most) {
            return std::nullopt;
        }
        std::int64_t result = 0;
        std::from_chars(rest_.data(), rest_.data() + size, result);
        rest_.remove_prefix(size);
        return result;
    }

    /// Reads two digits whose value is at most `limit`.
    std::optional<std::int64_t> two_digits(std::int64_t limit) noexcept {
        if (rest_.size() < 2 || !is_digit(rest_[0]) || !is_digit(rest_[1])) {
            return std::nullopt;
        }
        const int result = (rest_[0] - '0') * 10 + (rest_[1] - '0');
        rest_.remove_prefix(2);
        return result <= limit ? std::optional<std::int64_t>(result) : std::nullopt;
    }

    /// Reads a fraction of a second of 1 to 6 digits, as microseconds.
    std::optional<std::int64_t> fraction() noexcept {
        const std::size_t before = rest_.size();
        auto result = number(1, 6);
        if (result) {
            for (std::size_t digits = before - rest_.size(); digits < 6; ++digits) {
                *result *= 10;
            }
        }
        return result;
    }

private:
    std::string_view rest_;
};

/// Reads a year of 4 to 17 digits, which covers all that 64 bits of days can hold. A year of more
/// than four digits must not begin with a zero, and PostgreSQL has no year 0.
std::optional<std::int64_t> read_year(reader& text) noexcept {
    const std::size_t before = text.size();
    const auto year = text.number(4, 17);
    const bool is_padded = before - text.size() > 4 && year && *year < 10'000;
    return !year || *year == 0 || is_padded ? std::nullopt : year;
}

std::optional<wide> read_day(reader& text, bool is_before_christ) noexcept {
    const auto year = read_year(text);
    if (!year || !text.take("-")) {
        return std::nullopt;
    }
    const auto month = text.two_digits(12);
    if (!month || *month == 0 || !text.take("-")) {
        return std::nullopt;
    }
    // 1 BC is the year 0 of the algorithm, 2 BC is -1.
    const std::int64_t astronomical = is_before_christ ? 1 - *year : *year;
    const auto day = text.two_digits(days_in_month(astronomical, static_cast<int>(*month)));
    if (!day || *day == 0) {
        return std::nullopt;
    }
    return days_of({astronomical, static_cast<int>(*month), static_cast<int>(*day)});
}

/// Reads hours and minutes as microseconds since midnight.
std::optional<std::int64_t> read_minutes(reader& text, std::int64_t last_hour) noexcept {
    const auto hours = text.two_digits(last_hour);
    if (!hours || !text.take(":")) {
        return std::nullopt;
    }
    const auto minutes = text.two_digits(59);
    if (!minutes) {
        return std::nullopt;
    }
    return (*hours * 60 + *minutes) * 60 * microseconds_per_second;
}

/// Reads ":58.123456" as microseconds since the minute. Leap seconds (60) are refused.
std::optional<std::int64_t> read_seconds(reader& text) noexcept {
    const auto seconds = text.take(":") ? text.two_digits(59) : std::nullopt;
    if (!seconds) {
        return std::nullopt;
    }
    const auto fraction = text.take(".") ? text.fraction() : std::optional<std::int64_t>(0);
    if (!fraction) {
        return std::nullopt;
    }
    return *seconds * microseconds_per_second + *fraction;
}

/// Reads hours, minutes and seconds as microseconds since midnight.
std::optional<std::int64_t> read_time_of_day(reader& text) noexcept {
    const auto minutes = read_minutes(text, 23);
    const auto seconds = minutes ? read_seconds(text) : std::nullopt;
    return seconds ? std::optional(*minutes + *seconds) : std::nullopt;
}

/// Reads an offset from UTC as microseconds. It is less than 16 hours, as in PostgreSQL, and may
/// have seconds ("+00:19:32"): offsets from before the time zones had them.
std::optional<std::int64_t> read_offset(reader& text) noexcept {
    if (text.is_at_end() || text.take("Z")) {
        return 0;
    }
    const bool is_west = text.take("-");
    if (!is_west && !text.take("+")) {
        return std::nullopt;
    }
    const auto hours = text.two_digits(15);
    if (!hours) {
        return std::nullopt;
    }
    std::optional<std::int64_t> minutes = 0;
    std::optional<std::int64_t> seconds = 0;
    if (text.take(":") || text.is_at_digit()) {
        minutes = text.two_digits(59);
        seconds = text.take(":") ? text.two_digits(59) : seconds;
    }
    if (!minutes || !seconds) {
        return std::nullopt;
    }
    const std::int64_t offset =
        ((*hours * 60 + *minutes) * 60 + *seconds) * microseconds_per_second;
    return is_west ? -offset : offset;
}

// The infinities have no fields to read: PostgreSQL writes these words for dates and timestamps
// (manual, 8.5.1.4).
std::optional<std::int64_t> read_infinity(std::string_view text) noexcept {
    if (text == infinity) {
        return std::numeric_limits<std::int64_t>::max();
    }
    if (text == minus_infinity) {
        return std::numeric_limits<std::int64_t>::min();
    }
    return std::nullopt;
}

/// Reads a timestamp with or without a time zone, as microseconds since 1970.
std::optional<std::int64_t> read_point_in_time(std::string_view text, bool has_zone) noexcept {
    if (const auto infinite = read_infinity(text)) {
        return infinite;
    }
    reader input(text);
    const bool is_before_christ = input.take_last(before_christ);
    const auto day = read_day(input, is_before_christ);
    if (!day) {
        return std::nullopt;
    }
    std::optional<std::int64_t> time_of_day = 0;
    if (input.take(" ") || input.take("T")) {
        time_of_day = read_time_of_day(input);
    }
    if (!time_of_day) {
        return std::nullopt;
    }
    const auto offset = has_zone ? read_offset(input) : std::optional<std::int64_t>(0);
    if (!offset || !input.is_at_end()) {
        return std::nullopt;
    }
    // The offset is east of UTC, so it is subtracted. The result must not reach the values that
    // represent the infinities.
    const wide result = *day * microseconds_per_day + *time_of_day - *offset;
    return is_finite(result) ? std::optional(static_cast<std::int64_t>(result)) : std::nullopt;
}

}  // namespace

std::string to_string(date value) {
    if (value == date::min()) {
        return std::string(minus_infinity);
    }
    if (value == date::max()) {
        return std::string(infinity);
    }
    const civil_day civil = civil_of(value.time_since_epoch().count());
    std::string text;
    append_day(text, civil);
    if (civil.year <= 0) {
        text += before_christ;
    }
    return text;
}

std::string to_string(timestamp value) {
    return point_in_time(value.time_since_epoch().count(), "");
}

std::string to_string(timestamptz value) {
    return point_in_time(value.time_since_epoch().count(), "+00:00");
}

std::string to_string(time_of_day value) {
    std::string text;
    append_time_of_day(text, value.since_midnight.count());
    return text;
}

std::optional<time_of_day> parse_time_of_day(std::string_view text) noexcept {
    reader input(text);
    // 24:00:00 is the end of the day, and the only time of that hour.
    const auto minutes = read_minutes(input, 24);
    if (!minutes) {
        return std::nullopt;
    }
    const auto seconds = input.is_at_end() ? std::optional<std::int64_t>(0) : read_seconds(input);
    if (!seconds || !input.is_at_end() || *minutes + *seconds > microseconds_per_day) {
        return std::nullopt;
    }
    return time_of_day{std::chrono::microseconds(*minutes + *seconds)};
}

std::optional<date> parse_date(std::string_view text) noexcept {
    if (const auto infinite = read_infinity(text)) {
        return date(std::chrono::days(*infinite));
    }
    reader input(text);
    const bool is_before_christ = input.take_last(before_christ);
    const auto day = read_day(input, is_before_christ);
    if (!day || !input.is_at_end() || !is_finite(*day)) {
        return std::nullopt;
    }
    return date(std::chrono::days(static_cast<std::int64_t>(*day)));
}

std::optional<timestamp> parse_timestamp(std::string_view text) noexcept {
    const auto result = read_point_in_time(text, false);
    return result ? std::optional(timestamp(std::chrono::microseconds(*result))) : std::nullopt;
}

std::optional<timestamptz> parse_timestamptz(std::string_view text) noexcept {
    const auto result = read_point_in_time(text, true);
    return result ? std::optional(timestamptz(std::chrono::microseconds(*result))) : std::nullopt;
}

}  // namespace gino
