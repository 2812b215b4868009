// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <chrono>
#include <cstdint>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <sys/resource.h>

/// The work of each driver's measurement, and the functions that measure it.
namespace driver_measurements {

inline constexpr int selects = 20'000;
inline constexpr int connections = 200;

/// Returns the number of statements in a batch; 0: the measurement sends single ones.
inline int batch_of(const std::string& what) {
    return what == "pipeline20" ? 20 : what == "pipeline100" ? 100 : 0;
}

inline constexpr std::int64_t copied_rows = 200'000;
inline constexpr const char* one_row = "SELECT $1::int8, 'a text'::text";
inline constexpr const char* many_rows =
    "SELECT n::int8, (n % 1000)::int4, 'name ' || n, n * 0.5::float8, n % 2 = 0 "
    "FROM generate_series(1, 1000000) n";
inline constexpr const char* make_table =
    "CREATE UNLOGGED TABLE IF NOT EXISTS gino_benchmark (a int8, b int4, c text); "
    "TRUNCATE gino_benchmark";
inline constexpr const char* copy_statement = "COPY gino_benchmark (a, b, c) FROM STDIN";

struct record {
    std::int64_t id;
    std::int32_t group;
    std::string name;
    double half;
    bool even;
};

inline double processor_seconds() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    const auto seconds = [](const timeval& t) {
        return static_cast<double>(t.tv_sec) + static_cast<double>(t.tv_usec) * 1e-6;
    };
    return seconds(used.ru_utime) + seconds(used.ru_stime);
}

inline long peak_kilobytes() {
    rusage used{};
    getrusage(RUSAGE_SELF, &used);
    return used.ru_maxrss;
}

inline void check(bool is_right, const char* what) {
    if (!is_right) {
        throw std::runtime_error(what);
    }
}

/// Measures wall and processor time from its construction on.
class stopwatch {
public:
    void print(const std::string& who, const std::string& what) const {
        const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - wall_;
        std::printf(
            "{\"who\": \"%s\", \"what\": \"%s\", \"wall\": %.6f, \"cpu\": %.6f, \"peak\": %ld}\n",
            who.c_str(),
            what.c_str(),
            wall.count(),
            processor_seconds() - processor_,
            peak_kilobytes()
        );
    }

private:
    std::chrono::steady_clock::time_point wall_ = std::chrono::steady_clock::now();
    double processor_ = processor_seconds();
};

}  // namespace driver_measurements
