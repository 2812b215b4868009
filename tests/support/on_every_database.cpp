// SPDX-License-Identifier: BSD-3-Clause
#include "support/on_every_database.hpp"

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>

#include <cstdlib>
#include <exception>
#include <filesystem>
#include <string_view>
#include <unistd.h>

namespace gino::testing {

namespace {

std::string unique_name() {
    static int made = 0;
    return "gino_test_" + std::to_string(::getpid()) + "_" + std::to_string(++made);
}

bool servers_are_required() {
    const char* required = std::getenv("GINO_TEST_REQUIRE_SERVERS");
    return required != nullptr && std::string_view(required) == "1";
}

}  // namespace

void on_every_database::SetUp() {
    if (is_sqlite()) {
        file_ = (std::filesystem::temp_directory_path() / (unique_name() + ".db")).string();
        url_ = "sqlite:///" + file_;
        return;
    }
    const char* server = std::getenv("GINO_TEST_POSTGRESQL");
    if (server == nullptr && servers_are_required()) {
        FAIL() << "GINO_TEST_POSTGRESQL is not set: run ./check, or scripts/databases.sh";
    }
    if (server == nullptr) {
        GTEST_SKIP() << "no PostgreSQL: GINO_TEST_POSTGRESQL is not set";
    }
    schema_ = unique_name();
    url_ = server;
    run([this]() -> awaitable<void> {
        engine on = co_await create_engine(url_);
        {
            connection c = co_await on.acquire();
            co_await c.execute_script("CREATE SCHEMA " + schema_);
            co_await c.release();
        }
        co_await on.close();
    });
    url_ += std::string(url_.find('?') == std::string::npos ? "?" : "&") +
            "options=-csearch_path%3D" + schema_;
}

void on_every_database::TearDown() {
    if (!file_.empty()) {
        for (const auto* suffix : {"", "-wal", "-shm"}) {
            std::filesystem::remove(file_ + suffix);
        }
    }
    if (!schema_.empty()) {
        run([this]() -> awaitable<void> {
            engine on = co_await create_engine(url_);
            {
                connection c = co_await on.acquire();
                co_await c.execute_script("DROP SCHEMA " + schema_ + " CASCADE");
                co_await c.release();
            }
            co_await on.close();
        });
    }
}

void on_every_database::run(const std::function<awaitable<void>()>& body) {
    boost::asio::io_context context;
    std::exception_ptr failure;
    bool finished = false;
    boost::asio::co_spawn(context, body(), [&](std::exception_ptr thrown) {
        failure = std::move(thrown);
        finished = true;
    });
    context.run();
    EXPECT_TRUE(finished) << "the coroutine never came to its end";
    if (failure != nullptr) {
        try {
            std::rethrow_exception(failure);
        } catch (const std::exception& e) {
            FAIL() << e.what();
        }
    }
}

void on_every_database::run_bound(
    database& db, const std::function<awaitable<void>(database&)>& body
) {
    run([&]() -> awaitable<void> {
        engine_options options;
        options.pool.max_size = 4;
        options.echo = [this](std::string_view line) { log_.emplace_back(line); };
        co_await db.set_bind(url_, options);
        co_await db.create_all();
        log_.clear();
        std::exception_ptr failure;
        try {
            co_await body(db);
        } catch (...) {
            failure = std::current_exception();
        }
        const auto before = db.bind().statistics();
        EXPECT_EQ(before.waiting, 0U);
        co_await db.close();
        if (failure != nullptr) {
            std::rethrow_exception(failure);
        }
    });
}

}  // namespace gino::testing
