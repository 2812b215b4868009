// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this value cannot be compared with an expression of another type
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto adults() {
    return gino::select<user>().where(user::c.age == "x");
}
#else
auto adults() {
    return gino::select<user>().where(user::c.age == 18);
}
#endif
