// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/dialect/compiled.hpp>
#include <gino/schema/metadata.hpp>
#include <gino/sql/node.hpp>

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gino {

/// What a database can do: asked by tests and by code that has two ways.
struct capabilities {
    bool schemas = false;            ///< CREATE SCHEMA and qualified names.
    bool alter_constraints = false;  ///< ALTER TABLE ... ADD CONSTRAINT.
    bool comments = false;           ///< COMMENT ON.
    bool arrays = false;             ///< Columns of array types.
    bool isolation_levels = false;   ///< More than serializable.
    bool concurrent_writers = false;
};

/// What a transaction sees of others; SQL's own levels.
enum class isolation_level : std::uint8_t {
    unspecified,  ///< The connection's default.
    read_uncommitted,
    read_committed,
    repeatable_read,
    serializable,
};

/// How a transaction begins.
struct transaction_options {
    isolation_level isolation = isolation_level::unspecified;
    bool read_only = false;
    bool deferrable = false;
};

/// Something that a table needs: a type, a sequence.
struct schema_object {
    std::string name;    ///< Quoted, with its schema: what tells it from others.
    std::string create;  ///< A statement.
    std::string drop;
    std::string exists;  ///< A statement with one boolean column, whose parameter is `name`.
};

/// How one database is written. Objects have no state; each database has one.
///
/// Thread safety: any thread.
class dialect {
public:
    dialect(const dialect&) = delete;
    dialect& operator=(const dialect&) = delete;

    /// "postgresql", "sqlite".
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    [[nodiscard]] virtual const gino::capabilities& capabilities() const noexcept = 0;

    /// Writes a statement.
    ///
    /// @throws compile_error  The database has no such construct; shows the statement as far as it
    ///                        was written, and names the construct.
    [[nodiscard]] virtual compiled compile(const sql::statement_node& statement) const = 0;

    /// Writes a type as a column declares it: "VARCHAR(30)".
    [[nodiscard]] virtual std::string type_name(const sql_type& type) const = 0;

    /// Quotes a name if it must be: reserved, mixed case, odd characters.
    ///
    /// @throws argument_error  Empty, a NUL byte, or longer than the database keeps.
    [[nodiscard]] virtual std::string quote(std::string_view identifier) const = 0;

    /// CREATE TABLE, then its indexes and comments, a statement each.
    ///
    /// @param left_out  Foreign keys that are added later; may be empty.
    [[nodiscard]] virtual std::vector<std::string> create_table(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const = 0;

    /// What has to be there before the table; several tables may need the same.
    [[nodiscard]] virtual std::vector<schema_object> objects_of(const table_definition& table
    ) const = 0;

    /// ALTER TABLE ... ADD CONSTRAINT ... FOREIGN KEY.
    [[nodiscard]] virtual std::string add_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const = 0;

    /// ALTER TABLE ... DROP CONSTRAINT; `key` has a name.
    [[nodiscard]] virtual std::string drop_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const = 0;

    /// CREATE INDEX, for a table that is there.
    [[nodiscard]] virtual std::string create_index(
        const table_definition& table, const index_definition& index
    ) const = 0;

    [[nodiscard]] virtual std::string drop_table(const table_definition& table) const = 0;

    /// A statement with one boolean column and the parameters (schema, table) or (table), both
    /// text: is the table there? `has_table_parameters()` says how many.
    [[nodiscard]] virtual std::string has_table(const table_definition& table) const = 0;

    /// The values for `has_table()`.
    [[nodiscard]] virtual std::vector<value> has_table_parameters(const table_definition& table
    ) const = 0;

    /// BEGIN with its modes.
    ///
    /// @throws argument_error  The database has no such mode.
    [[nodiscard]] virtual std::string begin(const transaction_options& options) const = 0;

    [[nodiscard]] virtual std::string savepoint(std::string_view name) const = 0;
    [[nodiscard]] virtual std::string release_savepoint(std::string_view name) const = 0;
    [[nodiscard]] virtual std::string rollback_to_savepoint(std::string_view name) const = 0;

protected:
    dialect() = default;
    ~dialect() = default;
};

}  // namespace gino
