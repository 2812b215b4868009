// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>
#include <gino/dialect/compiled.hpp>
#include <gino/schema/metadata.hpp>
#include <gino/sql/node.hpp>

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace gino {

/// The features of a database, for code that has two ways and for tests.
struct capabilities {
    bool schemas = false;             ///< CREATE SCHEMA and qualified names.
    bool alter_constraints = false;   ///< ALTER TABLE ... ADD CONSTRAINT.
    bool comments = false;            ///< COMMENT ON.
    bool arrays = false;              ///< Columns of array types.
    bool isolation_levels = false;    ///< Other levels than serializable.
    bool concurrent_writers = false;  ///< Two transactions can write at the same time.
    bool insert_returning = false;    ///< INSERT ... RETURNING.
    bool update_returning = false;    ///< UPDATE ... RETURNING.
    std::size_t parameters = 0;       ///< The most bind parameters of one statement.
};

/// SQL's isolation levels: how much a transaction sees of others (PostgreSQL's manual, 13.2).
/// PostgreSQL runs `read_uncommitted` as `read_committed`; SQLite has `serializable` alone.
enum class isolation_level : std::uint8_t {
    unspecified,  ///< The session's default.
    read_uncommitted,
    read_committed,
    repeatable_read,
    serializable,
};

/// The modes of a transaction (SQL: BEGIN, START TRANSACTION).
struct transaction_options {
    isolation_level isolation = isolation_level::unspecified;
    bool read_only = false;  ///< READ ONLY. SQLite takes no lock at BEGIN, and refuses no writes.
    /// DEFERRABLE (PostgreSQL, with serializable and read-only); SQLite ignores it.
    bool deferrable = false;
};

/// A type or a sequence that a table needs.
struct schema_object {
    std::string name;    ///< Quoted, with its schema: it identifies the object.
    std::string create;  ///< The statement that creates it.
    std::string drop;    ///< The statement that drops it.
    std::string exists;  ///< A query of one boolean; its parameter is `name`.
};

/// How one database writes SQL. Objects have no state; each database has one.
///
/// Every function returns text and never talks to a database. The engine and `create_all()` use it;
/// a program can use it to see the SQL of a statement.
///
/// Thread safety: any thread.
///
/// Lifetime: the dialects of gino live as long as the program.
class dialect {
public:
    dialect(const dialect&) = delete;
    dialect& operator=(const dialect&) = delete;

    /// Returns "postgresql" or "sqlite".
    [[nodiscard]] virtual std::string_view name() const noexcept = 0;

    /// Returns the features of the database.
    [[nodiscard]] virtual const gino::capabilities& capabilities() const noexcept = 0;

    /// Writes a statement.
    ///
    /// @throws compile_error   `errc::cannot_compile`: the database does not have a construct (the
    ///                         message shows the statement as far as it was written and names the
    ///                         construct), no join or WHERE connects two FROM items, or the
    ///                         statement is nested too deep.
    /// @throws argument_error  A name cannot be written, or the parameters of a text do not fit.
    [[nodiscard]] virtual compiled compile(const sql::statement_node& statement) const = 0;

    /// Writes a type as a column declares it: "VARCHAR(30)".
    ///
    /// @throws compile_error  The database has no such type.
    [[nodiscard]] virtual std::string type_name(const sql_type& type) const = 0;

    /// Writes a name, in double quotes if necessary: reserved words, upper case, other characters
    /// than a-z, 0-9, "_" and "$".
    ///
    /// @throws argument_error  `errc::invalid_argument`: the name is empty, is not UTF-8, has a NUL
    ///                         byte, or is longer than the database keeps (PostgreSQL: 63 bytes).
    [[nodiscard]] virtual std::string quote(std::string_view identifier) const = 0;

    /// Writes CREATE TABLE, then its indexes and comments, one statement each.
    ///
    /// @param table     Its types and sequences must exist: see `objects_of()`.
    /// @param left_out  Foreign keys that are added later; may be empty.
    /// @throws compile_error  The database cannot express a part of the table; the message names
    ///                        it.
    [[nodiscard]] virtual std::vector<std::string> create_table(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const = 0;

    /// Returns the types and sequences that must exist before the table, in the order of their
    /// creation. Several tables may need the same object.
    ///
    /// @throws compile_error  The database has no sequences, and the table declares one.
    [[nodiscard]] virtual std::vector<schema_object> objects_of(const table_definition& table
    ) const = 0;

    /// Writes ALTER TABLE ... ADD CONSTRAINT ... FOREIGN KEY.
    ///
    /// @throws compile_error  `capabilities().alter_constraints` is false.
    [[nodiscard]] virtual std::string add_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const = 0;

    /// Writes ALTER TABLE ... DROP CONSTRAINT. For a key without a name, PostgreSQL's own name for
    /// it is used.
    ///
    /// @throws argument_error  That name would be longer than 63 bytes.
    /// @throws compile_error   `capabilities().alter_constraints` is false.
    [[nodiscard]] virtual std::string drop_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const = 0;

    /// Writes CREATE INDEX, for a table that exists.
    ///
    /// @throws compile_error  The database does not have a feature of the index.
    [[nodiscard]] virtual std::string create_index(
        const table_definition& table, const index_definition& index
    ) const = 0;

    /// Writes DROP TABLE, without IF EXISTS and CASCADE.
    [[nodiscard]] virtual std::string drop_table(const table_definition& table) const = 0;

    /// Returns a query of one boolean: whether the table exists. Its parameters are those of
    /// `has_table_parameters()`.
    [[nodiscard]] virtual std::string has_table(const table_definition& table) const = 0;

    /// Returns the parameters of `has_table()`, all of them texts.
    [[nodiscard]] virtual std::vector<value> has_table_parameters(const table_definition& table
    ) const = 0;

    /// Writes BEGIN with its modes. SQLite writes BEGIN IMMEDIATE unless the transaction is
    /// read-only, so that the wait for other writers happens at BEGIN.
    ///
    /// @throws argument_error  `errc::invalid_argument`: the database does not have that isolation
    ///                         level.
    [[nodiscard]] virtual std::string begin(const transaction_options& options) const = 0;

    /// Writes SAVEPOINT.
    [[nodiscard]] virtual std::string savepoint(std::string_view name) const = 0;
    /// Writes RELEASE SAVEPOINT: the changes since the savepoint become those of the enclosing one.
    [[nodiscard]] virtual std::string release_savepoint(std::string_view name) const = 0;
    /// Writes ROLLBACK TO SAVEPOINT: the savepoint itself remains.
    [[nodiscard]] virtual std::string rollback_to_savepoint(std::string_view name) const = 0;

protected:
    dialect() = default;
    ~dialect() = default;
};

}  // namespace gino
