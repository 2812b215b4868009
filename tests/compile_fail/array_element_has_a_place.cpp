// SPDX-License-Identifier: BSD-3-Clause
// message: gino: an element of an array has a place
#include <gino/gino.hpp>

struct team {
    std::int64_t id{};
    std::string name;

    GINO_MODEL(team, "teams", id, name)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};
    double weight{};
    gino::decimal price;
    gino::timestamp born{};
    std::vector<std::int32_t> marks{};

    GINO_MODEL(user, "users", id, nickname, age, weight, price, born, marks)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

#ifdef GINO_MISUSE
auto first() {
    return user::c.marks["x"];
}
#else
auto first() {
    return user::c.marks[1];
}
#endif
