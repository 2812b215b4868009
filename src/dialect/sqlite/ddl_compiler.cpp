// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sqlite/ddl_compiler.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <string>

#include "dialect/identifier_preparer.hpp"
#include "dialect/sqlite/names.hpp"
#include "dialect/sqlite/sql_compiler.hpp"
#include "dialect/sqlite/types.hpp"

namespace gino::sqlite {

namespace {

class compiler final : public detail::ddl_compiler {
public:
    compiler() : ddl_compiler(names()) {}

private:
    // Only a column whose declared type is exactly INTEGER becomes the rowid, which SQLite numbers
    // (its manual, "ROWIDs and the INTEGER PRIMARY KEY").
    [[nodiscard]] std::string column_type(const column_definition& column) const override {
        return column.autoincrement ? "INTEGER" : name_of(column.type);
    }

    [[nodiscard]] std::string expression(const sql::expression& e) const override {
        return compile_for_ddl(e);
    }

    // An identity column has no clause: the primary key numbers itself.
    [[nodiscard]] std::string generated(const column_definition& column) const override {
        if (!column.computed) {
            return {};
        }
        return " GENERATED ALWAYS AS (" + expression(*column.computed->expression) +
               (column.computed->stored ? ") STORED" : ") VIRTUAL");
    }

    // An enumeration is a text: the CHECK accepts its labels alone.
    [[nodiscard]] std::string type_check(const column_definition& column) const override {
        if (column.type.kind != type_kind::enumeration) {
            return {};
        }
        std::string text = " CHECK (" + quote(column.name) + " IN (";
        const auto& info = *column.type.enumerated;
        for (std::size_t i = 0; i < info.size; ++i) {
            text += i == 0 ? "" : ", ";
            detail::append_string_literal(text, info.labels[i]);
        }
        return text + "))";
    }

    [[nodiscard]] std::string deferrable(bool /*initially_deferred*/) const override {
        throw compile_error(errc::cannot_compile, "SQLite has no DEFERRABLE but for foreign keys");
    }

    [[nodiscard]] std::string nulls(const index_definition& index, sql::nulls_order /*order*/)
        const override {
        throw compile_error(
            errc::cannot_compile,
            "SQLite has no NULLS FIRST or LAST in an index: \"" + index.name + "\""
        );
    }

    [[nodiscard]] std::string exclude(const exclude_definition& definition) const override {
        throw compile_error(
            errc::cannot_compile, "SQLite has no EXCLUDE: constraint \"" + definition.name + "\""
        );
    }

    // SQLite requires parentheses around an expression, but not around a literal.
    [[nodiscard]] std::string default_value(const sql::expression& e) const override {
        const std::string text = expression(e);
        return e.kind == sql::expression_kind::bind_parameter ? text : "(" + text + ")";
    }

    // Everything here would be a syntax error; the message names the index and the feature instead.
    void check(const index_definition& index) const override {
        const auto refuse = [&](const std::string& what, const std::string& wanted) {
            throw compile_error(
                errc::cannot_compile,
                "SQLite has no " + what + ": index \"" + index.name + "\" wants " + wanted
            );
        };
        if (!index.method.empty()) {
            refuse("index access methods", "USING " + index.method);
        }
        if (!index.operator_classes.empty()) {
            refuse("operator classes", index.operator_classes.back());
        }
        if (!index.include.empty()) {
            refuse("columns beside the key of an index", "INCLUDE");
        }
        if (index.concurrently) {
            refuse("indexes built beside writers", "CONCURRENTLY");
        }
    }

    void check(const foreign_key_definition& key) const override {
        if (key.match == match_type::full) {
            throw compile_error(
                errc::cannot_compile,
                "SQLite has no MATCH FULL: a foreign key to \"" + key.target_table + "\" wants it"
            );
        }
    }

    // AUTOINCREMENT belongs inside the parentheses of a table constraint.
    [[nodiscard]] std::string primary_key(const table_definition& table) const override {
        std::string list = ddl_compiler::primary_key(table);
        if (!table.sqlite_autoincrement) {
            return list;
        }
        if (std::ranges::none_of(table.columns, &column_definition::autoincrement)) {
            throw compile_error(
                errc::cannot_compile,
                "sqlite_autoincrement() wants a primary key that is one integer, which the "
                "database numbers: table \"" +
                    table.source->name + "\""
            );
        }
        list.insert(list.size() - 1, " AUTOINCREMENT");
        return list;
    }

    // A foreign key cannot leave its schema (an attached database), so the schema is not written.
    [[nodiscard]] std::string target_of(
        const table_definition& table, const foreign_key_definition& key
    ) const override {
        if (key.target_schema != table.source->schema) {
            throw compile_error(
                errc::cannot_compile,
                "SQLite has no foreign keys between schemas: \"" + table.source->name +
                    "\" refers to \"" + key.target_table + "\""
            );
        }
        return quote(key.target_table);
    }

    // The schema is written before the index, and the table must be in the same one.
    [[nodiscard]] std::string index_on(const table_definition& table, const index_definition& index)
        const override {
        return qualified(table.source->schema, index.name) + " ON " + quote(table.source->name);
    }

    // SQLite has no comments.
    void append_comments(
        const table_definition& /*table*/, std::vector<std::string>& /*statements*/
    ) const override {}
};

}  // namespace

const detail::ddl_compiler& ddl() noexcept {
    static const compiler instance;
    return instance;
}

std::vector<schema_object> objects_of(const table_definition& table) {
    if (!table.sequences.empty()) {
        throw compile_error(
            errc::cannot_compile,
            "SQLite has no sequences: table \"" + table.source->name + "\" wants \"" +
                table.sequences.front().name + "\""
        );
    }
    return {};
}

}  // namespace gino::sqlite
