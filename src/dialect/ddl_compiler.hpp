// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/schema/table.hpp>

#include <string>
#include <string_view>
#include <vector>

#include "dialect/identifier_preparer.hpp"

namespace gino::detail {

/// Writes the statements that create and drop tables. The base class has the SQL that all databases
/// share; a dialect overrides the rest.
///
/// Thread safety: any thread; it has no state but the quoting of names.
class ddl_compiler {
public:
    explicit ddl_compiler(const identifier_preparer& names) : names_(names) {}

    ddl_compiler(const ddl_compiler&) = delete;
    ddl_compiler& operator=(const ddl_compiler&) = delete;
    virtual ~ddl_compiler() = default;

    /// Writes CREATE TABLE, CREATE INDEX and comments. See `dialect::create_table()`.
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
    /// Writes GENERATED of a column that the database computes or numbers, or an empty text.
    [[nodiscard]] virtual std::string generated(const column_definition& column) const = 0;

    /// Writes the CHECK of a column whose type is stored as text, or an empty text.
    [[nodiscard]] virtual std::string type_check(const column_definition& /*column*/) const {
        return {};
    }

    /// Writes DEFERRABLE of a constraint that is no foreign key.
    [[nodiscard]] virtual std::string deferrable(bool initially_deferred) const = 0;
    /// Writes NULLS FIRST or LAST of an index's element.
    [[nodiscard]] virtual std::string nulls(const index_definition& index, sql::nulls_order order)
        const = 0;
    /// Writes an EXCLUDE constraint.
    [[nodiscard]] virtual std::string exclude(const exclude_definition& definition) const = 0;

    /// Writes the declared type of a column, which for one that numbers itself may be SERIAL.
    [[nodiscard]] virtual std::string column_type(const column_definition& column) const = 0;
    /// Writes an expression in the form of DDL.
    [[nodiscard]] virtual std::string expression(const sql::expression& e) const = 0;
    /// Writes the expression after DEFAULT.
    [[nodiscard]] virtual std::string default_value(const sql::expression& e) const = 0;
    /// Appends the COMMENT ON statements of a table.
    virtual void append_comments(
        const table_definition& table, std::vector<std::string>& statements
    ) const = 0;

    /// Checks that the database has all features of an index.
    ///
    /// @throws compile_error  It has not.
    virtual void check(const index_definition& /*index*/) const {}

    /// Checks that the database has all features of a foreign key.
    ///
    /// @throws compile_error  It has not.
    virtual void check(const foreign_key_definition& /*key*/) const {}

    /// Writes the table that a foreign key refers to.
    ///
    /// @throws compile_error  The database has no foreign keys from that table to this one.
    [[nodiscard]] virtual std::string target_of(
        const table_definition& table, const foreign_key_definition& key
    ) const;

    /// Writes the columns of the primary key, in parentheses.
    [[nodiscard]] virtual std::string primary_key(const table_definition& table) const {
        return column_list(table.primary_key);
    }

    /// Writes the names between INDEX and the list of columns.
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
