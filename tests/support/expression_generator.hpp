// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <boost/describe/enum.hpp>
#include <boost/json.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <iterator>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <utility>

/// @file
/// Random expressions of every type over the columns of one table.
namespace gino::testing {

enum class mood { sad, ok, happy };
BOOST_DESCRIBE_ENUM(mood, sad, ok, happy)

struct measurement {
    std::int64_t id{};
    std::optional<std::int16_t> small{};
    std::optional<std::int32_t> medium{};
    std::optional<std::int64_t> large{};
    std::optional<double> real{};
    std::optional<decimal> price{};
    std::optional<std::string> word{};
    std::optional<bool> flag{};
    std::optional<mood> feels{};
    std::optional<date> day{};
    std::optional<timestamp> at{};
    std::optional<time_of_day> clock{};
    std::optional<interval> every{};
    std::optional<boost::json::value> body{};

    GINO_MODEL(
        measurement,
        "gino_measurements",
        id,
        small,
        medium,
        large,
        real,
        price,
        word,
        flag,
        feels,
        day,
        at,
        clock,
        every,
        body
    )

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

/// A generator of expressions that may be NULL. `uses()` returns the reasons for which the results
/// of the two databases may differ: rows of the table of differences in docs/reference/sqlite.md,
/// and `lazy`.
class expression_generator {
public:
    template <class T>
    using maybe = expr<std::optional<T>>;

    /// @param choose  Returns the next random number.
    explicit expression_generator(std::function<std::uint64_t()> choose)
        : choose_(std::move(choose)) {}

    /// Returns the reasons for differences of the expressions generated since `clear()`.
    [[nodiscard]] const std::set<std::string_view>& uses() const noexcept { return uses_; }

    void clear() { uses_.clear(); }

    std::size_t below(std::size_t limit) { return choose_() % limit; }

    static constexpr std::string_view integer_arithmetic =
        "integers beyond their type in SELECT and WHERE";
    static constexpr std::string_view equal_intervals = "intervals that are equal";
    static constexpr std::string_view lazy = "arguments that may not be evaluated";

    maybe<bool> condition(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.flag, {true, false});
        }
        const std::size_t next = depth - 1;
        switch (below(12)) {
            case 0:
                uses_.insert(lazy);
                return condition(next) && condition(next);
            case 1:
                uses_.insert(lazy);
                return condition(next) || condition(next);
            case 2:
                return !condition(next);
            case 3:
                return compared(large(next), large(next));
            case 4:
                return compared(exact(next), exact(next));
            case 5:
                return compared(text(next), text(next));
            case 6:
                return compared(point(next), point(next));
            case 7:
                return compared(day(next), day(next));
            case 8:
                return compared(feeling(next), feeling(next));
            case 9:
                return text_condition(next);
            case 10:
                return compared(clock(next), clock(next));
            default:
                return other_condition(next);
        }
    }

    /// Returns a random expression of 32-bit integers.
    maybe<std::int32_t> medium(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.medium, {0, 1, -7, 2'147'483'647});
        }
        const std::size_t next = depth - 1;
        switch (below(8)) {
            case 0:
                return combined(medium(next), medium(next));
            case 1:
                uses_.insert(lazy);  // a part of a constant may be NULL, as may the expression
                return extract<std::int32_t>(extracted_part(), point(next));
            case 2:
                return func::length(text(next));
            case 3:
                return day(next) - day(next);
            case 4:
                return chosen(next, medium(next), medium(next));
            case 5:
                return cast<std::int32_t>(exact(next));
            case 6:
                return cast<std::int32_t>(condition(next));
            default:
                uses_.insert(integer_arithmetic);
                return medium(next) + c.small;
        }
    }

    /// Returns a random expression of 64-bit integers.
    maybe<std::int64_t> large(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.large, {std::int64_t{0}, std::int64_t{-1}, std::int64_t{4'000'000'000}});
        }
        const std::size_t next = depth - 1;
        switch (below(7)) {
            case 0:
                return combined(large(next), large(next));
            case 1:
                return cast<std::int64_t>(medium(next));
            case 2:
                return cast<std::int64_t>(exact(next));
            case 3:
                return chosen(next, large(next), large(next));
            case 4:
                uses_.insert(integer_arithmetic);
                return func::abs(large(next));
            case 5:
                uses_.insert(integer_arithmetic);
                return -large(next);
            default:
                uses_.insert(integer_arithmetic);
                return large(next) + medium(next);
        }
    }

    maybe<decimal> exact(std::size_t depth) {
        if (depth == 0) {
            return leaf(
                c.price, {decimal("0.00"), decimal("-2.50"), decimal("10"), decimal("1e3")}
            );
        }
        const std::size_t next = depth - 1;
        switch (below(9)) {
            case 0:
                return exact(next) + exact(next);
            case 1:
                return exact(next) - exact(next);
            case 2:
                return exact(next) * exact(next);
            case 3:
                return func::round(exact(next), static_cast<std::int32_t>(below(7)) - 3);
            case 4:
                return func::abs(-exact(next));
            case 5:
                return chosen(next, exact(next), exact(next));
            case 6:
                return func::greatest(exact(next), exact(next));
            case 7:
                return cast<decimal>(large(next));
            default:
                return cast<decimal>(exact(next), numeric(10, 2));
        }
    }

    maybe<std::string> text(std::size_t depth) {
        using namespace std::string_literals;
        if (depth == 0) {
            return leaf(c.word, {""s, "a"s, "B%"s, " x_ "s, "18"s});
        }
        const std::size_t next = depth - 1;
        switch (below(11)) {
            case 0:
                return text(next) + text(next);
            case 1:
                return func::lower(text(next));
            case 2:
                return func::upper(text(next));
            case 3:
                return func::trim(text(next));
            case 4:
                return func::rtrim(text(next), "a ");
            case 5:
                return chosen(next, text(next), text(next));
            case 6:
                return cast<std::string>(large(next));
            case 7:
                return cast<std::string>(exact(next));
            case 8:
                return cast<std::string>(condition(next));
            case 9:
                return cast<std::string>(day(next));
            default:
                return element(next).as_text();
        }
    }

    maybe<mood> feeling(std::size_t depth) {
        const auto one = leaf(c.feels, {mood::sad, mood::ok, mood::happy});
        return depth == 0 ? one : chosen(depth - 1, one, feeling(depth - 1));
    }

    maybe<date> day(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.day, {*parse_date("2024-02-29"), *parse_date("1999-12-31")});
        }
        const std::size_t next = depth - 1;
        switch (below(4)) {
            case 0:
                return day(next) + static_cast<std::int32_t>(below(800));
            case 1:
                return day(next) - static_cast<std::int32_t>(below(800));
            case 2:
                return cast<date>(point(next));
            default:
                return chosen(next, day(next), day(next));
        }
    }

    maybe<timestamp> point(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.at, {*parse_timestamp("2024-02-29 23:59:59.5"), timestamp::max()});
        }
        const std::size_t next = depth - 1;
        switch (below(6)) {
            case 0:
                return point(next) + span(next);
            case 1:
                return point(next) - span(next);
            case 2:
                return day(next) + span(next);
            case 3:
                return func::date_trunc(truncating_part(), point(next));
            case 4:
                return cast<timestamp>(day(next));
            default:
                return chosen(next, point(next), point(next));
        }
    }

    maybe<time_of_day> clock(std::size_t depth) {
        if (depth == 0) {
            return leaf(c.clock, {*parse_time_of_day("00:00"), *parse_time_of_day("12:30:15.25")});
        }
        const std::size_t next = depth - 1;
        return below(2) == 0 ? maybe<time_of_day>(clock(next) + span(next))
                             : chosen(next, clock(next), clock(next));
    }

    maybe<interval> span(std::size_t depth) {
        if (depth == 0) {
            return leaf(
                c.every,
                {interval{.months = 1, .days = -3},
                 interval{.time = std::chrono::hours(30)},
                 interval{.days = 1, .time = std::chrono::microseconds(-1)}}
            );
        }
        const std::size_t next = depth - 1;
        switch (below(3)) {
            case 0:
                return span(next) + span(next);
            case 1:
                return point(next) - point(next);
            default:
                return chosen(next, span(next), span(next));
        }
    }

private:
    static constexpr auto& c = measurement::c;

    template <class T, std::size_t N>
    const T& one_of(const T (&list)[N]) {
        return list[below(N)];
    }

    template <class T>
    maybe<T> leaf(const maybe<T>& column, std::initializer_list<T> values) {
        const std::size_t choice = below(values.size() + 3);
        if (choice < values.size()) {
            return gino::literal(*std::next(values.begin(), static_cast<std::ptrdiff_t>(choice)));
        }
        return column;
    }

    // Returns coalesce() or CASE with operands of any type.
    template <class T>
    maybe<T> chosen(std::size_t depth, const maybe<T>& a, const maybe<T>& b) {
        uses_.insert(lazy);
        switch (below(3)) {
            case 0:
                return func::coalesce(a, b);
            case 1:
                return case_(condition(depth), a).else_(b);
            default:
                return case_(condition(depth), a).when(condition(0), b);
        }
    }

    template <class T>
    maybe<T> combined(const maybe<T>& a, const maybe<T>& b) {
        uses_.insert(integer_arithmetic);
        switch (below(5)) {
            case 0:
                return a + b;
            case 1:
                return a - b;
            case 2:
                return a * b;
            case 3:
                return a / b;
            default:
                return a % b;
        }
    }

    template <class T>
    maybe<bool> compared(const maybe<T>& a, const maybe<T>& b) {
        switch (below(8)) {
            case 0:
                return a < b;
            case 1:
                return a >= b;
            case 2:
                return a == b;
            case 3:
                return a != b;
            case 4:
                return a.is_distinct_from(b);
            case 5:
                uses_.insert(lazy);
                return a.between(b, a);
            case 6:
                uses_.insert(lazy);
                return a.in(b, a);
            default:
                return a.is_null();
        }
    }

    maybe<bool> text_condition(std::size_t depth) {
        static constexpr std::string_view patterns[] = {"%a%", "_", "B\\%", "%", "", "1_"};
        switch (below(4)) {
            case 0:
                return text(depth).like(std::string(one_of(patterns)));
            case 1:
                return text(depth).ilike(std::string(one_of(patterns)));
            case 2:
                return text(depth).contains(text(depth));
            default:
                return text(depth).startswith(text(depth));
        }
    }

    maybe<bool> other_condition(std::size_t depth) {
        switch (below(3)) {
            case 0:
                uses_.insert(equal_intervals);
                return span(depth) == span(depth);
            case 1:
                return cast<bool>(medium(depth));
            default:
                return element(depth).as_text().is_null();
        }
    }

    json_element element(std::size_t /*depth*/) {
        static constexpr std::string_view keys[] = {"n", "t", "k", "l", "z", "", "s"};
        const auto first = c.body[std::string(one_of(keys))];
        return below(2) == 0 ? first : first[below(2) == 0 ? -1 : 0];
    }

    date_part extracted_part() {
        static constexpr date_part parts[] = {
            date_part::year,
            date_part::quarter,
            date_part::month,
            date_part::week,
            date_part::day,
            date_part::day_of_week,
            date_part::day_of_year,
            date_part::hour,
            date_part::minute};
        return one_of(parts);
    }

    date_part truncating_part() {
        static constexpr date_part parts[] = {
            date_part::year,
            date_part::quarter,
            date_part::month,
            date_part::week,
            date_part::day,
            date_part::hour,
            date_part::minute,
            date_part::second};
        return one_of(parts);
    }

    std::function<std::uint64_t()> choose_;
    std::set<std::string_view> uses_;
};

}  // namespace gino::testing
