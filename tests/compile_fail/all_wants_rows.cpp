// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this statement returns no rows; use status\(\)
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

gino::awaitable<void> clear(gino::database& db) {
#ifdef GINO_MISUSE
    co_await db.all(gino::delete_from<user>());
#else
    co_await db.status(gino::delete_from<user>());
#endif
}
