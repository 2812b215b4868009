// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <algorithm>
#include <cstdlib>
#include <fstream>
#include <iostream>
#include <iterator>
#include <random>
#include <sstream>

#include "support/expression_generator.hpp"
#include "support/on_every_database.hpp"

// Random expressions over the same rows on PostgreSQL and on SQLite: the results are equal, or
// SQLite's dialect refuses the construct, or the table of docs/reference/sqlite.md lists the
// difference.
namespace {

using gino::testing::expression_generator;
using gino::testing::measurement;
using gino::testing::mood;

constexpr auto& c = measurement::c;

std::string shown(const std::string& text) {
    return "'" + text + "'";
}

// Numbers that are equal can differ in scale, and neither database promises which one min() returns
// or which one represents a group.
bool shows_scale = true;

std::string shown(const gino::decimal& number) {
    std::string text = number.to_string();
    if (!shows_scale && text.find('.') != std::string::npos) {
        text.erase(text.find_last_not_of('0') + 1);
        text.erase(text.find_last_not_of('.') + 1);
    }
    return text;
}

template <class T>
std::string shown(const T& any) {
    if constexpr (std::is_arithmetic_v<T>) {
        return std::to_string(any);
    } else {
        return gino::to_string(any);
    }
}

template <class T>
std::string shown(const std::optional<T>& any) {
    return any ? shown(*any) : "NULL";
}

template <class... Ts>
std::string shown(const std::tuple<Ts...>& row) {
    std::string text;
    std::apply([&](const auto&... one) { ((text += shown(one) + " "), ...); }, row);
    return text;
}

/// The outcome of a statement: rows, the SQLSTATE of an error, or a refusal of the dialect.
struct answer {
    std::vector<std::string> rows;
    std::string state;
    std::string refusal;
};

class Differences : public gino::testing::on_every_database {
protected:
    static constexpr int statements = 10'000;

    void run_both(const std::function<gino::awaitable<void>()>& body) {
        run_with(gino::models<measurement>, [&](gino::database& db) -> gino::awaitable<void> {
            gino::database other{gino::models<measurement>};
            gino::engine_options options;
            options.echo = [this](std::string_view line) { sqlite_log_ = line; };
            options.log_parameters = true;
            co_await other.set_bind("sqlite://", options);
            co_await other.create_all();
            auto rows = seed();
            co_await db.create_many(rows);
            rows = seed();
            co_await other.create_many(rows);
            postgresql_ = &db;
            sqlite_ = &other;
            co_await body();
            co_await other.close();
        });
    }

    template <class Statement>
    static gino::awaitable<answer> ask(gino::database& db, const Statement& statement) {
        answer given;
        try {
            const auto rows = co_await db.all(statement);
            for (const auto& row : rows) {
                given.rows.push_back(shown(row));
            }
        } catch (const gino::compile_error& e) {
            given.refusal = e.what();
        } catch (const gino::database_error& e) {
            given.state = e.sqlstate().empty() ? e.what() : e.sqlstate();
        }
        co_return given;
    }

    /// Runs a statement on both databases and compares the outcomes.
    template <class Statement>
    gino::awaitable<void> compare(
        const Statement& statement, const expression_generator& make, bool is_ordered = true
    ) {
        answer wanted = co_await ask(*postgresql_, statement);
        answer given = co_await ask(*sqlite_, statement);
        if (!is_ordered) {
            std::ranges::sort(wanted.rows);
            std::ranges::sort(given.rows);
        }
        ++asked_;
        if (!given.refusal.empty()) {
            ++refused_;
        } else if (wanted.state.empty() && given.state.empty() && wanted.rows == given.rows) {
            ++equal_;
        } else if (is_excused(wanted, given, make)) {
            ++excused_;
        } else {
            ++different_;
            report(wanted, given);
        }
    }

    // Neither database promises which one of several errors it reports.
    static bool is_excused(
        const answer& wanted, const answer& given, const expression_generator& make
    ) {
        const auto is_used = [&](std::string_view what) { return make.uses().contains(what); };
        if (wanted.state.empty() && given.state.empty()) {
            return is_used(expression_generator::equal_intervals);
        }
        if (!wanted.state.empty() && !given.state.empty()) {
            return true;
        }
        const bool is_beyond_integer =
            wanted.state == "22003" && is_used(expression_generator::integer_arithmetic);
        const bool is_late_year = given.state == "22008";
        return is_beyond_integer || is_late_year || is_used(expression_generator::lazy);
    }

    void report(const answer& wanted, const answer& given) {
        constexpr int most_reports = 20;
        if (different_ > most_reports) {
            return;
        }
        std::ostringstream text;
        text << "PostgreSQL: " << (log().empty() ? "" : log().back()) << "\n  " << wanted.state;
        for (const auto& row : wanted.rows) {
            text << "\n  " << row;
        }
        text << "\nSQLite: " << sqlite_log_ << "\n  " << given.state;
        for (const auto& row : given.rows) {
            text << "\n  " << row;
        }
        ADD_FAILURE() << text.str();
    }

    /// Compares the databases with the expression in one of several kinds of statement.
    template <class T>
    gino::awaitable<void> compare_in_statement(const gino::expr<T>& e, expression_generator& make) {
        const auto row = static_cast<std::int64_t>(make.below(6)) + 1;
        const std::size_t form = make.below(6);
        shows_scale = form == 0 || form == 3;
        switch (form) {
            case 0:
                co_await compare(gino::select(e).where(c.id == row), make);
                break;
            case 1:
                co_await compare(gino::select(c.id).order_by(e, c.id), make);
                break;
            case 2:
                co_await compare(gino::select(e, gino::func::count()).group_by(e), make, false);
                break;
            case 3: {
                const auto one = e.label("e");
                const auto s = gino::select(one, c.id).subquery("s");
                co_await compare(gino::select(s[one]).where(s[c.id] == row), make);
                break;
            }
            case 4: {
                const auto one = e.label("e");
                const auto s = gino::select(one, c.id).cte("s");
                co_await compare(gino::select(s[one]).distinct(), make, false);
                break;
            }
            default:
                if constexpr (std::is_same_v<T, std::optional<bool>>) {
                    co_await compare(gino::select(gino::func::count(e)), make);
                } else {
                    co_await compare(
                        gino::select(gino::func::min(e), gino::func::max(e), gino::func::count(e)),
                        make
                    );
                }
                break;
        }
    }

    void expect_few_excuses() {
        std::cout << asked_ << " statements: " << equal_ << " equal, " << refused_ << " refused, "
                  << excused_ << " excused, " << different_ << " different\n";
        EXPECT_EQ(different_, 0);
        EXPECT_GT(equal_, asked_ / 2);
    }

    static std::vector<measurement> seed() {
        const auto json = [](const char* text) { return boost::json::parse(text); };
        std::vector<measurement> rows(6);
        rows[0] = {
            .small = 7,
            .medium = 42,
            .large = 1'000'000'007,
            .real = 1.5,
            .price = gino::decimal("9.995"),
            .word = "Abc",
            .flag = true,
            .feels = mood::happy,
            .day = *gino::parse_date("2024-02-29"),
            .at = *gino::parse_timestamp("2024-02-29 12:30:15.25"),
            .clock = *gino::parse_time_of_day("23:59:59.999999"),
            .every = gino::interval{.months = 1},
            .body =
                json(R"({"n": 18, "t": true, "k": {"y": 2}, "l": [1, "x"], "z": null, "": "e"})")};
        rows[2] = {
            .small = std::numeric_limits<std::int16_t>::min(),
            .medium = std::numeric_limits<std::int32_t>::min(),
            .large = std::numeric_limits<std::int64_t>::min(),
            .real = -1e300,
            .price = gino::decimal("-12345678901234567890.123456789"),
            .word = "",
            .flag = false,
            .feels = mood::sad,
            .day = *gino::parse_date("0001-01-01"),
            .at = *gino::parse_timestamp("0001-01-01 00:00:00"),
            .clock = *gino::parse_time_of_day("00:00"),
            .every = gino::interval{.months = -14, .days = 40, .time = std::chrono::hours(-30)},
            .body = json("[]")};
        rows[3] = {
            .small = std::numeric_limits<std::int16_t>::max(),
            .medium = std::numeric_limits<std::int32_t>::max(),
            .large = std::numeric_limits<std::int64_t>::max(),
            .real = 1e300,
            .price = gino::decimal("NaN"),
            .word = "zz top",
            .flag = true,
            .feels = mood::ok,
            .day = *gino::parse_date("9999-12-31"),
            .at = *gino::parse_timestamp("9999-12-31 23:59:59.999999"),
            .clock = *gino::parse_time_of_day("12:00"),
            .every = gino::interval{.days = 365, .time = std::chrono::microseconds(1)},
            .body = json(R"("text")")};
        rows[4] = {
            .small = 0,
            .medium = 0,
            .large = 0,
            .real = 0.0,
            .price = gino::decimal("0"),
            .word = " 18 ",
            .flag = false,
            .feels = mood::ok,
            .day = gino::date::max(),
            .at = gino::timestamp::min(),
            .clock = *gino::parse_time_of_day("08:15"),
            .every = gino::interval{},
            .body = json(R"({"n": 1.50, "t": "yes", "l": {"0": 1}, "s": "a\"b"})")};
        rows[5] = {.medium = -1, .price = gino::decimal("100.00"), .word = "a%_\\b"};
        return rows;
    }

    std::string sqlite_log_;
    gino::database* postgresql_ = nullptr;
    gino::database* sqlite_ = nullptr;
    int asked_ = 0;
    int equal_ = 0;
    int refused_ = 0;
    int excused_ = 0;
    int different_ = 0;
};

INSTANTIATE_TEST_SUITE_P(, Differences, ::testing::Values("postgresql"));

TEST_P(Differences, AreDocumentedWhenExcused) {
    std::ifstream page(GINO_TESTS_DIR "/../docs/reference/sqlite.md");
    const std::string text(std::istreambuf_iterator<char>(page), {});
    for (const auto excuse :
         {expression_generator::integer_arithmetic, expression_generator::equal_intervals}) {
        EXPECT_THAT(text, testing::HasSubstr("| " + std::string(excuse) + " |"));
    }
}

TEST_P(Differences, AreAbsentFromRandomExpressions) {
    const bool is_long = std::getenv("GINO_TEST_LONG") != nullptr;
    const int count = is_long ? 100 * statements : statements;
    run_both([&]() -> gino::awaitable<void> {
        std::mt19937_64 random(is_long ? std::random_device()() : 20261128);
        expression_generator make([&] { return random(); });
        for (int i = 0; i < count; ++i) {
            make.clear();
            const std::size_t depth = 1 + make.below(4);
            switch (make.below(9)) {
                case 0:
                    co_await compare_in_statement(make.condition(depth), make);
                    break;
                case 1:
                    co_await compare(
                        gino::select(c.id).where(make.condition(depth)).order_by(c.id), make
                    );
                    break;
                case 2:
                    co_await compare_in_statement(make.medium(depth), make);
                    break;
                case 3:
                    co_await compare_in_statement(make.large(depth), make);
                    break;
                case 4:
                    co_await compare_in_statement(make.exact(depth), make);
                    break;
                case 5:
                    co_await compare_in_statement(make.text(depth), make);
                    break;
                case 6:
                    co_await compare_in_statement(make.day(depth), make);
                    break;
                case 7:
                    co_await compare_in_statement(make.point(depth), make);
                    break;
                default:
                    co_await compare_in_statement(make.clock(depth), make);
                    break;
            }
        }
    });
    expect_few_excuses();
}

}  // namespace
