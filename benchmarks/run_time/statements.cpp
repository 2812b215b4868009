// SPDX-License-Identifier: BSD-3-Clause
// What it costs to make a statement's SQL: to build the statement, to write its text for the first
// time, and to find the text of a shape that was seen before. Time, instructions, allocations.
//
//     statements [--json]
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/gino.hpp>
#include <gino/sql/shape.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <linux/perf_event.h>
#include <new>
#include <optional>
#include <string>
#include <sys/ioctl.h>
#include <sys/syscall.h>
#include <unistd.h>
#include <vector>

#include "engine/compiled_cache.hpp"

namespace {

std::uint64_t allocations = 0;

}  // namespace

void* operator new(std::size_t size) {
    ++allocations;
    if (void* made = std::malloc(size)) {
        return made;
    }
    throw std::bad_alloc();
}

void operator delete(void* p) noexcept {
    std::free(p);
}

void operator delete(void* p, std::size_t /*size*/) noexcept {
    std::free(p);
}

namespace {

struct company {
    std::int64_t id{};
    std::string name;
    std::optional<std::string> city{};

    GINO_MODEL(company, "companies", id, name, city)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct team {
    std::int64_t id{};
    std::string name;
    std::int64_t company_id{};

    GINO_MODEL(team, "teams", id, name, company_id)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::foreign_key(c.company_id, company::c.id)};
    }
};

struct user {
    std::int64_t id{};
    std::string nickname;
    std::optional<std::int32_t> age{};
    std::int64_t team_id{};

    GINO_MODEL(user, "users", id, nickname, age, team_id)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::foreign_key(c.team_id, team::c.id)};
    }
};

/// Counts this thread's instructions in user space; nothing where the kernel does not let us.
class instruction_counter {
public:
    instruction_counter() {
        perf_event_attr attributes{};
        attributes.size = sizeof attributes;
        attributes.type = PERF_TYPE_HARDWARE;
        attributes.config = PERF_COUNT_HW_INSTRUCTIONS;
        attributes.exclude_kernel = 1;
        attributes.exclude_hv = 1;
        file_ = static_cast<int>(syscall(SYS_perf_event_open, &attributes, 0, -1, -1, 0));
    }

    instruction_counter(const instruction_counter&) = delete;
    instruction_counter& operator=(const instruction_counter&) = delete;

    ~instruction_counter() {
        if (file_ >= 0) {
            close(file_);
        }
    }

    [[nodiscard]] std::optional<std::uint64_t> now() const {
        std::uint64_t count = 0;
        const bool is_read = file_ >= 0 && read(file_, &count, sizeof count) == sizeof count;
        return is_read ? std::optional(count) : std::nullopt;
    }

private:
    int file_ = -1;
};

struct cost {
    double nanoseconds = 0;
    std::optional<double> instructions;
    double allocations = 0;
};

cost measure(const std::function<void()>& work) {
    constexpr int rounds = 9;
    constexpr int times = 20'000;
    static const instruction_counter counter;
    for (int i = 0; i < 1000; ++i) {
        work();
    }
    cost best;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t allocated = allocations;
        const auto instructions = counter.now();
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < times; ++i) {
            work();
        }
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - begin;
        if (round == 0 || took.count() / times < best.nanoseconds) {
            best.nanoseconds = took.count() / times;
        }
        const auto after = counter.now();
        if (instructions && after) {
            best.instructions = static_cast<double>(*after - *instructions) / times;
        }
        best.allocations = static_cast<double>(allocations - allocated) / times;
    }
    return best;
}

struct subject {
    const char* name;
    std::function<gino::statement_base()> build;
};

const std::vector<subject>& subjects() {
    static const std::vector<subject> all{
        {"get", [] { return gino::select<user>().where(user::c.id == 7); }},
        {"two conditions",
         [] {
             return gino::select(user::c.id, user::c.nickname)
                 .where(user::c.age >= 18 && user::c.nickname != "x")
                 .limit(10);
         }},
        {"three tables, ten columns",
         [] {
             return gino::select(
                        user::c.id,
                        user::c.nickname,
                        user::c.age,
                        user::c.team_id,
                        team::c.id,
                        team::c.name,
                        team::c.company_id,
                        company::c.id,
                        company::c.name,
                        company::c.city
             )
                 .join<team>(team::c.id == user::c.team_id)
                 .join<company>(company::c.id == team::c.company_id)
                 .where(user::c.age >= 18)
                 .order_by(user::c.id);
         }},
        {"insert a row",
         [] {
             return gino::insert<user>()
                 .values(user::c.nickname = "x", user::c.age = 3, user::c.team_id = 1)
                 .returning(user::c.id);
         }},
    };
    return all;
}

void print(const char* name, const char* step, const cost& c, bool as_json) {
    const std::string instructions =
        c.instructions ? std::to_string(static_cast<std::int64_t>(*c.instructions)) : "null";
    std::printf(
        as_json ? "{\"statement\": \"%s\", \"step\": \"%s\", \"ns\": %.1f, \"instructions\": %s, "
                  "\"allocations\": %.1f}\n"
                : "%-28s %-12s %8.1f ns %10s instructions %5.1f allocations\n",
        name,
        step,
        c.nanoseconds,
        instructions.c_str(),
        c.allocations
    );
}

}  // namespace

int main(int count, char** arguments) {
    const bool as_json = count > 1 && std::strcmp(arguments[1], "--json") == 0;
    const gino::dialect& by = gino::postgresql::dialect();
    gino::detail::compiled_cache cache(1000);
    gino::sql::shape shape;
    for (const auto& [name, build] : subjects()) {
        const gino::statement_base statement = build();
        print(name, "build", measure([&] { static_cast<void>(build()); }), as_json);
        print(
            name,
            "first time",
            measure([&] { static_cast<void>(by.compile(statement.node())); }),
            as_json
        );
        print(
            name,
            "seen before",
            measure([&] {
                gino::sql::describe_shape(statement.node(), shape);
                static_cast<void>(cache.find_or_compile(by, statement.node(), shape));
            }),
            as_json
        );
    }
    return 0;
}
