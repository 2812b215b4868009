// SPDX-License-Identifier: BSD-3-Clause
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <chrono>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

namespace {

using namespace company_models;
using namespace std::chrono_literals;
namespace asio = boost::asio;
using asio::experimental::awaitable_operators::operator&&;

class Engine : public gino::testing::on_every_database {
protected:
    /// Runs `body` with an engine of at most `max_size` connections, and checks that all are
    /// released at the end.
    void run_with_engine(
        std::size_t max_size, const std::function<gino::awaitable<void>(gino::engine&)>& body
    ) {
        run([&]() -> gino::awaitable<void> {
            gino::engine_options options;
            options.pool.max_size = max_size;
            gino::engine on = co_await gino::create_engine(url(), options);
            co_await body(on);
            EXPECT_EQ(on.statistics().in_use, 0U);
            EXPECT_EQ(on.statistics().waiting, 0U);
            co_await on.close();
        });
    }
};

class Acquire : public Engine {};

class Release : public Engine {};

class LazyConnection : public Engine {};

class CreateAll : public Engine {};

GINO_ON_EVERY_DATABASE(Engine);
GINO_ON_EVERY_DATABASE(Acquire);
GINO_ON_EVERY_DATABASE(Release);
GINO_ON_EVERY_DATABASE(LazyConnection);
GINO_ON_EVERY_DATABASE(CreateAll);

/// Creates a temporary table in the session of a connection, by which is_marked() recognizes it.
gino::awaitable<void> mark(gino::statement_executor& on) {
    co_await on.status(gino::text("CREATE TEMPORARY TABLE marked (a INTEGER)"));
}

gino::awaitable<bool> is_marked(gino::statement_executor& on) {
    bool found = true;
    try {
        co_await on.all(gino::text("SELECT a FROM marked"));
    } catch (const gino::programming_error&) {
        found = false;
    }
    co_return found;
}

TEST_P(Engine, RunsEveryVerbOnText) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        const auto one = gino::text("SELECT 1 AS n");
        const auto nothing = gino::text("SELECT 1 AS n WHERE 1 = 0");

        const auto rows = co_await on.all(one);
        EXPECT_EQ(rows.size(), 1U);
        EXPECT_TRUE(co_await on.first(one));
        EXPECT_TRUE(co_await on.one_or_none(one));
        const auto only = co_await on.one(one);
        EXPECT_EQ(only.size(), 1U);
        EXPECT_TRUE(co_await on.scalar(one));
        EXPECT_FALSE(co_await on.first(nothing));
        EXPECT_FALSE(co_await on.one_or_none(nothing));
        EXPECT_FALSE(co_await on.scalar(nothing));
        EXPECT_THROW(co_await on.one(nothing), gino::no_result_found);
    });
}

TEST_P(Engine, OneRefusesSeveralRows) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        const auto two = gino::text("SELECT 1 AS n UNION ALL SELECT 2");

        EXPECT_THROW(co_await on.one(two), gino::multiple_results_found);
        EXPECT_THROW(co_await on.one_or_none(two), gino::multiple_results_found);
        EXPECT_TRUE(co_await on.first(two));
    });
}

TEST_P(Engine, RunsStatementsOfTablesWithoutModels) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        co_await on.status(gino::insert<company>().values(company::c.name = "acme"));

        const auto names = co_await on.all(gino::select(company::c.name));
        EXPECT_THAT(names, testing::ElementsAre("acme"));

        co_await gino::drop_all(on, gino::metadata(all.tables()));
        EXPECT_THROW(co_await on.all(gino::select<company>()), gino::programming_error);
    });
}

TEST_P(Engine, ReturnsNoFirstRowForAStatementWithoutResult) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        gino::transaction tx = co_await held.begin();
        EXPECT_FALSE(co_await tx.first(gino::text("CREATE TABLE t (a INTEGER)")));
        co_await tx.rollback();
        co_await held.release();
    });
}

TEST_P(Engine, ReportsAMissingDatabaseAtTheFirstConnection) {
    run([&]() -> gino::awaitable<void> {
        gino::url where(url());
        where.database = is_sqlite() ? "/nowhere/missing.db" : "missing";
        gino::engine_options options;
        options.pool.min_size = 0;
        gino::engine on = co_await gino::create_engine(where, options);

        try {
            static_cast<void>(co_await on.acquire());
            ADD_FAILURE() << "connected to nothing";
        } catch (const gino::database_error& missing) {
            EXPECT_THAT(missing.what(), testing::HasSubstr("missing"));
            if (!is_sqlite()) {
                EXPECT_EQ(missing.sqlstate(), "3D000");
            }
        }
        EXPECT_EQ(on.statistics().total, 0U);
        co_await on.close();
    });
}

TEST_P(Engine, OpensTheMinimumOfConnectionsAtOnce) {
    run([&]() -> gino::awaitable<void> {
        gino::engine_options options;
        options.pool.min_size = 3;
        gino::engine on = co_await gino::create_engine(url(), options);
        EXPECT_EQ(on.statistics().idle, 3U);
        co_await on.close();
        EXPECT_EQ(on.statistics().total, 0U);
    });
}

TEST_P(Engine, CompiledStatementShowsItsParameters) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        const auto compiled = on.compile(gino::select(company::c.name).where(company::c.id == 3));
        EXPECT_EQ(
            compiled.sql,
            is_sqlite()
                ? "SELECT gino_companies.name FROM gino_companies WHERE gino_companies.id = ?"
                : "SELECT gino_companies.name FROM gino_companies WHERE gino_companies.id = $1"
        );
        EXPECT_EQ(compiled.parameters.size(), 1U);
        co_return;
    });
}

TEST_P(Engine, RunsNothingAfterClose) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        co_await on.close();
        EXPECT_THROW(co_await on.all(gino::text("SELECT 1")), gino::state_error);
    });
}

TEST_P(Acquire, BorrowsADistinctConnectionByDefault) {
    run_with_engine(4, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection first = co_await on.acquire();
        gino::connection second = co_await on.acquire();
        co_await mark(first);

        EXPECT_TRUE(co_await is_marked(first));
        EXPECT_FALSE(co_await is_marked(second));
        EXPECT_EQ(on.statistics().in_use, 2U);

        co_await first.release();
        co_await second.release();
    });
}

// The nested levels new, reuse, new, reuse use two connections.
TEST_P(Acquire, ReusesTheInnermostConnection) {
    run_with_engine(4, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.with_connection([&](gino::connection& outer) -> gino::awaitable<void> {
            co_await mark(outer);
            gino::connection reused = co_await on.acquire({.reuse = true});
            EXPECT_TRUE(co_await is_marked(reused));
            EXPECT_EQ(on.statistics().in_use, 1U);

            co_await on.with_connection([&](gino::connection& inner) -> gino::awaitable<void> {
                EXPECT_FALSE(co_await is_marked(inner));
                EXPECT_EQ(on.statistics().in_use, 2U);
                gino::connection innermost = co_await on.acquire({.reuse = true});
                EXPECT_FALSE(co_await is_marked(innermost));
                EXPECT_EQ(on.statistics().in_use, 2U);
                EXPECT_FALSE(co_await is_marked(on));
                EXPECT_EQ(on.statistics().in_use, 2U);
                co_await innermost.release();
            });

            EXPECT_TRUE(co_await is_marked(on));
            EXPECT_EQ(on.statistics().in_use, 1U);
            co_await reused.release();
        });
    });
}

TEST_P(Acquire, BorrowsANewConnectionForReuseOutsideOfAScope) {
    run_with_engine(4, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection first = co_await on.acquire({.reuse = true});
        gino::connection second = co_await on.acquire({.reuse = true});
        EXPECT_EQ(on.statistics().in_use, 2U);
        co_await second.release();
        co_await first.release();
    });
}

TEST_P(Acquire, SpawnedCoroutineHasItsOwnConnection) {
    run_with_engine(4, [&](gino::engine& on) -> gino::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        co_await on.with_connection([&](gino::connection& outer) -> gino::awaitable<void> {
            co_await mark(outer);
            bool is_shared = true;
            co_await gino::co_spawn(
                executor,
                on,
                [&]() -> gino::awaitable<void> {
                    is_shared = co_await is_marked(on);
                    EXPECT_EQ(on.statistics().in_use, 2U);
                },
                asio::use_awaitable
            );
            EXPECT_FALSE(is_shared);
            EXPECT_TRUE(co_await is_marked(on));
        });
    });
}

TEST_P(Acquire, TimesOutWhenThePoolIsEmpty) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        EXPECT_THROW(co_await on.acquire({.timeout = 10ms}), gino::pool_timeout);
        EXPECT_THROW(
            co_await on.all(gino::text("SELECT 1").timeout(10ms)), gino::statement_timeout
        );
        co_await held.release();
        EXPECT_TRUE(co_await on.scalar(gino::text("SELECT 1")));
    });
}

TEST_P(Acquire, ServesWaitersInOrder) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        std::vector<int> order;
        const auto use = [&](int number) -> gino::awaitable<void> {
            gino::connection mine = co_await on.acquire();
            order.push_back(number);
            co_await mine.all(gino::text("SELECT 1"));
            co_await mine.release();
        };
        co_await (use(1) && use(2) && use(3) && use(4));
        EXPECT_THAT(order, testing::ElementsAre(1, 2, 3, 4));
    });
}

TEST_P(Acquire, ManyCoroutinesShareFewConnections) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        const auto executor = co_await asio::this_coro::executor;
        int done = 0;
        const auto use = [&]() -> gino::awaitable<void> {
            for (int i = 0; i < 10; ++i) {
                co_await on.scalar(gino::text("SELECT 1"));
            }
            ++done;
        };
        const auto eight = [&]() -> gino::awaitable<void> {
            co_await (use() && use() && use() && use() && use() && use() && use() && use());
        };
        co_await eight();
        EXPECT_EQ(done, 8);
        EXPECT_LE(on.statistics().total, 2U);
    });
}

TEST_P(LazyConnection, BorrowsAtItsFirstStatement) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection lazy = co_await on.acquire({.lazy = true});
        EXPECT_EQ(on.statistics().in_use, 0U);
        co_await lazy.all(gino::text("SELECT 1"));
        EXPECT_EQ(on.statistics().in_use, 1U);
        co_await lazy.release();
        EXPECT_EQ(on.statistics().in_use, 0U);
    });
}

TEST_P(LazyConnection, LeaksNothingWhenBorrowingTimesOut) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        {
            gino::connection lazy = co_await on.acquire({.lazy = true});
            EXPECT_THROW(
                co_await lazy.all(gino::text("SELECT 1").timeout(10ms)), gino::statement_timeout
            );
        }
        co_await held.release();
        EXPECT_EQ(on.statistics().in_use, 0U);
    });
}

TEST_P(Release, AllowsBorrowingAgainWhenTemporary) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        for (int i = 0; i < 2; ++i) {
            co_await held.release({.permanent = false});
            EXPECT_EQ(on.statistics().in_use, 0U);
            EXPECT_FALSE(held.is_released());
            co_await held.all(gino::text("SELECT 1"));
            EXPECT_EQ(on.statistics().in_use, 1U);
        }
        co_await held.release();
    });
}

TEST_P(Release, ForbidsFurtherUseWhenPermanent) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        co_await held.release();
        EXPECT_THROW(co_await held.all(gino::text("SELECT 1")), gino::state_error);
        EXPECT_THROW(co_await held.release(), gino::state_error);
    });
}

// c2 reuses c1. A temporary release of c1 leaves both usable, a temporary release of c2 has no
// effect, and a permanent release of c2 ends c2 only.
TEST_P(Release, AffectsOnlyTheReusingHandle) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.with_connection([&](gino::connection& c1) -> gino::awaitable<void> {
            gino::connection c2 = co_await on.acquire({.reuse = true});
            co_await c1.all(gino::text("SELECT 1"));
            co_await c1.release({.permanent = false});
            EXPECT_EQ(on.statistics().in_use, 0U);
            co_await c2.all(gino::text("SELECT 1"));
            EXPECT_EQ(on.statistics().in_use, 1U);
            co_await c2.release({.permanent = false});
            EXPECT_EQ(on.statistics().in_use, 1U);
            co_await c2.release();
            EXPECT_THROW(co_await c2.all(gino::text("SELECT 1")), gino::state_error);
            co_await c1.all(gino::text("SELECT 1"));
        });
    });
}

TEST_P(Release, EndsTheHandlesThatReuseTheConnection) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.with_connection([&](gino::connection& c1) -> gino::awaitable<void> {
            gino::connection c2 = co_await on.acquire({.reuse = true});
            co_await c1.release();
            EXPECT_EQ(on.statistics().in_use, 0U);
            EXPECT_THROW(co_await c2.all(gino::text("SELECT 1")), gino::state_error);
        });
    });
}

TEST_P(Release, ReturnsConnectionsInAnyOrder) {
    run_with_engine(3, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection c1 = co_await on.acquire();
        gino::connection c2 = co_await on.acquire();
        gino::connection c3 = co_await on.acquire();
        EXPECT_EQ(on.statistics().in_use, 3U);
        co_await c2.release();
        co_await c1.release();
        co_await c3.release();
    });
}

TEST_P(Release, ResetsTheSession) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("CREATE TABLE t (a INTEGER)"));
        {
            gino::connection held = co_await on.acquire();
            co_await held.execute_script("BEGIN");
            co_await held.status(gino::text("INSERT INTO t VALUES (1)"));
        }
        const auto rows = co_await on.all(gino::text("SELECT a FROM t"));
        EXPECT_TRUE(rows.empty());
    });
}

TEST_P(CreateAll, CreatesMissingTablesOnly) {
    run_with_engine(2, [&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(gino::models<company>.tables()));
        co_await on.status(gino::insert<company>().values(company::c.name = "kept"));

        co_await gino::create_all(on, gino::metadata(all.tables()));
        co_await gino::create_all(on, gino::metadata(all.tables()));

        EXPECT_TRUE(co_await on.first(gino::select<company>()));
        EXPECT_FALSE(co_await on.first(gino::select<user>()));
    });
}

TEST_P(CreateAll, AcceptsAConnection) {
    run_with_engine(1, [&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        co_await gino::create_all(held, gino::metadata(all.tables()));
        EXPECT_FALSE(co_await held.first(gino::select<user>()));
        co_await gino::drop_all(held, gino::metadata(all.tables()));
        co_await gino::drop_all(held, gino::metadata(all.tables()));
        co_await held.release();
    });
}

}  // namespace
