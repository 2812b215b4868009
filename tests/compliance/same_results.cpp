// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/describe/enum.hpp>
#include <boost/json.hpp>
#include <gmock/gmock.h>

#include <cmath>

#include "support/on_every_database.hpp"

// Constructs with different results in plain SQLite and in PostgreSQL: either gino returns the same
// result from both, or SQLite's dialect refuses the construct by name.
namespace {

using testing::ElementsAre;

enum class mood { sad, ok, happy };
BOOST_DESCRIBE_ENUM(mood, sad, ok, happy)

struct sample {
    std::int64_t id{};
    std::int32_t n{};
    std::int16_t small{};
    std::int64_t big{};
    std::optional<std::int32_t> maybe{};
    gino::decimal price{};
    std::optional<gino::decimal> discount{};
    mood feels{};
    gino::timestamp at{};
    gino::interval every{};
    boost::json::value body{};
    std::string word;

    GINO_MODEL(
        sample,
        "gino_samples",
        id,
        n,
        small,
        big,
        maybe,
        price,
        discount,
        feels,
        at,
        every,
        body,
        word
    )

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

constexpr auto& c = sample::c;

gino::decimal exact(const char* text) {
    return gino::decimal(text);
}

class Results : public gino::testing::on_every_database {
protected:
    void run_seeded(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<sample>, [&](gino::database& db) -> gino::awaitable<void> {
            const auto noon = *gino::parse_timestamp("2024-02-29 12:30:15.5");
            std::vector<sample> rows(3);
            rows[0].price = exact("9.50");
            rows[1].price = exact("10");
            rows[2].price = exact("100.0");
            rows[0].discount = exact("1.5");
            rows[0].feels = mood::happy;
            rows[1].feels = mood::sad;
            rows[2].feels = mood::ok;
            rows[0].maybe = 7;
            rows[0].body = boost::json::parse(
                R"({"k.y": 1, "": "e", "k": {"y": 2}, "l": [1, 2, "x"], "n": 18, "t": true,
                    "z": null, "q\"": "quoted", "s": "a\u00e9\n"})"
            );
            for (std::size_t i = 0; i < rows.size(); ++i) {
                rows[i].at = noon + std::chrono::hours(24 * i);
                rows[i].n = static_cast<std::int32_t>(i);
                rows[i].word = i == 0 ? "18" : "x";
            }
            co_await db.create_many(rows);
            log().clear();
            co_await body(db);
        });
    }

    template <class Statement>
    gino::awaitable<std::string> state_of(gino::database& db, const Statement& statement) {
        try {
            static_cast<void>(co_await db.status(statement));
        } catch (const gino::database_error& e) {
            co_return std::string(e.sqlstate());
        }
        co_return "stored";
    }

    template <class Statement>
    gino::awaitable<std::string> refusal_of(gino::database& db, const Statement& statement) {
        try {
            static_cast<void>(co_await db.all(statement));
        } catch (const gino::compile_error& e) {
            co_return e.what();
        }
        co_return "";
    }
};

class IntegersOfResults : public Results {};

class DecimalsOfResults : public Results {};

class JsonOfResults : public Results {};

GINO_ON_EVERY_DATABASE(Results);
GINO_ON_EVERY_DATABASE(IntegersOfResults);
GINO_ON_EVERY_DATABASE(DecimalsOfResults);
GINO_ON_EVERY_DATABASE(JsonOfResults);

TEST_P(IntegersOfResults, AreNotStoredOutOfRange) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        constexpr auto highest = std::numeric_limits<std::int32_t>::max();
        co_await db.status(gino::update<sample>().set(c.n = highest));
        co_await db.status(
            gino::update<sample>().set(c.big = std::numeric_limits<std::int64_t>::max())
        );

        EXPECT_EQ(co_await state_of(db, gino::update<sample>().set(c.n = c.n + 1)), "22003");
        EXPECT_EQ(co_await state_of(db, gino::update<sample>().set(c.n = c.n * 2)), "22003");
        EXPECT_EQ(co_await state_of(db, gino::update<sample>().set(c.big = c.big + 1)), "22003");
        EXPECT_EQ(
            co_await state_of(
                db, gino::update<sample>().set(c.maybe = gino::func::coalesce(c.maybe, c.n) + 1)
            ),
            "22003"
        );
        EXPECT_EQ(
            co_await state_of(
                db,
                gino::insert<sample>().from_select(
                    gino::select(
                        c.n + 1, c.small, c.big, c.price, c.feels, c.at, c.every, c.body, c.word
                    ),
                    c.n,
                    c.small,
                    c.big,
                    c.price,
                    c.feels,
                    c.at,
                    c.every,
                    c.body,
                    c.word
                )
            ),
            "22003"
        );

        const auto stored = co_await db.all(gino::select(c.n, c.big, c.maybe).order_by(c.id));
        EXPECT_EQ(stored.size(), 3U);
        EXPECT_EQ(std::get<0>(stored.at(0)), highest);
        EXPECT_EQ(std::get<2>(stored.at(0)), 7);
    });
}

TEST_P(IntegersOfResults, AreRoundedAndCheckedByCasts) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const auto first = [](const auto& e) { return gino::select(e).where(c.id == 1); };

        EXPECT_EQ(co_await db.one(first(gino::cast<std::int32_t>(c.word))), 18);
        EXPECT_EQ(co_await db.one(first(gino::cast<std::int32_t>(c.price))), 10);
        EXPECT_EQ(
            co_await state_of(db, gino::select(gino::cast<std::int32_t>(c.word)).where(c.id == 2)),
            "22P02"
        );
        EXPECT_EQ(
            co_await state_of(
                db, first(gino::cast<std::int16_t>(gino::literal(std::int64_t{70'000})))
            ),
            "22003"
        );
    });
}

TEST_P(Results, GreatestAndLeastIgnoreNull) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto greatest = co_await db.all(
            gino::select(gino::func::greatest(c.maybe, 3), gino::func::least(c.maybe, 3))
                .order_by(c.id)
        );

        EXPECT_EQ(std::get<0>(greatest.at(0)), 7);
        EXPECT_EQ(std::get<0>(greatest.at(1)), 3);
        EXPECT_EQ(std::get<1>(greatest.at(0)), 3);
        EXPECT_EQ(std::get<1>(greatest.at(1)), 3);
    });
}

TEST_P(Results, CastsExtractDateAndTimeOfTimestamps) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto day = *gino::parse_date("2024-02-29");
        const auto by_day = gino::cast<gino::date>(c.at).label("day");

        const auto found = co_await db.all(
            gino::select(c.id).where(gino::cast<gino::date>(c.at) == gino::literal(day))
        );
        const auto groups = co_await db.all(
            gino::select(by_day, gino::func::count()).group_by(by_day).order_by(by_day)
        );
        const auto time =
            co_await db.one(gino::select(gino::cast<gino::time_of_day>(c.at)).where(c.id == 1));
        const auto midnight = co_await db.one(
            gino::select(gino::cast<gino::timestamp>(gino::cast<gino::date>(c.at))).where(c.id == 1)
        );

        EXPECT_THAT(found, ElementsAre(1));
        EXPECT_EQ(groups.size(), 3U);
        EXPECT_EQ(std::get<0>(groups.at(0)), day);
        EXPECT_EQ(gino::to_string(time), "12:30:15.500000");
        EXPECT_EQ(midnight, gino::timestamp(day));
    });
}

TEST_P(Results, CastsConvertBooleansToTrueAndFalse) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto words =
            co_await db.all(gino::select(gino::cast<std::string>(c.n > 0)).order_by(c.id));
        const auto booleans = co_await db.all(gino::select(gino::cast<bool>(c.n)).order_by(c.id));

        EXPECT_THAT(words, ElementsAre("false", "true", "true"));
        EXPECT_THAT(booleans, ElementsAre(false, true, true));
    });
}

TEST_P(Results, EnumerationsHaveTheirDeclaredOrder) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const auto ordered = co_await db.all(gino::select(c.feels).order_by(c.feels.desc()));
        const auto by_label = c.feels.label("f");
        const auto labelled = co_await db.all(gino::select(by_label).order_by(by_label));
        const auto less = co_await db.all(gino::select(c.id).where(c.feels < mood::happy));
        const auto between = co_await db.all(
            gino::select(c.id).where(c.feels.between(mood::ok, mood::happy)).order_by(c.id)
        );
        const auto equal = co_await db.all(gino::select(c.id).where(c.feels == mood::ok));

        EXPECT_THAT(ordered, ElementsAre(mood::happy, mood::ok, mood::sad));
        EXPECT_THAT(labelled, ElementsAre(mood::sad, mood::ok, mood::happy));
        EXPECT_EQ(less.size(), 2U);
        EXPECT_THAT(between, ElementsAre(1, 3));
        EXPECT_THAT(equal, ElementsAre(3));
        const auto highest = co_await refusal_of(db, gino::select(gino::func::max(c.feels)));
        EXPECT_THAT(
            highest,
            is_sqlite() ? testing::HasSubstr("max() of an enumeration") : testing::HasSubstr("")
        );
    });
}

TEST_P(Results, ComparisonsOfIntervalsAreRefusedOnSqlite) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const gino::interval day{.days = 1};
        const auto compared = gino::select(c.id).where(c.every < day);
        const auto ordered = gino::select(c.id).order_by(c.every);

        if (is_sqlite()) {
            EXPECT_THAT(
                co_await refusal_of(db, compared), testing::HasSubstr("comparing intervals")
            );
            EXPECT_THAT(co_await refusal_of(db, ordered), testing::HasSubstr("ORDER BY intervals"));
        } else {
            EXPECT_EQ((co_await db.all(compared)).size(), 3U);
            EXPECT_EQ((co_await db.all(ordered)).size(), 3U);
        }
    });
}

TEST_P(DecimalsOfResults, AreExactInExpressions) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto doubled = co_await db.all(gino::select(c.price * exact("2")).order_by(c.id));
        const auto sum = co_await db.one(gino::select(gino::func::sum(c.price)));
        const auto tenth = exact("0.1");
        const auto tenths =
            co_await db.one(gino::select(gino::literal(tenth) + tenth + tenth).where(c.id == 1));
        const auto negative = co_await db.one(gino::select(-c.price).where(c.id == 1));

        EXPECT_THAT(doubled, ElementsAre(exact("19.00"), exact("20"), exact("200")));
        EXPECT_EQ(sum, exact("119.5"));
        EXPECT_EQ(tenths, exact("0.3"));
        EXPECT_EQ(negative, exact("-9.5"));
    });
}

TEST_P(DecimalsOfResults, AreComparedAsNumbersInExpressions) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto ids = [&](const auto& condition) {
            return gino::select(c.id).where(condition).order_by(c.id);
        };
        const auto zero = exact("0");
        const auto discount = gino::func::coalesce(c.discount, zero);

        EXPECT_THAT(co_await db.all(ids(discount > exact("1"))), ElementsAre(1));
        EXPECT_THAT(co_await db.all(ids(c.price * exact("2") == exact("19"))), ElementsAre(1));
        EXPECT_THAT(co_await db.all(ids(exact("9") < c.price * exact("1"))), ElementsAre(1, 2, 3));
        EXPECT_THAT(
            co_await db.all(ids((c.price + exact("0")).between(exact("9"), exact("11")))),
            ElementsAre(1, 2)
        );
        EXPECT_THAT(
            co_await db.all(ids((c.price + exact("0")).in(exact("10.00"), exact("7")))),
            ElementsAre(2)
        );
        EXPECT_THAT(co_await db.all(ids(gino::func::abs(-c.price) > exact("50"))), ElementsAre(3));
        EXPECT_THAT(co_await db.all(ids(c.price + c.price > exact("150"))), ElementsAre(3));
        EXPECT_THAT(
            co_await db.all(ids(gino::func::greatest(c.price, exact("10")) == exact("10.0"))),
            ElementsAre(1, 2)
        );
        EXPECT_THAT(
            co_await db.all(ids(gino::case_(c.n == 1, c.price).else_(zero) > exact("9"))),
            ElementsAre(2)
        );
    });
}

TEST_P(DecimalsOfResults, AreOrderedAndGroupedAsNumbers) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto more = (c.price + exact("0.00")).label("more");
        const auto s = gino::select(c.id, more).subquery("s");

        EXPECT_THAT(
            co_await db.all(gino::select(c.id).order_by((c.price * exact("1")).desc())),
            ElementsAre(3, 2, 1)
        );
        const auto by_label = co_await db.all(gino::select(c.id, more).order_by(more));
        EXPECT_EQ(std::get<0>(by_label.at(0)), 1);
        EXPECT_EQ(std::get<0>(by_label.at(2)), 3);
        EXPECT_THAT(
            co_await db.all(gino::select(s[c.id]).where(s[more] > exact("9.75")).order_by(s[more])),
            ElementsAre(2, 3)
        );
        const auto equal =
            co_await db.all(gino::select((c.price * exact("0")).label("none")).distinct());
        EXPECT_EQ(equal.size(), 1U);
        const auto sums = co_await db.all(gino::select(c.feels, gino::func::sum(c.price))
                                              .group_by(c.feels)
                                              .having(gino::func::sum(c.price) > exact("9.75")));
        EXPECT_EQ(sums.size(), 2U);
    });
}

TEST_P(DecimalsOfResults, AreExactInWindows) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto running = co_await db.all(
            gino::select(gino::over(gino::func::sum(c.price), gino::window().order_by(c.id)))
                .order_by(c.id)
        );

        EXPECT_THAT(running, ElementsAre(exact("9.5"), exact("19.5"), exact("119.5")));
    });
}

TEST_P(DecimalsOfResults, AreRoundedAwayFromZero) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto rounded = [&db](const char* number, std::int32_t digits) {
            return db.one(gino::select(gino::func::round(gino::literal(exact(number)), digits)));
        };

        EXPECT_EQ(to_string(co_await rounded("0.5", 0)), "1");
        EXPECT_EQ(to_string(co_await rounded("-2.5", 0)), "-3");
        EXPECT_EQ(to_string(co_await rounded("2.345", 2)), "2.35");
        EXPECT_EQ(to_string(co_await rounded("-2.345", 2)), "-2.35");
        EXPECT_EQ(to_string(co_await rounded("9.995", 2)), "10.00");
        EXPECT_EQ(to_string(co_await rounded("1.5", 3)), "1.500");
        EXPECT_EQ(to_string(co_await rounded("1250", -2)), "1300");
        EXPECT_EQ(to_string(co_await rounded("-49", -2)), "0");
        EXPECT_EQ(to_string(co_await rounded("50", -2)), "100");
        EXPECT_EQ(to_string(co_await rounded("0.00004", 2)), "0.00");
        EXPECT_EQ(
            to_string(co_await db.one(gino::select(gino::func::round(gino::literal(exact("1.5")))))
            ),
            "2"
        );
    });
}

TEST_P(DecimalsOfResults, CastsWithPrecisionRoundAndLimit) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const auto money = [](const char* number) {
            return gino::select(
                gino::cast<gino::decimal>(gino::literal(exact(number)), gino::numeric(6, 2))
            );
        };

        EXPECT_EQ(to_string(co_await db.one(money("9999.994"))), "9999.99");
        EXPECT_EQ(to_string(co_await db.one(money("1.005"))), "1.01");
        EXPECT_EQ(to_string(co_await db.one(money("7"))), "7.00");
        EXPECT_EQ(co_await state_of(db, money("9999.995")), "22003");
        EXPECT_EQ(co_await state_of(db, money("-10000")), "22003");
    });
}

TEST_P(Results, FloatingPointNumbersAreRoundedToEven) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto rounded = [&db](double number) {
            return db.one(gino::select(gino::func::round(gino::literal(number))));
        };

        EXPECT_EQ(co_await rounded(0.5), 0.0);
        EXPECT_EQ(co_await rounded(1.5), 2.0);
        EXPECT_EQ(co_await rounded(-2.5), -2.0);
        EXPECT_EQ(co_await rounded(2.500001), 3.0);
        EXPECT_EQ(co_await rounded(1e300), 1e300);
    });
}

TEST_P(Results, TrimRemovesBlanksOrTheGivenCharacters) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto text = gino::literal(std::string("  x\t "));
        const auto letters = gino::literal(std::string("abcab"));
        const auto of = [&db](const auto& expression) { return db.one(gino::select(expression)); };

        EXPECT_EQ(co_await of(gino::func::trim(text)), "x\t");
        EXPECT_EQ(co_await of(gino::func::ltrim(text)), "x\t ");
        EXPECT_EQ(co_await of(gino::func::rtrim(text)), "  x\t");
        EXPECT_EQ(co_await of(gino::func::trim(letters, "ab")), "c");
        EXPECT_EQ(co_await of(gino::func::ltrim(letters, "ab")), "cab");
        EXPECT_EQ(co_await of(gino::func::rtrim(letters, "ab")), "abc");
        EXPECT_EQ(co_await of(gino::func::trim(letters, "cba")), "");
        EXPECT_EQ(co_await of(gino::func::trim(letters, "")), "abcab");
    });
}

TEST_P(Results, UnreadableValuesAreNotStored) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const auto not_utf8 = gino::update<sample>().set(c.word = "\xff\xfe");
        const auto surrogate = gino::update<sample>().set(c.word = "\xed\xa0\x80");
        const auto refuses = [&db](const auto& statement) -> gino::awaitable<bool> {
            try {
                co_await db.status(statement);
            } catch (const gino::error&) {
                co_return true;
            }
            co_return false;
        };

        EXPECT_TRUE(co_await refuses(not_utf8));
        EXPECT_TRUE(co_await refuses(surrogate));
        EXPECT_TRUE(
            co_await refuses(gino::select(gino::literal(gino::time_of_day{std::chrono::hours(25)})))
        );
        EXPECT_THROW(
            static_cast<void>(gino::update<sample>().set(c.body = boost::json::value(std::nan("")))
            ),
            gino::argument_error
        );
        EXPECT_EQ((co_await db.all(gino::select(c.id).where(c.word == "x"))).size(), 2U);
    });
}

TEST_P(Results, YearsOutsideOfFourDigitsAreRefusedOnSqlite) {
    run_seeded([this](gino::database& db) -> gino::awaitable<void> {
        const gino::timestamp late(std::chrono::local_days(std::chrono::year(10'000) / 1 / 1));
        const gino::timestamp early(std::chrono::local_days(std::chrono::year(0) / 12 / 31));
        for (const auto at : {late, early}) {
            std::string problem;
            try {
                co_await db.status(gino::update<sample>().set(c.at = at));
            } catch (const gino::argument_error& e) {
                problem = e.what();
            }
            EXPECT_THAT(problem, testing::HasSubstr(is_sqlite() ? "the years 1 to 9999" : ""));
        }
        co_await db.status(gino::update<sample>().set(c.at = gino::timestamp::max()));
        const auto last = co_await db.all(gino::select(c.id).where(
            c.at > gino::literal(
                       gino::timestamp(std::chrono::local_days(std::chrono::year(9'999) / 12 / 31))
                   )
        ));
        EXPECT_EQ(last.size(), 3U);
    });
}

TEST_P(JsonOfResults, HasElementsByAnyKeyAndIndex) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto text = [](const gino::json_element& element) {
            return gino::select(element.as_text()).where(c.id == 1);
        };

        EXPECT_EQ(co_await db.one(text(c.body["k.y"])), "1");
        EXPECT_EQ(co_await db.one(text(c.body[""])), "e");
        EXPECT_EQ(co_await db.one(text(c.body["k"]["y"])), "2");
        EXPECT_EQ(co_await db.one(text(c.body["l"][-1])), "x");
        EXPECT_EQ(co_await db.one(text(c.body["l"][0])), "1");
        EXPECT_EQ(co_await db.one(text(c.body["l"][3])), std::nullopt);
        EXPECT_EQ(co_await db.one(text(c.body["q\""])), "quoted");
        EXPECT_EQ(co_await db.one(text(c.body["s"])), "a\xc3\xa9\n");
        EXPECT_EQ(co_await db.one(text(c.body["nothing"])), std::nullopt);
        EXPECT_EQ(co_await db.one(text(c.body["n"]["deeper"])), std::nullopt);
        EXPECT_EQ(co_await db.one(text(gino::json_path(c.body, "l", "1"))), "2");
        EXPECT_EQ(co_await db.one(text(gino::json_path(c.body, "l", "-1"))), "x");
        EXPECT_EQ(co_await db.one(text(gino::json_path(c.body, "k.y"))), "1");
    });
}

TEST_P(JsonOfResults, ElementsAsTextKeepTheSpellingOfJson) {
    run_seeded([](gino::database& db) -> gino::awaitable<void> {
        const auto ids = [](const auto& condition) { return gino::select(c.id).where(condition); };

        EXPECT_THAT(co_await db.all(ids(c.body["n"].as_text() == "18")), ElementsAre(1));
        EXPECT_THAT(co_await db.all(ids(c.body["t"].as_text() == "true")), ElementsAre(1));
        EXPECT_THAT(co_await db.all(ids(c.body["n"].as<int>() > 17)), ElementsAre(1));
        EXPECT_THAT(co_await db.all(ids(c.body["t"].as<bool>() == true)), ElementsAre(1));
        EXPECT_EQ(
            co_await db.one(gino::select(c.body["z"].as_text()).where(c.id == 1)), std::nullopt
        );
    });
}

}  // namespace
