// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/backup.hpp>

#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>

#include <chrono>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <unistd.h>

#include "support/on_every_database.hpp"

// Backup of a database that is in use.
namespace {

using namespace std::chrono_literals;
namespace asio = boost::asio;

struct line {
    std::int64_t id{};
    std::string words{};

    GINO_MODEL(line, "lines", id, words)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

class Backup : public gino::testing::on_every_database {
protected:
    void SetUp() override {
        on_every_database::SetUp();
        std::string name = std::filesystem::temp_directory_path() / "gino-backup-XXXXXX";
        ASSERT_NE(mkdtemp(name.data()), nullptr);
        folder_ = name;
    }

    void TearDown() override {
        std::filesystem::remove_all(folder_);
        on_every_database::TearDown();
    }

    [[nodiscard]] std::string file() const { return folder_ / "copy.db"; }

    void run_lines(const std::function<gino::awaitable<void>(gino::database&)>& body) {
        run_with(gino::models<line>, [&](gino::database& db) -> gino::awaitable<void> {
            std::vector<line> lines;
            for (int i = 0; i < 2'000; ++i) {
                lines.push_back({.words = std::string(1'000, 'x')});
            }
            co_await db.create_many(lines);
            co_await body(db);
        });
    }

    static gino::awaitable<std::int64_t> count(std::string where) {
        gino::database copy;
        co_await copy.set_bind("sqlite:///" + where);
        const auto rows = co_await copy.scalar(gino::select(gino::func::count(line::c.id)));
        co_await copy.close();
        co_return rows.value_or(-1);
    }

    std::filesystem::path folder_;
};

INSTANTIATE_TEST_SUITE_P(, Backup, ::testing::Values("sqlite"));

TEST_P(Backup, IsAConsistentSnapshot) {
    run_lines([&](gino::database& db) -> gino::awaitable<void> {
        std::uint64_t steps = 0;
        std::uint64_t pages = 0;
        //! [backup]
        auto connection = co_await db.acquire();
        co_await gino::backup(connection, file(), [&](const gino::driver::backup_progress& now) {
            ++steps;
            pages = now.pages;
        });
        //! [backup]
        EXPECT_GT(pages, 400U);
        EXPECT_EQ(steps, (pages + 255) / 256);
        EXPECT_EQ(co_await count(file()), 2'000);
        // A second backup replaces the first one.
        line another{.words = "one more"};
        co_await db.create(another);
        co_await gino::backup(connection, file());
        EXPECT_EQ(co_await count(file()), 2'001);
        co_await connection.release();
    });
}

TEST_P(Backup, ContinuesDuringConcurrentWrites) {
    run_lines([&](gino::database& db) -> gino::awaitable<void> {
        auto connection = co_await db.acquire();
        int written = 0;
        const auto write = [&]() -> gino::awaitable<void> {
            for (; written < 20; ++written) {
                line another{.words = "meanwhile"};
                co_await db.create(another);
            }
        };
        const auto copy = [&]() -> gino::awaitable<void> {
            co_await gino::backup(connection, file());
        };
        using boost::asio::experimental::awaitable_operators::operator&&;
        co_await (write() && copy());
        EXPECT_EQ(written, 20);
        const auto rows = co_await count(file());
        EXPECT_GE(rows, 2'000);
        EXPECT_LE(rows, 2'020);
        co_await connection.release();
    });
}

TEST_P(Backup, LeavesTheFileUnchangedWhenAborted) {
    run_lines([&](gino::database& db) -> gino::awaitable<void> {
        auto connection = co_await db.acquire();
        co_await gino::backup(connection, file());
        line another{.words = "one more"};
        co_await db.create(another);
        const auto give_up = [](const gino::driver::backup_progress&) {
            throw std::runtime_error("no more");
        };
        EXPECT_THROW(co_await gino::backup(connection, file(), give_up), std::runtime_error);
        EXPECT_EQ(co_await count(file()), 2'000);
        EXPECT_TRUE(co_await db.get<line>(another.id));
        co_await gino::backup(connection, file());
        EXPECT_EQ(co_await count(file()), 2'001);
        co_await connection.release();
    });
}

TEST_P(Backup, RefusesItsOwnFileOtherFilesAndTransactions) {
    run_lines([&](gino::database& db) -> gino::awaitable<void> {
        auto connection = co_await db.acquire();
        const std::string self = url().substr(std::string_view("sqlite:///").size());
        EXPECT_THROW(co_await gino::backup(connection, self), gino::argument_error);
        std::ofstream(folder_ / "letter.txt") << std::string(5'000, 'a');
        const std::string letter = folder_ / "letter.txt";
        EXPECT_THROW(co_await gino::backup(connection, letter), gino::database_error);
        const std::string nowhere = folder_ / "no" / "folder.db";
        EXPECT_THROW(co_await gino::backup(connection, nowhere), gino::database_error);
        auto tx = co_await connection.begin();
        EXPECT_THROW(co_await gino::backup(connection, file()), gino::argument_error);
        co_await tx.rollback();
        co_await gino::backup(connection, file());
        co_await connection.release();
    });
}

}  // namespace
