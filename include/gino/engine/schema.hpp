// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>
#include <gino/engine/connection.hpp>
#include <gino/engine/engine.hpp>
#include <gino/schema/metadata.hpp>

namespace gino {

/// Options of `create_all()` and `drop_all()`.
struct schema_options {
    /// True (default): tables that exist are not created, and missing ones are not dropped. False:
    /// the database is not asked, and reports such tables as errors.
    bool checkfirst = true;
};

/// Creates the missing tables of `tables`, in the order of their foreign keys, with the types and
/// sequences that they need, indexes and comments. Everything is done in one transaction: when it
/// throws, nothing is created.
///
/// An existing table is not changed, even if its columns differ; this is no migration. Foreign keys
/// of tables that refer to each other are added by ALTER TABLE, where the database has that.
///
/// @param on       Runs the statements. An engine uses the connection of the current scope, or
///                 borrows one.
/// @param tables   Must outlive the wait. `metadata::subset()` selects some of them.
/// @param options  Whether to look for existing tables first.
/// @throws compile_error   The dialect cannot write a type or a clause.
/// @throws database_error  The database refused a statement. And the errors of statements.
[[nodiscard]] awaitable<void> create_all(
    engine on, const metadata& tables, schema_options options = {}
);
[[nodiscard]] awaitable<void> create_all(
    connection& on, const metadata& tables, schema_options options = {}
);

/// Drops the existing tables of `tables` with their data, in the reverse order of their foreign
/// keys, and the types and sequences that no table outside of `tables` needs. Everything is done in
/// one transaction.
///
/// @param on, tables, options  As for `create_all()`.
/// @throws database_error  The database refused a statement: another table refers to one of these.
///                         And the errors of statements.
[[nodiscard]] awaitable<void> drop_all(
    engine on, const metadata& tables, schema_options options = {}
);
[[nodiscard]] awaitable<void> drop_all(
    connection& on, const metadata& tables, schema_options options = {}
);

}  // namespace gino
