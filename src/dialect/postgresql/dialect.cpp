// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/postgresql/dialect.hpp>

#include <string>

#include "dialect/postgresql/ddl_compiler.hpp"
#include "dialect/postgresql/names.hpp"
#include "dialect/postgresql/sql_compiler.hpp"
#include "dialect/postgresql/types.hpp"

namespace gino::postgresql {

namespace {

// Hands each call to the part that does it: the compilers have the state of one statement, this
// class has none.
class postgresql_dialect final : public gino::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "postgresql"; }

    [[nodiscard]] const gino::capabilities& capabilities() const noexcept override {
        static constexpr gino::capabilities all{
            .schemas = true,
            .alter_constraints = true,
            .comments = true,
            .arrays = true,
            .isolation_levels = true,
            .concurrent_writers = true,
            .insert_returning = true,
            .update_returning = true,
            .parameters = 65'535};
        return all;
    }

    [[nodiscard]] compiled compile(const sql::statement_node& statement) const override {
        return postgresql::compile(statement);
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
        return postgresql::objects_of(table);
    }

    [[nodiscard]] std::string add_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const override {
        return ddl().add_foreign_key(table, key);
    }

    [[nodiscard]] std::string drop_foreign_key(
        const table_definition& table, const foreign_key_definition& key
    ) const override {
        return ddl().drop_foreign_key(table, key);
    }

    [[nodiscard]] std::string create_index(
        const table_definition& table, const index_definition& index
    ) const override {
        return ddl().create_index(table, index);
    }

    [[nodiscard]] std::string drop_table(const table_definition& table) const override {
        return ddl().drop_table(table);
    }

    // to_regclass() follows the search path, as the statements that use the table do. It returns
    // NULL instead of an error when there is no such table.
    [[nodiscard]] std::string has_table(const table_definition& /*table*/) const override {
        return "SELECT to_regclass($1) IS NOT NULL";
    }

    // The name is quoted: to_regclass() reads it as SQL does.
    [[nodiscard]] std::vector<value> has_table_parameters(const table_definition& table
    ) const override {
        std::string name = names().quote(table.source->name);
        if (!table.source->schema.empty()) {
            name = names().quote(table.source->schema) + "." + name;
        }
        return {value(std::move(name))};
    }

    // The modes may be in any order; without a level, the session's default counts (manual, SET
    // TRANSACTION). The words are in the order of isolation_level.
    [[nodiscard]] std::string begin(const transaction_options& options) const override {
        static constexpr std::string_view levels[] = {
            "",
            " ISOLATION LEVEL READ UNCOMMITTED",
            " ISOLATION LEVEL READ COMMITTED",
            " ISOLATION LEVEL REPEATABLE READ",
            " ISOLATION LEVEL SERIALIZABLE"};
        std::string text = "BEGIN";
        text += levels[static_cast<std::size_t>(options.isolation)];
        text += options.read_only ? " READ ONLY" : "";
        text += options.deferrable ? " DEFERRABLE" : "";
        return text;
    }

    // The engine chooses the names of savepoints; they are quoted all the same.
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
    static const postgresql_dialect instance;
    return instance;
}

}  // namespace gino::postgresql
