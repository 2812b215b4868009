// SPDX-License-Identifier: BSD-3-Clause
// Measures the driver for PostgreSQL, and libpq for comparison: one measurement per run, printed as
// a line of JSON.
//
//     driver gino|libpq|raw select|pipeline20|pipeline100|rows|copy|connect URL
//
// select   20,000 prepared SELECTs of one row, one after the other
// pipeline20, pipeline100: the same, 20 or 100 in one round trip
// rows     1,000,000 rows of five columns into structs; raw: read and dropped
// copy     200,000 rows by binary COPY; libpq sends prepared buffers
// connect  200 connections
#include <gino/driver/postgresql/driver.hpp>
#include <gino/types/mapping.hpp>

#include <boost/asio/co_spawn.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/this_coro.hpp>
#include <libpq-fe.h>

#include <bit>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <endian.h>
#include <memory>
#include <poll.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>
#include <vector>

#include "driver_measurements.hpp"

namespace {

using namespace std::chrono_literals;
using namespace driver_measurements;

// gino.

class record_sink final : public gino::driver::row_sink {
public:
    std::vector<record> records;

private:
    void columns(
        std::span<const gino::column_description> columns, const gino::field_decoder& decoder
    ) override {
        columns_ = columns;
        decoder_ = &decoder;
    }

    [[nodiscard]] gino::field_view at(
        std::span<const gino::driver::field_slice> fields, std::size_t i
    ) const {
        return {fields[i].data, fields[i].size, columns_[i], *decoder_};
    }

    void row(std::span<const gino::driver::field_slice> fields) override {
        records.push_back(
            {gino::load_field<std::int64_t>(at(fields, 0)),
             gino::load_field<std::int32_t>(at(fields, 1)),
             gino::load_field<std::string>(at(fields, 2)),
             gino::load_field<double>(at(fields, 3)),
             gino::load_field<bool>(at(fields, 4))}
        );
    }

    std::span<const gino::column_description> columns_;
    const gino::field_decoder* decoder_ = nullptr;
};

class counting_sink final : public gino::driver::row_sink {
public:
    std::int64_t sum = 0;

private:
    void columns(
        std::span<const gino::column_description> columns, const gino::field_decoder& decoder
    ) override {
        column_ = &columns[0];
        decoder_ = &decoder;
    }

    void row(std::span<const gino::driver::field_slice> fields) override {
        const gino::field_view first(fields[0].data, fields[0].size, *column_, *decoder_);
        sum += gino::load_field<std::int64_t>(first);
    }

    const gino::column_description* column_ = nullptr;
    const gino::field_decoder* decoder_ = nullptr;
};

class copied final : public gino::driver::row_source {
public:
    bool next(std::vector<gino::value>& row) override {
        row.clear();
        row.emplace_back(next_);
        row.emplace_back(next_ % 1000);
        row.emplace_back("name " + std::to_string(next_));
        return next_++ < copied_rows;
    }

private:
    std::int64_t next_ = 0;
};

gino::awaitable<void> run_gino(std::string what, std::string url) {
    const auto driver = gino::postgresql::make_driver(gino::postgresql::read_url(url));
    const auto executor = co_await boost::asio::this_coro::executor;
    if (what == "connect") {
        const stopwatch watch;
        for (int i = 0; i < connections; ++i) {
            auto one = co_await driver->connect(executor, 10s);
            co_await one->close();
        }
        watch.print("gino", what);
        co_return;
    }
    auto connection = co_await driver->connect(executor, 10s);
    if (what == "select") {
        gino::value number(std::int64_t{0});
        const gino::driver::parameter bound{
            .bound = &number, .type = {.kind = gino::type_kind::bigint}};
        const gino::driver::request request{.sql = one_row, .parameters = {&bound, 1}};
        counting_sink sink;
        co_await connection->execute(request, sink);
        const stopwatch watch;
        for (std::int64_t i = 0; i < selects; ++i) {
            number = gino::value(i);
            co_await connection->execute(request, sink);
        }
        watch.print("gino", what);
        check(sink.sum == std::int64_t{selects} * (selects - 1) / 2, "wrong sum");
    } else if (const int batch = batch_of(what); batch > 0) {
        std::vector<gino::value> numbers(
            static_cast<std::size_t>(batch), gino::value(std::int64_t{1})
        );
        std::vector<gino::driver::parameter> bound;
        for (const auto& number : numbers) {
            bound.push_back({.bound = &number, .type = {.kind = gino::type_kind::bigint}});
        }
        counting_sink sink;
        std::vector<gino::driver::pipelined> all;
        for (const auto& one : bound) {
            all.push_back({.statement = {.sql = one_row, .parameters = {&one, 1}}, .sink = &sink});
        }
        co_await connection->execute_pipeline(all, gino::driver::pipeline_sync::batch);
        sink.sum = 0;
        const stopwatch watch;
        for (int i = 0; i < selects / batch; ++i) {
            co_await connection->execute_pipeline(all, gino::driver::pipeline_sync::batch);
        }
        watch.print("gino", what);
        check(sink.sum == selects, "wrong sum");
    } else if (what == "rows") {
        const gino::driver::request request{.sql = many_rows};
        const stopwatch watch;
        record_sink sink;
        co_await connection->execute(request, sink);
        watch.print("gino", what);
        check(sink.records.size() == 1'000'000, "wrong number of rows");
    } else {
        co_await connection->execute_script(make_table);
        static constexpr gino::sql_type types[] = {
            {.kind = gino::type_kind::bigint},
            {.kind = gino::type_kind::integer},
            {.kind = gino::type_kind::text}};
        const stopwatch watch;
        copied rows;
        const auto done = co_await connection->copy_rows_in(copy_statement, types, rows);
        watch.print("gino", what);
        check(done.affected_rows == copied_rows, "wrong number of rows");
    }
    co_await connection->close();
}

// libpq.

using session = std::unique_ptr<PGconn, decltype(&PQfinish)>;
using result = std::unique_ptr<PGresult, decltype(&PQclear)>;

session connect(const std::string& url) {
    session made(PQconnectdb(url.c_str()), &PQfinish);
    check(PQstatus(made.get()) == CONNECTION_OK, PQerrorMessage(made.get()));
    return made;
}

template <class Integer>
Integer big_endian(const char* bytes) {
    Integer n{};
    std::memcpy(&n, bytes, sizeof n);
    if constexpr (sizeof n == 8) {
        return static_cast<Integer>(be64toh(static_cast<std::uint64_t>(n)));
    } else {
        return static_cast<Integer>(be32toh(static_cast<std::uint32_t>(n)));
    }
}

void append(std::string& to, std::int64_t n, std::size_t size) {
    for (std::size_t i = size; i > 0; --i) {
        to += static_cast<char>(n >> (8 * (i - 1)));
    }
}

std::vector<std::string> ready_buffers() {
    std::vector<std::string> buffers;
    std::string now{"PGCOPY\n\xff\r\n\0\0\0\0\0\0\0\0\0", 19};
    for (std::int64_t i = 0; i < copied_rows; ++i) {
        const std::string name = "name " + std::to_string(i);
        append(now, 3, 2);
        append(now, 8, 4);
        append(now, i, 8);
        append(now, 4, 4);
        append(now, i % 1000, 4);
        append(now, static_cast<std::int64_t>(name.size()), 4);
        now += name;
        if (now.size() > 65'000) {
            buffers.push_back(std::move(now));
            now.clear();
        }
    }
    append(now, -1, 2);
    buffers.push_back(std::move(now));
    return buffers;
}

void run_libpq(const std::string& what, const std::string& url) {
    if (what == "connect") {
        const stopwatch watch;
        for (int i = 0; i < connections; ++i) {
            connect(url);
        }
        watch.print("libpq", what);
        return;
    }
    const session on = connect(url);
    if (what == "select") {
        result(PQprepare(on.get(), "s", one_row, 1, nullptr), &PQclear);
        const stopwatch watch;
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < selects; ++i) {
            const std::uint64_t sent = htobe64(static_cast<std::uint64_t>(i));
            const char* const value = reinterpret_cast<const char*>(&sent);
            const int length = 8;
            const int format = 1;
            const result got(
                PQexecPrepared(on.get(), "s", 1, &value, &length, &format, 1), &PQclear
            );
            sum += big_endian<std::int64_t>(PQgetvalue(got.get(), 0, 0));
        }
        watch.print("libpq", what);
        check(sum == std::int64_t{selects} * (selects - 1) / 2, "wrong sum");
    } else if (const int batch = batch_of(what); batch > 0) {
        result(PQprepare(on.get(), "s", one_row, 1, nullptr), &PQclear);
        check(PQenterPipelineMode(on.get()) == 1, "pipeline");
        PQsetnonblocking(on.get(), 1);
        const std::uint64_t sent = htobe64(1);
        const char* const value = reinterpret_cast<const char*>(&sent);
        const int length = 8;
        const int format = 1;
        const stopwatch watch;
        std::int64_t sum = 0;
        for (int i = 0; i < selects / batch; ++i) {
            for (int k = 0; k < batch; ++k) {
                PQsendQueryPrepared(on.get(), "s", 1, &value, &length, &format, 1);
            }
            PQpipelineSync(on.get());
            for (int ended = 0; ended <= batch;) {
                const result got(PQgetResult(on.get()), &PQclear);
                if (got != nullptr && PQresultStatus(got.get()) == PGRES_TUPLES_OK) {
                    sum += big_endian<std::int64_t>(PQgetvalue(got.get(), 0, 0));
                    ++ended;
                } else if (got != nullptr) {
                    check(PQresultStatus(got.get()) == PGRES_PIPELINE_SYNC, "pipeline");
                    ++ended;
                }
            }
        }
        watch.print("libpq", what);
        check(sum == selects, "wrong sum");
    } else if (what == "rows") {
        const stopwatch watch;
        std::vector<record> records;
        const result got(
            PQexecParams(on.get(), many_rows, 0, nullptr, nullptr, nullptr, nullptr, 1), &PQclear
        );
        for (int i = 0; i < PQntuples(got.get()); ++i) {
            records.push_back(
                {big_endian<std::int64_t>(PQgetvalue(got.get(), i, 0)),
                 big_endian<std::int32_t>(PQgetvalue(got.get(), i, 1)),
                 std::string(
                     PQgetvalue(got.get(), i, 2),
                     static_cast<std::size_t>(PQgetlength(got.get(), i, 2))
                 ),
                 std::bit_cast<double>(big_endian<std::int64_t>(PQgetvalue(got.get(), i, 3))),
                 *PQgetvalue(got.get(), i, 4) != 0}
            );
        }
        watch.print("libpq", what);
        check(records.size() == 1'000'000, "wrong number of rows");
    } else {
        result(PQexec(on.get(), make_table), &PQclear);
        const auto buffers = ready_buffers();
        const stopwatch watch;
        result(
            PQexec(on.get(), (std::string(copy_statement) + " WITH (FORMAT binary)").c_str()),
            &PQclear
        );
        for (const auto& one : buffers) {
            check(PQputCopyData(on.get(), one.data(), static_cast<int>(one.size())) == 1, "COPY");
        }
        check(PQputCopyEnd(on.get(), nullptr) == 1, "COPY");
        const result done(PQgetResult(on.get()), &PQclear);
        watch.print("libpq", what);
        check(std::string_view(PQcmdTuples(done.get())) == "200000", PQerrorMessage(on.get()));
    }
}

// Reads the server's bytes and drops them: the lower limit of the time. Without TLS only.
void run_raw(const std::string& what, const std::string& url) {
    check(what == "rows", "raw reads rows only");
    const session on = connect(url);
    check(PQsslInUse(on.get()) == 0, "raw wants sslmode=disable");
    check(
        PQsendQueryParams(on.get(), many_rows, 0, nullptr, nullptr, nullptr, nullptr, 1) == 1,
        "send"
    );
    while (PQflush(on.get()) > 0) {
    }
    const stopwatch watch;
    std::vector<char> buffer(65'536);
    constexpr std::string_view end{"Z\0\0\0\5I", 6};
    std::string last;
    while (last != end) {
        pollfd readable{.fd = PQsocket(on.get()), .events = POLLIN, .revents = 0};
        check(::poll(&readable, 1, -1) == 1, "poll");
        const auto got = ::recv(PQsocket(on.get()), buffer.data(), buffer.size(), 0);
        check(got > 0, "recv");
        last.append(buffer.data(), static_cast<std::size_t>(got));
        last.erase(0, last.size() - std::min(last.size(), end.size()));
    }
    watch.print("raw", what);
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fprintf(
            stderr,
            "usage: driver gino|libpq|raw select|pipeline20|pipeline100|rows|copy|connect URL\n"
        );
        return 2;
    }
    const std::string who = arguments[1];
    const std::string what = arguments[2];
    const std::string url = arguments[3];
    try {
        if (who == "gino") {
            boost::asio::io_context context;
            std::exception_ptr failure;
            boost::asio::co_spawn(context, run_gino(what, url), [&](std::exception_ptr thrown) {
                failure = std::move(thrown);
            });
            context.run();
            if (failure != nullptr) {
                std::rethrow_exception(failure);
            }
        } else if (who == "libpq") {
            run_libpq(what, url);
        } else {
            run_raw(what, url);
        }
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 0;
}
