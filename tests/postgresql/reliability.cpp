// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/copy.hpp>
#include <gino/driver/postgresql/driver.hpp>
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <csignal>
#include <cstdlib>
#include <fstream>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include "support/driver_test.hpp"
#include "support/value_sink.hpp"

#ifdef __has_feature
#if __has_feature(address_sanitizer)
#define GINO_HAS_ASAN
#endif
#if __has_feature(undefined_behavior_sanitizer)
#define GINO_HAS_UBSAN
#endif
#endif

// Known faults of other drivers (docs/reliability.md).
namespace {

using namespace std::chrono_literals;
using gino::type_kind;
using gino::value;
using testing::HasSubstr;

class Reliability : public gino::testing::driver_test {
protected:
    static gino::awaitable<value> ask(
        connection& on, std::string sql, std::vector<gino::driver::parameter> parameters
    ) {
        gino::testing::value_sink answer;
        const gino::driver::request request{.sql = sql, .parameters = parameters};
        co_await on.execute(request, answer);
        co_return answer.rows.at(0).at(0);
    }

    /// Returns the process id of a session's server process.
    static gino::awaitable<std::string> process_of(connection& on) {
        const value process = co_await ask(on, "SELECT pg_backend_pid()", {});
        co_return gino::to_string(process);
    }

    /// Returns the resident memory of this process, in bytes.
    static std::size_t resident() {
        std::size_t pages = 0;
        std::ifstream("/proc/self/statm") >> pages >> pages;
        return pages * static_cast<std::size_t>(sysconf(_SC_PAGESIZE));
    }

    static bool is_long() { return std::getenv("GINO_TEST_LONG") != nullptr; }
};

INSTANTIATE_TEST_SUITE_P(, Reliability, ::testing::Values("postgresql"), [](const auto& database) {
    return database.param;
});

// CVE-2024-1597 and CVE-2024-27289: "-" followed by a negative number begins a comment.
TEST_P(Reliability, NegativeNumberAfterMinusIsNotAComment) {
    run_connected("", [&](connection& on) -> gino::awaitable<void> {
        const value minus_one(std::int64_t{-1});
        const value text(std::string("\n OR true --"));
        for (const auto kind :
             {type_kind::smallint,
              type_kind::integer,
              type_kind::bigint,
              type_kind::real,
              type_kind::double_precision,
              type_kind::numeric}) {
            const std::vector<gino::driver::parameter> bound{
                {.bound = &minus_one, .type = {.kind = kind}},
                {.bound = &text, .type = {.kind = type_kind::text}}};
            const auto negated = co_await ask(on, "SELECT (-$1)::int8 WHERE $2 <> ''", bound);
            EXPECT_EQ(negated, value(std::int64_t{1})) << to_string(kind);
        }
        const auto built = gino::literal(1) - gino::literal(-1);
        gino::database db;
        co_await db.set_bind(url());
        EXPECT_EQ(co_await db.one(gino::select(built)), 2);
        EXPECT_EQ(co_await db.one(gino::select(-gino::literal(-1))), 1);
        co_await db.close();
    });
}

// A text is one statement; only execute_script() takes several.
TEST_P(Reliability, SecondStatementIsRefused) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        try {
            co_await ask(on, "SELECT 1; SELECT 2", {});
            ADD_FAILURE();
        } catch (const gino::database_error& e) {
            EXPECT_EQ(e.sqlstate(), "42601");
        }
        EXPECT_EQ(co_await ask(on, "SELECT 1", {}), value(std::int64_t{1}));
    });
}

// The protocol limits the number of parameters.
TEST_P(Reliability, ParametersAreAllowedUpToTheProtocolLimit) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        const value one(std::int64_t{1});
        std::vector<gino::driver::parameter> bound(
            65'535, {.bound = &one, .type = {.kind = type_kind::integer}}
        );
        std::string sql = "SELECT cardinality(ARRAY[$1";
        for (std::size_t i = 2; i <= bound.size(); ++i) {
            sql += ",$" + std::to_string(i);
        }
        const std::string all = sql + "])";
        EXPECT_EQ(co_await ask(on, all, bound), value(std::int64_t{65'535}));
        bound.push_back(bound.back());
        const std::string too_many = sql + ",$65536])";
        EXPECT_THROW(co_await ask(on, too_many, bound), gino::argument_error);
        EXPECT_EQ(co_await ask(on, "SELECT 1", {}), value(std::int64_t{1}));
    });
}

// The server stops reading while the client does not read its output.
TEST_P(Reliability, LargeResultsAreReadWhileLargeStatementsAreWritten) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        const std::size_t count = is_long() ? 100 : 32;
        const value large(std::string(std::size_t{1} << 20U, 'x'));
        const gino::driver::parameter bound{.bound = &large, .type = {.kind = type_kind::text}};
        gino::testing::value_sink answer;
        std::vector<gino::driver::pipelined> all(
            count, {.statement = {.sql = "SELECT $1", .parameters = {&bound, 1}}, .sink = &answer}
        );
        co_await on.execute_pipeline(all, gino::driver::pipeline_sync::each);
        EXPECT_EQ(answer.rows.size(), count);
        for (const auto& row : answer.rows) {
            EXPECT_TRUE(row.at(0) == large);
        }
    });
}

/// A sink that counts rows.
class row_counter final : public gino::driver::row_sink {
public:
    std::size_t rows = 0;

private:
    void columns(
        std::span<const gino::column_description> /*columns*/,
        const gino::field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const gino::driver::field_slice> /*fields*/) override { ++rows; }
};

// The driver passes each row to the sink as it arrives, and keeps none.
TEST_P(Reliability, DiscardedRowsTakeNoMemory) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        const std::size_t count = is_long() ? 100'000'000 : 10'000'000;
        const std::string sql =
            "SELECT n, 'some words that make a row ' || n FROM generate_series(1, " +
            std::to_string(count) + ") n";
        const gino::driver::request request{.sql = sql};
        row_counter counter;
        const gino::driver::request few{.sql = "SELECT 1"};
        co_await on.execute(few, counter);
        counter.rows = 0;
        const std::size_t before = resident();
        co_await on.execute(request, counter);
        EXPECT_EQ(counter.rows, count);
        EXPECT_LT(resident(), before + (std::size_t{16} << 20U));
    });
}

// An error message has no size limit below that of the protocol, and may contain any characters.
TEST_P(Reliability, ErrorsMayBeLongAndContainControlCharacters) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        try {
            co_await ask(
                on,
                "DO $$ BEGIN RAISE EXCEPTION '%', repeat('\u00fc\x1b[31m', 200000) USING ERRCODE = "
                "'GI001', "
                "HINT = E'one\ntwo', COLUMN = 'c'; END $$",
                {}
            );
            ADD_FAILURE();
        } catch (const gino::database_error& e) {
            EXPECT_EQ(e.sqlstate(), "GI001");
            EXPECT_EQ(e.fields().hint, "one\ntwo");
            EXPECT_EQ(e.fields().column, "c");
            EXPECT_GT(std::string(e.what()).size(), 1'000'000U);
        }
        EXPECT_EQ(co_await ask(on, "SELECT 1", {}), value(std::int64_t{1}));
    });
}

// A statement whose result columns have changed is prepared again, in a pipeline too.
TEST_P(Reliability, StaleStatementInAPipelineIsPreparedAgain) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        co_await on.execute_script("CREATE TABLE shapes (a int8); INSERT INTO shapes VALUES (1)");
        gino::testing::value_sink before;
        const gino::driver::request all_columns{.sql = "SELECT * FROM shapes"};
        std::vector<gino::driver::pipelined> all(2, {.statement = all_columns, .sink = &before});
        co_await on.execute_pipeline(all, gino::driver::pipeline_sync::each);
        co_await on.execute_script("ALTER TABLE shapes ADD b int8 DEFAULT 2");
        gino::testing::value_sink after;
        for (auto& one : all) {
            one.sink = &after;
        }
        co_await on.execute_pipeline(all, gino::driver::pipeline_sync::each);
        EXPECT_EQ(all[0].failure, nullptr);
        EXPECT_EQ(all[1].failure, nullptr);
        EXPECT_EQ(after.rows.size(), 2U);
        EXPECT_EQ(after.rows.at(0).size(), 2U);
    });
}

// Calls other than execute() prepare a deallocated statement again, too.
TEST_P(Reliability, StaleStatementIsPreparedAgainByExecuteMany) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        co_await on.execute_script("CREATE TABLE shapes (a int8)");
        const value one(std::int64_t{1});
        const std::vector<gino::driver::parameter> two_sets(
            2, {.bound = &one, .type = {.kind = type_kind::bigint}}
        );
        const gino::driver::request insert{
            .sql = "INSERT INTO shapes VALUES ($1)", .parameters = two_sets};
        for (int i = 0; i < 2; ++i) {
            const auto stored = co_await on.execute_many(insert, 2);
            EXPECT_EQ(stored.affected_rows, 2U);
            co_await on.execute_script("DEALLOCATE ALL");
        }
        EXPECT_EQ((co_await ask(on, "SELECT * FROM shapes", {})), one);
    });
}

// The stale statement fails its transaction; the next transaction must not fail in the same way.
TEST_P(Reliability, StaleStatementIsPreparedAgainForTheNextCursor) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        co_await on.execute_script("CREATE TABLE shapes (a int8); INSERT INTO shapes VALUES (1)");
        const gino::driver::request all{.sql = "SELECT * FROM shapes"};
        const auto read = [&]() -> gino::awaitable<std::size_t> {
            gino::testing::value_sink rows;
            co_await on.execute_script("BEGIN");
            auto opened = co_await on.open_cursor(all);
            static_cast<void>(co_await opened->fetch(10, rows));
            co_await on.execute_script("COMMIT");
            co_return rows.rows.at(0).size();
        };
        EXPECT_EQ(co_await read(), 1U);
        co_await on.execute_script("ALTER TABLE shapes ADD b int8");
        EXPECT_THROW(co_await read(), gino::not_supported_error);
        co_await on.execute_script("ROLLBACK");
        EXPECT_EQ(co_await read(), 2U);
    });
}

// The server locks the tables of a statement when it parses it, before the values are encoded.
TEST_P(Reliability, StatementWithAnInvalidValueLeavesNoLocks) {
    run_connected("", [this](connection& on) -> gino::awaitable<void> {
        co_await on.execute_script("CREATE TABLE locked (a text)");
        const std::string process = co_await process_of(on);
        const value text(std::string("a\0b", 3));
        const gino::driver::parameter bound{.bound = &text, .type = {.kind = type_kind::text}};
        const gino::driver::request wrong{
            .sql = "SELECT a FROM locked WHERE a = $1",
            .parameters = {&bound, 1},
            .cacheable = false};
        gino::driver::discarding_sink nobody;
        EXPECT_THROW(co_await on.execute(wrong, nobody), gino::argument_error);
        auto other = co_await open("");
        const std::string locks = "SELECT count(*) FROM pg_locks WHERE pid = " + process;
        EXPECT_EQ((co_await ask(*other, locks, {})), value(std::int64_t{0}));
        co_await other->close();
        EXPECT_EQ((co_await ask(on, "SELECT 7::int8", {})), value(std::int64_t{7}));
    });
}

// The cache finds a statement by its text and the types of its parameters. No text may imitate the
// key of a text with types.
TEST_P(Reliability, TextWithANulMatchesNoCachedStatement) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        const value seven(std::int64_t{7});
        const gino::driver::parameter bound{.bound = &seven, .type = {.kind = type_kind::bigint}};
        const std::vector parameters{bound};
        EXPECT_EQ(co_await ask(on, "SELECT $1::int8", parameters), seven);
        const std::string types_as_text = std::string("SELECT $1::int8\0", 16) + "20";
        const std::string types_as_bytes = std::string("\1\0\0\0\x14\0\0\0", 8) + "SELECT $1::int8";
        for (const auto& text : {types_as_text, types_as_bytes}) {
            gino::driver::discarding_sink nobody;
            const gino::driver::request lookalike{.sql = text};
            EXPECT_THROW(co_await on.execute(lookalike, nobody), gino::argument_error);
        }
        EXPECT_EQ(co_await ask(on, "SELECT $1::int8", parameters), seven);
    });
}

// Hand-written SQL may change a session through every kind of call.
TEST_P(Reliability, ResetUndoesChangesOfEveryKindOfCall) {
    using gino::driver::request;
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        gino::driver::discarding_sink nobody;
        const request set{.sql = "SET application_name = 'left'", .cacheable = false};
        const request select{
            .sql = "SELECT set_config('application_name', 'left', false)", .cacheable = false};
        const request create{.sql = "CREATE TEMP TABLE left_behind (a int)", .cacheable = false};
        const request begin{.sql = "BEGIN", .cacheable = false};
        const request commit{.sql = "COMMIT", .cacheable = false};
        const auto expect_reset = [&]() -> gino::awaitable<void> {
            co_await on.reset();
            EXPECT_NE(
                (co_await ask(on, "SELECT current_setting('application_name')", {})),
                value(std::string("left"))
            );
            EXPECT_TRUE((co_await ask(on, "SELECT to_regclass('left_behind')::text", {})).is_null()
            );
        };
        co_await on.execute(set, nobody);
        co_await expect_reset();
        co_await on.execute(create, nobody);
        co_await expect_reset();
        co_await on.execute_many(set, 1);
        co_await expect_reset();
        std::vector<gino::driver::pipelined> both(2);
        both[0].statement = set;
        both[1].statement = create;
        co_await on.execute_pipeline(both, gino::driver::pipeline_sync::each);
        co_await expect_reset();
        co_await on.execute(begin, nobody);
        auto opened = co_await on.open_cursor(select);
        static_cast<void>(co_await opened->fetch(10, nobody));
        co_await on.execute(commit, nobody);
        co_await expect_reset();
    });
}

// AddressSanitizer delays the release of freed memory.
#ifndef GINO_HAS_ASAN
TEST_P(Reliability, BuffersOfLongValuesAreFreed) {
    run_connected("", [](connection& on) -> gino::awaitable<void> {
        constexpr std::size_t size = std::size_t{100} << 20U;
        gino::driver::discarding_sink nobody;
        co_await on.execute_script("SELECT 1");
        const std::size_t before = resident();
        {
            const value text(std::string(size, 'x'));
            const gino::driver::parameter bound{.bound = &text, .type = {.kind = type_kind::text}};
            const gino::driver::request echo{.sql = "SELECT $1", .parameters = {&bound, 1}};
            co_await on.execute(echo, nobody);
        }
        EXPECT_LT(resident(), before + size / 4);
    });
}
#endif

/// A source that terminates its own session after some rows, and then continues.
class killing_source final : public gino::driver::copy_source {
public:
    explicit killing_source(std::function<gino::awaitable<void>()> kill) : kill_(std::move(kill)) {}

    [[nodiscard]] gino::awaitable<std::span<const std::byte>> next() override {
        if (++given_ == 100) {
            co_await kill_();
        }
        co_return std::as_bytes(std::span(lines_));
    }

private:
    std::function<gino::awaitable<void>()> kill_;
    std::string lines_ = std::string(65'535, '1') + "\n";
    int given_ = 0;
};

TEST_P(Reliability, CopyIntoATerminatedSessionReportsTheServersReason) {
    run_connected("", [this](connection& on) -> gino::awaitable<void> {
        co_await on.execute_script("CREATE TABLE lines (a text)");
        auto killer = co_await open("");
        const std::string process = co_await process_of(on);
        const std::string end = "SELECT pg_terminate_backend(" + process + ", 10000)";
        killing_source source([&]() -> gino::awaitable<void> {
            static_cast<void>(co_await ask(*killer, end, {}));
        });
        try {
            static_cast<void>(co_await on.copying()->copy_in("COPY lines FROM STDIN", source));
            ADD_FAILURE() << "it survived";
        } catch (const gino::connection_error& e) {
            EXPECT_EQ(e.code(), gino::errc::connection_lost);
            EXPECT_EQ(e.sqlstate(), gino::sqlstate::admin_shutdown) << e.what();
        }
        co_await killer->close();
    });
}

/// The TCP settings of a socket of this process.
struct tcp_settings {
    int keepalive = 0;
    int idle = 0;
    int interval = 0;
    int count = 0;
};

std::optional<tcp_settings> settings_of_socket_with(int user_timeout) {
    const auto option = [](int socket, int level, int name) {
        int found = -1;
        socklen_t size = sizeof found;
        return getsockopt(socket, level, name, &found, &size) == 0 ? found : -1;
    };
    for (int fd = 0; fd < 1024; ++fd) {
        if (option(fd, IPPROTO_TCP, TCP_USER_TIMEOUT) == user_timeout) {
            return tcp_settings{
                .keepalive = option(fd, SOL_SOCKET, SO_KEEPALIVE),
                .idle = option(fd, IPPROTO_TCP, TCP_KEEPIDLE),
                .interval = option(fd, IPPROTO_TCP, TCP_KEEPINTVL),
                .count = option(fd, IPPROTO_TCP, TCP_KEEPCNT)};
        }
    }
    return std::nullopt;
}

// The kernel detects a silently broken connection by these socket options.
TEST_P(Reliability, SocketsHaveKeepaliveAndUserTimeout) {
    run([&]() -> gino::awaitable<void> {
        auto where = gino::read_url(url());
        const auto executor = co_await boost::asio::this_coro::executor;
        EXPECT_FALSE(settings_of_socket_with(30'000));
        const auto plain = gino::postgresql::make_driver(where);
        auto first = co_await plain->connect(executor, 10s);
        const auto usual = settings_of_socket_with(30'000);
        EXPECT_TRUE(usual && usual->keepalive == 1);
        co_await first->close();
        for (const auto& [name, text] :
             {std::pair("tcp_user_timeout", "1234"),
              std::pair("keepalives_idle", "77"),
              std::pair("keepalives_interval", "7"),
              std::pair("keepalives_count", "4")}) {
            where.parameters.emplace_back(name, text);
        }
        const auto told = gino::postgresql::make_driver(where);
        auto second = co_await told->connect(executor, 10s);
        const auto set = settings_of_socket_with(1'234);
        EXPECT_TRUE(set && set->keepalive == 1 && set->idle == 77);
        EXPECT_TRUE(set && set->interval == 7 && set->count == 4);
        co_await second->close();
    });
}

// The coroutine is destroyed in the middle of a call, without a cancellation.
TEST_P(Reliability, CoroutineMayBeDestroyedAtAnyPoint) {
    const auto where = gino::read_url(url());
    for (const char* sql :
         {"SELECT pg_sleep(20)", "SELECT n FROM generate_series(1, 10000000) n"}) {
        auto context = std::make_unique<boost::asio::io_context>();
        bool has_ended = false;
        const auto body = [&]() -> gino::awaitable<void> {
            const auto driver = gino::postgresql::make_driver(where);
            const auto executor = co_await boost::asio::this_coro::executor;
            auto on = co_await driver->connect(executor, 10s);
            row_counter counter;
            const gino::driver::request request{.sql = sql};
            co_await on->execute(request, counter);
        };
        boost::asio::co_spawn(*context, body, [&](const std::exception_ptr& /*failure*/) {
            has_ended = true;
        });
        context->run_for(100ms);
        EXPECT_FALSE(has_ended);
        context.reset();
    }
}

// A stopped server process is alive, but responds neither to the statement nor to the
// CancelRequest.
TEST_P(Reliability, StoppedServerProcessIsAbandoned) {
    run([&]() -> gino::awaitable<void> {
        gino::engine on = co_await gino::create_engine(url());
        gino::connection held = co_await on.acquire();
        const auto whose = gino::text("SELECT pg_backend_pid() AS pid").columns(gino::literal(0));
        const int stopped = co_await held.one(whose);
        EXPECT_EQ(kill(stopped, SIGSTOP), 0);
        const auto begin = std::chrono::steady_clock::now();
        EXPECT_THROW(
            co_await held.all(gino::text("SELECT 1").timeout(100ms)), gino::statement_timeout
        );
        EXPECT_LT(std::chrono::steady_clock::now() - begin, 10s);
        EXPECT_NE(co_await held.one(whose), stopped);
        EXPECT_EQ(kill(stopped, SIGCONT), 0);
        co_await held.release();
        co_await on.close();
    });
}

/// A guard that prevents this process from opening further files during its lifetime.
class no_more_files {
public:
    no_more_files() {
        getrlimit(RLIMIT_NOFILE, &before_);
        const int next = dup(0);
        close(next);
        rlimit none = before_;
        none.rlim_cur = static_cast<rlim_t>(next);
        setrlimit(RLIMIT_NOFILE, &none);
    }

    no_more_files(const no_more_files&) = delete;
    no_more_files& operator=(const no_more_files&) = delete;

    ~no_more_files() { setrlimit(RLIMIT_NOFILE, &before_); }

private:
    rlimit before_{};
};

// No file descriptor is free for a socket. UBSan needs a pipe to check the type of an object, and
// would report every object here as invalid.
#ifndef GINO_HAS_UBSAN
TEST_P(Reliability, ConnectFailsWithoutAFileDescriptor) {
    run([&]() -> gino::awaitable<void> {
        const auto driver = gino::postgresql::make_driver(gino::read_url(url()));
        const auto executor = co_await boost::asio::this_coro::executor;
        for (int i = 0; i < 3; ++i) {
            const no_more_files limit;
            try {
                co_await driver->connect(executor, 1s);
                ADD_FAILURE();
            } catch (const gino::connection_error& e) {
                EXPECT_EQ(e.code(), gino::errc::connect_failed);
            }
        }
        auto opened = co_await driver->connect(executor, 10s);
        EXPECT_EQ(co_await ask(*opened, "SELECT 1", {}), value(std::int64_t{1}));
        co_await opened->close();
    });
}
#endif

}  // namespace
