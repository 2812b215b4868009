// SPDX-License-Identifier: BSD-3-Clause
#include <gtest/gtest.h>

#include <random>
#include <string>
#include <string_view>

#include "support/on_every_database.hpp"

// Statements that were put together at random: what a program of any shape may write is parsed by
// the database as it was meant, and values come back as they went.
namespace {

using gino::expr;

class Generated : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(Generated);

/// Makes names, texts, and trees of expressions whose value is known.
class generator {
public:
    explicit generator(std::uint64_t seed) : random_(seed) {}

    std::size_t below(std::size_t limit) { return random_() % limit; }

    // Everything that means something in SQL.
    std::string nasty_text(std::size_t most_pieces) {
        static constexpr std::string_view pieces[] = {
            "'",     "''", "\"", "\\", "--", "/*", "*/", "$$", "$1",       "$a$",
            ":name", "?",  ";",  "%",  "_",  "\n", "\t", "E'", "\xc3\xa4", "\xf0\x9f\x90\x98",
            "NULL",  "a",  " ",  "::", "-",  "(",  ")",  "{",  "}",        ","};
        std::string text;
        for (std::size_t i = below(most_pieces + 1); i > 0; --i) {
            text += pieces[below(std::size(pieces))];
        }
        return text;
    }

    // No longer than PostgreSQL keeps, and never empty.
    std::string nasty_name() {
        return (nasty_text(6) + "n").substr(0, 40) + std::to_string(below(1000));
    }

    /// An expression whose value is `text`, whatever stands around it.
    expr<std::string> text(const std::string& wanted, std::size_t depth) {
        if (depth == 0) {
            return gino::literal(wanted);
        }
        const auto inner = text(wanted, depth - 1);
        const auto other = gino::literal(nasty_text(5));
        switch (below(8)) {
            case 0:
                return gino::func::coalesce(gino::null_of<std::string>(), inner);
            case 1:
                return gino::case_(truth(true, depth - 1), inner).else_(other);
            case 2:
                return gino::case_(truth(false, depth - 1), other).else_(inner);
            case 3:
                return inner + "";
            case 4: {
                const auto name = inner.label(nasty_name());
                const auto s = gino::select(name).subquery(nasty_name());
                return gino::type_coerce<std::string>(gino::select(s[name]).scalar_subquery());
            }
            case 5: {
                const auto name = inner.label(nasty_name());
                const auto c = gino::select(name).cte(nasty_name());
                return gino::type_coerce<std::string>(gino::select(c[name]).scalar_subquery());
            }
            case 6: {
                const auto both = gino::union_(gino::select(inner), gino::select(inner));
                return gino::type_coerce<std::string>(both.scalar_subquery());
            }
            default:
                return gino::cast<std::string>(inner);
        }
    }

    /// An expression whose value is `wanted`.
    expr<bool> truth(bool wanted, std::size_t depth) {
        if (depth == 0) {
            return wanted ? gino::literal(2) > 1 : gino::literal(2) < 1;
        }
        const bool other = below(2) == 0;
        const auto a = truth(wanted, depth - 1);
        const auto b = truth(other, depth - 1);
        switch (below(5)) {
            case 0:
                return wanted ? a || b : a && b;
            case 1:
                return !truth(!wanted, depth - 1);
            case 2:
                return wanted == other ? a && b : (wanted ? a && !b : a || !b);
            case 3: {
                const auto n = number(depth - 1);
                return wanted ? n.first.between(n.second, n.second) : n.first.in(n.second + 1);
            }
            default: {
                const auto n = number(depth - 1);
                return wanted ? n.first == n.second : n.first != n.second;
            }
        }
    }

    /// An expression of small numbers, and its value.
    std::pair<expr<std::int64_t>, std::int64_t> number(std::size_t depth) {
        if (depth == 0) {
            const auto n = static_cast<std::int64_t>(below(7)) - 3;
            return {gino::literal(n), n};
        }
        const auto [a, x] = number(depth - 1);
        const auto [b, y] = number(depth - 1);
        switch (below(4)) {
            case 0:
                return {a + b, x + y};
            case 1:
                return {a - b, x - y};
            case 2:
                return {a * b, x * y};
            default:
                return {-a, -x};
        }
    }

private:
    std::mt19937_64 random_;
};

TEST_P(Generated, TextsComeBackUnchanged) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        generator make(20261121);
        for (int i = 0; i < 300; ++i) {
            const std::string wanted = make.nasty_text(12);
            const auto statement =
                gino::select(make.text(wanted, 1 + make.below(4)).label(make.nasty_name()));
            const std::string back = co_await db.one(statement);
            EXPECT_EQ(back, wanted);
        }
        co_await db.close();
    });
}

TEST_P(Generated, NumbersAreCalculatedInTheirOrder) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        generator make(42);
        for (int i = 0; i < 300; ++i) {
            const auto made = make.number(1 + make.below(4));
            const std::int64_t back = co_await db.one(gino::select(made.first));
            EXPECT_EQ(back, made.second);
        }
        co_await db.close();
    });
}

TEST_P(Generated, ConditionsAreTrueAsTheyWereMeant) {
    run([&]() -> gino::awaitable<void> {
        gino::database db;
        co_await db.set_bind(url());
        generator make(7);
        for (int i = 0; i < 300; ++i) {
            const bool wanted = make.below(2) == 0;
            const auto condition = make.truth(wanted, 1 + make.below(5));
            const auto statement = gino::select(gino::literal(1)).where(condition);
            const auto rows = co_await db.all(statement);
            EXPECT_EQ(rows.size(), wanted ? 1U : 0U);
        }
        co_await db.close();
    });
}

}  // namespace
