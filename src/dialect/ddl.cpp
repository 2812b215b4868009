// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
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

// The foreign keys that are added and dropped separately from their tables. Without ALTER TABLE ...
// ADD CONSTRAINT (SQLite), CREATE TABLE has them all: SQLite does not check that the target exists.
std::vector<creation_order::later_foreign_key> later_keys(
    const creation_order& order, const dialect& by
) {
    return by.capabilities().alter_constraints ? order.later
                                               : std::vector<creation_order::later_foreign_key>();
}

}  // namespace

std::string ddl(const metadata& all, const dialect& by) {
    const creation_order order = sort_for_creation(all);
    const auto later = later_keys(order, by);
    statements made;
    for (const auto* table : order.tables) {
        for (const auto& object : by.objects_of(*table)) {
            // Several tables may use one enumeration: its CREATE TYPE is written once.
            if (!contains(made, object.create)) {
                made.push_back(object.create);
            }
        }
        for (auto& statement : by.create_table(*table, keys_of(*table, later))) {
            made.push_back(std::move(statement));
        }
    }
    for (const auto& one : later) {
        made.push_back(by.add_foreign_key(*one.table, *one.key));
    }
    return script_of(made);
}

std::string index_ddl(const metadata& all, std::string_view index, const dialect& by) {
    for (const auto& table : all.tables()) {
        const auto found = std::ranges::find(table.indexes, index, &index_definition::name);
        if (found != table.indexes.end()) {
            return by.create_index(table, *found);
        }
    }
    throw argument_error(
        errc::invalid_argument, "no table has an index \"" + std::string(index) + "\""
    );
}

std::string drop_ddl(const metadata& all, const dialect& by) {
    const creation_order order = sort_for_creation(all);
    const auto later = later_keys(order, by);
    statements made;
    for (const auto& one : later) {
        made.push_back(by.drop_foreign_key(*one.table, *one.key));
    }
    // Types and sequences are dropped after all tables, since several tables may use them.
    statements objects;
    for (const auto* table : std::views::reverse(order.tables)) {
        made.push_back(by.drop_table(*table));
        auto needed = by.objects_of(*table);
        for (const auto& object : std::views::reverse(needed)) {
            if (!contains(objects, object.drop)) {
                objects.push_back(object.drop);
            }
        }
    }
    made.insert(made.end(), objects.begin(), objects.end());
    return script_of(made);
}

}  // namespace gino
