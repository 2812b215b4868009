// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/co_spawn.hpp>
#include <gino/engine/scope.hpp>

#include <boost/asio/detached.hpp>
#include <boost/asio/dispatch.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/strand.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>

#include "engine/context_executor.hpp"
#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using asio::experimental::awaitable_operators::operator&&;
using asio::experimental::awaitable_operators::operator||;
using lines = std::vector<std::string>;

class Scope : public EngineTest {
protected:
    static std::size_t held(const engine& of) {
        const auto now = of.statistics();
        return now.total - now.idle;
    }
};

// The executor.

class ContextExecutor : public ::testing::Test {
protected:
    static bool is_carried(const asio::any_io_executor& by, const detail::scope* expected) {
        return detail::find_scope(by).get() == expected;
    }

    asio::io_context context_;
    std::shared_ptr<const detail::scope> carried_ = std::make_shared<detail::scope>();
    asio::any_io_executor carrier_ = detail::carry(context_.get_executor(), carried_);
};

TEST_F(ContextExecutor, CarriesNoScopeByDefault) {
    EXPECT_TRUE(is_carried(context_.get_executor(), nullptr));
    EXPECT_TRUE(is_carried(asio::make_strand(context_), nullptr));
}

TEST_F(ContextExecutor, CarriesScope) {
    EXPECT_TRUE(is_carried(carrier_, carried_.get()));
}

TEST_F(ContextExecutor, KeepsScopeThroughAStrand) {
    EXPECT_TRUE(is_carried(asio::make_strand(carrier_), carried_.get()));
}

TEST_F(ContextExecutor, KeepsScopeWhenPropertiesChange) {
    EXPECT_TRUE(is_carried(
        asio::prefer(carrier_, asio::execution::outstanding_work.tracked), carried_.get()
    ));
    EXPECT_TRUE(is_carried(asio::require(carrier_, asio::execution::blocking.never), carried_.get())
    );
}

TEST_F(ContextExecutor, WrapsAnyKindOfExecutor) {
    asio::thread_pool threads(1);
    const asio::any_io_executor strand = asio::make_strand(context_);

    EXPECT_TRUE(is_carried(detail::carry(threads.get_executor(), carried_), carried_.get()));
    EXPECT_TRUE(is_carried(detail::carry(strand, carried_), carried_.get()));
}

TEST_F(ContextExecutor, SecondScopeReplacesFirst) {
    const auto other = std::make_shared<detail::scope>();

    EXPECT_TRUE(is_carried(detail::carry(carrier_, other), other.get()));
    EXPECT_EQ(detail::without_scope(carrier_), asio::any_io_executor(context_.get_executor()));
}

TEST_F(ContextExecutor, ComparesInnerExecutorAndScope) {
    const auto other = std::make_shared<detail::scope>();

    EXPECT_EQ(carrier_, detail::carry(context_.get_executor(), carried_));
    EXPECT_NE(carrier_, detail::carry(context_.get_executor(), other));
    EXPECT_NE(carrier_, asio::any_io_executor(context_.get_executor()));
}

TEST_F(ContextExecutor, TracksOutstandingWorkOnRequest) {
    {
        const auto working = asio::prefer(carrier_, asio::execution::outstanding_work.tracked);
        context_.poll();
        EXPECT_FALSE(context_.stopped());
    }
    context_.poll();
    EXPECT_TRUE(context_.stopped());
}

// The connection that statements use.

TEST_F(Scope, EngineStatementBorrowsItsOwnConnectionOutsideOfIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        co_await on.status(text("SELECT 1"));

        EXPECT_EQ(held(on), 0U);
    });
}

TEST_F(Scope, EngineStatementsShareItsConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);
        connection other = co_await on.acquire();

        co_await on.with_connection([&]() -> awaitable<void> {
            EXPECT_EQ(held(on), 1U) << "it is lazy";
            co_await on.status(text("SELECT 1"));
            co_await on.status(text("SELECT 2"));
            EXPECT_EQ(held(on), 2U);
        });

        EXPECT_EQ(held(on), 1U);
        EXPECT_EQ(server_.log(), (lines{"2: SELECT 1", "2: SELECT 2"}));
    });
}

TEST_F(Scope, ReturnsTheResultOfItsFunction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        const std::string made =
            co_await on.with_connection([](connection& c) -> awaitable<std::string> {
                co_await c.status(text("SELECT 1"));
                co_return "made";
            });

        EXPECT_EQ(made, "made");
    });
}

TEST_F(Scope, ReleasesConnectionWhenItsFunctionThrows) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        auto body = [&]() -> awaitable<void> {
            co_await on.status(text("SELECT 1"));
            throw std::runtime_error("no");
        };

        EXPECT_THROW(co_await on.with_connection(body), std::runtime_error);

        EXPECT_EQ(held(on), 0U);
    });
}

TEST_F(Scope, ReleasesConnectionWhenCancelled) {
    engine on = open_engine(1);
    server_.answer("SELECT 1", {.held = std::make_shared<testing::gate>()});
    auto scoped = spawn([&]() -> awaitable<void> {
        co_await on.with_connection([&]() -> awaitable<void> {
            co_await on.status(text("SELECT 1"));
        });
    });
    EXPECT_EQ(held(on), 1U);

    scoped.cancel();
    poll();

    EXPECT_TRUE(scoped.is_done());
    EXPECT_EQ(held(on), 0U);
}

TEST_F(Scope, AppliesToBranchesTimersAndStrands) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(5);
        auto ask = [&](std::string sql) -> awaitable<void> { co_await on.status(text(sql)); };
        auto ask_on_strand = [&]() -> awaitable<void> {
            const auto strand = asio::make_strand(co_await asio::this_coro::executor);
            co_await asio::co_spawn(strand, ask("SELECT strand"), asio::use_awaitable);
        };
        auto ask_behind_timer = [&]() -> awaitable<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor, 0ms);
            co_await timer.async_wait(asio::use_awaitable);
            co_await ask("SELECT timer");
        };
        auto ask_behind_post = [&]() -> awaitable<void> {
            co_await asio::post(co_await asio::this_coro::executor, asio::use_awaitable);
            co_await asio::dispatch(co_await asio::this_coro::executor, asio::use_awaitable);
            co_await ask("SELECT post");
        };

        co_await on.with_connection([&]() -> awaitable<void> {
            co_await (ask("SELECT a") && ask("SELECT b"));
            co_await (ask("SELECT c") || ask("SELECT c"));
            co_await ask_on_strand();
            co_await ask_behind_timer();
            co_await ask_behind_post();
        });

        for (const auto& line : server_.log()) {
            EXPECT_TRUE(line.starts_with("1: ")) << line;
        }
        EXPECT_EQ(server_.attempts(), 1U);
    });
}

TEST_F(Scope, DoesNotApplyToCoroutinesSpawnedElsewhere) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(5);

        co_await on.with_connection([&]() -> awaitable<void> {
            co_await on.status(text("SELECT inside"));
            auto ask = [&]() -> awaitable<void> { co_await on.status(text("SELECT outside")); };
            co_await asio::co_spawn(context_, ask(), asio::use_awaitable);
        });

        EXPECT_EQ(server_.log(), (lines{"1: SELECT inside", "2: SELECT outside"}));
    });
}

TEST_F(Scope, InnerScopeHasItsOwnConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        co_await on.with_connection([&]() -> awaitable<void> {
            co_await on.status(text("SELECT outer"));
            co_await on.with_connection([&]() -> awaitable<void> {
                co_await on.status(text("SELECT inner"));
            });
            co_await on.status(text("SELECT outer"));
        });

        EXPECT_EQ(server_.log(), (lines{"1: SELECT outer", "2: SELECT inner", "1: SELECT outer"}));
    });
}

TEST_F(Scope, AppliesToItsOwnEngineOnly) {
    run([this]() -> awaitable<void> {
        engine one = open_engine(1);
        engine other = open_engine(1);

        co_await one.with_connection([&]() -> awaitable<void> {
            co_await one.status(text("SELECT one"));
            co_await other.with_connection([&]() -> awaitable<void> {
                co_await other.status(text("SELECT other"));
                co_await one.status(text("SELECT one"));
            });
            EXPECT_EQ(held(other), 0U);
        });

        EXPECT_EQ(server_.log(), (lines{"1: SELECT one", "2: SELECT other", "1: SELECT one"}));
    });
}

TEST_F(Scope, ForkScopeRunsOutsideOfIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        co_await on.transaction([&]() -> awaitable<void> {
            co_await fork_scope([&]() -> awaitable<void> {
                co_await on.status(text("INSERT audit"));
            });
        });

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "2: INSERT audit", "1: COMMIT"}));
    });
}

TEST_F(Scope, ReusingHandleSharesItsConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        co_await on.with_connection([&]() -> awaitable<void> {
            connection lazy = co_await on.acquire({.reuse = true, .lazy = true});
            EXPECT_EQ(held(on), 0U);
            connection eager = co_await on.acquire({.reuse = true});
            EXPECT_EQ(held(on), 1U) << "it makes the scope borrow";
            connection fresh = co_await on.acquire();
            EXPECT_EQ(held(on), 2U);

            co_await lazy.status(text("SELECT lazy"));
            co_await fresh.status(text("SELECT fresh"));
            co_await eager.status(text("SELECT eager"));
        });

        EXPECT_EQ(server_.log(), (lines{"1: SELECT lazy", "2: SELECT fresh", "1: SELECT eager"}));
    });
}

TEST_F(Scope, ReuseOutsideOfItBorrowsANewConnection) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);
        connection first = co_await on.acquire({.reuse = true});
        connection second = co_await on.acquire({.reuse = true});

        EXPECT_EQ(held(on), 2U);
    });
}

TEST_F(Scope, ReusingHandleReleasesOnlyItself) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        co_await on.with_connection([&]() -> awaitable<void> {
            connection first = co_await on.acquire({.reuse = true});
            connection second = co_await on.acquire({.reuse = true});

            co_await first.release({.permanent = false});
            EXPECT_EQ(held(on), 1U) << "that is not its business";
            co_await first.release();
            EXPECT_THROW(co_await first.status(text("SELECT 1")), state_error);
            co_await second.status(text("SELECT 2"));
        });

        EXPECT_EQ(server_.log(), (lines{"1: SELECT 2"}));
    });
}

TEST_F(Scope, ReleasesHandlesThatOutliveIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        std::optional<connection> kept;

        co_await on.with_connection([&]() -> awaitable<void> {
            kept.emplace(co_await on.acquire({.reuse = true}));
        });

        EXPECT_TRUE(kept->is_released());
        EXPECT_THROW(co_await kept->status(text("SELECT 1")), state_error);
    });
}

TEST_F(Scope, CoroutineThatOutlivesItGetsAnError) {
    engine on = open_engine(1);
    const auto at = std::make_shared<detail::one_shot_event>();
    std::string told;
    auto late = [&]() -> awaitable<void> {
        co_await detail::one_shot_event::wait(at);
        try {
            co_await on.status(text("SELECT 1"));
        } catch (const state_error& e) {
            told = e.what();
        }
    };
    auto scoped = spawn([&]() -> awaitable<void> {
        co_await on.with_connection([&]() -> awaitable<void> {
            asio::co_spawn(co_await asio::this_coro::executor, late, asio::detached);
        });
    });
    EXPECT_TRUE(scoped.is_done());

    at->notify();
    poll();

    EXPECT_NE(told.find("outlives its scope"), std::string::npos) << told;
    EXPECT_EQ(server_.log(), lines{});
}

TEST_F(Scope, EngineStatementsJoinItsTransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        co_await on.with_connection([&]() -> awaitable<void> {
            auto tx = co_await on.begin();
            co_await on.status(text("INSERT 1"));
            co_await tx.commit();
        });

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "1: INSERT 1", "1: COMMIT"}));
    });
}

TEST_F(Scope, EngineStatementsDoNotJoinATransactionOutsideOfIt) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(2);

        auto tx = co_await on.begin();
        co_await on.status(text("INSERT 1"));
        co_await tx.commit();

        EXPECT_EQ(server_.log(), (lines{"1: BEGIN", "2: INSERT 1", "1: COMMIT"}));
    });
}

TEST_F(Scope, RollsBackOpenTransactionAtItsEnd) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        std::optional<transaction> kept;

        co_await on.with_connection([&]() -> awaitable<void> {
            kept.emplace(co_await on.begin());
        });

        EXPECT_FALSE(kept->is_active());
        EXPECT_EQ(server_.resets(), 1U);
        EXPECT_EQ(held(on), 0U);
    });
}

TEST_F(Scope, SpawnedCoroutineHasItsOwnScope) {
    engine on = open_engine(2);
    bool done = false;
    auto body = [&]() -> awaitable<void> {
        co_await on.status(text("SELECT 1"));
        co_await on.status(text("SELECT 2"));
        EXPECT_EQ(held(on), 1U);
    };

    gino::co_spawn(context_.get_executor(), on, body, [&done](std::exception_ptr failure) {
        done = failure == nullptr;
    });
    poll();

    EXPECT_TRUE(done);
    EXPECT_EQ(held(on), 0U);
    EXPECT_EQ(server_.log(), (lines{"1: SELECT 1", "1: SELECT 2"}));
}

TEST_F(Scope, EngineCreatedInsideOutlivesIt) {
    engine outer = open_engine(1);
    std::optional<engine> inner;
    auto scoped = spawn([&]() -> awaitable<void> {
        co_await outer.with_connection([&]() -> awaitable<void> {
            auto state =
                std::make_shared<detail::engine_state>(postgresql::dialect(), engine_options{});
            const auto executor = detail::without_scope(co_await asio::this_coro::executor);
            co_await state->open(executor, server_.make_driver(), make_clock());
            inner.emplace(std::move(state));
        });
    });
    EXPECT_EQ(scoped.error(), "");

    EXPECT_EQ(detail::find_scope(inner->state()->connections()->executor()), nullptr);
}

}  // namespace
}  // namespace gino::test
