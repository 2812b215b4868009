// SPDX-License-Identifier: BSD-3-Clause
#include <gino/dialect/ddl.hpp>

#include <algorithm>
#include <ranges>
#include <string_view>
#include <vector>

namespace gino {

namespace {

using statements = std::vector<std::string>;

std::string script_of(const statements& all) {
    std::string script;
    for (const auto& one : all) {
        script += one + ";\n";
    }
    return script;
}

bool contains(const statements& all, const std::string& wanted) {
    return std::ranges::find(all, wanted) != all.end();
}

// Foreign keys of the table that are added once all tables are there.
std::vector<const foreign_key_definition*> left_out_of(
    const table_definition& table, const creation_order& order, const dialect& by
) {
    std::vector<const foreign_key_definition*> keys;
    for (const auto& one : order.later) {
        if (one.table == &table && by.capabilities().alter_constraints) {
            keys.push_back(one.key);
        }
    }
    return keys;
}

}  // namespace

std::string ddl(const metadata& all, const dialect& by) {
    const creation_order order = sort_for_creation(all);
    statements made;
    for (const auto* table : order.tables) {
        for (const auto& object : by.objects_of(*table)) {
            if (!contains(made, object.create)) {
                made.push_back(object.create);
            }
        }
        for (auto& statement : by.create_table(*table, left_out_of(*table, order, by))) {
            made.push_back(std::move(statement));
        }
    }
    if (by.capabilities().alter_constraints) {
        for (const auto& one : order.later) {
            made.push_back(by.add_foreign_key(*one.table, *one.key));
        }
    }
    return script_of(made);
}

std::string drop_ddl(const metadata& all, const dialect& by) {
    const creation_order order = sort_for_creation(all);
    statements made;
    if (by.capabilities().alter_constraints) {
        for (const auto& one : order.later) {
            made.push_back(by.drop_foreign_key(*one.table, *one.key));
        }
    }
    statements objects;
    for (const auto* table : std::views::reverse(order.tables)) {
        made.push_back(by.drop_table(*table));
        for (const auto& object : by.objects_of(*table)) {
            if (!contains(objects, object.drop)) {
                objects.push_back(object.drop);
            }
        }
    }
    made.insert(made.end(), objects.begin(), objects.end());
    return script_of(made);
}

}  // namespace gino
