// SPDX-License-Identifier: BSD-3-Clause
#pragma once

// The models of the compile-fail tests.
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
