// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/postgresql/driver.hpp>
#include <gino/driver/sqlite/driver.hpp>

#include <boost/asio/this_coro.hpp>
#include <gmock/gmock.h>

#include <deque>
#include <memory>

#include "support/number_sink.hpp"
#include "support/on_every_database.hpp"

// Several statements in one call of a driver.
namespace {

using testing::ElementsAre;
using namespace std::chrono_literals;
using gino::driver::pipeline_sync;
using gino::driver::pipelined;
using gino::testing::number_sink;

class Pipeline : public gino::testing::on_every_database {
protected:
    void run_pipeline(const std::function<gino::awaitable<void>(gino::driver::connection&)>& body) {
        run([&]() -> gino::awaitable<void> {
            const gino::url where = gino::read_url(url());
            const auto driver = is_sqlite() ? gino::sqlite::make_driver(where)
                                            : gino::postgresql::make_driver(where);
            const auto executor = co_await boost::asio::this_coro::executor;
            auto connection = co_await driver->connect(executor, 5s);
            co_await connection->execute_script(
                "CREATE TABLE gino_pipeline (n BIGINT PRIMARY KEY CHECK (n > 0))"
            );
            co_await body(*connection);
            co_await connection->close();
        });
    }

    /// Returns a statement with a number as its parameter.
    pipelined statement(const char* sql, std::int64_t n, gino::driver::row_sink* sink = nullptr) {
        values_.emplace_back(n);
        parameters_.push_back({.bound = &values_.back(), .type = {.kind = gino::type_kind::bigint}}
        );
        return {.statement = {.sql = sql, .parameters = {&parameters_.back(), 1}}, .sink = sink};
    }

    [[nodiscard]] const char* insert() const {
        return is_sqlite() ? "INSERT INTO gino_pipeline VALUES (?)"
                           : "INSERT INTO gino_pipeline VALUES ($1)";
    }

    [[nodiscard]] const char* select() const {
        return is_sqlite() ? "SELECT n FROM gino_pipeline WHERE n >= ? ORDER BY n"
                           : "SELECT n FROM gino_pipeline WHERE n >= $1 ORDER BY n";
    }

    gino::awaitable<std::vector<std::int64_t>> stored(gino::driver::connection& on) {
        number_sink sink;
        const auto all = statement(select(), 0);
        co_await on.execute(all.statement, sink);
        co_return sink.numbers;
    }

private:
    std::deque<gino::value> values_;
    std::deque<gino::driver::parameter> parameters_;
};

GINO_ON_EVERY_DATABASE(Pipeline);

TEST_P(Pipeline, RunsEachStatementInItsOrder) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        number_sink first;
        number_sink second;
        number_sink none;
        std::vector<pipelined> all{
            statement(insert(), 1),
            statement(select(), 0, &first),
            statement(insert(), 2),
            statement(select(), 0, &second),
            statement(select(), 100, &none)};
        co_await on.execute_pipeline(all, pipeline_sync::each);
        for (const auto& one : all) {
            EXPECT_EQ(one.failure, nullptr);
        }
        EXPECT_EQ(all[0].result.affected_rows, 1U);
        EXPECT_THAT(first.numbers, ElementsAre(1));
        EXPECT_THAT(second.numbers, ElementsAre(1, 2));
        EXPECT_EQ(none.results, 1);
        std::vector<pipelined> nothing;
        co_await on.execute_pipeline(nothing, pipeline_sync::each);
        co_await on.execute_pipeline(nothing, pipeline_sync::batch);
    });
}

TEST_P(Pipeline, CanBeRunAgain) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        number_sink sink;
        std::vector<pipelined> all{statement(insert(), 1), statement(select(), 0, &sink)};
        co_await on.execute_pipeline(all, pipeline_sync::each);
        co_await on.execute_pipeline(all, pipeline_sync::each);
        EXPECT_THROW(std::rethrow_exception(all[0].failure), gino::unique_violation);
        EXPECT_EQ(all[1].result.affected_rows, 1U);
        EXPECT_EQ(sink.results, 2);
        EXPECT_THAT(sink.numbers, ElementsAre(1, 1));
        all.erase(all.begin());
        co_await on.execute_pipeline(all, pipeline_sync::batch);
        EXPECT_EQ(all[0].failure, nullptr);
        EXPECT_EQ(sink.results, 3);
    });
}

TEST_P(Pipeline, UnparsableStatementFailsAlone) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        const pipelined wrong{.statement = {.sql = "SELECT nothing FROM nowhere"}};
        std::vector<pipelined> all{statement(insert(), 1), wrong, statement(insert(), 2)};
        co_await on.execute_pipeline(all, pipeline_sync::each);
        EXPECT_EQ(all[0].failure, nullptr);
        EXPECT_THROW(std::rethrow_exception(all[1].failure), gino::programming_error);
        EXPECT_EQ(all[2].failure, nullptr);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
        std::vector<pipelined> batch{statement(insert(), 3), wrong, statement(insert(), 4)};
        co_await on.execute_pipeline(batch, pipeline_sync::batch);
        EXPECT_THROW(std::rethrow_exception(batch[0].failure), gino::operational_error);
        EXPECT_THROW(std::rethrow_exception(batch[1].failure), gino::programming_error);
        EXPECT_THROW(std::rethrow_exception(batch[2].failure), gino::operational_error);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
    });
}

TEST_P(Pipeline, InvalidValueFailsAlone) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        const gino::value text(std::string("a\0b", 3));
        const gino::driver::parameter wrong{
            .bound = &text, .type = {.kind = gino::type_kind::text}};
        const char* const sql = is_sqlite() ? "SELECT ?" : "SELECT $1";
        const pipelined unsendable{.statement = {.sql = sql, .parameters = {&wrong, 1}}};
        std::vector<pipelined> all{statement(insert(), 1), unsendable, statement(insert(), 2)};
        co_await on.execute_pipeline(all, pipeline_sync::each);
        EXPECT_EQ(all[0].failure, nullptr);
        EXPECT_THROW(std::rethrow_exception(all[1].failure), gino::argument_error);
        EXPECT_EQ(all[2].failure, nullptr);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
        all[0] = statement(insert(), 3);
        EXPECT_THROW(co_await on.execute_pipeline(all, pipeline_sync::batch), gino::argument_error);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
        std::vector<pipelined> none{unsendable};
        co_await on.execute_pipeline(none, pipeline_sync::each);
        EXPECT_THROW(std::rethrow_exception(none[0].failure), gino::argument_error);
    });
}

/// A sink that throws for every row.
class picky_sink final : public gino::driver::row_sink {
    void columns(
        std::span<const gino::column_description> /*columns*/,
        const gino::field_decoder& /*decoder*/
    ) override {}

    void row(std::span<const gino::driver::field_slice> /*fields*/) override {
        throw std::runtime_error("not this one");
    }
};

TEST_P(Pipeline, ThrowingSinkUndoesNothing) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        for (const auto sync : {pipeline_sync::each, pipeline_sync::batch}) {
            const int number = sync == pipeline_sync::each ? 1 : 2;
            picky_sink picky;
            std::vector<pipelined> all{
                statement(insert(), number),
                statement(select(), 0, &picky),
                statement(insert(), number + 10)};
            co_await on.execute_pipeline(all, sync);
            EXPECT_EQ(all[0].failure, nullptr);
            EXPECT_THROW(std::rethrow_exception(all[1].failure), std::runtime_error);
            EXPECT_EQ(all[2].failure, nullptr);
        }
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2, 11, 12));
    });
}

TEST_P(Pipeline, FailureNeverAffectsOtherStatements) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        std::vector<pipelined> all{
            statement(insert(), 1), statement(insert(), -1), statement(insert(), 2)};
        co_await on.execute_pipeline(all, pipeline_sync::each);
        EXPECT_EQ(all[0].failure, nullptr);
        EXPECT_NE(all[1].failure, nullptr);
        EXPECT_THROW(std::rethrow_exception(all[1].failure), gino::check_violation);
        EXPECT_EQ(all[2].failure, nullptr);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
    });
}

TEST_P(Pipeline, BatchIsAllOrNothing) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        std::vector<pipelined> all{
            statement(insert(), 1), statement(insert(), -1), statement(insert(), 2)};
        co_await on.execute_pipeline(all, pipeline_sync::batch);
        EXPECT_THROW(std::rethrow_exception(all[0].failure), gino::operational_error);
        EXPECT_THROW(std::rethrow_exception(all[1].failure), gino::check_violation);
        EXPECT_THROW(std::rethrow_exception(all[2].failure), gino::operational_error);
        EXPECT_THAT(co_await stored(on), ElementsAre());
        std::vector<pipelined> good{statement(insert(), 1), statement(insert(), 2)};
        co_await on.execute_pipeline(good, pipeline_sync::batch);
        EXPECT_EQ(good[1].failure, nullptr);
        EXPECT_THAT(co_await stored(on), ElementsAre(1, 2));
    });
}

TEST_P(Pipeline, RunsHundredsOfStatements) {
    run_pipeline([&](gino::driver::connection& on) -> gino::awaitable<void> {
        std::vector<pipelined> all;
        for (std::int64_t n = 1; n <= 500; ++n) {
            all.push_back(statement(insert(), n));
        }
        co_await on.execute_pipeline(all, pipeline_sync::each);
        EXPECT_EQ((co_await stored(on)).size(), 500U);
    });
}

}  // namespace
