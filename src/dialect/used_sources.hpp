// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <vector>

namespace gino::detail {

using source_list = std::vector<const sql::from_item*>;

[[nodiscard]] bool contains(const source_list& items, const sql::from_item* wanted);

/// Appends the sources that a FROM item brings in: itself, or both sides of a join.
void append_leaves(const sql::from_item& item, source_list& leaves);

enum class subqueries : bool { excluded, included };

/// Appends the sources of an expression's columns, each once, in order of use. Subqueries have
/// their own; with `included`, those come too.
void append_sources(
    const sql::expression& e, source_list& sources, subqueries inner = subqueries::excluded
);
void append_sources(const std::vector<sql::expression_ref>& list, source_list& sources);

}  // namespace gino::detail
