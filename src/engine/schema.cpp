// SPDX-License-Identifier: BSD-3-Clause
#include <gino/engine/schema.hpp>

#include <algorithm>
#include <iterator>
#include <string>
#include <utility>
#include <vector>

#include "engine/connection/connection_state.hpp"

namespace gino {

namespace {

/// A sink for queries of one boolean; false when there is no row.
class truth_receiver final : public detail::row_receiver {
public:
    truth_receiver() : row_receiver({}) {}

    bool truth = false;

private:
    void begin(const result_columns& /*columns*/) override {}

    void receive(const gino::row& from) override { truth = from.get<bool>(std::size_t{0}); }
};

awaitable<bool> is_true(
    detail::connection_state& on, std::string question, std::vector<value> parameters
) {
    truth_receiver answer;
    co_await on.run_text(std::move(question), std::move(parameters), answer);
    co_return answer.truth;
}

awaitable<bool> has_table(
    detail::connection_state& on, const dialect& by, const table_definition& table
) {
    return is_true(on, by.has_table(table), by.has_table_parameters(table));
}

awaitable<bool> is_present(detail::connection_state& on, const schema_object& object) {
    return is_true(on, object.exists, {value(object.name)});
}

// Creates the missing types and sequences of a table. They are looked for even without
// `checkfirst`, because several tables may share them.
awaitable<void> create_objects(
    detail::connection_state& on, const dialect& by, const table_definition& table
) {
    for (auto& object : by.objects_of(table)) {
        const bool there = co_await is_present(on, object);
        if (!there) {
            co_await on.run_text(std::move(object.create));
        }
    }
}

// Returns the types and sequences of `tables`, without duplicates and without objects that a table
// outside of the subset needs. The order is reversed, for dropping.
std::vector<schema_object> objects_of(
    const dialect& by, const std::vector<const table_definition*>& tables, const metadata& all
) {
    std::vector<schema_object> needed;
    for (const auto& table : all.left_out()) {
        std::ranges::move(by.objects_of(table), std::back_inserter(needed));
    }
    const auto contains = [](const auto& objects, const schema_object& one) {
        return std::ranges::find(objects, one.name, &schema_object::name) != objects.end();
    };
    std::vector<schema_object> objects;
    for (const auto* table : tables) {
        for (auto& object : by.objects_of(*table)) {
            if (!contains(needed, object) && !contains(objects, object)) {
                objects.push_back(std::move(object));
            }
        }
    }
    std::ranges::reverse(objects);
    return objects;
}

using later_keys = std::vector<creation_order::later_foreign_key>;

// Foreign keys that form a circle are added when all tables exist; a database without ALTER TABLE
// ... ADD CONSTRAINT gets them within CREATE TABLE, where it does not check that the table exists.
awaitable<void> create_missing(
    detail::connection_state& on, const metadata& all, schema_options options
) {
    const dialect& by = on.engine()->written_by();
    const creation_order order = sort_for_creation(all);
    const later_keys later = by.capabilities().alter_constraints ? order.later : later_keys();
    std::vector<const table_definition*> created;
    for (const auto* table : order.tables) {
        const bool there = options.checkfirst && co_await has_table(on, by, *table);
        if (there) {
            continue;
        }
        created.push_back(table);
        co_await create_objects(on, by, *table);
        for (auto& sql : by.create_table(*table, keys_of(*table, later))) {
            co_await on.run_text(std::move(sql));
        }
    }
    for (const auto& one : later) {
        if (std::ranges::find(created, one.table) != created.end()) {
            auto sql = by.add_foreign_key(*one.table, *one.key);
            co_await on.run_text(std::move(sql));
        }
    }
}

// Drops the foreign keys that form a circle first, since a table that others refer to cannot be
// dropped.
awaitable<void> drop_present(
    detail::connection_state& on, const metadata& all, schema_options options
) {
    const dialect& by = on.engine()->written_by();
    const creation_order order = sort_for_creation(all);
    std::vector<const table_definition*> present;
    for (const auto* table : order.tables) {
        const bool there = !options.checkfirst || co_await has_table(on, by, *table);
        if (there) {
            present.push_back(table);
        }
    }
    if (by.capabilities().alter_constraints) {
        for (const auto& one : order.later) {
            if (std::ranges::find(present, one.table) != present.end()) {
                auto sql = by.drop_foreign_key(*one.table, *one.key);
                co_await on.run_text(std::move(sql));
            }
        }
    }
    if (!by.capabilities().alter_constraints && !order.later.empty()) {
        // Tables of a circle have rows that refer to each other. SQLite then checks these keys at
        // COMMIT, when all tables are gone.
        co_await on.run_text("PRAGMA defer_foreign_keys = ON");
    }
    std::ranges::reverse(present);
    for (const auto* table : present) {
        auto sql = by.drop_table(*table);
        co_await on.run_text(std::move(sql));
    }
    for (auto& object : objects_of(by, order.tables, all)) {
        const bool there = co_await is_present(on, object);
        if (there) {
            co_await on.run_text(std::move(object.drop));
        }
    }
}

using change = awaitable<void> (*)(detail::connection_state&, const metadata&, schema_options);

// `body` has a name and captures references: see docs/gcc12.md. The handle of the connection is a
// local too, because its state is used by reference.
awaitable<void> change_in_transaction(
    engine on, const metadata& tables, schema_options options, change apply
) {
    auto body = [&tables, options, apply](transaction& tx) -> awaitable<void> {
        auto holder = tx.connection();
        co_await apply(holder.state(), tables, options);
    };
    co_await on.transaction(body);
}

awaitable<void> change_in_transaction(
    connection& on, const metadata& tables, schema_options options, change apply
) {
    auto tx = co_await on.begin();
    co_await apply(on.state(), tables, options);
    co_await tx.commit();
}

}  // namespace

awaitable<void> create_all(engine on, const metadata& tables, schema_options options) {
    return change_in_transaction(std::move(on), tables, options, &create_missing);
}

awaitable<void> create_all(connection& on, const metadata& tables, schema_options options) {
    return change_in_transaction(on, tables, options, &create_missing);
}

awaitable<void> drop_all(engine on, const metadata& tables, schema_options options) {
    return change_in_transaction(std::move(on), tables, options, &drop_present);
}

awaitable<void> drop_all(connection& on, const metadata& tables, schema_options options) {
    return change_in_transaction(on, tables, options, &drop_present);
}

}  // namespace gino
