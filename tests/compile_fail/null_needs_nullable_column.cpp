// SPDX-License-Identifier: BSD-3-Clause
// message: gino: NULL is assigned to a column that cannot be NULL
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto forget() {
    return gino::update<user>().set(user::c.nickname = gino::null);
}
#else
auto forget() {
    return gino::update<user>().set(user::c.age = gino::null);
}
#endif
