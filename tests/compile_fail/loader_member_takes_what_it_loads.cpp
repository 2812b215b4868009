// SPDX-License-Identifier: BSD-3-Clause
// message: gino: with\(\): the member cannot take what the loader makes
#include <gino/gino.hpp>

struct team {
    std::int64_t id{};

    GINO_MODEL(team, "teams", id)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct user {
    std::int64_t id{};
    std::int64_t team_id{};
    std::optional<team> in{};
    std::string nickname{};

    GINO_MODEL(user, "users", id, team_id)

    static gino::table_args table_args() {
        return {gino::primary_key(c.id), gino::foreign_key(c.team_id, team::c.id)};
    }
};

#ifdef GINO_MISUSE
auto members() {
    return gino::load<user>().with(&user::nickname, gino::load<team>()).query();
}
#else
auto members() {
    return gino::load<user>().with(&user::in, gino::load<team>()).query();
}
#endif
