// SPDX-License-Identifier: BSD-3-Clause
// message: gino: set\(\) takes assignments to columns of the model that is updated
#include <gino/gino.hpp>

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};

    GINO_MODEL(user, "users", id, nickname, age)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct team {
    std::int64_t id{};

    GINO_MODEL(team, "teams", id)
};

#ifdef GINO_MISUSE
auto change() {
    return gino::update<user>().set(team::c.id = 7);
}
#else
auto change() {
    return gino::update<user>().set(user::c.id = 7);
}
#endif
