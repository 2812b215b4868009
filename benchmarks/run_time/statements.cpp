// SPDX-License-Identifier: BSD-3-Clause
// Measures the cost of a statement's SQL: to build the statement, to compile its text for the first
// time, and to find the text by its cache key. Prints time and allocations; instructions.py adds
// the instructions.
//
//     statements                        a line of JSON per step
//     statements --repeat PLACE TIMES   only runs the step at PLACE; for instructions.py
#include <gino/dialect/postgresql/dialect.hpp>
#include <gino/gino.hpp>
#include <gino/sql/cache_key.hpp>

#include <algorithm>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <functional>
#include <new>
#include <optional>
#include <string>
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

struct cost {
    double nanoseconds = 0;
    double allocations = 0;
};

cost measure(const std::function<void()>& work) {
    constexpr int rounds = 9;
    constexpr int times = 20'000;
    for (int i = 0; i < 1000; ++i) {
        work();
    }
    cost best;
    for (int round = 0; round < rounds; ++round) {
        const std::uint64_t allocated = allocations;
        const auto begin = std::chrono::steady_clock::now();
        for (int i = 0; i < times; ++i) {
            work();
        }
        const std::chrono::duration<double, std::nano> took =
            std::chrono::steady_clock::now() - begin;
        if (round == 0 || took.count() / times < best.nanoseconds) {
            best.nanoseconds = took.count() / times;
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

/// A measured step of a statement.
struct step {
    const char* statement;
    const char* name;
    std::function<void()> work;
};

std::vector<step> steps() {
    static gino::detail::compiled_cache cache(1000);
    static gino::sql::cache_key shape;
    const gino::dialect& by = gino::postgresql::dialect();
    std::vector<step> all;
    for (const auto& [name, build] : subjects()) {
        const gino::statement_base statement = build();
        all.push_back({name, "build", [&build = build] { static_cast<void>(build()); }});
        all.push_back({name, "first time", [&by, statement] {
                           static_cast<void>(by.compile(statement.node()));
                       }});
        all.push_back({name, "seen before", [&by, statement] {
                           gino::sql::build_cache_key(statement.node(), shape);
                           static_cast<void>(cache.find_or_compile(by, statement.node(), shape));
                       }});
    }
    return all;
}

}  // namespace

int main(int count, char** arguments) {
    const auto all = steps();
    if (count == 4 && std::strcmp(arguments[1], "--repeat") == 0) {
        const auto& one = all.at(std::stoul(arguments[2]));
        for (unsigned long i = 0; i < std::stoul(arguments[3]); ++i) {
            one.work();
        }
        return 0;
    }
    for (const auto& [statement, name, work] : all) {
        const cost found = measure(work);
        std::printf(
            "{\"statement\": \"%s\", \"step\": \"%s\", \"ns\": %.1f, \"allocations\": %.1f}\n",
            statement,
            name,
            found.nanoseconds,
            found.allocations
        );
    }
    return 0;
}
