// SPDX-License-Identifier: BSD-3-Clause
// Measures libpqxx as driver.cpp measures the others: one measurement per run, printed as a line of
// JSON.
//
//     driver_libpqxx libpqxx select|rows|copy|connect URL
#include <cstdio>
#include <exception>
#include <pqxx/pqxx>
#include <string>
#include <tuple>
#include <vector>

#include "driver_measurements.hpp"

namespace {

using namespace driver_measurements;

void run(const std::string& what, const std::string& url) {
    if (what == "connect") {
        const stopwatch watch;
        for (int i = 0; i < connections; ++i) {
            const pqxx::connection one(url);
        }
        watch.print("libpqxx", what);
        return;
    }
    pqxx::connection on(url);
    pqxx::nontransaction work(on);
    if (what == "select") {
        on.prepare("s", one_row);
        const stopwatch watch;
        std::int64_t sum = 0;
        for (std::int64_t i = 0; i < selects; ++i) {
            sum += work.exec_prepared1("s", i)[0].as<std::int64_t>();
        }
        watch.print("libpqxx", what);
        check(sum == std::int64_t{selects} * (selects - 1) / 2, "wrong sum");
    } else if (what == "rows") {
        const stopwatch watch;
        std::vector<record> records;
        for (const auto& row : work.exec(many_rows)) {
            records.push_back(
                {row[0].as<std::int64_t>(),
                 row[1].as<std::int32_t>(),
                 row[2].as<std::string>(),
                 row[3].as<double>(),
                 row[4].as<bool>()}
            );
        }
        watch.print("libpqxx", what);
        check(records.size() == 1'000'000, "wrong number of rows");
    } else {
        work.exec(make_table);
        const stopwatch watch;
        pqxx::stream_to rows(work, "gino_benchmark", std::vector<std::string>{"a", "b", "c"});
        for (std::int64_t i = 0; i < copied_rows; ++i) {
            rows << std::make_tuple(i, i % 1000, "name " + std::to_string(i));
        }
        rows.complete();
        watch.print("libpqxx", what);
    }
}

}  // namespace

int main(int count, char** arguments) {
    if (count != 4) {
        std::fputs("usage: driver_libpqxx libpqxx select|rows|copy|connect URL\n", stderr);
        return 2;
    }
    try {
        run(arguments[2], arguments[3]);
    } catch (const std::exception& e) {
        std::fprintf(stderr, "%s\n", e.what());
        return 1;
    }
    return 0;
}
