// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gino {

namespace detail {

/// Returns "users", or "app.users" in a schema. For messages: the names are not quoted.
[[nodiscard]] std::string name_of_table(const sql::table_source& table);

}  // namespace detail

/// Patterns for the names of keys and constraints that were declared without one.
///
/// `{table}`, `{columns}` (joined by "_") and `{target}` (the table that a foreign key refers to)
/// are replaced. An empty pattern leaves the name to the database. CHECK constraints and indexes
/// always have a name of their own.
///
/// Lifetime: the patterns are not copied; use string literals.
struct naming_convention {
    std::string_view primary_key{};  ///< "pk_{table}"
    std::string_view unique{};       ///< "uq_{table}_{columns}"
    std::string_view foreign_key{};  ///< "fk_{table}_{columns}_{target}"
};

/// All tables of an application, as `db.metadata()` returns them. It checks at construction that
/// the tables fit together.
///
/// Thread safety: several threads may read it.
class metadata {
public:
    /// Makes a collection without tables.
    metadata() = default;

    /// Makes a collection of tables and gives names to their keys.
    ///
    /// @param tables  Moved in.
    /// @param names   For keys without a name; by default the database chooses them.
    /// @throws argument_error  `errc::invalid_argument`: two tables have the same name, or a
    ///                         foreign key refers to a table or column that does not exist. The
    ///                         message names it.
    explicit metadata(std::vector<table_definition> tables, const naming_convention& names = {});

    /// Returns the tables, in the order in which they were passed.
    [[nodiscard]] const std::vector<table_definition>& tables() const noexcept { return tables_; }

    /// Returns these tables alone, in the order of the whole, for `create_all()` and `drop_all()`.
    ///
    /// Foreign keys to tables outside the subset are kept: creating the subset needs those tables.
    ///
    /// @param names  "users", or "app.users" in a schema.
    /// @throws argument_error  `errc::invalid_argument`: there is no such table. The message names
    ///                         it.
    [[nodiscard]] metadata subset(const std::vector<std::string>& names) const;

    /// Returns the tables outside a subset. `drop_all()` keeps the types and sequences that they
    /// need.
    [[nodiscard]] const std::vector<table_definition>& left_out() const noexcept {
        return left_out_;
    }

    /// Returns a table, or a null pointer. Names are compared byte by byte.
    ///
    /// @param schema  Empty: the table has none.
    /// @return Valid as long as the metadata.
    [[nodiscard]] const table_definition* find(std::string_view schema, std::string_view name)
        const noexcept;

private:
    std::vector<table_definition> tables_;
    std::vector<table_definition> left_out_;
};

/// Tables in an order in which they can be created: each table comes after the tables that its
/// foreign keys refer to. Foreign keys that close a cycle are listed separately, for ALTER TABLE.
struct creation_order {
    /// A foreign key that is added when both of its tables exist.
    struct later_foreign_key {
        const table_definition* table;
        const foreign_key_definition* key;
    };

    std::vector<const table_definition*> tables;  ///< Every table once.
    std::vector<later_foreign_key> later;         ///< In the order in which they were found.
};

/// Sorts all tables of `all`. Tables that do not depend on each other keep their order.
///
/// @return Its pointers are valid as long as `all`.
[[nodiscard]] creation_order sort_for_creation(const metadata& all);

/// Returns the foreign keys of `later` that belong to `table`: CREATE TABLE omits them.
[[nodiscard]] std::vector<const foreign_key_definition*> keys_of(
    const table_definition& table, const std::vector<creation_order::later_foreign_key>& later
);

}  // namespace gino
