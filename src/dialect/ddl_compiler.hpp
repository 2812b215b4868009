// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "dialect/identifier_preparer.hpp"

namespace gino::detail {

/// Writes what creates and drops tables. What every database writes alike is here.
class ddl_compiler {
public:
    explicit ddl_compiler(const identifier_preparer& names) : names_(names) {}

    ddl_compiler(const ddl_compiler&) = delete;
    ddl_compiler& operator=(const ddl_compiler&) = delete;
    virtual ~ddl_compiler() = default;

    [[nodiscard]] std::vector<std::string> create_table(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const;
    [[nodiscard]] std::string add_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const;
    [[nodiscard]] std::string drop_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const;
    [[nodiscard]] std::string drop_table(const table_definition& table) const;
    [[nodiscard]] std::string create_index(
        const table_definition& table, const index_definition& index
    ) const;

protected:
    /// What stands behind a column's type when the database computes or numbers it.
    [[nodiscard]] virtual std::string generated(const column_definition& column) const = 0;

    /// CHECK of a column's type, where a type is text in truth; or nothing.
    [[nodiscard]] virtual std::string type_check(const column_definition& /*column*/) const {
        return {};
    }

    /// DEFERRABLE of a constraint that is no foreign key.
    [[nodiscard]] virtual std::string deferrable(bool initially_deferred) const = 0;
    /// NULLS FIRST or LAST of an index's element.
    [[nodiscard]] virtual std::string nulls(const index_definition& index, sql::nulls_order order)
        const = 0;
    [[nodiscard]] virtual std::string exclude(const exclude_definition& definition) const = 0;

    /// The type of a column as declared; of one that numbers itself too.
    [[nodiscard]] virtual std::string column_type(const column_definition& column) const = 0;
    /// An expression as DDL has it.
    [[nodiscard]] virtual std::string expression(const sql::expression& e) const = 0;
    /// What stands behind DEFAULT.
    [[nodiscard]] virtual std::string default_value(const sql::expression& e) const = 0;
    virtual void append_comments(
        const table_definition& table, std::vector<std::string>& statements
    ) const = 0;

    /// @throws compile_error  The database has no such index, or no such key.
    virtual void check(const index_definition& /*index*/) const {}

    virtual void check(const foreign_key_definition& /*key*/) const {}

    /// The table that a foreign key refers to.
    ///
    /// @throws compile_error  The database has no foreign keys from that table to this one.
    [[nodiscard]] virtual std::string target_of(
        const table_definition& table, const foreign_key_definition& key
    ) const;

    /// The columns of the primary key, in parentheses.
    [[nodiscard]] virtual std::string primary_key(const table_definition& table) const {
        return column_list(table.primary_key);
    }

    /// The names between INDEX and the list of columns.
    [[nodiscard]] virtual std::string index_on(
        const table_definition& table, const index_definition& index
    ) const;

    [[nodiscard]] std::string table_name(const sql::table_source& table) const {
        return qualified(table.schema, table.name);
    }

    [[nodiscard]] std::string qualified(std::string_view schema, std::string_view name) const;
    [[nodiscard]] std::string column_list(const std::vector<std::string>& columns) const;
    [[nodiscard]] std::string constraint_name(const std::string& name) const;

    [[nodiscard]] std::string quote(std::string_view name) const { return names_.quote(name); }

private:
    [[nodiscard]] std::string column(const column_definition& column) const;
    [[nodiscard]] std::string unique(const unique_definition& definition) const;
    [[nodiscard]] std::vector<std::string> constraints(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const;
    [[nodiscard]] std::string foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const;

    const identifier_preparer& names_;
};

}  // namespace gino::detail
