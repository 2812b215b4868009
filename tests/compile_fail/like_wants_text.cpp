// SPDX-License-Identifier: BSD-3-Clause
// message: gino: LIKE and regular expressions want a text
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto named() {
    return gino::select<user>().where(user::c.age.like("1%"));
}
#else
auto named() {
    return gino::select<user>().where(user::c.nickname.like("d%"));
}
#endif
