// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/gino.hpp>

#include <cstdint>
#include <memory>
#include <optional>
#include <string>
#include <vector>

/// Users, teams and companies: the models that tests of models and loaders share.
namespace company_models {

struct user;

struct company {
    std::int64_t id{};
    std::string name;
    std::optional<gino::bytes> logo{};
    std::vector<struct team> teams;  // not a column

    GINO_MODEL(company, "gino_companies", id, name, logo)

    static gino::table_args table_args() { return {gino::primary_key(c.id)}; }
};

struct team {
    std::int64_t id{};
    std::string name;
    std::optional<std::int64_t> parent_id{};
    std::optional<std::int64_t> company_id{};
    // The following members are not columns.
    std::vector<user> members;
    std::shared_ptr<company> owner{};
    std::shared_ptr<team> parent{};

    GINO_MODEL(team, "gino_teams", id, name, parent_id, company_id)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.parent_id, c.id).on_delete(gino::referential_action::cascade),
            gino::foreign_key(c.company_id, company::c.id)};
    }
};

struct user {
    std::int64_t id{};
    std::string nickname = "noname";
    std::optional<std::int32_t> age{};
    std::optional<std::int64_t> team_id{};
    std::shared_ptr<team> in{};  // not a column

    GINO_MODEL(user, "gino_users", id, (nickname, "name"), age, team_id)

    static gino::table_args table_args() {
        return {
            gino::primary_key(c.id),
            gino::foreign_key(c.team_id, team::c.id),
            gino::index("ix_gino_users_name", c.nickname)};
    }
};

inline constexpr auto all = gino::models<company, team, user>;

}  // namespace company_models
