// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/engine.hpp>
#include <gino/schema/metadata.hpp>

namespace gino {

/// How tables are created and dropped.
struct schema_options {
    bool checkfirst = true;  ///< False: nobody looks; what is there, or is not, is an error.
};

/// Creates the tables of `tables` that are not there, in the order of their foreign keys, with
/// indexes and comments, in one transaction. A table that is there is left as it is.
///
/// @param on      Runs it. An engine: in a scope, on its connection.
/// @param tables  Must outlive the wait. A few of them: `metadata::subset()`.
[[nodiscard]] awaitable<void> create_all(
    engine on, const metadata& tables, schema_options options = {}
);
[[nodiscard]] awaitable<void> create_all(
    connection& on, const metadata& tables, schema_options options = {}
);

/// Drops the tables of `tables` that are there, in the reverse order, in one transaction.
///
/// @param on, tables  As above.
[[nodiscard]] awaitable<void> drop_all(
    engine on, const metadata& tables, schema_options options = {}
);
[[nodiscard]] awaitable<void> drop_all(
    connection& on, const metadata& tables, schema_options options = {}
);

}  // namespace gino
