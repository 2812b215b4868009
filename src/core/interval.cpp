// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/date_time.hpp>

#include <limits>

namespace gino {

namespace {

// 128 bits hold the sum of all parts that a text can have; the range is checked once, at the end.
__extension__ typedef __int128 wide;  // NOLINT(modernize-use-using): __extension__ wants it

constexpr std::int64_t per_second = 1'000'000;
constexpr std::int64_t per_minute = 60 * per_second;
constexpr std::int64_t per_hour = 60 * per_minute;

void append_part(std::string& text, std::int64_t number, char unit) {
    if (number != 0) {
        text += std::to_string(number) + unit;
    }
}

// Returns the digits of a fraction of a second, without zeros at the end.
std::string fraction_of(std::int64_t microseconds) {
    std::string digits = std::to_string(per_second + microseconds).substr(1);
    return digits.substr(0, digits.find_last_not_of('0') + 1);
}

bool is_digit(char c) noexcept {
    return c >= '0' && c <= '9';
}

/// Reads the numbers and units of an ISO 8601 duration. Numbers have an optional sign and fraction,
/// and are counted in millionths.
class number_reader {
public:
    explicit number_reader(std::string_view text) noexcept : rest_(text) {}

    [[nodiscard]] bool is_done() const noexcept { return rest_.empty(); }

    bool take(char c) noexcept {
        if (rest_.empty() || rest_.front() != c) {
            return false;
        }
        rest_.remove_prefix(1);
        return true;
    }

    [[nodiscard]] char unit() noexcept {
        const char c = rest_.empty() ? '\0' : rest_.front();
        rest_.remove_prefix(rest_.empty() ? 0 : 1);
        return c;
    }

    /// Reads up to 19 digits, then up to 6 after a point. A digit beyond them is left in the input,
    /// where it is no unit, so that the text is refused.
    [[nodiscard]] std::optional<wide> millionths() noexcept {
        const bool negative = take('-');
        if (!negative) {
            take('+');
        }
        wide whole = 0;
        std::size_t digits = 0;
        for (; !rest_.empty() && is_digit(rest_.front()) && digits < 19; ++digits) {
            whole = whole * 10 + (unit() - '0');
        }
        whole *= per_second;
        if (digits > 0 && take('.')) {
            std::int64_t place = per_second / 10;
            for (; !rest_.empty() && is_digit(rest_.front()) && place > 0; place /= 10) {
                whole += wide{place} * (unit() - '0');
            }
        }
        return digits == 0 ? std::nullopt : std::optional(negative ? -whole : whole);
    }

private:
    std::string_view rest_;
};

template <class Integer>
bool fits(wide number) noexcept {
    return number >= std::numeric_limits<Integer>::min() &&
           number <= std::numeric_limits<Integer>::max();
}

/// The parts of an interval while they are added up: a text may name a unit twice.
struct sums {
    wide months = 0;
    wide days = 0;
    wide time = 0;

    // Adds a part. "M" is a month in front of "T" and a minute after it. Only seconds may have a
    // fraction: half a month is no number of days.
    bool add(wide millionths, char unit, bool is_time) noexcept {
        const wide whole = millionths / per_second;
        if (unit != 'S' && millionths % per_second != 0) {
            return false;
        }
        switch (unit) {
            case 'Y':
                months += is_time ? 0 : whole * 12;
                return !is_time;
            case 'M':
                (is_time ? time : months) += is_time ? whole * per_minute : whole;
                return true;
            case 'W':
                days += is_time ? 0 : whole * 7;
                return !is_time;
            case 'D':
                days += is_time ? 0 : whole;
                return !is_time;
            case 'H':
                time += is_time ? whole * per_hour : 0;
                return is_time;
            case 'S':
                time += is_time ? millionths : 0;
                return is_time;
            default:
                return false;
        }
    }
};

}  // namespace

std::string to_string(const interval& value) {
    std::string text = "P";
    append_part(text, value.months / 12, 'Y');
    append_part(text, value.months % 12, 'M');
    append_part(text, value.days, 'D');
    const std::int64_t time = value.time.count();
    if (time != 0) {
        text += 'T';
        const std::int64_t seconds = time / per_second;
        append_part(text, seconds / 3600, 'H');
        append_part(text, seconds / 60 % 60, 'M');
        const std::int64_t rest = time % per_minute;
        // The whole seconds of "-0.5" are 0: the sign has to be written separately.
        if (rest != 0) {
            text += rest < 0 ? "-" : "";
            const std::int64_t magnitude = rest < 0 ? -rest : rest;
            text += std::to_string(magnitude / per_second);
            const std::int64_t fraction = magnitude % per_second;
            text += fraction == 0 ? "" : "." + fraction_of(fraction);
            text += 'S';
        }
    }
    return text == "P" ? "PT0S" : text;
}

// PostgreSQL's alternative form of ISO 8601 ("P0001-02-03T04:05:06") is not read: no server writes
// it.
std::optional<interval> parse_interval(std::string_view text) noexcept {
    number_reader input(text);
    if (!input.take('P') || input.is_done()) {
        return std::nullopt;
    }
    sums parts;
    bool is_time = false;
    while (!input.is_done()) {
        // "T" separates the date from the time once; a second one is no number, so the text is
        // refused.
        if (!is_time && input.take('T')) {
            is_time = true;
        }
        const auto number = input.millionths();
        if (!number || !parts.add(*number, input.unit(), is_time)) {
            return std::nullopt;
        }
    }
    if (!fits<std::int32_t>(parts.months) || !fits<std::int32_t>(parts.days) ||
        !fits<std::int64_t>(parts.time)) {
        return std::nullopt;
    }
    return interval{
        .months = static_cast<std::int32_t>(parts.months),
        .days = static_cast<std::int32_t>(parts.days),
        .time = std::chrono::microseconds(static_cast<std::int64_t>(parts.time))};
}

}  // namespace gino
