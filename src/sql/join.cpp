// SPDX-License-Identifier: BSD-3-Clause
#include "sql/join.hpp"

#include <gino/core/error.hpp>
#include <gino/sql/source.hpp>

#include <string>
#include <vector>

namespace gino::sql {

namespace {

// A table, or an alias of one, among the FROM items of one side of a join.
struct named_table {
    from_ref source;
    const table_source* table;
};

// Appends the tables of one side, from left to right.
void collect_tables(const from_ref& item, std::vector<named_table>& out) {
    switch (item->kind) {
        case from_kind::table:
            out.push_back({item, &cast_to<table_source>(*item)});
            break;
        case from_kind::alias:
            out.push_back({item, cast_to<alias_source>(*item).table.get()});
            break;
        case from_kind::join: {
            const auto& both = cast_to<join>(*item);
            collect_tables(both.left, out);
            collect_tables(both.right, out);
            break;
        }
        default:
            break;  // a subquery has no foreign keys
    }
}

std::vector<named_table> tables_of(const from_item& item) {
    std::vector<named_table> tables;
    collect_tables(from_ref(&item), tables);
    return tables;
}

// Calls the model's function at this late point: when statements are built, all models are
// complete, also those that refer to each other in a circle.
const std::vector<foreign_key_link>& foreign_keys_of(const table_source& table) {
    static const std::vector<foreign_key_link> none;
    return table.find.foreign_keys != nullptr ? table.find.foreign_keys() : none;
}

// A foreign key that could connect the two sides.
struct candidate {
    const named_table* from;
    const named_table* to;
    const foreign_key_link* key;
};

// Compares names and not addresses: the target of a key is known by name, because its model need
// not be the same object.
void collect_keys(
    const named_table& from, const named_table& to, std::vector<candidate>& candidates
) {
    for (const auto& key : foreign_keys_of(*from.table)) {
        if (key.target_table == to.table->name && key.target_schema == to.table->schema) {
            candidates.push_back({&from, &to, &key});
        }
    }
}

// Throws for a key that names an unknown column; metadata would refuse it too, but it need not have
// been made.
expression_ref column_of(const named_table& table, const std::string& name) {
    const auto& columns = table.table->columns;
    for (std::uint32_t i = 0; i < columns.size(); ++i) {
        if (columns[i].name == name) {
            return make<column_expression>(table.source, columns[i].name, columns[i].type, i);
        }
    }
    throw argument_error(
        errc::invalid_argument,
        "a foreign key names column \"" + name + "\", which table \"" + table.table->name +
            "\" does not have"
    );
}

std::string name_of(const named_table& table) {
    if (table.source->kind == from_kind::alias) {
        const auto& alias = cast_to<alias_source>(*table.source);
        return alias.name.empty() ? "an alias of " + table.table->name : alias.name;
    }
    return table.table->name;
}

std::string names_of(const std::vector<named_table>& tables) {
    std::string text;
    for (const auto& table : tables) {
        text += (text.empty() ? "\"" : ", \"") + name_of(table) + "\"";
    }
    return text.empty() ? "a subquery" : text;
}

std::string describe(const candidate& one) {
    std::string text;
    for (std::size_t i = 0; i < one.key->columns.size(); ++i) {
        text += (i == 0 ? "" : " AND ") + name_of(*one.from) + "." + one.key->columns[i] + " = " +
                name_of(*one.to) + "." + one.key->target_columns[i];
    }
    return text;
}

expression_ref condition_of(const candidate& one) {
    expression_ref condition;
    for (std::size_t i = 0; i < one.key->columns.size(); ++i) {
        // The referenced column is on the left, as in `teams.id = users.team_id`.
        auto equal = detail::make_binary(
            binary_operator::equal,
            column_of(*one.to, one.key->target_columns[i]),
            column_of(*one.from, one.key->columns[i]),
            {.kind = type_kind::boolean}
        );
        condition =
            condition ? detail::make_conjunction(conjunction_kind::and_, condition, equal) : equal;
    }
    return condition;
}

}  // namespace

expression_ref infer_join_condition(const from_item& left, const from_item& right) {
    const auto on_left = tables_of(left);
    const auto on_right = tables_of(right);
    std::vector<candidate> candidates;
    for (const auto& l : on_left) {
        for (const auto& r : on_right) {
            // Both directions: the key may be on either side. A table joined with an alias of
            // itself has its key in both, which is ambiguous and therefore refused.
            collect_keys(l, r, candidates);
            collect_keys(r, l, candidates);
        }
    }
    // A guess among several keys would be a silent wrong answer, so that the program has to choose.
    if (candidates.size() == 1) {
        return condition_of(candidates.front());
    }
    std::string message = candidates.empty()
                              ? "no foreign key leads from " + names_of(on_left) + " to " +
                                    names_of(on_right) + ", or back; say what to join on"
                              : "several foreign keys fit this join; say which to "
                                "join on:";
    for (const auto& one : candidates) {
        message += "\n  " + describe(one);
    }
    throw argument_error(errc::invalid_argument, message);
}

}  // namespace gino::sql
