// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <vector>

namespace gino::detail {

using source_list = std::vector<const sql::from_item*>;

/// Returns true when the list has that very item: sources are compared by address.
[[nodiscard]] bool contains(const source_list& items, const sql::from_item* wanted);

/// Appends the sources of a FROM item: itself, or both sides of a join.
void append_leaves(const sql::from_item& item, source_list& leaves);

/// Whether the sources of subqueries are appended too.
enum class subqueries : bool { excluded, included };

/// Appends the sources of an expression's columns, without duplicates, in the order of their use.
/// Subqueries have sources of their own; `included` appends those as well.
void append_sources(
    const sql::expression& e, source_list& sources, subqueries inner = subqueries::excluded
);
void append_sources(const std::vector<sql::expression_ref>& list, source_list& sources);

}  // namespace gino::detail
