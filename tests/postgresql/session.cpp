// SPDX-License-Identifier: BSD-3-Clause
#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <cstdlib>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

// Behaviour that needs a real PostgreSQL server.
namespace {

using namespace company_models;
using namespace std::chrono_literals;
using boost::asio::experimental::awaitable_operators::operator&&;
using testing::HasSubstr;
using testing::Not;

class PostgresqlTest : public gino::testing::on_every_database {
protected:
    /// Runs `body` with an engine of at most two connections.
    void run_with_engine(const std::function<gino::awaitable<void>(gino::engine&)>& body) {
        run([&]() -> gino::awaitable<void> {
            gino::engine_options options;
            options.pool.max_size = 2;
            options.hooks.notice = [this](const gino::error_fields& notice) {
                notices.push_back(notice.message);
            };
            gino::engine on = co_await gino::create_engine(url(), options);
            co_await body(on);
            EXPECT_EQ(on.statistics().in_use, 0U);
            co_await on.close();
        });
    }

    /// Connects with a changed URL, and returns the message of the error.
    std::string refusal(const std::function<void(gino::url&)>& change, gino::errc* code = nullptr) {
        gino::url where(url());
        change(where);
        std::string message;
        run([&]() -> gino::awaitable<void> {
            try {
                gino::engine opened = co_await gino::create_engine(where);
                co_await opened.close();
            } catch (const gino::error& e) {
                message = e.what();
                if (code != nullptr) {
                    *code = e.code();
                }
            }
        });
        return message;
    }

    std::vector<std::string> notices;
};

class PostgresqlConnect : public PostgresqlTest {};

class PostgresqlErrors : public PostgresqlTest {};

class PostgresqlBackend : public PostgresqlTest {};

class PostgresqlCache : public PostgresqlTest {};

class PostgresqlCursor : public PostgresqlTest {};

class PostgresqlReset : public PostgresqlTest {};

class PostgresqlResult : public PostgresqlTest {};

#define ON_POSTGRESQL(suite)                                                                      \
    INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values("postgresql"), [](const auto& database) { \
        return database.param;                                                                    \
    })
ON_POSTGRESQL(PostgresqlConnect);
ON_POSTGRESQL(PostgresqlErrors);
ON_POSTGRESQL(PostgresqlBackend);
ON_POSTGRESQL(PostgresqlCache);
ON_POSTGRESQL(PostgresqlCursor);
ON_POSTGRESQL(PostgresqlReset);
ON_POSTGRESQL(PostgresqlResult);

template <class T>
auto scalar_of(std::string_view sql) {
    return gino::text(sql).load(gino::column_loader<T>("x"));
}

TEST_P(PostgresqlConnect, WrongPasswordNamesUserAndServerOnly) {
    gino::errc code{};
    const auto message = refusal([](gino::url& where) { where.password = "open sesame"; }, &code);
    EXPECT_EQ(code, gino::errc::authentication_failed);
    EXPECT_THAT(message, HasSubstr("127.0.0.1"));
    EXPECT_THAT(message, HasSubstr("\"gino\""));
    EXPECT_THAT(message, Not(HasSubstr("sesame")));
}

TEST_P(PostgresqlConnect, MissingPasswordIsReported) {
    const auto message = refusal([](gino::url& where) { where.password.reset(); });
    EXPECT_THAT(message, HasSubstr("there is none"));
}

TEST_P(PostgresqlConnect, MissingDatabaseIsNamed) {
    const auto message = refusal([](gino::url& where) { where.database = "missing"; });
    EXPECT_THAT(message, HasSubstr("\"missing\""));
    EXPECT_THAT(message, HasSubstr("3D000"));
}

TEST_P(PostgresqlConnect, ClosedPortIsReportedWithHostPortAndAdvice) {
    gino::errc code{};
    const auto message = refusal([](gino::url& where) { where.port = 1; }, &code);
    EXPECT_EQ(code, gino::errc::connect_failed);
    EXPECT_THAT(message, HasSubstr("127.0.0.1:1"));
    EXPECT_THAT(message, HasSubstr("is the server running"));
}

TEST_P(PostgresqlConnect, WorksThroughASocketAndWithoutAPassword) {
    for (const auto* variable : {"GINO_TEST_POSTGRESQL_SOCKET", "GINO_TEST_POSTGRESQL_TRUST"}) {
        const char* where = std::getenv(variable);
        ASSERT_NE(where, nullptr) << variable;
        run([&]() -> gino::awaitable<void> {
            gino::engine on = co_await gino::create_engine(std::string(where));
            EXPECT_EQ(co_await on.one(scalar_of<std::int32_t>("SELECT 42 AS x")), 42);
            co_await on.close();
        });
    }
}

TEST_P(PostgresqlConnect, SendsTheApplicationName) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url() + "&application_name=shop");
        EXPECT_EQ(
            co_await on.one(scalar_of<std::string>("SELECT current_setting('application_name') AS x"
            )),
            "shop"
        );
        co_await on.close();
    });
}

TEST_P(PostgresqlErrors, HaveEveryFieldOfTheServer) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("CREATE TABLE t (a INT CONSTRAINT positive CHECK (a > 0))"));
        try {
            co_await on.status(gino::text("INSERT INTO t VALUES (-5)"));
            ADD_FAILURE() << "the check was not checked";
        } catch (const gino::check_violation& e) {
            EXPECT_EQ(e.sqlstate(), "23514");
            EXPECT_EQ(e.constraint(), "positive");
            EXPECT_EQ(e.table(), "t");
            EXPECT_THAT(e.detail(), HasSubstr("-5"));
            EXPECT_THAT(e.statement(), HasSubstr("INSERT INTO t"));
        }
    });
}

TEST_P(PostgresqlErrors, NoticesReachTheirHook) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("DROP TABLE IF EXISTS nowhere"));
        EXPECT_THAT(notices, testing::ElementsAre(HasSubstr("nowhere")));
    });
}

TEST_P(PostgresqlErrors, MarkSerializationFailuresAsRetryable) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("CREATE TABLE t AS SELECT 1 AS a"));
        auto first = co_await on.begin({.isolation = gino::isolation_level::serializable});
        auto second = co_await on.begin({.isolation = gino::isolation_level::serializable});
        co_await first.all(gino::text("SELECT a FROM t"));
        co_await second.all(gino::text("SELECT a FROM t"));
        co_await first.status(gino::text("UPDATE t SET a = 2"));
        co_await first.commit();
        try {
            co_await second.status(gino::text("UPDATE t SET a = 3"));
            ADD_FAILURE() << "both were serialized";
        } catch (const gino::operational_error& e) {
            EXPECT_EQ(e.sqlstate(), "40001");
            EXPECT_TRUE(e.is_retryable());
        }
        co_await second.rollback();
    });
}

TEST_P(PostgresqlErrors, SerializationFailuresAreRetried) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("CREATE TABLE t AS SELECT 1 AS a"));
        const auto executor = co_await boost::asio::this_coro::executor;
        int runs = 0;
        co_await on.retry_serialization(3, [&](gino::transaction& tx) -> gino::awaitable<void> {
            ++runs;
            co_await tx.all(gino::text("SELECT a FROM t"));
            if (runs == 1) {
                // Another transaction changes the row first.
                co_await gino::co_spawn(
                    executor,
                    on,
                    [&]() -> gino::awaitable<void> {
                        co_await on.status(gino::text("UPDATE t SET a = a + 10"));
                    },
                    boost::asio::use_awaitable
                );
            }
            co_await tx.status(gino::text("UPDATE t SET a = a + 1"));
        });
        EXPECT_EQ(runs, 2);
        EXPECT_EQ(co_await on.one(scalar_of<std::int32_t>("SELECT a AS x FROM t")), 12);
    });
}

gino::awaitable<std::int32_t> process_of(gino::connection& on) {
    const auto process = co_await on.one(scalar_of<std::int32_t>("SELECT pg_backend_pid() AS x"));
    co_return process;
}

gino::awaitable<void> terminate(gino::connection& with, std::int32_t process) {
    co_await with.status(
        gino::text("SELECT pg_terminate_backend(:process, 10000)").bind("process", process)
    );
}

TEST_P(PostgresqlBackend, IsReplacedWhenKilledWhileIdle) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection victim = co_await on.acquire();
        gino::connection killer = co_await on.acquire();
        const auto process = co_await process_of(victim);
        co_await victim.release();
        co_await terminate(killer, process);
        co_await killer.release();
        for (int i = 0; i < 4; ++i) {
            EXPECT_TRUE(co_await on.scalar(gino::text("SELECT 1")));
        }
    });
}

TEST_P(PostgresqlBackend, CausesALostConnectionWhenKilledDuringAStatement) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection victim = co_await on.acquire();
        gino::connection killer = co_await on.acquire();
        const auto process = co_await process_of(victim);
        const auto wait = [&]() -> gino::awaitable<void> {
            try {
                co_await victim.all(gino::text("SELECT pg_sleep(60)"));
                ADD_FAILURE() << "it survived";
            } catch (const gino::database_error& e) {
                EXPECT_TRUE(e.is_connection_lost()) << e.what();
                EXPECT_EQ(e.sqlstate(), gino::sqlstate::admin_shutdown);
                EXPECT_THAT(e.what(), HasSubstr("due to administrator command"));
            }
        };
        co_await (wait() && terminate(killer, process));
        EXPECT_TRUE(co_await victim.scalar(gino::text("SELECT 1")));
        co_await victim.release();
        co_await killer.release();
    });
}

TEST_P(PostgresqlBackend, CausesAnErrorAndStoresNothingWhenKilledInATransaction) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await on.status(gino::text("CREATE TABLE t (a INT)"));
        gino::connection victim = co_await on.acquire();
        gino::connection killer = co_await on.acquire();
        const auto process = co_await process_of(victim);
        auto tx = co_await victim.begin();
        co_await tx.status(gino::text("INSERT INTO t VALUES (1)"));
        co_await terminate(killer, process);
        EXPECT_THROW(
            co_await tx.status(gino::text("INSERT INTO t VALUES (2)")), gino::database_error
        );
        EXPECT_THROW(co_await victim.all(gino::text("SELECT 1")), gino::error);
        EXPECT_FALSE(tx.is_active());
        co_await tx.rollback();
        EXPECT_TRUE((co_await victim.all(gino::text("SELECT a FROM t"))).empty());
        co_await victim.release();
        co_await killer.release();
    });
}

TEST_P(PostgresqlCache, RecoversFromDeallocatedStatements) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        gino::connection held = co_await on.acquire();
        const auto query = gino::select(company::c.name);
        for (int i = 0; i < 3; ++i) {
            EXPECT_TRUE((co_await held.all(query)).empty());
            co_await held.execute_script("DEALLOCATE ALL");
        }
        co_await held.release();
    });
}

// With a pooler, another client may have used the same server session.
TEST_P(PostgresqlCache, RecoversFromTakenNames) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        gino::connection held = co_await on.acquire();
        std::string taken;
        for (int i = 1; i <= 30; ++i) {
            taken += "PREPARE gino_" + std::to_string(i) + " AS SELECT 1;";
        }
        co_await held.execute_script(taken);
        const auto query = gino::select(company::c.name);
        EXPECT_TRUE((co_await held.all(query)).empty());
        EXPECT_TRUE((co_await held.all(query)).empty());
        co_await held.execute_script("DEALLOCATE ALL");
        co_await held.release();
    });
}

TEST_P(PostgresqlCache, RecoversFromChangedResultColumns) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        gino::connection held = co_await on.acquire();
        const auto query = gino::select(company::c.name);
        EXPECT_TRUE((co_await held.all(query)).empty());
        co_await held.execute_script("ALTER TABLE gino_companies ALTER COLUMN name TYPE varchar(30)"
        );
        EXPECT_TRUE((co_await held.all(query)).empty());
        co_await held.release();
    });
}

TEST_P(PostgresqlCache, HasALimit) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url() + "&statement_cache_size=3");
        co_await gino::create_all(on, gino::metadata(all.tables()));
        gino::connection held = co_await on.acquire();
        auto query = gino::select(company::c.name);
        for (int i = 0; i < 10; ++i) {
            query = query.where(company::c.id != i);
            EXPECT_TRUE((co_await held.all(query)).empty());
        }
        const auto kept = co_await held.one(
            scalar_of<std::int64_t>("SELECT count(*) AS x FROM pg_prepared_statements")
        );
        EXPECT_LE(kept, 4);
        co_await held.release();
        co_await on.close();
    });
}

TEST_P(PostgresqlCache, CanBeDisabled) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url() + "&statement_cache_size=0");
        for (int i = 0; i < 2; ++i) {
            EXPECT_EQ(
                co_await on.one(
                    scalar_of<std::int64_t>("SELECT count(*) AS x FROM pg_prepared_statements")
                ),
                0
            );
        }
        co_await on.close();
    });
}

TEST_P(PostgresqlErrors, ThrowingHookLeavesNoResultForTheNextStatement) {
    run([&]() -> gino::awaitable<void> {
        gino::engine_options options;
        options.pool.max_size = 1;
        options.hooks.notice = [](const gino::error_fields& /*notice*/) {
            throw std::runtime_error("hooks must not");
        };
        gino::engine on = co_await gino::create_engine(url(), options);
        co_await on.status(
            gino::text("CREATE FUNCTION shout(n int) RETURNS int AS "
                       "$$ BEGIN RAISE NOTICE 'loud'; RETURN n; END $$ LANGUAGE plpgsql")
        );
        for (int i = 0; i < 3; ++i) {
            EXPECT_THROW(
                co_await on.all(gino::text("SELECT shout(n) FROM generate_series(1, 3) AS n")),
                std::runtime_error
            );
            EXPECT_EQ(co_await on.one(scalar_of<std::int32_t>("SELECT 7 AS x")), 7);
        }
        co_await on.close();
    });
}

// Only PostgreSQL has rows without columns.
TEST_P(PostgresqlResult, MayHaveRowsWithoutColumns) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        EXPECT_FALSE(co_await on.scalar(gino::text("SELECT")));
        EXPECT_EQ((co_await on.all(gino::text("SELECT"))).size(), 1U);
    });
}

TEST_P(PostgresqlCursor, RequiresATransaction) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        gino::connection held = co_await on.acquire();
        EXPECT_THROW(
            static_cast<void>(co_await held.iterate(gino::text("SELECT 1"))), gino::state_error
        );
        co_await held.release();
    });
}

TEST_P(PostgresqlCursor, KeepsUnreadRowsOnTheServer) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        auto tx = co_await on.begin();
        auto numbers = co_await tx.iterate(gino::text("SELECT generate_series(1, 1000000000) AS x")
                                               .load(gino::column_loader<std::int32_t>("x")));
        EXPECT_EQ(co_await numbers.forward(1000), 1000U);
        EXPECT_EQ(co_await numbers.next(), 1001);
        co_await numbers.close();
        EXPECT_EQ(co_await tx.one(scalar_of<std::int32_t>("SELECT 7 AS x")), 7);
        co_await tx.commit();
    });
}

TEST_P(PostgresqlReset, PassesNoSessionStateOn) {
    run([&]() -> gino::awaitable<void> {
        gino::engine_options options;
        options.pool.max_size = 1;
        gino::engine on = co_await gino::create_engine(url(), options);
        {
            gino::connection held = co_await on.acquire();
            co_await held.execute_script(
                "SET application_name = 'left'; CREATE TEMP TABLE left_behind (a INT); "
                "SELECT pg_advisory_lock(42); LISTEN left_behind"
            );
            co_await held.release();
        }
        EXPECT_EQ(
            co_await on.one(scalar_of<std::string>("SELECT current_setting('application_name') AS x"
            )),
            "gino"
        );
        EXPECT_EQ(
            co_await on.one(scalar_of<std::int64_t>(
                "SELECT count(*) AS x FROM pg_locks WHERE locktype = 'advisory' AND pid = "
                "pg_backend_pid()"
            )),
            0
        );
        EXPECT_THROW(
            co_await on.all(gino::text("SELECT a FROM left_behind")), gino::programming_error
        );
        co_await on.close();
    });
}

TEST_P(PostgresqlReset, KeepsLaterStatementsUsableAfterAnInvalidValue) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        gino::connection held = co_await on.acquire();
        for (int i = 0; i < 2; ++i) {
            EXPECT_THROW(
                co_await held.all(
                    gino::select(company::c.id).where(company::c.name == std::string("a\0b", 3))
                ),
                gino::argument_error
            );
            EXPECT_EQ(co_await held.one(scalar_of<std::int32_t>("SELECT 7 AS x")), 7);
        }
        co_await held.release();
    });
}

TEST_P(PostgresqlErrors, NameParameterColumnAndStatementOfAnInvalidValue) {
    run_with_engine([&](gino::engine& on) -> gino::awaitable<void> {
        co_await gino::create_all(on, gino::metadata(all.tables()));
        const std::string wrong("a\0b", 3);
        std::vector<std::string> said;
        const auto note = [&](gino::statement_base statement) -> gino::awaitable<void> {
            try {
                co_await on.status(std::move(statement));
            } catch (const gino::argument_error& e) {
                said.emplace_back(e.what());
            }
        };
        co_await note(gino::insert<company>().values(company::c.id = 1, company::c.name = wrong));
        co_await note(gino::update<company>().set(company::c.name = wrong));
        co_await note(
            gino::delete_from<company>().where(company::c.id == 1 && company::c.name == wrong)
        );
        EXPECT_THAT(said, testing::SizeIs(3));
        EXPECT_THAT(said[0], HasSubstr("parameter 2 (column \"name\")"));
        EXPECT_THAT(said[0], HasSubstr("statement: INSERT INTO gino_companies"));
        EXPECT_THAT(said[1], HasSubstr("parameter 1 (column \"name\")"));
        EXPECT_THAT(said[2], HasSubstr("parameter 2 (column \"name\")"));
    });
}

}  // namespace
