// SPDX-License-Identifier: BSD-3-Clause
// message: gino: a value of another type is assigned to this column
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto rename() {
    return gino::update<user>().set(user::c.nickname = 7);
}
#else
auto rename() {
    return gino::update<user>().set(user::c.nickname = "daisy");
}
#endif
