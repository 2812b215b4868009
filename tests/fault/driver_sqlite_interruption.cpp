// SPDX-License-Identifier: BSD-3-Clause
#include <boost/asio/bind_cancellation_slot.hpp>
#include <boost/asio/cancellation_signal.hpp>
#include <boost/asio/detached.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/thread_pool.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <boost/asio/use_future.hpp>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include <future>
#include <thread>

#include "sqlite/driver_support.hpp"

namespace gino::sqlite::test {
namespace {

namespace asio = boost::asio;
using driver::transaction_status;
using namespace std::chrono_literals;

/// A query that never ends.
constexpr const char* endless =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT count(*) FROM n";

constexpr const char* endless_rows =
    "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) SELECT i FROM n";

/// A sink that signals the arrival of the first row, which shows that the statement is running.
class signalling_sink final : public driver::row_sink {
public:
    void columns(std::span<const column_description> /*c*/, const field_decoder& /*d*/) override {}

    void row(std::span<const driver::field_slice> /*fields*/) override {
        if (rows++ == 0) {
            started.set_value();
        }
    }

    std::promise<void> started;
    std::size_t rows = 0;
};

driver::request request_of(const char* sql) {
    driver::request request;
    request.sql = sql;
    return request;
}

/// Runs a statement on another thread until it is interrupted; the future has its SQLSTATE.
std::future<std::string> run_aside(
    driver::connection& on, const char* sql, driver::row_sink& sink
) {
    return std::async(std::launch::async, [&on, sql, &sink]() -> std::string {
        const auto request = request_of(sql);
        try {
            run([&] { return on.execute(request, sink); });
        } catch (const operational_error& ended) {
            return ended.sqlstate();
        }
        return "nothing";
    });
}

/// Repeats the interruption until the statement has ended, because it may not have begun yet.
std::string interrupt_until_over(driver::connection& on, std::future<std::string>& running) {
    do {
        on.interrupt();
    } while (running.wait_for(1ms) != std::future_status::ready);
    return running.get();
}

/// Waits until another session has begun to write.
void wait_until_written(const blocking_session& session) {
    while (true) {
        try {
            session.execute("BEGIN IMMEDIATE");
        } catch (const operational_error& /*busy*/) {
            return;
        }
        session.execute("ROLLBACK");
    }
}

TEST(SqliteInterrupt, EndsAStatementFromAnotherThread) {
    const blocking_session session("sqlite://");
    discarding_sink sink;

    auto running = run_aside(session.raw(), endless, sink);

    EXPECT_EQ(interrupt_until_over(session.raw(), running), "57014");
    EXPECT_TRUE(session.raw().is_open());
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
}

TEST(SqliteInterrupt, EndsALargeResultBetweenItsBatches) {
    const blocking_session session("sqlite://");
    signalling_sink sink;

    auto running = run_aside(session.raw(), endless_rows, sink);
    sink.started.get_future().wait();
    session.raw().interrupt();

    EXPECT_EQ(running.get(), "57014");
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
}

TEST(SqliteInterrupt, EndsAWaitForAnotherWriter) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db", "?busy_timeout=86400000")));
    const blocking_session first(*driver);
    const blocking_session second(*driver);
    first.execute("BEGIN IMMEDIATE");
    discarding_sink sink;

    auto running = run_aside(second.raw(), "CREATE TABLE t (a)", sink);

    EXPECT_EQ(interrupt_until_over(second.raw(), running), "57014");
    first.execute("COMMIT");
    second.execute("CREATE TABLE t (a)");
}

TEST(SqliteInterrupt, KeepsOpenCursors) {
    const blocking_session session("sqlite://");
    const auto request = request_of("SELECT 1 UNION ALL SELECT 2");
    const auto cursor = run([&] { return session.raw().open_cursor(request); });
    collecting_sink rows;
    EXPECT_EQ(run([&] { return cursor->fetch(1, rows); }), 1U);
    discarding_sink sink;

    auto running = run_aside(session.raw(), endless, sink);

    EXPECT_EQ(interrupt_until_over(session.raw(), running), "57014");
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
    EXPECT_EQ(run([&] { return cursor->fetch(1, rows); }), 1U);
    EXPECT_EQ(rows.rows.at(1).at(0), number(2));
}

TEST(SqliteInterrupt, RollsBackTheTransactionOfAnInterruptedWrite) {
    const temporary_folder folder;
    const blocking_session session(folder.url("app.db"));
    const blocking_session other(folder.url("app.db", "?busy_timeout=0"));
    session.execute("CREATE TABLE t (a)");
    session.execute("BEGIN");
    discarding_sink sink;

    auto running = run_aside(
        session.raw(),
        "WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n) "
        "INSERT INTO t SELECT i FROM n WHERE i % 1000000 = 0",
        sink
    );
    wait_until_written(other);

    EXPECT_EQ(interrupt_until_over(session.raw(), running), "57014");
    EXPECT_EQ(session.status(), transaction_status::failed);
    EXPECT_THROW(session.execute("INSERT INTO t VALUES (2)"), operational_error);
    session.execute("ROLLBACK");
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteInterrupt, RollsBackExecuteMany) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a)");
    const std::vector<value> values(2, number(1));
    const std::vector<driver::parameter> parameters{
        {.bound = &values[0], .type = {}}, {.bound = &values[1], .type = {}}};
    auto running = std::async(std::launch::async, [&]() -> std::string {
        driver::request request = request_of(
            "WITH RECURSIVE n (i) AS (SELECT ? UNION ALL SELECT i + 1 FROM n) "
            "INSERT INTO t SELECT i FROM n WHERE i % 1000000 = 0"
        );
        request.parameters = parameters;
        try {
            run([&] { return session.raw().execute_many(request, 2); });
        } catch (const operational_error& ended) {
            return ended.sqlstate();
        }
        return "nothing";
    });

    EXPECT_EQ(interrupt_until_over(session.raw(), running), "57014");
    EXPECT_EQ(session.status(), transaction_status::idle);
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

/// A coroutine that runs a statement, and its outcome.
class cancelled_statement {
public:
    cancelled_statement(driver::connection& on, const char* sql, driver::row_sink& sink) {
        asio::co_spawn(
            context_,
            [&on, sql, &sink]() -> awaitable<void> {
                const auto request = request_of(sql);
                auto done = co_await on.execute(request, sink);
            },
            asio::bind_cancellation_slot(
                signal_.slot(), [this](std::exception_ptr why) { outcome_ = why; }
            )
        );
    }

    void cancel() { signal_.emit(asio::cancellation_type::terminal); }

    asio::io_context& context() { return context_; }

    /// Runs the coroutine to its end, and returns the code of its error.
    errc code() {
        context_.run();
        if (outcome_ == nullptr) {
            throw std::logic_error("the statement was not cancelled");
        }
        try {
            std::rethrow_exception(outcome_);
        } catch (const error& why) {
            return why.code();
        }
    }

private:
    asio::cancellation_signal signal_;
    asio::io_context context_;
    std::exception_ptr outcome_;
};

TEST(SqliteCancellation, EndsAStatement) {
    const blocking_session session("sqlite://");
    discarding_sink sink;
    cancelled_statement statement(session.raw(), endless, sink);

    statement.context().run_one();  // starts the statement
    asio::post(statement.context(), [&] { statement.cancel(); });

    EXPECT_EQ(statement.code(), errc::cancelled);
    EXPECT_TRUE(session.raw().is_open());
    EXPECT_EQ(session.scalar("SELECT 1"), number(1));
}

TEST(SqliteCancellation, RunsNothingWhenItPrecedesTheCall) {
    const blocking_session session("sqlite://");
    asio::cancellation_signal signal;
    asio::io_context context;
    errc code{};
    asio::co_spawn(
        context,
        [&]() -> awaitable<void> {
            co_await asio::this_coro::throw_if_cancelled(false);
            signal.emit(asio::cancellation_type::terminal);
            discarding_sink sink;
            const auto request = request_of("CREATE TABLE t (a)");
            try {
                auto never = co_await session.raw().execute(request, sink);
            } catch (const error& why) {
                code = why.code();
            }
        },
        asio::bind_cancellation_slot(signal.slot(), asio::detached)
    );

    context.run();

    EXPECT_EQ(code, errc::cancelled);
    session.execute("CREATE TABLE t (a)");
}

TEST(SqliteCancellation, EndsALargeResultBetweenItsBatches) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a)");

    class cancelling_sink final : public driver::row_sink {
    public:
        void columns(
            std::span<const column_description> /*c*/, const field_decoder& /*d*/
        ) override {}

        void row(std::span<const driver::field_slice> /*fields*/) override {
            if (cancel) {
                cancel();
            }
        }

        std::function<void()> cancel;
    };

    cancelling_sink sink;
    cancelled_statement statement(session.raw(), endless_rows, sink);
    sink.cancel = [&] { statement.cancel(); };

    EXPECT_EQ(statement.code(), errc::cancelled);
    session.execute("DROP TABLE t");  // succeeds only if no statement still reads
}

TEST(SqliteCancellation, KeepsACompletedStatement) {
    const blocking_session session("sqlite://");
    discarding_sink sink;
    cancelled_statement statement(session.raw(), "CREATE TABLE t (a)", sink);

    statement.context().run_one();
    // The statement may have ended or not; in both cases it has run completely or not at all.
    statement.cancel();
    statement.context().run();

    EXPECT_TRUE(session.raw().is_open());
    session.execute("CREATE TABLE IF NOT EXISTS t (a)");
    EXPECT_EQ(session.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteDestruction, UnwindsAStatementDestroyedWithItsEventLoop) {
    const auto driver = make_driver(gino::url("sqlite://"));
    bool is_unwound = false;
    bool has_begun = false;
    {
        asio::io_context context;
        asio::co_spawn(
            context,
            [&]() -> awaitable<void> {
                struct mark {
                    bool& set;

                    explicit mark(bool& into) : set(into) {}

                    mark(const mark&) = delete;
                    mark& operator=(const mark&) = delete;

                    ~mark() { set = true; }
                };

                const mark unwound(is_unwound);
                const asio::any_io_executor executor = co_await asio::this_coro::executor;
                auto connection = co_await driver->connect(executor, 1s);
                discarding_sink sink;
                const auto request = request_of(endless);
                has_begun = true;
                auto never = co_await connection->execute(request, sink);
            },
            asio::detached
        );
        while (!has_begun) {
            context.run_one();
        }
    }

    EXPECT_TRUE(is_unwound);
}

TEST(SqliteDestruction, RollsBackAnOpenTransaction) {
    const temporary_folder folder;
    const blocking_session reader(folder.url("app.db"));
    reader.execute("CREATE TABLE t (a)");
    {
        const blocking_session writer(folder.url("app.db"));
        writer.execute("BEGIN IMMEDIATE");
        writer.execute("INSERT INTO t VALUES (1)");
    }

    reader.execute("BEGIN IMMEDIATE");

    EXPECT_EQ(reader.scalar("SELECT count(*) FROM t"), number(0));
}

TEST(SqliteThreads, RunManySessionsOnAThreadPool) {
    const temporary_folder folder;
    const auto driver = make_driver(gino::url(folder.url("app.db", "?synchronous=off")));
    const blocking_session checker(*driver);
    checker.execute("CREATE TABLE t (a)");
    asio::thread_pool pool(3);
    std::vector<std::future<void>> all;

    for (int task = 0; task < 6; ++task) {
        all.push_back(asio::co_spawn(
            pool,
            [&]() -> awaitable<void> {
                const asio::any_io_executor executor = co_await asio::this_coro::executor;
                auto connection = co_await driver->connect(executor, 10s);
                discarding_sink sink;
                const auto insert = request_of("INSERT INTO t VALUES (1)");
                const auto select = request_of("SELECT * FROM t");
                for (int i = 0; i < 20; ++i) {
                    auto inserted = co_await connection->execute(insert, sink);
                    auto selected = co_await connection->execute(select, sink);
                }
                co_await connection->close();
            },
            asio::use_future
        ));
    }
    for (auto& one : all) {
        one.get();
    }

    EXPECT_EQ(checker.scalar("SELECT count(*) FROM t"), number(120));
}

TEST(SqliteThreads, CompleteOrCancelStatementsAtomically) {
    const blocking_session session("sqlite://");
    session.execute("CREATE TABLE t (a)");
    int stored = 0;

    for (int round = 0; round < 300; ++round) {
        discarding_sink sink;
        cancelled_statement statement(session.raw(), "INSERT INTO t VALUES (1), (2)", sink);
        statement.context().run_one();
        for (int spin = 0; spin < round * 20; ++spin) {
            std::this_thread::yield();
        }
        statement.cancel();
        statement.context().run();
        const value count = session.scalar("SELECT count(*) FROM t");
        ASSERT_TRUE(count == number(stored) || count == number(stored + 2));
        stored = static_cast<int>(*count.get_if<std::int64_t>());
    }
}

}  // namespace
}  // namespace gino::sqlite::test
