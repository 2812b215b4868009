// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <cstdlib>

#include "support/company_models.hpp"
#include "support/on_every_database.hpp"

// Hosts, authentication methods and poolers.
namespace {

using namespace company_models;
using testing::HasSubstr;

class connect_test : public gino::testing::on_every_database {
protected:
    /// Connects to the changed URL, and sets `seen` to the user and the application name of the
    /// session. Returns the message of the error, or an empty text.
    std::string problem(const std::function<void(gino::url&)>& change) {
        gino::url where = gino::read_url(url());
        change(where);
        return problem_of(where);
    }

    std::string problem_of(const gino::url& where) {
        std::string message;
        run([&]() -> gino::awaitable<void> {
            try {
                gino::database db;
                co_await db.set_bind(where);
                const auto row = co_await db.one(
                    gino::text("SELECT current_user AS u, current_setting('application_name') AS a")
                );
                seen = row.get<std::string>("u") + " " + row.get<std::string>("a");
                co_await db.close();
            } catch (const gino::error& e) {
                message = e.what();
                code = e.code();
            }
        });
        return message;
    }

    [[nodiscard]] std::string port() const { return std::to_string(*gino::read_url(url()).port); }

    std::string seen;
    gino::errc code{};
};

class Hosts : public connect_test {};

class Authentication : public connect_test {};

class PgBouncer : public connect_test {};

class PgPool : public connect_test {};

#define ON_POSTGRESQL(suite)                                                                      \
    INSTANTIATE_TEST_SUITE_P(, suite, ::testing::Values("postgresql"), [](const auto& database) { \
        return database.param;                                                                    \
    })
ON_POSTGRESQL(Hosts);
ON_POSTGRESQL(Authentication);
ON_POSTGRESQL(PgBouncer);
ON_POSTGRESQL(PgPool);

gino::url with(gino::url where, const std::string& name, const std::string& value) {
    where.parameters.emplace_back(name, value);
    return where;
}

TEST_P(Hosts, AreTriedInOrder) {
    const std::string two = "postgresql://gino:gino@127.0.0.1:1,127.0.0.1:" + port() + "/gino";
    EXPECT_EQ(problem_of(gino::read_url(two)), "");
    const std::string none = "postgresql://gino:gino@127.0.0.1:1,127.0.0.1:2/gino";
    const auto message = problem_of(gino::read_url(none));
    EXPECT_THAT(message, HasSubstr("127.0.0.1:1"));
    EXPECT_THAT(message, HasSubstr("127.0.0.1:2"));
    EXPECT_EQ(code, gino::errc::connect_failed);
    const std::string random = two + "?load_balance_hosts=random";
    for (int i = 0; i < 10; ++i) {
        EXPECT_EQ(problem_of(gino::read_url(random)), "");
    }
}

TEST_P(Hosts, MayBeWrittenAsKeywords) {
    EXPECT_EQ(
        problem_of(gino::read_url(
            "hostaddr=127.0.0.1 user=gino password='gino' dbname=gino application_name=shop port=" +
            port()
        )),
        ""
    );
    EXPECT_EQ(seen, "gino shop");
}

TEST_P(Hosts, AreNotTriedFurtherAfterARefusedPassword) {
    const std::string two = "postgresql://gino:wrong@127.0.0.1:" + port() + ",127.0.0.1:1/gino";
    EXPECT_THAT(problem_of(gino::read_url(two)), HasSubstr("password authentication failed"));
    EXPECT_EQ(code, gino::errc::authentication_failed);
}

TEST_P(Hosts, MatchTargetSessionAttrs) {
    const gino::url where = gino::read_url(url());
    for (const auto* kind : {"any", "primary", "read-write", "prefer-standby"}) {
        EXPECT_EQ(problem_of(with(where, "target_session_attrs", kind)), "") << kind;
    }
    for (const auto* kind : {"standby", "read-only"}) {
        EXPECT_THAT(
            problem_of(with(where, "target_session_attrs", kind)), HasSubstr("target_session_attrs")
        ) << kind;
    }
    gino::url read_only = where;
    read_only.parameters = {{"options", "-cdefault_transaction_read_only=on"}};
    EXPECT_EQ(problem_of(with(read_only, "target_session_attrs", "read-only")), "");
    EXPECT_NE(problem_of(with(read_only, "target_session_attrs", "read-write")), "");
}

TEST_P(Hosts, MatchRequirePeerOnAUnixSocket) {
    const char* socket = std::getenv("GINO_TEST_POSTGRESQL_SOCKET");
    ASSERT_NE(socket, nullptr);
    const gino::url where = gino::read_url(socket);
    EXPECT_EQ(problem_of(where), "");
    EXPECT_THAT(problem_of(with(where, "requirepeer", "nobody_at_all")), HasSubstr("requirepeer"));
}

TEST_P(Authentication, UsesMd5OnlyWhenAllowed) {
    const auto as_hashed = [](gino::url& where) {
        where.user = "hashed";
        where.password = "hashed";
    };
    EXPECT_THAT(problem(as_hashed), HasSubstr("require_auth"));
    EXPECT_EQ(
        problem([&](gino::url& where) {
            as_hashed(where);
            where = with(where, "require_auth", "md5,scram-sha-256");
        }),
        ""
    );
    EXPECT_THAT(
        problem([&](gino::url& where) {
            as_hashed(where);
            where.password = "wrong";
            where = with(where, "require_auth", "md5");
        }),
        HasSubstr("authentication failed")
    );
}

TEST_P(Authentication, MayBeAbsentUnlessRequired) {
    const char* trust = std::getenv("GINO_TEST_POSTGRESQL_TRUST");
    ASSERT_NE(trust, nullptr);
    const gino::url where = gino::read_url(trust);
    EXPECT_EQ(problem_of(where), "");
    EXPECT_THAT(problem_of(with(where, "require_auth", "scram-sha-256")), HasSubstr("by none"));
}

TEST_P(Authentication, SendsClearTextThroughAUnixSocket) {
    const char* socket = std::getenv("GINO_TEST_POSTGRESQL_SOCKET");
    ASSERT_NE(socket, nullptr);
    gino::url where = gino::read_url(socket);
    where.user = "clear";
    where.password = "clear";
    EXPECT_THAT(problem_of(where), HasSubstr("require_auth"));
    EXPECT_EQ(problem_of(with(where, "require_auth", "password")), "");
}

// The server has stored the password "IX", which is the SASLprep form of each of these.
TEST_P(Authentication, NormalizesPasswordsBySaslPrep) {
    for (const auto* password : {"IX", "I\u00adX", "\u2168"}) {
        EXPECT_EQ(
            problem([&](gino::url& where) {
                where.user = "prepared";
                where.password = password;
            }),
            ""
        ) << password;
    }
}

// Runs CRUD, transactions and a cursor through a pooler with two connections to the server. An
// advisory lock admits one test at a time, because poolers do not pass the test's schema on.
gino::awaitable<void> use_models(std::string where) {
    gino::engine direct = co_await gino::create_engine(std::getenv("GINO_TEST_POSTGRESQL"));
    gino::connection turn = co_await direct.acquire();
    co_await turn.execute_script("SELECT pg_advisory_lock(20261129)");
    gino::database db{gino::models<company>};
    gino::engine_options options;
    options.pool.max_size = 6;
    co_await db.set_bind(where, options);
    co_await db.drop_all();
    co_await db.create_all();
    for (int i = 0; i < 30; ++i) {
        company one{.name = "c" + std::to_string(i)};
        co_await db.create(one);
        auto tx = co_await db.begin();
        co_await tx.update(one).set(company::c.name = one.name + "!").apply();
        co_await tx.commit();
        EXPECT_EQ((co_await db.get<company>(one.id))->name, one.name);
    }
    const auto all = gino::select(company::c.id).where(company::c.id > 10);
    EXPECT_EQ((co_await db.all(all)).size(), 20U);
    EXPECT_THROW(co_await db.all(gino::text("SELECT nothing")), gino::database_error);
    {
        auto tx = co_await db.begin();
        auto rows = co_await tx.iterate(all);
        int count = 0;
        while (co_await rows.next()) {
            ++count;
        }
        EXPECT_EQ(count, 20);
        co_await tx.commit();
    }
    co_await db.drop_all();
    co_await db.close();
    co_await turn.release();
    co_await direct.close();
}

gino::awaitable<void> use_batches(std::string where) {
    gino::database db;
    co_await db.set_bind(where);
    for (const auto sync : {gino::pipeline_sync::batch, gino::pipeline_sync::each}) {
        gino::batch together(sync);
        const auto number = together.one(gino::select(gino::literal(7)));
        const auto words = together.one(
            gino::select(gino::literal(std::vector<std::string>{"a", "b,c"}), gino::literal(1.5))
        );
        const auto done = together.status(gino::text("SET LOCAL work_mem = '8MB'"));
        co_await db.send(together);
        EXPECT_EQ(number.get(), 7);
        EXPECT_EQ(std::get<0>(words.get()).at(1), "b,c");
        EXPECT_EQ(std::get<1>(words.get()), 1.5);
        EXPECT_EQ(done.get().tag, "SET");
    }
    co_await db.close();
}

/// Returns options that take the password from a callback, for a URL without a password.
gino::engine_options asking(gino::password_callback password) {
    gino::engine_options options;
    options.pool.min_size = 0;
    options.password = std::move(password);
    return options;
}

TEST_P(Authentication, AsksForAPasswordPerConnection) {
    run([&]() -> gino::awaitable<void> {
        int asked = 0;
        auto options = asking([&asked] { return ++asked < 3 ? "gino" : "expired token"; });
        gino::engine on = co_await gino::create_engine(
            "postgresql://gino@127.0.0.1:" + port() + "/gino", options
        );
        {
            gino::connection first = co_await on.acquire();
            gino::connection second = co_await on.acquire();
            co_await first.execute_script("SELECT 1");
            co_await second.execute_script("SELECT 1");
            EXPECT_EQ(asked, 2);
            std::string said;
            try {
                gino::connection third = co_await on.acquire();
                co_await third.execute_script("SELECT 1");
            } catch (const gino::error& e) {
                said = e.what();
            }
            EXPECT_THAT(said, HasSubstr("password authentication failed"));
            EXPECT_THAT(said, testing::Not(HasSubstr("expired token")));
            co_await first.release();
            co_await second.release();
        }
        co_await on.close();
    });
}

TEST_P(Authentication, LimitsTheWaitForAPasswordByTheConnectTimeout) {
    run([&]() -> gino::awaitable<void> {
        const auto wait = [](std::chrono::milliseconds time) -> gino::awaitable<std::string> {
            boost::asio::steady_timer timer(co_await boost::asio::this_coro::executor, time);
            co_await timer.async_wait(boost::asio::use_awaitable);
            co_return "gino";
        };
        const std::string where =
            "postgresql://gino@127.0.0.1:" + port() + "/gino?connect_timeout=2";
        auto soon = asking([wait] { return wait(std::chrono::milliseconds(10)); });
        gino::engine on = co_await gino::create_engine(where, soon);
        co_await on.status(gino::text("SELECT 1"));
        co_await on.close();
        auto never = asking([wait] { return wait(std::chrono::hours(1)); });
        gino::errc found{};
        try {
            gino::engine other = co_await gino::create_engine(where, never);
            co_await other.status(gino::text("SELECT 1"));
        } catch (const gino::error& e) {
            found = e.code();
        }
        EXPECT_EQ(found, gino::errc::connect_timeout);
    });
}

TEST_P(Authentication, RefusesAPasswordCallbackForSqlite) {
    run([&]() -> gino::awaitable<void> {
        auto options = asking([] { return "gino"; });
        EXPECT_THROW(co_await gino::create_engine("sqlite://", options), gino::argument_error);
    });
}

TEST_P(PgBouncer, KeepsStatementsInSessionMode) {
    const char* where = std::getenv("GINO_TEST_PGBOUNCER_SESSION");
    ASSERT_NE(where, nullptr);
    EXPECT_EQ(problem_of(gino::read_url(where)), "");
    run([&] { return use_models(std::string(where) + "?pool_max_size=2"); });
}

TEST_P(PgBouncer, AcceptsUnnamedStatementsInBothModes) {
    for (const char* name : {"GINO_TEST_PGBOUNCER_TRANSACTION", "GINO_TEST_PGBOUNCER_SESSION"}) {
        const char* where = std::getenv(name);
        ASSERT_NE(where, nullptr);
        run([&] { return use_models(std::string(where) + "?prepared_statements=unnamed"); });
    }
}

TEST_P(PgBouncer, AcceptsABatchInTransactionMode) {
    const char* where = std::getenv("GINO_TEST_PGBOUNCER_TRANSACTION");
    ASSERT_NE(where, nullptr);
    run([&] { return use_batches(std::string(where) + "?prepared_statements=unnamed"); });
}

TEST_P(PgBouncer, ReportsTheKindOfItsServer) {
    const char* pooler = std::getenv("GINO_TEST_PGBOUNCER_SESSION");
    ASSERT_NE(pooler, nullptr);
    const gino::url where = gino::read_url(pooler);
    EXPECT_EQ(problem_of(with(where, "target_session_attrs", "primary")), "");
    EXPECT_NE(problem_of(with(where, "target_session_attrs", "standby")), "");
}

TEST_P(PgPool, KeepsStatements) {
    const char* where = std::getenv("GINO_TEST_PGPOOL");
    ASSERT_NE(where, nullptr);
    EXPECT_EQ(problem_of(gino::read_url(where)), "");
    run([&] { return use_models(where); });
}

TEST_P(PgPool, AcceptsUnnamedStatementsWithoutPipelines) {
    const char* where = std::getenv("GINO_TEST_PGPOOL");
    ASSERT_NE(where, nullptr);
    run([&] { return use_models(std::string(where) + "?prepared_statements=unnamed"); });
}

TEST_P(PgPool, AcceptsBatches) {
    const char* where = std::getenv("GINO_TEST_PGPOOL");
    ASSERT_NE(where, nullptr);
    run([&] { return use_batches(where); });
    run([&] { return use_batches(std::string(where) + "?prepared_statements=unnamed"); });
}

}  // namespace
