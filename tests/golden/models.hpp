// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/loader.hpp>
#include <gino/sql/delete.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/text.hpp>
#include <gino/sql/update.hpp>

#include <boost/json.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>

namespace golden {

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
    std::optional<std::int64_t> team_id{};
    std::shared_ptr<team> in{};  // not a column

    GINO_MODEL(user, "users", id, (nickname, "name"), age, team_id)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.team_id, team::c.id).on_delete(gino::referential_action::cascade),
            gino::unique("uq_users_name", c.nickname, c.age),
            gino::check("ck_users_age", c.age > 0),
            gino::index("ix_users_name", c.nickname),
            gino::index("ix_users_lower", gino::func::lower(c.nickname)).unique().where(c.age > 3),
            gino::server_default(c.age, 7),
            gino::comment("who's who")};
    }
};

struct document {
    std::int64_t id{};
    boost::json::value body{};
    gino::timestamp written{};

    GINO_MODEL(document, "documents", id, body, written)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

}  // namespace golden
