// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>

#include <string>
#include <string_view>
#include <vector>

namespace gino {

namespace detail {

/// "users", or "app.users" in a schema.
[[nodiscard]] std::string name_of_table(const sql::table_source& table);

}  // namespace detail

/// Names for keys and constraints that were given none: `{table}`, `{columns}` and `{target}` (the
/// table that a foreign key points to) stand for names, parted by "_". Empty: the database's
/// choice.
/// The patterns are literals: they are not copied.
struct naming_convention {
    std::string_view primary_key{};  ///< "pk_{table}"
    std::string_view unique{};       ///< "uq_{table}_{columns}"
    std::string_view foreign_key{};  ///< "fk_{table}_{columns}_{target}"
};

/// All tables of an application.
///
/// Thread safety: reading from several threads is safe.
class metadata {
public:
    metadata() = default;

    /// @param tables  Moved in.
    /// @throws argument_error  A table is there twice, or a foreign key points to a table or column
    ///                         that is not there; the message names it.
    explicit metadata(std::vector<table_definition> tables, const naming_convention& names = {});

    /// In the order in which they were given.
    [[nodiscard]] const std::vector<table_definition>& tables() const noexcept { return tables_; }

    /// Returns these tables alone, in the order of the whole: for create_all() and drop_all().
    ///
    /// @param names  "users", or "app.users" in a schema.
    /// @throws argument_error  There is no such table; names it.
    [[nodiscard]] metadata subset(const std::vector<std::string>& names) const;

    /// What a subset left out: types that these need are not dropped with it.
    [[nodiscard]] const std::vector<table_definition>& left_out() const noexcept {
        return left_out_;
    }

    /// Returns the table, or a null pointer.
    [[nodiscard]] const table_definition* find(std::string_view schema, std::string_view name)
        const noexcept;

private:
    std::vector<table_definition> tables_;
    std::vector<table_definition> left_out_;
};

/// Tables in the order in which they can be created: a table stands behind those that its foreign
/// keys point to. Foreign keys that close a circle are set apart, to be added by ALTER TABLE.
struct creation_order {
    struct later_foreign_key {
        const table_definition* table;
        const foreign_key_definition* key;
    };

    std::vector<const table_definition*> tables;
    std::vector<later_foreign_key> later;
};

/// Sorts all tables of `all`; those that do not depend on each other keep their order.
[[nodiscard]] creation_order sort_for_creation(const metadata& all);

/// Those of `later` that belong to a table: CREATE TABLE leaves them out.
[[nodiscard]] std::vector<const foreign_key_definition*> keys_of(
    const table_definition& table, const std::vector<creation_order::later_foreign_key>& later
);

}  // namespace gino
