// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <random>

#include "support/on_every_database.hpp"

// Cancelling a statement of the server keeps the connection open.
namespace {

using namespace std::chrono_literals;
using boost::asio::experimental::awaitable_operators::operator||;

class Cancel : public gino::testing::on_every_database {
protected:
    static gino::awaitable<std::int32_t> process_of(gino::connection& c) {
        const auto process = gino::text("SELECT pg_backend_pid() AS p")
                                 .columns(gino::literal(std::int32_t{0}).label("p"));
        co_return co_await c.one(process);
    }

    static gino::awaitable<void> wait(std::chrono::microseconds time) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    static gino::awaitable<void> sleep_on(gino::connection& c, const char* sql) {
        static_cast<void>(co_await c.all(gino::text(sql)));
    }
};

INSTANTIATE_TEST_SUITE_P(, Cancel, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

TEST_P(Cancel, StatementTimeoutKeepsItsConnection) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection c = co_await on.acquire();
        const auto process = co_await process_of(c);
        for (int i = 0; i < 3; ++i) {
            EXPECT_THROW(
                co_await c.all(gino::text("SELECT pg_sleep(60)").timeout(50ms)),
                gino::statement_timeout
            );
            EXPECT_EQ(co_await process_of(c), process);
        }
        co_await c.release();
        co_await on.close();
    });
}

TEST_P(Cancel, CancelledCoroutineKeepsItsConnection) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection c = co_await on.acquire();
        const auto process = co_await process_of(c);
        const auto begun = std::chrono::steady_clock::now();
        auto first = co_await (sleep_on(c, "SELECT pg_sleep(60)") || wait(50ms));
        EXPECT_EQ(first.index(), 1U);
        EXPECT_LT(std::chrono::steady_clock::now() - begun, 30s);
        EXPECT_EQ(co_await process_of(c), process);
        co_await c.release();
        co_await on.close();
    });
}

TEST_P(Cancel, TransactionAllowsRollbackOnly) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection c = co_await on.acquire();
        const auto process = co_await process_of(c);
        {
            auto tx = co_await c.begin();
            EXPECT_THROW(
                co_await tx.all(gino::text("SELECT pg_sleep(60)").timeout(50ms)),
                gino::statement_timeout
            );
            EXPECT_THROW(co_await tx.commit(), gino::error);
        }
        EXPECT_EQ(co_await process_of(c), process);
        co_await c.release();
        co_await on.close();
    });
}

TEST_P(Cancel, EndsCursorsAndScripts) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection c = co_await on.acquire();
        const auto process = co_await process_of(c);
        auto first = co_await (c.execute_script("SELECT pg_sleep(60)") || wait(50ms));
        EXPECT_EQ(first.index(), 1U);
        EXPECT_EQ(co_await process_of(c), process);
        {
            auto tx = co_await c.begin();
            auto second = co_await (
                sleep_on(c, "SELECT pg_sleep(1) FROM generate_series(1, 99)") || wait(50ms)
            );
            EXPECT_EQ(second.index(), 1U);
            co_await tx.rollback();
        }
        EXPECT_EQ(co_await process_of(c), process);
        co_await c.release();
        co_await on.close();
    });
}

// A CancelRequest that arrives when its statement ends must not cancel the next statement.
TEST_P(Cancel, NeverHitsTheNextStatement) {
    const char* wanted = std::getenv("GINO_TEST_LONG");
    const int rounds = wanted != nullptr ? 100'000 : 400;
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection c = co_await on.acquire();
        std::mt19937 random(20261121);
        int ended = 0;
        for (int i = 0; i < rounds; ++i) {
            const std::chrono::microseconds after(random() % 600);
            auto first = co_await (sleep_on(c, "SELECT pg_sleep(0.0002)") || wait(after));
            ended += first.index() == 1 ? 1 : 0;
            const auto innocent = gino::text("SELECT 7 AS x").columns(gino::literal(0).label("x"));
            EXPECT_EQ(co_await c.one(innocent), 7);
        }
        EXPECT_GT(ended, 0);
        co_await c.release();
        co_await on.close();
    });
}

/// Sends a batch; sets `ending` to "done", "cancelled" or the message of another error.
gino::awaitable<void> send(gino::connection& on, gino::batch batch, std::string& ending) {
    try {
        co_await on.send(batch);
        ending = "done";
    } catch (const gino::error& e) {
        ending = e.code() == gino::errc::cancelled ? "cancelled" : e.what();
    }
}

// The server reports a cancellation as SQLSTATE 57014 of one statement of the batch.
TEST_P(Cancel, BatchReportsItsCancellation) {
    for (const auto sync : {gino::pipeline_sync::batch, gino::pipeline_sync::each}) {
        run([&]() -> gino::awaitable<void> {
            gino::engine on = co_await gino::create_engine(url());
            gino::connection c = co_await on.acquire();
            const auto process = co_await process_of(c);
            std::mt19937 random(20261127);
            int cancelled = 0;
            for (int i = 0; i < 200; ++i) {
                // The first batch is cancelled even on a busy machine.
                constexpr const char* nap = "SELECT pg_sleep(0.0004)";
                gino::batch batch(sync);
                batch.status(gino::text(i == 0 ? "SELECT pg_sleep(60)" : nap));
                batch.status(gino::text(nap));
                const std::chrono::microseconds after(random() % 1500);
                std::string ending;
                co_await (send(c, std::move(batch), ending) || wait(after));
                EXPECT_TRUE(ending == "done" || ending == "cancelled") << ending;
                cancelled += ending == "cancelled" ? 1 : 0;
                EXPECT_EQ(co_await process_of(c), process);
            }
            EXPECT_GT(cancelled, 0);
            co_await c.release();
            co_await on.close();
        });
    }
}

}  // namespace
