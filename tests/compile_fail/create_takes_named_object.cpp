// SPDX-License-Identifier: BSD-3-Clause
// message: gino: create\(\) fills in the object that it is given: name it first
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

gino::awaitable<void> create(gino::database& db) {
#ifdef GINO_MISUSE
    co_await db.create(user{.nickname = "fantix"});
#else
    user fantix{.nickname = "fantix"};
    co_await db.create(fantix);
#endif
}
