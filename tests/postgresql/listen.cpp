// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include "support/on_every_database.hpp"

// LISTEN and NOTIFY, including losses of the connection.
namespace {

using namespace std::chrono_literals;
using boost::asio::experimental::awaitable_operators::operator||;

class Listener : public gino::testing::on_every_database {
protected:
    void run_listener(const std::function<gino::awaitable<void>(gino::engine&)>& body) {
        run([&]() -> gino::awaitable<void> {
            gino::engine on = co_await gino::create_engine(url());
            co_await body(on);
            co_await on.close();
        });
    }

    static gino::awaitable<void> wait(std::chrono::milliseconds time) {
        boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
        co_await timer.async_wait(boost::asio::use_awaitable);
    }

    /// Terminates the sessions that listen on "gino_losses", not the listeners of other tests.
    static gino::awaitable<void> kill_listeners(gino::engine& on) {
        static_cast<void>(
            co_await on.all(gino::text("SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                                       "WHERE query LIKE 'LISTEN %gino_losses%'"))
        );
    }
};

INSTANTIATE_TEST_SUITE_P(, Listener, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

TEST_P(Listener, ReceivesNotificationsOfItsChannels) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        auto ears = co_await gino::listen(on, "gino_jobs", "Gino \"News\"");
        co_await on.all(gino::notify("gino_jobs", "42"));
        co_await on.all(gino::notify("gino_others", "no"));
        co_await on.all(gino::notify("Gino \"News\""));
        auto first = co_await ears.next();
        EXPECT_EQ(first.channel, "gino_jobs");
        EXPECT_EQ(first.payload, "42");
        EXPECT_NE(first.process, 0);
        EXPECT_FALSE(first.may_have_missed());
        auto second = co_await ears.next();
        EXPECT_EQ(second.channel, "Gino \"News\"");
        EXPECT_EQ(second.payload, "");
        co_await ears.close();
    });
}

TEST_P(Listener, ReceivesNotificationsOfCommittedTransactions) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        auto ears = co_await gino::listen(on, "gino_commits");
        {
            auto lost = co_await on.begin();
            co_await lost.all(gino::notify("gino_commits", "lost"));
            co_await lost.rollback();
            auto kept = co_await on.begin();
            co_await kept.all(gino::notify("gino_commits", "kept"));
            co_await kept.commit();
        }
        EXPECT_EQ((co_await ears.next()).payload, "kept");
        co_await ears.close();
    });
}

TEST_P(Listener, StaysUsableAfterACancelledWait) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        auto ears = co_await gino::listen(on, "gino_waits");
        for (int i = 0; i < 20; ++i) {
            auto first = co_await (ears.next() || wait(1ms));
            EXPECT_EQ(first.index(), 1U);
        }
        co_await on.all(gino::notify("gino_waits", "at last"));
        EXPECT_EQ((co_await ears.next()).payload, "at last");
        co_await ears.close();
    });
}

TEST_P(Listener, ReportsPossiblyMissedNotificationsAfterALostConnection) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        auto ears = co_await gino::listen(on, "gino_losses");
        for (int i = 0; i < 3; ++i) {
            co_await kill_listeners(on);
            auto gap = co_await ears.next();
            EXPECT_TRUE(gap.may_have_missed());
            co_await on.all(gino::notify("gino_losses", std::to_string(i)));
            EXPECT_EQ((co_await ears.next()).payload, std::to_string(i));
        }
        co_await ears.close();
    });
}

TEST_P(Listener, ReceivesEveryNotificationOfAFlood) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        auto ears = co_await gino::listen(on, "gino_floods");
        co_await on.all(
            gino::text("SELECT pg_notify('gino_floods', n::text) FROM generate_series(1, 30000) n")
        );
        for (int i = 1; i <= 30'000; ++i) {
            const auto one = co_await ears.next();
            if (one.payload != std::to_string(i)) {
                ADD_FAILURE() << one.payload << " instead of " << i;
                break;
            }
        }
        co_await ears.close();
    });
}

TEST_P(Listener, EndsWithItsEngine) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        auto ears = co_await gino::listen(on, "gino_ends");
        co_await on.close();
        EXPECT_THROW(co_await ears.next(), gino::state_error);
        EXPECT_THROW(co_await gino::listen(on, "gino_ends"), gino::state_error);
        co_await ears.close();
    });
}

TEST_P(Listener, WaitEndsWithItsEngine) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        auto ears = co_await gino::listen(on, "gino_ends");
        const auto hear = [&]() -> gino::awaitable<gino::errc> {
            try {
                static_cast<void>(co_await ears.next());
            } catch (const gino::state_error& e) {
                co_return e.code();
            }
            co_return gino::errc::cancelled;
        };
        const auto end = [&]() -> gino::awaitable<void> {
            co_await wait(50ms);
            co_await on.close();
            co_await wait(20s);  // `||` must end with the listener's wait, not with this coroutine
        };
        const auto first = co_await (hear() || end());
        EXPECT_EQ(first.index(), 0U);
        EXPECT_EQ(std::get<0>(first), gino::errc::closed);
    });
}

TEST_P(Listener, RefusesInvalidChannelNames) {
    run_listener([&](gino::engine& on) -> gino::awaitable<void> {
        EXPECT_THROW(co_await gino::listen(on, ""), gino::argument_error);
        const std::string long_name(64, 'x');
        EXPECT_THROW(co_await gino::listen(on, long_name), gino::argument_error);
    });
}

}  // namespace
