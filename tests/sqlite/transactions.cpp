// SPDX-License-Identifier: BSD-3-Clause
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <exception>

namespace {

gino::awaitable<void> commit_after_sqlite_has_rolled_back() {
    gino::database db{gino::models<>};
    co_await db.set_bind("sqlite://");
    auto tx = co_await db.begin();
    co_await tx.status(gino::text("CREATE TABLE t (a UNIQUE)"));
    co_await tx.status(gino::text("INSERT INTO t VALUES (1)"));
    bool has_failed = false;
    try {
        co_await tx.status(gino::text("INSERT OR ROLLBACK INTO t VALUES (1)"));
    } catch (const gino::unique_violation&) {
        has_failed = true;
    }
    EXPECT_TRUE(has_failed);
    gino::errc code{};
    try {
        co_await tx.commit();
    } catch (const gino::operational_error& e) {
        code = e.code();
    }
    EXPECT_EQ(code, gino::errc::transaction_aborted);
    co_await db.close();
}

// SQLite has ended the transaction by itself, and the program goes on as if it were open.
TEST(SqliteTransactionObject, ReportsACommitAfterSqliteHasRolledBack) {
    boost::asio::io_context context;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        context,
        commit_after_sqlite_has_rolled_back(),
        [&](const std::exception_ptr& thrown) { failure = thrown; }
    );
    context.run();
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
}

}  // namespace
