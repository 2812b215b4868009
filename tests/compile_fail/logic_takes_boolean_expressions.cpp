// SPDX-License-Identifier: BSD-3-Clause
// message: gino: AND, OR and NOT take boolean expressions
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto both() {
    return gino::select<user>().where(user::c.age && user::c.id == 1);
}
#else
auto both() {
    return gino::select<user>().where(user::c.age == 18 && user::c.id == 1);
}
#endif
