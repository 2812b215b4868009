// SPDX-License-Identifier: BSD-3-Clause
#include "golden/documented_rows.hpp"

#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/dialect/sqlite/dialect.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <gtest/gtest.h>

#include <algorithm>
#include <charconv>
#include <cstdlib>
#include <fstream>
#include <iterator>
#include <sstream>
#include <unistd.h>

namespace golden {

namespace {

gino::timestamp at(const char* text) {
    return *gino::parse_timestamp(text);
}

// Inserts the rows that docs/reference/sql/README.md shows.
gino::awaitable<void> insert_rows(gino::transaction& on, bool is_sqlite) {
    std::vector<team> teams{
        {.id = 1, .name = "red"}, {.id = 2, .name = "blue"}, {.id = 3, .name = "x"}};
    const std::vector<user> users{
        {.id = 1, .nickname = "ann", .age = 30, .team_id = 1},
        {.id = 2, .nickname = "bob", .team_id = 1},
        {.id = 3, .nickname = "cid", .age = 12, .team_id = 2},
        {.id = 4, .nickname = "x", .age = 7},
        {.id = 7, .nickname = "zoe", .age = 18, .team_id = 3}};
    std::vector<document> documents{
        {.id = 1,
         .body = boost::json::parse(R"({"name": "ann", "age": 30, "tags": ["a", "b"]})"),
         .written = at("2024-02-29 12:30:15.25")},
        {.id = 2,
         .body = boost::json::parse(R"({"name": "bob", "age": 7, "address": {"zip": "1000"}})"),
         .written = at("2023-12-31 23:59:59")}};
    co_await on.create_many(teams);
    for (const auto& one : users) {  // create() would replace an empty age by the server's default
        co_await on.status(gino::insert<user>().values(
            user::c.id = one.id,
            user::c.nickname = one.nickname,
            user::c.age = one.age,
            user::c.team_id = one.team_id
        ));
    }
    co_await on.create_many(documents);
    if (!is_sqlite) {
        co_await on.all(
            gino::text("SELECT setval('teams_id_seq', 3), setval('users_id_seq', 7), "
                       "setval('documents_id_seq', 2)")
        );
    }
}

gino::awaitable<std::vector<std::string>> rows_on(std::string url, const rows_of& run) {
    gino::engine engine = co_await gino::create_engine(url);
    gino::connection held = co_await engine.acquire();
    auto all = co_await held.begin();
    const gino::metadata tables(gino::models<team, user, document>.tables());
    const bool is_sqlite = url.starts_with("sqlite");
    const gino::dialect& by = is_sqlite ? gino::sqlite::dialect() : gino::postgresql::dialect();
    if (!is_sqlite) {
        const std::string schema = "documented_" + std::to_string(::getpid());
        co_await held.execute_script(
            "CREATE SCHEMA " + schema + "; SET LOCAL search_path TO " + schema
        );
    }
    co_await held.execute_script(gino::ddl(tables, by));
    co_await insert_rows(all, is_sqlite);
    auto lines = co_await run(all);
    co_await all.rollback();
    co_await held.release();
    co_await engine.close();
    co_return lines;
}

std::vector<std::string> lines_of(const std::string& url, const rows_of& run) {
    boost::asio::io_context io;
    std::vector<std::string> lines;
    std::exception_ptr failure;
    boost::asio::co_spawn(
        io,
        rows_on(url, run),
        [&](const std::exception_ptr& thrown, std::vector<std::string> found) {
            failure = thrown;
            lines = std::move(found);
        }
    );
    io.run();
    if (failure != nullptr) {
        std::rethrow_exception(failure);
    }
    return lines;
}

std::string joined(std::vector<std::string> lines, bool has_order) {
    if (!has_order) {
        std::ranges::sort(lines);
    }
    std::string text;
    for (const auto& line : lines) {
        text += line + "\n";
    }
    return text.empty() ? "(none)\n" : text;
}

}  // namespace

std::string shown(double number) {
    char digits[32];
    return {std::begin(digits), std::to_chars(std::begin(digits), std::end(digits), number).ptr};
}

std::string shown(const team& one) {
    return shown(std::tuple(one.id, one.name));
}

std::string shown(const user& one) {
    return shown(std::tuple(one.id, one.nickname, one.age, one.team_id));
}

std::string shown(const document& one) {
    return shown(std::tuple(one.id, one.body, one.written));
}

std::string shown(const gino::row& row) {
    std::string text;
    for (std::size_t i = 0; i < row.size(); ++i) {
        text += (i == 0 ? "" : " | ") + to_string(row[i]);
    }
    return text;
}

void check_rows(const documented_rows& documented, const rows_of& run) {
    const char* server = std::getenv("GINO_TEST_POSTGRESQL");
    std::string found;
    if (server != nullptr) {
        found = joined(lines_of(server, run), documented.has_order);
        EXPECT_EQ(found, documented.wanted) << "PostgreSQL, " << documented.place;
    }
    if (documented.on_sqlite) {
        found = joined(lines_of("sqlite://", run), documented.has_order);
        EXPECT_EQ(found, documented.wanted) << "SQLite, " << documented.place;
    }
    if (const char* into = std::getenv("GINO_WRITE_DOCUMENTED_ROWS"); into != nullptr) {
        std::ofstream(into, std::ios::app) << "@ " << documented.place << "\n" << found;
    }
}

}  // namespace golden
