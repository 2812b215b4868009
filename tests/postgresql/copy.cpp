// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>
#include <gino/model/copy.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/describe/enum.hpp>
#include <gmock/gmock.h>

#include <numeric>
#include <ranges>

#include "support/on_every_database.hpp"

// COPY ... FROM STDIN and COPY ... TO STDOUT.
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
namespace asio = boost::asio;
using namespace std::chrono_literals;
using boost::asio::experimental::awaitable_operators::operator||;

enum class shade { light, dark };
BOOST_DESCRIBE_ENUM(shade, light, dark)

struct parcel {
    std::int64_t id{};
    std::string name;
    std::optional<double> weight{};
    gino::decimal price;
    shade colour{};
    std::vector<std::int32_t> sizes{};
    std::optional<gino::timestamptz> sent{};

    GINO_MODEL(parcel, "gino_parcels", id, name, weight, price, colour, sizes, sent)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::check("weight_is_positive", c.weight > 0.0)};
    }
};

/// A model with hstore, which the driver does not encode in binary.
struct tagged_parcel {
    std::int64_t id{};
    gino::hstore tags{};
    std::string text;

    GINO_MODEL(tagged_parcel, "gino_tagged_parcels", id, tags, text)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Copy : public gino::testing::on_every_database {
protected:
    /// Runs `body` with the table of parcels and a connection.
    void run_copy(
        const std::function<gino::awaitable<void>(gino::database&, gino::connection&)>& body
    ) {
        run_with(gino::models<parcel>, [&](gino::database& db) -> gino::awaitable<void> {
            gino::connection c = co_await db.acquire();
            co_await body(db, c);
            co_await c.release();
        });
    }

    static gino::awaitable<std::int64_t> count_of(gino::connection& c) {
        const auto count = gino::select(gino::func::count()).from<parcel>();
        co_return co_await c.one(count);
    }
};

INSTANTIATE_TEST_SUITE_P(, Copy, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

/// A source that returns the same bytes a number of times.
class repeated final : public gino::driver::copy_source {
public:
    repeated(std::string bytes, int times) : bytes_(std::move(bytes)), times_(times) {}

    gino::awaitable<std::span<const std::byte>> next() override {
        if (given == times_) {
            if (fails) {
                throw std::runtime_error("the source broke");
            }
            co_return std::span<const std::byte>();
        }
        ++given;
        co_return std::as_bytes(std::span(bytes_));
    }

    int given = 0;
    bool fails = false;

private:
    std::string bytes_;
    int times_;
};

TEST_P(Copy, StoresObjects) {
    run_copy([&](gino::database& db, gino::connection& c) -> gino::awaitable<void> {
        std::vector<parcel> parcels(25'000);
        for (std::size_t i = 0; i < parcels.size(); ++i) {
            auto& one = parcels[i];
            one.name = "parcel\t" + std::to_string(i) + "\n\\";
            one.weight = i % 3 == 0 ? std::nullopt : std::optional(0.5 + static_cast<double>(i));
            one.price = gino::decimal("0.10") + static_cast<std::int64_t>(i);
            one.colour = i % 2 == 0 ? shade::light : shade::dark;
            one.sizes = {1, static_cast<std::int32_t>(i)};
            one.sent = gino::timestamptz(std::chrono::seconds(i));
        }
        std::vector<std::uint64_t> steps;
        const auto done =
            co_await gino::copy_in(c, parcels, [&](std::uint64_t rows) { steps.push_back(rows); });
        EXPECT_EQ(done.affected_rows, parcels.size());
        EXPECT_THAT(steps, ElementsAre(10'000U, 20'000U, 25'000U));
        const auto back = co_await db.all(gino::select<parcel>().order_by(parcel::c.id));
        EXPECT_EQ(back.size(), parcels.size());
        for (std::size_t i = 0; i < back.size(); i += 997) {
            EXPECT_EQ(back[i].id, static_cast<std::int64_t>(i + 1));
            EXPECT_EQ(back[i].name, parcels[i].name);
            EXPECT_EQ(back[i].weight, parcels[i].weight);
            EXPECT_EQ(back[i].price, parcels[i].price);
            EXPECT_EQ(back[i].colour, parcels[i].colour);
            EXPECT_EQ(back[i].sizes, parcels[i].sizes);
            EXPECT_EQ(back[i].sent, parcels[i].sent);
        }
        EXPECT_EQ((co_await gino::copy_in(c, std::vector<parcel>())).affected_rows, 0U);
    });
}

TEST_P(Copy, StoresTuplesOfALazyRange) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        const auto rows =
            std::views::iota(0, 1000) | std::views::transform([](int i) {
                return std::tuple<std::string, gino::decimal, shade, std::vector<std::int32_t>>(
                    "n" + std::to_string(i), i, shade::dark, {i}
                );
            });
        const auto done = co_await gino::copy_in(
            c, rows, parcel::c.name, parcel::c.price, parcel::c.colour, parcel::c.sizes
        );
        EXPECT_EQ(done.affected_rows, 1000U);
        const auto last = gino::select(parcel::c.name).order_by(parcel::c.id.desc()).limit(1);
        EXPECT_EQ(co_await c.scalar(last), "n999");
    });
}

TEST_P(Copy, SendsTypesWithoutABinaryFormatAsText) {
    run([&]() -> gino::awaitable<void> {
        gino::database db{gino::models<tagged_parcel>};
        co_await db.set_bind(url());
        co_await db.create_all();
        std::vector<tagged_parcel> parcels(2);
        parcels[0].tags = {{"a\t", "b\n\\"}, {"n", std::nullopt}};
        parcels[0].text = "\\N\r\n\t";
        gino::connection c = co_await db.acquire();
        co_await gino::copy_in(c, parcels);
        const auto back =
            co_await c.all(gino::select<tagged_parcel>().order_by(tagged_parcel::c.id));
        EXPECT_EQ(back[0].tags, parcels[0].tags);
        EXPECT_EQ(back[0].text, parcels[0].text);
        EXPECT_EQ(back[1].text, "");
        co_await c.release();
        co_await db.drop_all();
        co_await db.close();
    });
}

TEST_P(Copy, StoresNothingWhenTheServerRefusesARow) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        std::vector<parcel> parcels(50'000);
        parcels[100].weight = -1;
        EXPECT_THROW(co_await gino::copy_in(c, parcels), gino::check_violation);
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

TEST_P(Copy, StoresNothingWhenAValueCannotBeSent) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        std::vector<parcel> parcels(30'000);
        parcels[29'999].name = std::string("a\0b", 3);
        EXPECT_THROW(co_await gino::copy_in(c, parcels), gino::argument_error);
        EXPECT_EQ(co_await count_of(c), 0);
        parcels[29'999].name = "fine";
        parcels[29'999].id = 7;
        EXPECT_THROW(co_await gino::copy_in(c, parcels), gino::argument_error);
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

TEST_P(Copy, IsUndoneWithItsTransaction) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        const std::vector<parcel> parcels(10);
        {
            auto tx = co_await c.begin();
            auto within = tx.connection();
            co_await gino::copy_in(within, parcels);
            EXPECT_EQ(co_await count_of(within), 10);
            co_await tx.rollback();
        }
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

TEST_P(Copy, IsUndoneWhenItsSourceThrows) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        repeated lines("a\t1\tlight\t{1}\n", 50'000);
        lines.fails = true;
        const char* const sql = "COPY gino_parcels (name, price, colour, sizes) FROM STDIN";
        EXPECT_THROW(co_await gino::copy_in(c, sql, lines), std::runtime_error);
        EXPECT_EQ(co_await count_of(c), 0);
        repeated good("a\t1\tlight\t{1}\n", 50'000);
        EXPECT_EQ((co_await gino::copy_in(c, sql, good)).affected_rows, 50'000U);
    });
}

TEST_P(Copy, StopsSendingAfterAServerError) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        repeated wrong("not\ta row at all\n", 10'000'000);
        const char* const sql = "COPY gino_parcels (name, price, colour, sizes) FROM STDIN";
        EXPECT_THROW(co_await gino::copy_in(c, sql, wrong), gino::data_error);
        EXPECT_LT(wrong.given, 5'000'000);
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

// The notices arrive while rows are sent, and must not end the sending.
TEST_P(Copy, StoresAllRowsWhenATriggerSendsNotices) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        co_await c.execute_script(
            "CREATE FUNCTION notice() RETURNS trigger LANGUAGE plpgsql AS "
            "$$ BEGIN RAISE NOTICE 'a row'; RETURN NEW; END $$;"
            "CREATE TRIGGER notice BEFORE INSERT ON gino_parcels FOR EACH ROW "
            "EXECUTE FUNCTION notice()"
        );
        repeated lines("a\t1\tlight\t{1}\n", 50'000);
        const char* const sql = "COPY gino_parcels (name, price, colour, sizes) FROM STDIN";
        EXPECT_EQ((co_await gino::copy_in(c, sql, lines)).affected_rows, 50'000U);
        EXPECT_EQ(co_await count_of(c), 50'000);
    });
}

TEST_P(Copy, RefusesATextWithSeveralStatements) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        const std::string in = "COPY gino_parcels (name, price, colour, sizes) FROM STDIN";
        const std::string out = "COPY (SELECT 1) TO STDOUT";
        repeated lines("a\t1\tlight\t{1}\n", 3);
        EXPECT_THROW(co_await gino::copy_in(c, in + "; " + in, lines), gino::argument_error);
        EXPECT_EQ(co_await count_of(c), 0);
        const auto drop = [](std::span<const std::byte>) {};
        EXPECT_THROW(co_await gino::copy_out(c, out + "; " + out, drop), gino::argument_error);
        EXPECT_THROW(co_await gino::copy_out(c, out + "; " + in, drop), gino::database_error);
        repeated good("a\t1\tlight\t{1}\n", 3);
        EXPECT_EQ((co_await gino::copy_in(c, in, good)).affected_rows, 3U);
    });
}

TEST_P(Copy, PassesBytesToASink) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        std::string csv;
        const auto done = co_await gino::copy_out(
            c,
            "COPY (SELECT n, 'x' || n FROM generate_series(1, 3) n) TO STDOUT WITH (FORMAT csv)",
            [&](std::span<const std::byte> bytes) {
                csv.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
            }
        );
        EXPECT_EQ(csv, "1,x1\n2,x2\n3,x3\n");
        EXPECT_EQ(done.affected_rows, 3U);
    });
}

TEST_P(Copy, ReturnsObjectsAndTuples) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        std::vector<parcel> stored(1'000);
        for (std::size_t i = 0; i < stored.size(); ++i) {
            stored[i].name = "parcel\t" + std::to_string(i) + "\n\\";
            stored[i].weight = i % 3 == 0 ? std::nullopt : std::optional(0.5);
            stored[i].price = gino::decimal("0.10") + static_cast<std::int64_t>(i);
            stored[i].colour = i % 2 == 0 ? shade::light : shade::dark;
            stored[i].sizes = {1, static_cast<std::int32_t>(i)};
        }
        co_await gino::copy_in(c, stored);
        //! [rows]
        std::vector<parcel> read;
        const auto done = co_await gino::copy_out(
            c,
            gino::select<parcel>().order_by(parcel::c.id),
            [&](parcel one) { read.push_back(std::move(one)); }
        );
        //! [rows]
        EXPECT_EQ(done.affected_rows, stored.size());
        EXPECT_EQ(read.size(), stored.size());
        for (std::size_t i = 0; i < read.size(); ++i) {
            EXPECT_EQ(read[i].name, stored[i].name);
            EXPECT_EQ(read[i].weight, stored[i].weight);
            EXPECT_EQ(read[i].price, stored[i].price);
            EXPECT_EQ(read[i].colour, stored[i].colour);
            EXPECT_EQ(read[i].sizes, stored[i].sizes);
        }
        std::size_t tuples = 0;
        const auto two = gino::select(parcel::c.name, parcel::c.price);
        co_await gino::copy_out(c, two, [&](const std::tuple<std::string, gino::decimal>& one) {
            tuples += std::get<0>(one).empty() ? 0U : 1U;
        });
        EXPECT_EQ(tuples, stored.size());
        std::size_t none = 0;
        const auto nothing = gino::select(parcel::c.name).where(gino::false_());
        co_await gino::copy_out(c, nothing, [&](const std::string&) { ++none; });
        EXPECT_EQ(none, 0U);
        const auto with_value = gino::select<parcel>().where(parcel::c.id == 7);
        EXPECT_THROW(
            co_await gino::copy_out(c, with_value, [](const parcel&) {}), gino::argument_error
        );
        const auto give_up = [](const parcel&) { throw std::runtime_error("enough"); };
        EXPECT_THROW(
            co_await gino::copy_out(c, gino::select<parcel>(), give_up), std::runtime_error
        );
        EXPECT_EQ(co_await count_of(c), 1'000);
    });
}

TEST_P(Copy, ReturnsTypesWithoutABinaryFormatUnchanged) {
    run_with(gino::models<tagged_parcel>, [&](gino::database& db) -> gino::awaitable<void> {
        gino::connection c = co_await db.acquire();
        std::vector<tagged_parcel> stored(3);
        stored[0] = {.tags = {{"a", "1\t2"}, {"b", std::nullopt}}, .text = "tab\there \\N \\."};
        stored[1] = {.tags = {}, .text = ""};
        stored[2] = {.tags = {{"\n", "\\"}}, .text = "\r\n\b\f\v"};
        co_await gino::copy_in(c, stored);
        std::vector<tagged_parcel> read;
        const auto all = gino::select<tagged_parcel>().order_by(tagged_parcel::c.id);
        co_await gino::copy_out(c, all, [&](tagged_parcel one) { read.push_back(std::move(one)); });
        EXPECT_EQ(read.size(), 3U);
        for (std::size_t i = 0; i < read.size(); ++i) {
            EXPECT_EQ(read[i].tags, stored[i].tags);
            EXPECT_EQ(read[i].text, stored[i].text);
        }
        co_await c.release();
    });
}

TEST_P(Copy, KeepsTheConnectionWhenItsSinkThrows) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        int taken = 0;
        const auto give_up = [&](std::span<const std::byte> /*bytes*/) {
            if (++taken == 10) {
                throw std::runtime_error("enough");
            }
        };
        const char* const sql = "COPY (SELECT generate_series(1, 100000000)) TO STDOUT";
        EXPECT_THROW(co_await gino::copy_out(c, sql, give_up), std::runtime_error);
        EXPECT_EQ(taken, 10);
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

TEST_P(Copy, EndsWhenItsCoroutineIsCancelled) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        const auto until = [](auto is_so) -> gino::awaitable<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor);
            while (!is_so()) {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
        };
        repeated endless("a\t1\tlight\t{1}\n", std::numeric_limits<int>::max());
        const char* const in = "COPY gino_parcels (name, price, colour, sizes) FROM STDIN";
        const auto is_going_in = [&] { return endless.given > 100'000; };
        auto first = co_await (gino::copy_in(c, in, endless) || until(is_going_in));
        EXPECT_EQ(first.index(), 1U);
        EXPECT_EQ(co_await count_of(c), 0);
        std::uint64_t bytes = 0;
        const auto count = [&](std::span<const std::byte> more) { bytes += more.size(); };
        const char* const out = "COPY (SELECT generate_series(1, 1000000000)) TO STDOUT";
        const auto is_coming_out = [&] { return bytes > 1'000'000; };
        auto second = co_await (gino::copy_out(c, out, count) || until(is_coming_out));
        EXPECT_EQ(second.index(), 1U);
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

TEST_P(Copy, RefusesOtherStatements) {
    run_copy([&](gino::database& /*db*/, gino::connection& c) -> gino::awaitable<void> {
        repeated nothing("", 0);
        const auto drop = [](std::span<const std::byte>) {};
        EXPECT_THROW(co_await gino::copy_in(c, "SELECT 1", nothing), gino::argument_error);
        EXPECT_THROW(co_await gino::copy_out(c, "SELECT 1", drop), gino::argument_error);
        EXPECT_THROW(
            co_await gino::copy_out(c, "COPY gino_parcels (name) FROM STDIN", drop),
            gino::database_error
        );
        EXPECT_THROW(
            co_await gino::copy_in(c, "COPY nothing FROM STDIN", nothing), gino::database_error
        );
        EXPECT_EQ(co_await count_of(c), 0);
    });
}

}  // namespace
