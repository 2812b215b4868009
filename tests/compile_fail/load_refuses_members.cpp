// SPDX-License-Identifier: BSD-3-Clause
// message: gino: this is no loader and can be no constant
#include <gino/gino.hpp>

struct team {
    std::int64_t id{};
    std::string name{};

    GINO_MODEL(team, "teams", id, name)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto names() {
    return gino::select(team::c.name).load(&team::name);
}
#else
auto names() {
    return gino::select(team::c.name).load(team::c.name);
}
#endif
