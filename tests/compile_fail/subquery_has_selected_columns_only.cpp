// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this column was not selected by the subquery
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

auto outer() {
    auto inner = gino::select(user::c.id).subquery("s");
#ifdef GINO_MISUSE
    return gino::select(inner[user::c.nickname]);
#else
    return gino::select(inner[user::c.id]);
#endif
}
