// SPDX-License-Identifier: BSD-3-Clause
#include <gmock/gmock.h>

#include <cmath>
#include <limits>
#include <random>

#include "support/on_every_database.hpp"

// Values survive a round trip, and have the same meaning on the server and in gino.
namespace {

struct sample {
    std::int64_t id{};
    std::optional<bool> flag{};
    std::optional<std::int16_t> small{};
    std::optional<std::int32_t> medium{};
    std::optional<std::int64_t> large{};
    std::optional<float> single{};
    std::optional<double> real{};
    std::optional<std::string> words{};
    std::optional<gino::bytes> raw{};
    std::optional<gino::date> day{};
    std::optional<gino::timestamp> moment{};
    std::optional<gino::timestamptz> instant{};

    GINO_MODEL(
        sample,
        "samples",
        id,
        flag,
        small,
        medium,
        large,
        single,
        real,
        words,
        raw,
        day,
        moment,
        instant
    )

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Values : public gino::testing::on_every_database {
protected:
    /// Stores each sample, reads it back, and expects both to be equal.
    void expect_same(const std::vector<sample>& samples) {
        run_with(gino::models<sample>, [&](gino::database& db) -> gino::awaitable<void> {
            for (auto stored : samples) {
                stored.id = 0;
                co_await db.create(stored);
                const auto read = co_await db.get<sample>(stored.id);
                EXPECT_EQ(read->flag, stored.flag);
                EXPECT_EQ(read->small, stored.small);
                EXPECT_EQ(read->medium, stored.medium);
                EXPECT_EQ(read->large, stored.large);
                EXPECT_EQ(read->words, stored.words);
                EXPECT_EQ(read->raw, stored.raw);
                EXPECT_EQ(read->day, stored.day);
                EXPECT_EQ(read->moment, stored.moment);
                EXPECT_EQ(read->instant, stored.instant);
                expect_same_number(read->single, stored.single);
                expect_same_number(read->real, stored.real);
            }
        });
    }

    template <class Number>
    static void expect_same_number(std::optional<Number> read, std::optional<Number> stored) {
        ASSERT_EQ(read.has_value(), stored.has_value());
        if (!stored) {
            return;
        }
        if (std::isnan(*stored)) {
            EXPECT_TRUE(std::isnan(*read));
            return;
        }
        EXPECT_EQ(*read, *stored);
        EXPECT_EQ(std::signbit(*read), std::signbit(*stored));
    }
};

INSTANTIATE_TEST_SUITE_P(, Values, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

template <class T>
sample extreme(T pick) {
    sample one;
    one.flag = pick(false, true);
    one.small =
        pick(std::numeric_limits<std::int16_t>::min(), std::numeric_limits<std::int16_t>::max());
    one.medium =
        pick(std::numeric_limits<std::int32_t>::min(), std::numeric_limits<std::int32_t>::max());
    one.large =
        pick(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max());
    one.single = pick(std::numeric_limits<float>::lowest(), std::numeric_limits<float>::max());
    one.real = pick(std::numeric_limits<double>::lowest(), std::numeric_limits<double>::max());
    one.day = pick(gino::date::min(), gino::date::max());
    one.moment = pick(gino::timestamp::min(), gino::timestamp::max());
    one.instant = pick(gino::timestamptz::min(), gino::timestamptz::max());
    return one;
}

TEST_P(Values, SurviveRoundTripAtTheLimitsOfTheirTypes) {
    expect_same(
        {sample{}, extreme([](auto least, auto) { return least; }), extreme([](auto, auto most) {
             return most;
         })}
    );
}

TEST_P(Values, KeepSpecialFloatingPointValues) {
    std::vector<sample> odd(5);
    odd[0].real = std::numeric_limits<double>::quiet_NaN();
    odd[1].real = std::numeric_limits<double>::infinity();
    odd[2].real = -std::numeric_limits<double>::infinity();
    odd[3].real = -0.0;
    odd[4].real = std::numeric_limits<double>::denorm_min();
    odd[0].single = std::numeric_limits<float>::quiet_NaN();
    odd[1].single = -std::numeric_limits<float>::infinity();
    odd[2].single = -0.0F;
    expect_same(odd);
}

TEST_P(Values, KeepTextsAndBytesOfAnyLengthAndContent) {
    std::vector<sample> texts(5);
    texts[0].words = "";
    texts[0].raw = gino::bytes{};
    texts[1].words = "Gr\xc3\xbc\xc3\x9f \xf0\x9f\x90\x98 'quoted' \"double\" \\back $1 :name";
    texts[2].words = std::string(1'000'000, 'x');
    gino::bytes every;
    for (int i = 0; i < 256; ++i) {
        every.push_back(static_cast<std::byte>(i));
    }
    texts[3].raw = every;
    texts[4].raw = gino::bytes(3'000'000, std::byte{0});
    expect_same(texts);
}

TEST_P(Values, SurviveRoundTripWhenRandom) {
    std::mt19937_64 random(20260101);
    std::vector<sample> samples(200);
    // PostgreSQL's days and times extend from 4713 BC to the year 294276.
    std::uniform_int_distribution<std::int64_t> days(-2'440'000, 106'000'000);
    std::uniform_int_distribution<std::int64_t> times(
        -210'000'000'000'000'000, 9'200'000'000'000'000'000
    );
    for (auto& one : samples) {
        one.large = static_cast<std::int64_t>(random());
        one.medium = static_cast<std::int32_t>(random());
        one.small = static_cast<std::int16_t>(random());
        one.real = std::bit_cast<double>(random());
        one.single = std::bit_cast<float>(static_cast<std::uint32_t>(random()));
        one.day = gino::date{std::chrono::days(days(random))};
        one.moment = gino::timestamp{std::chrono::microseconds(times(random))};
        one.instant = gino::timestamptz{std::chrono::microseconds(times(random))};
    }
    expect_same(samples);
}

TEST_P(Values, KeepTheMeaningOfDatesOnTheServer) {
    run_with(gino::models<sample>, [&](gino::database& db) -> gino::awaitable<void> {
        std::mt19937_64 random(7);
        std::uniform_int_distribution<std::int64_t> days(-2'440'000, 106'000'000);
        for (int i = 0; i < 100; ++i) {
            const gino::date day{std::chrono::days(days(random))};
            const gino::timestamp moment{
                std::chrono::days(days(random)) +
                std::chrono::microseconds(random() % 86'400'000'000)};
            const auto text =
                gino::text(
                    "SELECT CAST(:day AS date)::text AS a, to_char(CAST(:moment AS timestamp), "
                    "'FMYYYY-MM-DD HH24:MI:SS.US BC') AS b"
                )
                    .bind("day", day)
                    .bind("moment", moment)
                    .load(std::tuple(
                        gino::column_loader<std::string>("a"), gino::column_loader<std::string>("b")
                    ));
            const auto [a, b] = co_await db.one(text);
            EXPECT_EQ(a, gino::to_string(day));
            EXPECT_FALSE(b.empty());
        }
    });
}

TEST_P(Values, AreRefusedOutOfRangeOfTheColumn) {
    run_with(gino::models<sample>, [&](gino::database& db) -> gino::awaitable<void> {
        for (const auto day :
             {gino::date::min() + std::chrono::days(1), gino::date::max() - std::chrono::days(1)}) {
            sample far;
            far.day = day;
            EXPECT_THROW(co_await db.create(far), gino::argument_error);
        }
        sample early;
        early.moment = gino::timestamp::min() + std::chrono::microseconds(1);
        EXPECT_THROW(co_await db.create(early), gino::argument_error);
        sample nul;
        nul.words = std::string("a\0b", 3);
        EXPECT_THROW(co_await db.create(nul), gino::argument_error);
        sample good;
        co_await db.create(good);
        EXPECT_EQ(good.id, 1);
    });
}

}  // namespace
