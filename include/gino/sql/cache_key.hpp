// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <cstddef>
#include <string>
#include <vector>

namespace gino::sql {

/// The identity of a statement apart from the values of its bind parameters: the key of caches of
/// compiled text.
///
/// Invariants:
/// - Two statements with equal keys compile to the same text in every dialect.
/// - The key is compared byte by byte; equal hashes alone mean nothing.
/// - `parameters` of two statements with equal keys have the same length, order and types, so the
///   text of one can be sent with the values of the other.
struct cache_key {
    std::string key;
    /// The bind parameters in the order of the walk. A node that the statement has in several
    /// places is listed as often, and the key records that: its value has one placeholder where
    /// placeholders can repeat (docs/decisions/0030).
    std::vector<const bind_parameter*> parameters;
    /// The common table expressions, each after those that it uses.
    std::vector<const cte_source*> ctes;
    /// The FROM items seen so far, without duplicates; a later use is written as a position here.
    std::vector<const from_item*> sources;
    /// True if a LEFT or FULL OUTER JOIN is in it: any column may then be NULL.
    bool has_outer_join = false;
};

/// The greatest depth of expressions and statements within each other. A deeper one would overflow
/// the stack of the database's parser and of gino's recursive walks.
inline constexpr std::size_t deepest = 500;

/// Throws the error of a statement that is nested too deep.
///
/// @throws compile_error  Always.
[[noreturn]] void throw_too_deep();

/// Writes the cache key of a statement into `out`, whose memory is reused.
///
/// @param out  Its old contents are discarded. Its pointers are valid as long as the statement's
///             tree.
/// @throws compile_error  The statement is nested more than `deepest` levels deep.
void build_cache_key(const statement_node& statement, cache_key& out);

}  // namespace gino::sql
