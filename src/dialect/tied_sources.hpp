// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include "dialect/used_sources.hpp"

namespace gino::detail {

/// Rejects FROM items that neither a join nor WHERE connects: every row of one would be combined
/// with every row of the other, which is almost always a forgotten condition. Functions and LATERAL
/// subqueries need no connection, because they can refer to the other items.
///
/// @param where  May be empty.
/// @throws compile_error  Two items are not connected; the message names them.
void check_tied(const source_list& items, const sql::expression_ref& where);

}  // namespace gino::detail
