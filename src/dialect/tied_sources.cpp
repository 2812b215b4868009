// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/tied_sources.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <cstddef>
#include <string>

namespace gino::detail {

using namespace gino::sql;

namespace {

// A partition of the sources: two of them are in one group if a chain of conditions connects them.
// The lists are short, so that renumbering a group is cheaper than a union-find structure.
class source_groups {
public:
    // Merges the groups of all sources in `tied`.
    void tie(const source_list& tied) {
        for (std::size_t i = 0; i < tied.size(); ++i) {
            const std::size_t into = group_of(tied.front());
            const std::size_t from = group_of(tied[i]);
            for (auto& one : members_) {
                one.group = one.group == from ? into : one.group;
            }
        }
    }

    // A source that was not seen before becomes a group of its own.
    std::size_t group_of(const from_item* source) {
        const auto found = std::ranges::find(members_, source, &member::source);
        if (found != members_.end()) {
            return found->group;
        }
        members_.push_back({.source = source, .group = members_.size()});
        return members_.back().group;
    }

private:
    struct member {
        const from_item* source;
        std::size_t group;
    };

    std::vector<member> members_;
};

// Functions and LATERAL subqueries can refer to the other items in their arguments, without a
// condition in WHERE.
bool sees_the_others(const from_item& item) {
    return item.kind == from_kind::function ||
           (item.kind == from_kind::subquery && cast_to<subquery_source>(item).lateral);
}

// Each condition that has to be true connects the sources of its columns. The operands of OR are
// one condition: only the whole of it has to be true.
void tie_by(const expression& condition, source_groups& groups) {
    if (condition.kind == expression_kind::conjunction &&
        cast_to<conjunction>(condition).joined_by == conjunction_kind::and_) {
        for (const auto& operand : cast_to<conjunction>(condition).operands) {
            tie_by(*operand, groups);
        }
        return;
    }
    source_list sources;
    append_sources(condition, sources, subqueries::included);
    groups.tie(sources);
}

// The name of a FROM item in a message.
std::string shown(const from_item& item) {
    switch (item.kind) {
        case from_kind::table:
            return "\"" + cast_to<table_source>(item).name + "\"";
        case from_kind::alias: {
            const auto& alias = cast_to<alias_source>(item);
            const std::string table = "\"" + alias.table->name + "\"";
            return alias.name.empty() ? "an alias of " + table
                                      : table + " AS \"" + alias.name + "\"";
        }
        case from_kind::join:
            return shown(*cast_to<join>(item).left);
        case from_kind::subquery: {
            const auto& name = cast_to<subquery_source>(item).name;
            return name.empty() ? "a subquery" : "the subquery \"" + name + "\"";
        }
        case from_kind::cte: {
            const auto& name = cast_to<cte_source>(item).name;
            return name.empty() ? "a common table expression" : "\"" + name + "\"";
        }
        case from_kind::cte_self:
            return "\"" + cast_to<cte_self_source>(item).name + "\"";
        case from_kind::function:
            return "a function";
        case from_kind::values:
            return "a list of values";
    }
    return {};
}

}  // namespace

void check_tied(const source_list& items, const expression_ref& where) {
    if (items.size() < 2) {
        return;
    }
    source_groups groups;
    // A join connects its leaves, whether or not it has a condition: CROSS JOIN is explicit. The
    // item itself joins the group, since the check below looks it up.
    for (const auto* item : items) {
        source_list leaves;
        append_leaves(*item, leaves);
        leaves.push_back(item);
        groups.tie(leaves);
    }
    if (where) {
        tie_by(*where, groups);
    }
    // All items have to be in the group of the first one.
    const from_item* first = nullptr;
    for (const auto* item : items) {
        if (sees_the_others(*item)) {
            continue;
        }
        if (first == nullptr) {
            first = item;
        } else if (groups.group_of(item) != groups.group_of(first)) {
            throw compile_error(
                errc::cannot_compile,
                "neither a join nor where() ties " + shown(*first) + " and " + shown(*item) +
                    ": every row of one would come with every row of the other. Join them; if "
                    "that is what you want, write cross_join() or allow_cross_product()"
            );
        }
    }
}

}  // namespace gino::detail
