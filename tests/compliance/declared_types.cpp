// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// Columns with a declared precision or length: both databases round decimals, and refuse values
// that do not fit.
namespace {

struct article {
    std::int64_t id{};
    gino::decimal price{};
    std::optional<gino::decimal> discount{};
    std::string code;
    std::int64_t pieces{};

    GINO_MODEL(article, "gino_articles", id, price, discount, code, pieces)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::column_type(c.price, gino::numeric(6, 2)),
            gino::column_type(c.discount, gino::numeric(3, 2)),
            gino::column_type(c.code, gino::varchar(4)),
            gino::column_type(c.pieces, {.kind = gino::type_kind::integer}),
            gino::unique("uq_articles_code", c.code)};
    }
};

constexpr auto& c = article::c;

gino::decimal exact(const char* text) {
    return gino::decimal(text);
}

class DeclaredTypes : public gino::testing::on_every_database {
protected:
    void run_on(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<article>, body);
    }

    template <class Statement>
    static gino::awaitable<std::string> state_of(gino::database& db, const Statement& statement) {
        try {
            co_await db.status(statement);
        } catch (const gino::database_error& e) {
            co_return std::string(e.sqlstate());
        }
        co_return "stored";
    }

    static gino::awaitable<std::string> state_of_create(gino::database& db, article object) {
        try {
            co_await db.create(object);
        } catch (const gino::argument_error& e) {
            EXPECT_THAT(e.what(), testing::HasSubstr("(column \"pieces\")"));
            co_return "refused";
        } catch (const gino::database_error& e) {
            co_return std::string(e.sqlstate());
        }
        co_return "stored";
    }

    static gino::awaitable<std::string> price_of(gino::database& db, std::string code) {
        const auto price = co_await db.one(gino::select(c.price).where(c.code == code));
        co_return price.to_string();
    }
};

GINO_ON_EVERY_DATABASE(DeclaredTypes);

TEST_P(DeclaredTypes, RoundDecimalsAndRefuseOverflow) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const article rounded{.price = exact("1.005"), .discount = exact("0.995"), .code = "a"};
        const article full{.price = exact("9999.994"), .code = "b"};
        const article too_large{.price = exact("9999.995"), .code = "c"};
        const article negative{.price = exact("-10000"), .code = "c"};
        const article not_a_number{.price = exact("NaN"), .code = "n"};

        EXPECT_EQ(co_await state_of_create(db, rounded), "stored");
        EXPECT_EQ(co_await state_of_create(db, full), "stored");
        EXPECT_EQ(co_await state_of_create(db, not_a_number), "stored");
        EXPECT_EQ(co_await state_of_create(db, too_large), "22003");
        EXPECT_EQ(co_await state_of_create(db, negative), "22003");

        EXPECT_EQ(co_await price_of(db, "a"), "1.01");
        EXPECT_EQ(co_await price_of(db, "b"), "9999.99");
        EXPECT_EQ(co_await price_of(db, "n"), "NaN");
        const auto discounts = co_await db.all(gino::select(c.discount).order_by(c.id));
        EXPECT_EQ(discounts.at(0).value().to_string(), "1.00");
        EXPECT_EQ(discounts.at(1), std::nullopt);
    });
}

TEST_P(DeclaredTypes, RefuseTextsOverTheLength) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const article four{.code = "\xc3\xa4\xc3\xb6\xc3\xbc\xc3\x9f"};
        const article five{.code = "abcde"};
        const article blanks{.code = "abcd   "};

        EXPECT_EQ(co_await state_of_create(db, four), "stored");
        EXPECT_EQ(co_await state_of_create(db, five), "22001");
        EXPECT_EQ(co_await state_of_create(db, blanks), "stored");

        const auto codes = co_await db.all(gino::select(c.code).order_by(c.id));
        EXPECT_THAT(codes, testing::ElementsAre(four.code, "abcd"));
    });
}

TEST_P(DeclaredTypes, RefuseIntegersOutOfRange) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const article large{.code = "a", .pieces = 2'147'483'647};
        const article too_large{.code = "b", .pieces = 2'147'483'648};

        EXPECT_EQ(co_await state_of_create(db, large), "stored");
        EXPECT_EQ(co_await state_of_create(db, too_large), "refused");
        EXPECT_EQ(
            co_await state_of(db, gino::update<article>().set(c.pieces = c.pieces + 1)), "22003"
        );
    });
}

TEST_P(DeclaredTypes, ApplyToEveryStatementThatStores) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        article one{.price = exact("1"), .code = "a"};
        co_await db.create(one);

        one.price = exact("2.345");
        co_await db.save(one);
        EXPECT_EQ(co_await price_of(db, "a"), "2.35");

        co_await db.update(one).set(c.price = exact("3.456")).apply();
        EXPECT_EQ(co_await price_of(db, "a"), "3.46");

        co_await db.status(gino::update<article>().set(c.price = c.price * exact("1.5")));
        EXPECT_EQ(co_await price_of(db, "a"), "5.19");

        co_await db.status(gino::insert<article>()
                               .values(c.price = exact("6.666"), c.code = "a", c.pieces = 0)
                               .on_conflict(c.code)
                               .do_update(c.price = gino::excluded(c.price) + exact("0.001")));
        EXPECT_EQ(co_await price_of(db, "a"), "6.67");

        std::vector<article> many(2);
        many[0] = {.price = exact("7.777"), .code = "m0"};
        many[1] = {.price = exact("8.888"), .code = "m1"};
        co_await db.create_many(many);
        EXPECT_EQ(co_await price_of(db, "m0"), "7.78");
        EXPECT_EQ(co_await price_of(db, "m1"), "8.89");
    });
}

TEST_P(DeclaredTypes, ApplyToSelectsAndSetOperations) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        article one{.price = exact("1"), .code = "a"};
        co_await db.create(one);
        const auto copy =
            gino::select(c.price + exact("0.005"), gino::literal(std::string("b")), c.pieces);
        const auto other =
            gino::select(c.price + exact("0.004"), gino::literal(std::string("c")), c.pieces);
        const auto too_long = gino::select(c.price, gino::literal(std::string("abcde")), c.pieces);
        const auto into = [](const auto& rows) {
            return gino::insert<article>().from_select(rows, c.price, c.code, c.pieces);
        };

        EXPECT_EQ(co_await state_of(db, into(gino::union_all(copy, other))), "stored");
        EXPECT_EQ(co_await state_of(db, into(too_long)), "22001");
        EXPECT_EQ(co_await state_of(db, into(gino::union_all(too_long, too_long))), "22001");

        EXPECT_EQ(co_await price_of(db, "b"), "1.01");
        EXPECT_EQ(co_await price_of(db, "c"), "1.00");
    });
}

TEST_P(DeclaredTypes, TruncateTextsInCasts) {
    run_on([](gino::database& db) -> gino::awaitable<void> {
        const auto text =
            gino::literal(std::string("\xc3\xa4"
                                      "bcdef"));

        EXPECT_EQ(
            co_await db.one(gino::select(gino::cast<std::string>(text, gino::varchar(3)))),
            "\xc3\xa4"
            "bc"
        );
    });
}

struct ticket {
    std::int64_t id{};
    std::string words;

    GINO_MODEL(ticket, "gino_tickets", id, words)

    static gino::table_args table_args() {
        return {gino::primary_key("pk_tickets", c.id), gino::sqlite_autoincrement()};
    }
};

class Autoincrement : public gino::testing::on_every_database {};

GINO_ON_EVERY_DATABASE(Autoincrement);

TEST_P(Autoincrement, NeverReusesAKey) {
    run_with(gino::models<ticket>, [](gino::database& db) -> gino::awaitable<void> {
        ticket first{.words = "first"};
        ticket second{.words = "second"};
        co_await db.create(first);
        co_await db.create(second);
        co_await db.remove(second);

        ticket third{.words = "third"};
        co_await db.create(third);

        EXPECT_EQ(third.id, 3);
        std::string violated;
        try {
            ticket again{.id = third.id};
            co_await db.create(again);
        } catch (const gino::unique_violation& e) {
            violated = e.constraint();
        }
        EXPECT_EQ(violated, "pk_tickets");
    });
}

}  // namespace
