// SPDX-License-Identifier: BSD-3-Clause
#include <gino/driver/copy.hpp>
#include <gino/gino.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/use_awaitable.hpp>
#include <gmock/gmock.h>

#include <array>
#include <cstdlib>
#include <memory>
#include <numeric>
#include <optional>
#include <vector>

#include "driver/postgresql/host_search.hpp"
#include "postgresql/gate.hpp"
#include "support/number_sink.hpp"

// Sessions with a real server whose bytes are cut off, stalled, cancelled, sent one by one and
// corrupted: the driver never crashes, hangs or returns a wrong result.
namespace {

namespace asio = boost::asio;
using namespace std::chrono_literals;
using asio::experimental::awaitable_operators::operator||;
using gino::testing::gate;
using gino::testing::gate_fault;
using gino::testing::number_sink;
namespace postgresql = gino::postgresql;

class few_rows final : public gino::driver::row_source {
public:
    bool next(std::vector<gino::value>& row) override {
        row = {gino::value(std::int64_t{left_})};
        return left_-- > 0;
    }

private:
    int left_ = 20;
};

class dropping_sink final : public gino::driver::copy_sink {
public:
    gino::awaitable<void> take(std::span<const std::byte> /*bytes*/) override { co_return; }
};

/// Uses a session's statements, pipelines, scripts, cursors, COPY and notifications.
gino::awaitable<void> use(gino::driver::connection& on) {
    number_sink sink;
    const gino::driver::request series{.sql = "SELECT generate_series(1, 40)::int8"};
    co_await on.execute(series, sink);
    co_await on.execute(series, sink);  // uses the prepared statement
    if (sink.numbers.size() != 80 ||
        std::accumulate(sink.numbers.begin(), sink.numbers.end(), std::int64_t{0}) != 1640) {
        throw std::logic_error("rows were lost or changed, and nobody said so");
    }
    number_sink sent_together;
    std::vector<gino::driver::pipelined> several(
        3, gino::driver::pipelined{.statement = series, .sink = &sent_together}
    );
    co_await on.execute_pipeline(several, gino::driver::pipeline_sync::each);
    co_await on.execute_pipeline(several, gino::driver::pipeline_sync::batch);
    if (sent_together.numbers.size() != 240) {
        throw std::logic_error("rows were lost or changed, and nobody said so");
    }
    co_await on.execute_script("BEGIN; CREATE TEMP TABLE few (n int8)");
    auto cursor = co_await on.open_cursor(series);
    number_sink some;
    co_await cursor->fetch(15, some);
    co_await cursor->close();
    static constexpr std::array<gino::sql_type, 1> types{{{.kind = gino::type_kind::bigint}}};
    few_rows rows;
    co_await on.copying()->copy_rows_in("COPY few (n) FROM STDIN", types, rows);
    dropping_sink out;
    co_await on.copying()->copy_out("COPY few TO STDOUT", out);
    co_await on.execute_script("COMMIT; LISTEN gate; NOTIFY gate, 'x'");
    co_await on.close();
}

struct ending {
    bool has_ended = false;
    std::exception_ptr failure;
    std::size_t passed = 0;
    int connections = 0;
    int readable_cancels = 0;

    [[nodiscard]] std::string message() const {
        try {
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        } catch (const gino::error&) {
            return "an error of gino";
        } catch (const std::exception& e) {
            return e.what();
        }
        return "";
    }
};

class Gate : public testing::TestWithParam<bool> {
protected:
    void SetUp() override {
        const char* where = std::getenv("GINO_TEST_POSTGRESQL");
        const char* required = std::getenv("GINO_TEST_REQUIRE_SERVERS");
        if (where == nullptr && required != nullptr) {
            FAIL() << "GINO_TEST_POSTGRESQL is not set: run ./check, or scripts/databases.sh";
        }
        if (where == nullptr) {
            GTEST_SKIP() << "no PostgreSQL: GINO_TEST_POSTGRESQL is not set";
        }
        server_ = gino::read_url(where);
    }

    /// Runs a complete session through a gate.
    ///
    /// @param patience         Time until the client is cancelled, from the stall of the gate, or
    ///                         from the start without a stall. 0: the client is not cancelled.
    /// @param cancel_timeout  Time that the server has to end the cancelled statement.
    ending run(
        gate_fault fault,
        std::chrono::milliseconds patience = 0ms,
        std::chrono::milliseconds cancel_timeout = 20ms
    ) {
        asio::io_context context;
        gate between(context, *server_->port, fault);
        postgresql::connect_options options;
        options.hosts = {
            {.host = "127.0.0.1",
             .address = {},
             .port = between.port(),
             .password = server_->password.value_or("")}};
        options.user = server_->user;
        options.database = server_->database;
        options.tls.mode =
            GetParam() ? postgresql::ssl_mode::require : postgresql::ssl_mode::disable;
        options.cancel_timeout = cancel_timeout;
        const postgresql::session_settings settings{
            .options = std::make_shared<const postgresql::connect_options>(std::move(options))};
        ending end;
        const auto session = [&]() -> gino::awaitable<void> {
            const auto executor = co_await asio::this_coro::executor;
            auto connection = co_await postgresql::connect(executor, settings, 5s);
            co_await use(*connection);
        };
        // `||` ends with the first success, so this coroutine stores a failure instead of throwing.
        const auto noted = [&]() -> gino::awaitable<void> {
            // After a cancellation between two calls, the next call of the driver reports it.
            co_await asio::this_coro::throw_if_cancelled(false);
            try {
                co_await session();
            } catch (...) {
                end.failure = std::current_exception();
            }
        };
        const auto patience_is_over = [&]() -> gino::awaitable<void> {
            asio::steady_timer timer(co_await asio::this_coro::executor);
            while (fault.stall_after != gate_fault::never && between.passed() < fault.stall_after) {
                timer.expires_after(1ms);
                co_await timer.async_wait(asio::use_awaitable);
            }
            timer.expires_after(patience);
            co_await timer.async_wait(asio::use_awaitable);
        };
        const auto watched = [&]() -> gino::awaitable<void> {
            if (patience == 0ms) {
                co_await noted();
                co_return;
            }
            co_await (noted() || patience_is_over());
        };
        asio::co_spawn(context, watched(), [&](const std::exception_ptr& /*none*/) {
            end.has_ended = true;
            between.stop();
            context.stop();
        });
        context.run_for(20s);
        end.passed = between.passed();
        end.connections = between.connections();
        end.readable_cancels = between.readable_cancels();
        EXPECT_TRUE(end.has_ended) << "the client hangs";
        return end;
    }

    [[nodiscard]] static std::size_t step() {
        return std::getenv("GINO_TEST_LONG") != nullptr ? 1 : 7;
    }

    std::optional<gino::url> server_;
};

INSTANTIATE_TEST_SUITE_P(, Gate, testing::Bool(), [](const auto& encrypted) {
    return encrypted.param ? "tls" : "plain";
});

TEST_P(Gate, PassesACompleteSession) {
    EXPECT_EQ(run({}).message(), "");
    EXPECT_EQ(run({.byte_by_byte = true}).message(), "");
}

// CVE-2020-25694: the connection of a CancelRequest has the same TLS setting as the session.
TEST_P(Gate, CancelRequestIsEncryptedLikeItsSession) {
    const std::size_t all = run({}).passed;
    const auto end = run({.stall_after = all / 2}, 30ms, 2s);
    EXPECT_EQ(end.message(), "an error of gino");
    EXPECT_EQ(end.connections, 2);
    EXPECT_EQ(end.readable_cancels, GetParam() ? 0 : 1);
}

TEST_P(Gate, CutAtAnyByteIsAnError) {
    const std::size_t all = run({}).passed;
    ASSERT_GT(all, 500U);
    for (std::size_t cut = 0; cut < all - 100; cut += step()) {
        const auto end = run({.cut_after = cut});
        EXPECT_EQ(end.message(), "an error of gino") << cut << " of " << all;
        if (HasFailure()) {
            break;
        }
    }
}

TEST_P(Gate, StallAtAnyByteCanBeCancelled) {
    const std::size_t all = run({}).passed;
    for (std::size_t stall = 0; stall < all - 100; stall += 13 * step()) {
        const auto end = run({.stall_after = stall}, 30ms);
        EXPECT_EQ(end.message(), "an error of gino") << stall << " of " << all;
        if (HasFailure()) {
            break;
        }
    }
}

// Without TLS, a changed value cannot be detected, but a changed length or type can. With TLS, the
// driver refuses every change.
TEST_P(Gate, CorruptionIsDetectedOrHarmless) {
    const std::size_t all = run({}).passed;
    for (std::size_t at = 0; at < all; at += 3 * step()) {
        const auto end = run({.corrupt_at = at}, 200ms);
        if (GetParam()) {
            EXPECT_NE(end.message(), "rows were lost or changed, and nobody said so") << at;
        }
        if (HasFailure()) {
            break;
        }
    }
}

}  // namespace
