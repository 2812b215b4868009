// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <gtest/gtest.h>

#include <functional>
#include <string>
#include <vector>

namespace gino::testing {

/// A test that runs on every database: `TEST_P(Create, ...)` with
/// `GINO_ON_EVERY_DATABASE(Create);` in the file.
///
/// The parameter is the database's name. On SQLite, each test has its own file. On PostgreSQL, each
/// test has its own schema on the server of GINO_TEST_POSTGRESQL. Without that server a test is
/// skipped, or fails if GINO_TEST_REQUIRE_SERVERS is 1.
class on_every_database : public ::testing::TestWithParam<std::string> {
protected:
    void SetUp() override;
    void TearDown() override;

    /// Returns the URL of the test's database.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

    [[nodiscard]] bool is_sqlite() const { return GetParam() == "sqlite"; }

    /// Runs a coroutine to its end; an exception fails the test.
    void run(const std::function<awaitable<void>()>& body);

    /// Runs `body` like run(), with a bound database of these models, whose tables exist, and
    /// closes the database at the end. `log()` has the statements sent after create_all().
    template <class... Models>
    void run_with(
        model_list<Models...> models, const std::function<awaitable<void>(database&)>& body
    ) {
        database db{models};
        run_bound(db, body);
    }

    /// Returns the statements that were sent, in order.
    [[nodiscard]] std::vector<std::string>& log() noexcept { return log_; }

private:
    void run_bound(database& db, const std::function<awaitable<void>(database&)>& body);

    std::string url_;
    std::string file_;
    std::string schema_;
    std::vector<std::string> log_;
};

}  // namespace gino::testing

#define GINO_ON_EVERY_DATABASE(suite)                                                        \
    INSTANTIATE_TEST_SUITE_P(                                                                \
        ,                                                                                    \
        suite,                                                                               \
        ::testing::Values("sqlite", "postgresql"),                                           \
        [](const ::testing::TestParamInfo<std::string>& database) { return database.param; } \
    )
