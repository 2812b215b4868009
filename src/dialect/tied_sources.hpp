// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dialect/used_sources.hpp"

namespace gino::detail {

/// Refuses FROM items that neither a join nor WHERE ties: every row of one would come with every
/// row of the other. Functions and LATERAL subqueries need no tie, because they see the others.
///
/// @param where  May be empty.
/// @throws compile_error  Names two items that nothing ties.
void check_tied(const source_list& items, const sql::expression_ref& where);

}  // namespace gino::detail
