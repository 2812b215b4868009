// SPDX-License-Identifier: BSD-3-Clause
// The driver layer by itself, without models, the expression language, or a pool: connect, query,
// stream, COPY, NOTIFY, cancel a statement.
//
//     use_the_driver_alone [URL]     postgresql://me@localhost/app; other databases are skipped
#include <gino/driver/copy.hpp>
#include <gino/driver/notification.hpp>
#include <gino/driver/postgresql/driver.hpp>
#include <gino/types/mapping.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/experimental/awaitable_operators.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/this_coro.hpp>
#include <boost/asio/use_awaitable.hpp>

#include <chrono>
#include <exception>
#include <iostream>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace asio = boost::asio;
using namespace std::chrono_literals;
// NOLINTNEXTLINE(misc-unused-using-decls)
using boost::asio::experimental::awaitable_operators::operator||;

/// A sink that adds up the first column of the rows.
class sum final : public gino::driver::row_sink {
public:
    std::int64_t total = 0;

private:
    void columns(
        std::span<const gino::column_description> columns, const gino::field_decoder& decoder
    ) override {
        column_ = &columns[0];
        decoder_ = &decoder;
    }

    void row(std::span<const gino::driver::field_slice> fields) override {
        const gino::field_view field(fields[0].data, fields[0].size, *column_, *decoder_);
        total += gino::load_field<std::int64_t>(field);
    }

    const gino::column_description* column_ = nullptr;
    const gino::field_decoder* decoder_ = nullptr;
};

/// The numbers from 1 on, as rows for COPY.
class numbers final : public gino::driver::row_source {
public:
    explicit numbers(std::int64_t last) : last_(last) {}

    bool next(std::vector<gino::value>& row) override {
        row = {gino::value(next_)};
        return next_++ <= last_;
    }

private:
    std::int64_t next_ = 1;
    std::int64_t last_;
};

gino::awaitable<void> use_the_driver_alone(gino::url where) {
    const auto driver = gino::postgresql::make_driver(where);
    const auto executor = co_await asio::this_coro::executor;
    auto connection = co_await driver->connect(executor, 5s);
    std::cout << "connected to " << driver->description() << '\n';

    // Query: values are bound, never written into the text.
    const gino::value seven(std::int64_t{7});
    const gino::driver::parameter bound{.bound = &seven, .type = {.kind = gino::type_kind::bigint}};
    const gino::driver::request question{.sql = "SELECT $1 * 6", .parameters = {&bound, 1}};
    sum answer;
    co_await connection->execute(question, answer);
    std::cout << "7 * 6 = " << answer.total << '\n';

    // Stream: a cursor asks for a thousand rows at a time, so that the rest waits at the server.
    co_await connection->execute_script("BEGIN");
    const gino::driver::request many{.sql = "SELECT generate_series(1, 100000)::bigint"};
    auto cursor = co_await connection->open_cursor(many);
    sum streamed;
    for (std::size_t read = 1000; read == 1000;) {
        read = co_await cursor->fetch(1000, streamed);
    }
    co_await connection->execute_script("COMMIT");
    std::cout << "1 + ... + 100000 = " << streamed.total << '\n';

    // COPY: rows go in as fast as the server takes them.
    co_await connection->execute_script("CREATE TEMP TABLE copied (n bigint)");
    const gino::sql_type bigint{.kind = gino::type_kind::bigint};
    numbers rows(100000);
    auto* const copier = connection->copying();
    const auto done =
        co_await copier->copy_rows_in("COPY copied (n) FROM STDIN", {&bigint, 1}, rows);
    std::cout << done.affected_rows << " rows copied\n";

    // NOTIFY: another session sends a notification, this one receives it.
    auto* const notifier = connection->notifications();
    notifier->on_notification([](const gino::driver::notification& heard) {
        std::cout << "heard on " << heard.channel << ": " << heard.payload << '\n';
    });
    co_await connection->execute_script("LISTEN news");
    auto other = co_await driver->connect(executor, 5s);
    co_await other->execute_script("NOTIFY news, 'it works'");
    co_await notifier->wait_for_notification(5s);
    co_await other->close();

    // Cancel: a coroutine that is cancelled while it waits ends its statement, and keeps its
    // session.
    const gino::driver::request slow{.sql = "SELECT pg_sleep(60)::text::bigint"};
    asio::steady_timer timer(executor, 50ms);
    sum nothing;
    auto first =
        co_await (connection->execute(slow, nothing) || timer.async_wait(asio::use_awaitable));
    std::cout << (first.index() == 1 ? "the statement was ended" : "it was faster")
              << ", and the session is " << (connection->is_open() ? "open" : "closed") << '\n';
    co_await connection->close();
}

int main(int argc, char** argv) {
    const std::string where = argc > 1 ? argv[1] : "postgresql://";
    if (!where.starts_with("postgres")) {
        std::cout << "this example is for PostgreSQL\n";
        return 0;
    }
    asio::io_context context;
    int exit_code = 0;
    asio::co_spawn(
        context,
        use_the_driver_alone(gino::postgresql::read_url(where)),
        [&](const std::exception_ptr& failure) {
            try {
                if (failure != nullptr) {
                    std::rethrow_exception(failure);
                }
            } catch (const std::exception& e) {
                std::cerr << e.what() << '\n';
                exit_code = 1;
            }
        }
    );
    context.run();
    return exit_code;
}
