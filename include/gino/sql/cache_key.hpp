// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace gino::sql {

/// What distinguishes a statement from others, apart from the values of its bind parameters.
///
/// Two statements with equal keys compile to the same text in every dialect. The key is compared
/// byte by byte; a hash of it is never trusted alone.
struct cache_key {
    std::string key;
    /// The bind parameters in the order of the walk; a node that stands twice is there twice, and
    /// the key says so: its value has one mark, where the database's marks can stand twice.
    std::vector<const bind_parameter*> parameters;
    /// The common table expressions, each behind those that it uses.
    std::vector<const cte_source*> ctes;
    /// The FROM items seen so far, each once.
    std::vector<const from_item*> sources;
    bool has_outer_join = false;
};

/// So many expressions and statements may stand within each other: deeper ones would overflow the
/// stack of the database's parser as well as ours.
inline constexpr std::size_t deepest = 500;

/// @throws compile_error  A statement is nested deeper.
[[noreturn]] void throw_too_deep();

/// Writes the cache_key of a statement into `out`, whose memory is reused.
///
/// @param out  The old contents are discarded. Its pointers are valid as long as the statement.
/// @throws compile_error  The statement is nested too deep.
void build_cache_key(const statement_node& statement, cache_key& out);

}  // namespace gino::sql
