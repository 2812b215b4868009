// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/schema/metadata.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

#include "sql/qualified_name.hpp"

namespace gino {

namespace {

std::string name_of(const table_definition& table) {
    return detail::name_of_table(*table.source);
}

// Throws if the target of a foreign key is not among the tables. Found here, the mistake has both
// names in its message; the database would report it at the first CREATE TABLE.
void check_target(
    const metadata& all, const table_definition& table, const foreign_key_definition& key
) {
    const auto* target = all.find(key.target_schema, key.target_table);
    if (target == nullptr) {
        throw argument_error(
            errc::invalid_argument,
            "a foreign key of table \"" + name_of(table) + "\" points to table \"" +
                (key.target_schema.empty() ? "" : key.target_schema + ".") + key.target_table +
                "\", which is not among the models"
        );
    }
    for (const auto& wanted : key.target_columns) {
        if (std::ranges::find(target->columns, wanted, &column_definition::name) ==
            target->columns.end()) {
            throw argument_error(
                errc::invalid_argument,
                "a foreign key of table \"" + name_of(table) + "\" points to column \"" + wanted +
                    "\", which \"" + name_of(*target) + "\" does not have"
            );
        }
    }
}

// Replaces the words of a pattern. The search continues after each replacement, so that it ends
// even when a table's name contains the word.
std::string with_names(
    std::string_view convention,
    const table_definition& table,
    const std::vector<std::string>& columns,
    std::string_view target = {}
) {
    std::string pattern(convention);
    std::string joined;
    for (const auto& column : columns) {
        joined += (joined.empty() ? "" : "_") + column;
    }
    const std::pair<std::string_view, std::string_view> words[] = {
        {"{table}", table.source->name}, {"{columns}", joined}, {"{target}", target}};
    for (const auto& [word, meaning] : words) {
        for (auto at = pattern.find(word); at != std::string::npos;
             at = pattern.find(word, at + meaning.size())) {
            pattern.replace(at, word.size(), meaning);
        }
    }
    return pattern;
}

// Names that the model gives are kept. An empty pattern leaves an empty name, which means that the
// database chooses one.
void give_names(table_definition& table, const naming_convention& names) {
    if (!table.primary_key.empty() && table.primary_key_name.empty()) {
        table.primary_key_name = with_names(names.primary_key, table, table.primary_key);
    }
    for (auto& unique : table.unique) {
        if (unique.name.empty()) {
            unique.name = with_names(names.unique, table, unique.columns);
        }
    }
    for (auto& key : table.foreign_keys) {
        if (key.name.empty()) {
            key.name = with_names(names.foreign_key, table, key.columns, key.target_table);
        }
    }
}

/// Visits tables depth first along their foreign keys, so that a table is appended after the tables
/// that it refers to. A key that leads to a table that is being visited closes a cycle.
class sorter {
public:
    explicit sorter(const metadata& all) : all_(all), states_(all.tables().size()) {}

    /// Starts at every table in turn: a table without foreign keys is reached by no other way.
    creation_order sort() {
        for (const auto& table : all_.tables()) {
            visit(table);
        }
        return std::move(order_);
    }

private:
    enum class state : std::uint8_t { unseen, visiting, done };

    void visit(const table_definition& table) {
        // The tables are elements of one vector: their distance to its beginning is their index.
        state& mine = states_[static_cast<std::size_t>(&table - all_.tables().data())];
        if (mine != state::unseen) {
            return;
        }
        mine = state::visiting;
        for (const auto& key : table.foreign_keys) {
            const auto* target = all_.find(key.target_schema, key.target_table);
            if (target == &table || target == nullptr) {
                // CREATE TABLE can refer to the table that it creates. A target that a subset left
                // out exists already.
                continue;
            }
            const auto place = static_cast<std::size_t>(target - all_.tables().data());
            // Either order of the two tables breaks one of their keys: this one is added by ALTER
            // TABLE when both exist.
            if (states_[place] == state::visiting) {
                order_.later.push_back({.table = &table, .key = &key});
            } else {
                visit(*target);
            }
        }
        mine = state::done;
        order_.tables.push_back(&table);
    }

    const metadata& all_;
    std::vector<state> states_;
    creation_order order_;
};

}  // namespace

std::string detail::name_of_table(const sql::table_source& table) {
    return table.schema.empty() ? table.name : table.schema + "." + table.name;
}

metadata::metadata(std::vector<table_definition> tables, const naming_convention& names)
    : tables_(std::move(tables)) {
    for (auto& table : tables_) {
        give_names(table, names);
    }
    for (const auto& table : tables_) {
        // find() returns the first table of that name; another address means that this one is the
        // second.
        if (find(table.source->schema, table.source->name) != &table) {
            throw argument_error(
                errc::invalid_argument,
                "two models describe table \"" + name_of(table) + "\"; a table has one model"
            );
        }
    }
    for (const auto& table : tables_) {
        for (const auto& key : table.foreign_keys) {
            check_target(*this, table, key);
        }
    }
}

const table_definition* metadata::find(std::string_view schema, std::string_view name)
    const noexcept {
    const auto found = std::ranges::find_if(tables_, [&](const table_definition& table) {
        return table.source->schema == schema && table.source->name == name;
    });
    return found == tables_.end() ? nullptr : &*found;
}

metadata metadata::subset(const std::vector<std::string>& names) const {
    std::vector<const table_definition*> wanted;
    for (const auto& name : names) {
        const auto parts = sql::split_name(name);
        wanted.push_back(find(parts.schema, parts.name));
        if (wanted.back() == nullptr) {
            throw argument_error(errc::invalid_argument, "there is no table \"" + name + "\"");
        }
    }
    metadata part;
    part.left_out_ = left_out_;
    for (const auto& table : tables_) {
        // The order of the whole is kept, whatever the order of the names. Tables that an earlier
        // subset left out stay in `left_out_`, so that a subset of a subset keeps their types as
        // well.
        const bool is_wanted = std::ranges::find(wanted, &table) != wanted.end();
        (is_wanted ? part.tables_ : part.left_out_).push_back(table);
    }
    return part;
}

creation_order sort_for_creation(const metadata& all) {
    return sorter(all).sort();
}

std::vector<const foreign_key_definition*> keys_of(
    const table_definition& table, const std::vector<creation_order::later_foreign_key>& later
) {
    std::vector<const foreign_key_definition*> keys;
    for (const auto& one : later) {
        if (one.table == &table) {
            keys.push_back(one.key);
        }
    }
    return keys;
}

}  // namespace gino
