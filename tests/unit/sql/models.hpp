// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/model/describe.hpp>
#include <gino/sql/delete.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/insert.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/text.hpp>
#include <gino/sql/update.hpp>

#include <cstdint>
#include <optional>
#include <string>

namespace gino::test {

struct city {
    std::int64_t id{};
    std::string name{};

    GINO_MODEL(city, "cities", id, name)

    static gino::table_args table_args() { return {primary_key(c.id)}; }
};

struct person {
    std::int64_t id{};
    std::string name{};
    std::optional<std::int32_t> age{};
    std::optional<std::int64_t> born_in{};
    std::optional<std::int64_t> lives_in{};
    std::optional<std::int64_t> boss_id{};

    GINO_MODEL(person, "people", id, name, age, born_in, lives_in, boss_id)

    static gino::table_args table_args() {
        return {
            primary_key(c.id),
            foreign_key(c.born_in, city::c.id),
            foreign_key(c.lives_in, city::c.id),
            foreign_key(c.boss_id, c.id)};
    }
};

/// A model without foreign keys.
struct stranger {
    std::int64_t id{};

    GINO_MODEL(stranger, "strangers", id)

    static gino::table_args table_args() { return {primary_key(c.id)}; }
};

}  // namespace gino::test
