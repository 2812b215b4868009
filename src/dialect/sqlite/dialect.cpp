// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/sqlite/dialect.hpp>

#include <string>

#include "dialect/sqlite/ddl_compiler.hpp"
#include "dialect/sqlite/names.hpp"
#include "dialect/sqlite/sql_compiler.hpp"
#include "dialect/sqlite/types.hpp"

namespace gino::sqlite {

namespace {

// Hands each call to the part that does it; the class has no state.
class sqlite_dialect final : public gino::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "sqlite"; }

    // SQLite's page "Limits" has the number of parameters.
    [[nodiscard]] const gino::capabilities& capabilities() const noexcept override {
        static constexpr gino::capabilities some{
            .insert_returning = true, .update_returning = true, .parameters = 32'766};
        return some;
    }

    [[nodiscard]] compiled compile(const sql::statement_node& statement) const override {
        return sqlite::compile(statement);
    }

    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return name_of(type);
    }

    [[nodiscard]] std::string quote(std::string_view identifier) const override {
        return names().quote(identifier);
    }

    [[nodiscard]] std::vector<std::string> create_table(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const override {
        return ddl().create_table(table, left_out);
    }

    [[nodiscard]] std::vector<schema_object> objects_of(const table_definition& table
    ) const override {
        return sqlite::objects_of(table);
    }

    // SQLite has no ALTER TABLE ... ADD CONSTRAINT: CREATE TABLE has all foreign keys.
    [[nodiscard]] std::string add_foreign_key(
        const table_definition& /*table*/, const foreign_key_definition& /*key*/
    ) const override {
        throw compile_error(
            errc::cannot_compile, "SQLite cannot add a constraint to a table that is there"
        );
    }

    [[nodiscard]] std::string drop_foreign_key(
        const table_definition& /*table*/, const foreign_key_definition& /*key*/
    ) const override {
        throw compile_error(errc::cannot_compile, "SQLite cannot drop a constraint of a table");
    }

    [[nodiscard]] std::string create_index(
        const table_definition& table, const index_definition& index
    ) const override {
        return ddl().create_index(table, index);
    }

    [[nodiscard]] std::string drop_table(const table_definition& table) const override {
        return ddl().drop_table(table);
    }

    // Each attached database has a table sqlite_master of its own. Views do not count.
    [[nodiscard]] std::string has_table(const table_definition& table) const override {
        const std::string& schema = table.source->schema;
        return "SELECT count(*) > 0 FROM " + (schema.empty() ? "" : names().quote(schema) + ".") +
               "sqlite_master WHERE type = 'table' AND name = ?";
    }

    [[nodiscard]] std::vector<value> has_table_parameters(const table_definition& table
    ) const override {
        return {value(table.source->name)};
    }

    // A transaction that reads first and writes later fails with SQLITE_BUSY when another one
    // writes in between, and waiting cannot help, because its view of the data is outdated. A
    // transaction that may write therefore takes the lock at BEGIN.
    [[nodiscard]] std::string begin(const transaction_options& options) const override {
        const bool serializable = options.isolation == isolation_level::unspecified ||
                                  options.isolation == isolation_level::serializable;
        if (!serializable) {
            throw argument_error(
                errc::invalid_argument,
                "SQLite has one isolation level: serializable; leave it out, or ask for that"
            );
        }
        return options.read_only ? "BEGIN" : "BEGIN IMMEDIATE";
    }

    [[nodiscard]] std::string savepoint(std::string_view name) const override {
        return "SAVEPOINT " + names().quote(name);
    }

    [[nodiscard]] std::string release_savepoint(std::string_view name) const override {
        return "RELEASE SAVEPOINT " + names().quote(name);
    }

    [[nodiscard]] std::string rollback_to_savepoint(std::string_view name) const override {
        return "ROLLBACK TO SAVEPOINT " + names().quote(name);
    }
};

}  // namespace

const gino::dialect& dialect() noexcept {
    static const sqlite_dialect instance;
    return instance;
}

}  // namespace gino::sqlite
