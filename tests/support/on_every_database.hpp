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
/// The parameter is the database's name. SQLite is a file of the test's own; PostgreSQL is the
/// server of GINO_TEST_POSTGRESQL, where each test has a schema of its own. Without that server a
/// test is skipped, or fails if GINO_TEST_REQUIRE_SERVERS is 1.
class on_every_database : public ::testing::TestWithParam<std::string> {
protected:
    void SetUp() override;
    void TearDown() override;

    /// Where the test's database is.
    [[nodiscard]] const std::string& url() const noexcept { return url_; }

    [[nodiscard]] bool is_sqlite() const { return GetParam() == "sqlite"; }

    /// Runs a coroutine to its end; what it throws fails the test.
    void run(const std::function<awaitable<void>()>& body);

    /// As run(), with a database of these models that is bound, created, and closed at the end. The
    /// statements that are sent after create_all() are in `log()`.
    template <class... Models>
    void run_with(
        model_list<Models...> models, const std::function<awaitable<void>(database&)>& body
    ) {
        database db{models};
        run_bound(db, body);
    }

    /// The statements that were sent, in order.
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
