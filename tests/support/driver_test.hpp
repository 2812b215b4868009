// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/postgresql/driver.hpp>
#include <gino/driver/url.hpp>

#include <boost/asio/this_coro.hpp>

#include <chrono>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "support/on_every_database.hpp"
#include "support/value_sink.hpp"

namespace gino::testing {

/// A test of the PostgreSQL driver.
class driver_test : public on_every_database {
protected:
    using connection = driver::connection;
    using rows = std::vector<std::vector<value>>;

    /// Runs `body` with a connection for the test's URL and more parameters.
    void run_connected(
        const std::string& more, const std::function<awaitable<void>(connection&)>& body
    ) {
        run([&]() -> awaitable<void> {
            auto opened = co_await open(more);
            co_await body(*opened);
            co_await opened->close();
        });
    }

    [[nodiscard]] awaitable<std::unique_ptr<connection>> open(std::string more) {
        driver_ = postgresql::make_driver(read_url(url() + more));
        const auto executor = co_await boost::asio::this_coro::executor;
        auto opened = co_await driver_->connect(executor, std::chrono::seconds(10));
        co_return opened;
    }

    [[nodiscard]] static awaitable<rows> ask(connection& on, std::string sql) {
        value_sink answer;
        const driver::request request{.sql = sql};
        co_await on.execute(request, answer);
        co_return std::move(answer.rows);
    }

    std::unique_ptr<driver::driver> driver_;
};

}  // namespace gino::testing
