// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/engine.hpp>
#include <gino/sql/expression/functions.hpp>

#include <gmock/gmock.h>

#include "unit/engine/support.hpp"

namespace gino::test {

namespace {

using testing::fake_answer;
using testing::gate;
using lines = std::vector<std::string>;

class Engine : public EngineTest {
protected:
    Engine() {
        server_.answer("SELECT n", {.columns = {"n"}, .rows = {{"1"}, {"2"}}});
        server_.answer("SELECT none", {.columns = {"n"}});
        server_.answer("SELECT null", {.columns = {"n"}, .rows = {{std::nullopt}}});
        server_.answer("SELECT one", {.columns = {"n"}, .rows = {{"7"}}});
    }

    static auto numbers(const std::string& sql) { return text(sql).columns(func::count()); }
};

TEST_F(Engine, AllReturnsEveryRow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        const std::vector<row> rows = co_await on.all(text("SELECT n"));

        EXPECT_EQ(rows.size(), 2U);
        EXPECT_EQ(rows.at(1).get<std::int64_t>("n"), 2);
        EXPECT_EQ((co_await on.all(text("SELECT none"))).size(), 0U);
    });
}

TEST_F(Engine, FirstReadsOneRow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        const auto found = co_await on.first(text("SELECT n"));
        const auto none = co_await on.first(text("SELECT none"));

        EXPECT_TRUE(found.has_value());
        EXPECT_EQ(found->get<std::int64_t>("n"), 1);
        EXPECT_FALSE(none.has_value());
    });
}

TEST_F(Engine, OneRequiresExactlyOneRow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        const row found = co_await on.one(text("SELECT one"));

        EXPECT_EQ(found.get<std::int64_t>("n"), 7);
        EXPECT_THROW(co_await on.one(text("SELECT none")), no_result_found);
        EXPECT_THROW(co_await on.one(text("SELECT n")), multiple_results_found);
    });
}

TEST_F(Engine, OneOrNoneAllowsAtMostOneRow) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        EXPECT_TRUE((co_await on.one_or_none(text("SELECT one"))).has_value());
        EXPECT_FALSE((co_await on.one_or_none(text("SELECT none"))).has_value());
        EXPECT_THROW(co_await on.one_or_none(text("SELECT n")), multiple_results_found);
    });
}

TEST_F(Engine, ScalarIsEmptyForNoRowAndForNull) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        EXPECT_EQ(co_await on.scalar(numbers("SELECT one")), 7);
        EXPECT_EQ(co_await on.scalar(numbers("SELECT none")), std::nullopt);
        EXPECT_EQ(co_await on.scalar(numbers("SELECT null")), std::nullopt);
    });
}

TEST_F(Engine, StatusHasTagAndAffectedRows) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("DELETE", {.tag = "DELETE 2", .rows = {{}, {}}});

        const status done = co_await on.status(text("DELETE"));

        EXPECT_EQ(done.tag, "DELETE 2");
        EXPECT_EQ(done.affected_rows, 2U);
    });
}

TEST_F(Engine, ReleasesConnectionAfterEachStatementAndFailure) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("WRONG", {.failure = [] { return testing::server_error("42601"); }});

        co_await on.all(text("SELECT n"));
        EXPECT_THROW(co_await on.status(text("WRONG")), programming_error);
        EXPECT_THROW(co_await on.one(text("SELECT none")), no_result_found);

        EXPECT_EQ(on.statistics().total, 1U);
        EXPECT_EQ(on.statistics().idle, 1U);
    });
}

TEST_F(Engine, DecodingErrorLeavesConnectionUsable) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        server_.answer("SELECT x", {.columns = {"n"}, .rows = {{"not a number"}}});

        EXPECT_THROW(co_await on.all(numbers("SELECT x")), data_error);
        const auto after = co_await on.all(numbers("SELECT n"));
        EXPECT_EQ(after, (std::vector<std::int64_t>{1, 2}));
    });
}

TEST_F(Engine, CancelledStatementReleasesConnection) {
    engine on = open_engine(1);
    server_.answer("SELECT 1", {.held = std::make_shared<gate>()});
    auto running = spawn(on.status(text("SELECT 1")));

    running.cancel();
    poll();

    EXPECT_EQ(running.error(), "cancelled: a call to a fake session");
    EXPECT_EQ(on.statistics().idle, 1U);
}

TEST_F(Engine, ResetsConnectionThatAStatementLeftInATransaction) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);

        co_await on.status(text("BEGIN"));
        co_await on.status(text("SELECT 1"));

        EXPECT_EQ(server_.resets(), 1U);
    });
}

// pgpool-II begins transactions of its own (insert_lock).
TEST_F(Engine, UnknownTransactionIsAnError) {
    server_.answer("SELECT $1 AS anon_1", {.leaves_transaction = true});
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        std::string problem;
        try {
            static_cast<void>(co_await on.all(select(literal(1))));
        } catch (const state_error& e) {
            problem = e.what();
        }

        EXPECT_NE(
            problem.find("a transaction is open that the program has not begun"), problem.npos
        );
        EXPECT_EQ(server_.resets(), 1U);
    });
}

TEST_F(Engine, TimeoutCoversWaitingForAConnection) {
    engine on = open_engine(1);
    connection holder = spawn(on.acquire()).get();
    auto waiting = spawn(on.status(text("SELECT 1").timeout(20ms)));

    pass(20ms);

    EXPECT_THROW(waiting.get(), statement_timeout);
    EXPECT_NE(waiting.error().find("within 20 ms"), std::string::npos) << waiting.error();
}

TEST_F(Engine, PoolTimeoutDiffersFromStatementTimeout) {
    engine_options options;
    options.pool.acquire_timeout = 20ms;
    engine on = open_engine(1, options);
    connection holder = spawn(on.acquire()).get();
    auto waiting = spawn(on.status(text("SELECT 1").timeout(1h)));

    pass(20ms);

    EXPECT_THROW(waiting.get(), pool_timeout);
}

TEST_F(Engine, AcquireTimeoutEndsTheWait) {
    engine on = open_engine(1);
    connection holder = spawn(on.acquire()).get();
    auto waiting = spawn(on.acquire({.timeout = 100ms}));

    pass(100ms);

    EXPECT_THROW(waiting.get(), pool_timeout);
}

TEST_F(Engine, RunsNothingAfterClose) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        co_await on.status(text("SELECT 1"));

        co_await on.close();

        EXPECT_TRUE(on.is_closed());
        EXPECT_THROW(co_await on.status(text("SELECT 1")), state_error);
        EXPECT_THROW(co_await on.acquire(), state_error);
        EXPECT_EQ(server_.open_sessions(), 0U);
    });
}

TEST_F(Engine, CanBeClosedTwice) {
    run([this]() -> awaitable<void> {
        engine on = open_engine(1);
        co_await on.close();
        co_await on.close();
        EXPECT_TRUE(on.is_closed());
    });
}

TEST_F(Engine, CompilesWithoutRunning) {
    engine on = open_engine(1);

    const auto compiled = on.compile(text("SELECT * FROM t WHERE a = :a").bind("a", 7));

    EXPECT_EQ(compiled.sql, "SELECT * FROM t WHERE a = $1");
    EXPECT_EQ(compiled.parameters, (std::vector<value>{value(std::int64_t{7})}));
    EXPECT_EQ(server_.attempts(), 0U);
}

TEST_F(Engine, ClosesItsSessionsAfterItsHandlesAreDestroyed) {
    std::optional<engine> on = open_engine(1);
    server_.make_dirty();
    std::optional<connection> c = spawn(on->acquire()).get();

    on.reset();
    c.reset();  // a coroutine that outlives all handles resets the session
    poll();

    EXPECT_EQ(server_.open_sessions(), 0U);
}

// Hooks and echo.

TEST_F(Engine, EchoShowsStatementsWithTheEngineName) {
    lines echoed;
    engine_options options;
    options.echo = [&](std::string_view line) { echoed.emplace_back(line); };
    options.logging_name = "app";
    engine on = open_engine(1, options);

    spawn(on.status(text("SELECT :a").bind("a", "secret"))).get();

    EXPECT_EQ(echoed, (lines{"app: SELECT $1"}));
}

TEST_F(Engine, EchoShowsParametersOnlyWithLogParameters) {
    lines echoed;
    engine_options options;
    options.echo = [&](std::string_view line) { echoed.emplace_back(line); };
    options.log_parameters = true;
    engine on = open_engine(1, options);

    spawn(on.status(text("SELECT :a").bind("a", "secret"))).get();

    EXPECT_EQ(echoed, (lines{"SELECT $1 ['secret']"}));
}

TEST_F(Engine, HooksSeeStatementsAndTheirEnd) {
    lines seen;
    engine_options options;
    options.hooks.before_execute = [&](const statement_event& event) {
        seen.push_back("before " + std::string(event.sql));
        EXPECT_EQ(event.connection, "fake, session 1");
        EXPECT_TRUE(event.parameters.empty());
    };
    options.hooks.after_execute = [&](const statement_event& event) {
        seen.push_back(
            "after " + std::string(event.sql) + " " + std::to_string(event.affected_rows) +
            (event.failure != nullptr ? " failed" : "")
        );
    };
    engine on = open_engine(1, options);
    server_.answer("WRONG", {.failure = [] { return testing::server_error("42601"); }});

    spawn(on.all(text("SELECT n"))).get();
    EXPECT_THROW(spawn(on.status(text("WRONG"))).get(), programming_error);

    EXPECT_EQ(
        seen, (lines{"before SELECT n", "after SELECT n 2", "before WRONG", "after WRONG 0 failed"})
    );
}

TEST_F(Engine, EchoShowsBeginAndCommitOfExplicitTransactionsOnly) {
    lines seen;
    engine_options options;
    options.echo = [&](std::string_view line) { seen.emplace_back(line); };
    engine on = open_engine(1, options);

    spawn(on.status(text("INSERT 1"))).get();
    auto tx = spawn(on.begin()).get();
    spawn(tx.commit()).get();

    EXPECT_EQ(seen, (lines{"INSERT 1", "BEGIN", "COMMIT"})) << "autocommit sends no COMMIT";
}

// Creating an engine.

class CreateEngine : public EngineTest {
protected:
    CreateEngine() {
        register_driver("fake", {&postgresql::dialect(), [this](const url& where) {
                                     if (!where.parameters.empty()) {
                                         throw argument_error(
                                             errc::invalid_url,
                                             "a fake URL has no parameter \"" +
                                                 where.parameters[0].first + "\""
                                         );
                                     }
                                     return server_.make_driver();
                                 }});
    }
};

TEST_F(CreateEngine, OpensRegisteredDriver) {
    engine on = spawn(create_engine("fake://server")).get();

    EXPECT_EQ(on.description(), "fake://server");
    EXPECT_EQ(&on.dialect(), &postgresql::dialect());
    EXPECT_EQ(on.statistics().total, 1U);
}

TEST_F(CreateEngine, AppliesPoolParametersOfTheUrl) {
    engine on =
        spawn(create_engine("fake://server?pool_min_size=2&pool_max_size=3&pool_acquire_timeout=5"))
            .get();

    EXPECT_EQ(on.statistics().total, 2U);
    EXPECT_EQ(on.state()->options().pool.max_size, 3U);
    EXPECT_EQ(on.state()->options().pool.acquire_timeout, 5ms);
}

TEST_F(CreateEngine, AcceptsEveryPoolOptionInTheUrl) {
    engine on = spawn(create_engine("fake://server?pool_connect_timeout=1000&pool_idle_timeout=2"
                                    "&pool_max_lifetime=3000&pool_leak_threshold=4"
                                    "&pool_max_waiters=5"))
                    .get();

    const auto& pool = on.state()->options().pool;
    EXPECT_EQ(pool.connect_timeout, 1000ms);
    EXPECT_EQ(pool.idle_timeout, 2ms);
    EXPECT_EQ(pool.max_lifetime, 3000ms);
    EXPECT_EQ(pool.leak_threshold, 4ms);
    EXPECT_EQ(pool.max_waiters, 5U);
}

TEST_F(CreateEngine, UrlMaximumLimitsTheMinimum) {
    engine_options options;
    options.pool.min_size = 5;

    engine on = spawn(create_engine("fake://server?pool_max_size=3", options)).get();

    EXPECT_EQ(on.statistics().total, 3U);
}

TEST_F(CreateEngine, RefusesUrlMinimumAboveItsMaximum) {
    auto opening = spawn(create_engine("fake://server?pool_min_size=5&pool_max_size=3"));

    EXPECT_THAT(opening.error(), ::testing::HasSubstr("3 and 5"));
}

TEST_F(CreateEngine, LeavesOtherParametersToTheDriver) {
    auto opening = spawn(create_engine("fake://server?maximum=3"));

    EXPECT_EQ(opening.error(), "a fake URL has no parameter \"maximum\"");
}

TEST_F(CreateEngine, ListsTheParametersOfThePool) {
    auto opening = spawn(create_engine("fake://server?pool_size=3"));

    EXPECT_EQ(
        opening.error(),
        "a pool has no parameter \"pool_size\"; it has pool_min_size, pool_max_size, "
        "pool_acquire_timeout, pool_connect_timeout, pool_idle_timeout, pool_max_lifetime, "
        "pool_leak_threshold, pool_max_waiters"
    );
}

TEST_F(CreateEngine, RefusesNonNumericParameter) {
    for (const auto* wrong : {"many", "-1", "1e3", "99999999999999999999", ""}) {
        auto opening = spawn(create_engine(std::string("fake://server?pool_max_size=") + wrong));

        EXPECT_EQ(opening.error(), "the URL's parameter \"pool_max_size\" has to be a number");
    }
}

TEST_F(CreateEngine, RefusesUnknownSchemeAndListsTheKnown) {
    auto opening = spawn(create_engine("oracle://server"));

    EXPECT_EQ(
        opening.error(),
        "no driver serves URLs that begin with \"oracle://\"; there are asyncpg, fake, postgres, "
        "postgresql, sqlite"
    );
}

TEST_F(CreateEngine, ReportsWrongPasswordAtOnce) {
    server_.refuse(testing::wrong_password);

    auto opening = spawn(create_engine("fake://server"));

    EXPECT_THROW(opening.get(), connection_error);
}

TEST_F(CreateEngine, OpensNothingWithMinimumZero) {
    server_.refuse(testing::wrong_password);
    engine_options options;
    options.pool.min_size = 0;

    engine on = spawn(create_engine("fake://server", options)).get();

    EXPECT_EQ(server_.attempts(), 0U);
    EXPECT_THROW(spawn(on.acquire()).get(), connection_error);
}

}  // namespace
}  // namespace gino::test
