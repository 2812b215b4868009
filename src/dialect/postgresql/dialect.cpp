// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/postgresql/dialect.hpp>

#include <algorithm>
#include <array>
#include <cmath>
#include <string>

#include "dialect/ddl_compiler.hpp"
#include "dialect/sql_compiler.hpp"

namespace gino::postgresql {

namespace {

/// PostgreSQL 15, appendix C: reserved, and reserved except for functions and types.
constexpr auto reserved = std::to_array<std::string_view>({
    "all",
    "analyse",
    "analyze",
    "and",
    "any",
    "array",
    "as",
    "asc",
    "asymmetric",
    "authorization",
    "binary",
    "both",
    "case",
    "cast",
    "check",
    "collate",
    "collation",
    "column",
    "concurrently",
    "constraint",
    "create",
    "cross",
    "current_catalog",
    "current_date",
    "current_role",
    "current_schema",
    "current_time",
    "current_timestamp",
    "current_user",
    "default",
    "deferrable",
    "desc",
    "distinct",
    "do",
    "else",
    "end",
    "except",
    "false",
    "fetch",
    "for",
    "foreign",
    "freeze",
    "from",
    "full",
    "grant",
    "group",
    "having",
    "ilike",
    "in",
    "initially",
    "inner",
    "intersect",
    "into",
    "is",
    "isnull",
    "join",
    "lateral",
    "leading",
    "left",
    "like",
    "limit",
    "localtime",
    "localtimestamp",
    "natural",
    "not",
    "notnull",
    "null",
    "offset",
    "on",
    "only",
    "or",
    "order",
    "outer",
    "overlaps",
    "placing",
    "primary",
    "references",
    "returning",
    "right",
    "select",
    "session_user",
    "similar",
    "some",
    "symmetric",
    "table",
    "tablesample",
    "then",
    "to",
    "trailing",
    "true",
    "union",
    "unique",
    "user",
    "using",
    "variadic",
    "verbose",
    "when",
    "where",
    "window",
});

static_assert(std::ranges::is_sorted(reserved));

/// NAMEDATALEN less one: longer names are cut silently by the server, so they are refused.
constexpr detail::identifier_preparer names(reserved, 63);

std::string numeric_type(const sql_type& type) {
    if (type.precision == 0) {
        return "NUMERIC";
    }
    return "NUMERIC(" + std::to_string(type.precision) + ", " + std::to_string(type.scale) + ")";
}

std::string simple_type(type_kind kind, const sql_type& type) {
    switch (kind) {
        case type_kind::boolean:
            return "BOOLEAN";
        case type_kind::smallint:
            return "SMALLINT";
        case type_kind::integer:
            return "INTEGER";
        case type_kind::bigint:
            return "BIGINT";
        case type_kind::real:
            return "REAL";
        case type_kind::double_precision:
            return "DOUBLE PRECISION";
        case type_kind::text:
            return "TEXT";
        case type_kind::varchar:
            return type.length == 0 ? "VARCHAR" : "VARCHAR(" + std::to_string(type.length) + ")";
        case type_kind::binary:
            return "BYTEA";
        case type_kind::date:
            return "DATE";
        case type_kind::timestamp:
            return "TIMESTAMP WITHOUT TIME ZONE";
        case type_kind::timestamptz:
            return "TIMESTAMP WITH TIME ZONE";
        case type_kind::json:
            return "JSON";
        case type_kind::jsonb:
            return "JSONB";
        case type_kind::named:
            return names.quote(type.name);
        case type_kind::enumeration:
            return names.quote(type.enumerated->name);
        case type_kind::numeric:
            return numeric_type(type);
        case type_kind::time:
            return "TIME WITHOUT TIME ZONE";
        case type_kind::interval:
            return "INTERVAL";
        case type_kind::uuid:
            return "UUID";
        case type_kind::inet:
            return "INET";
        case type_kind::cidr:
            return "CIDR";
        case type_kind::macaddr:
            return "MACADDR";
        case type_kind::int4range:
            return "INT4RANGE";
        case type_kind::int8range:
            return "INT8RANGE";
        case type_kind::numrange:
            return "NUMRANGE";
        case type_kind::daterange:
            return "DATERANGE";
        case type_kind::tsrange:
            return "TSRANGE";
        case type_kind::tstzrange:
            return "TSTZRANGE";
        case type_kind::array:
        case type_kind::unknown:
            break;
    }
    throw compile_error(errc::cannot_compile, "PostgreSQL cannot declare a column without a type");
}

std::string name_of(const sql_type& type) {
    if (type.kind != type_kind::array) {
        return simple_type(type.kind, type);
    }
    std::string name = simple_type(type.element, type);
    for (int i = 0; i < type.dimensions; ++i) {
        name += "[]";
    }
    return name;
}

std::string literal_text(const value& v) {
    std::string text;
    if (const auto* flag = v.get_if<bool>()) {
        return *flag ? "true" : "false";
    }
    if (const auto* number = v.get_if<std::int64_t>()) {
        return std::to_string(*number);
    }
    if (const auto* number = v.get_if<double>()) {
        detail::append_string_literal(text, to_string(v));
        return std::isfinite(*number) ? to_string(v) : text;
    }
    if (const auto* string = v.get_if<std::string>()) {
        detail::append_string_literal(text, *string);
        return text;
    }
    if (const auto* json = v.get_if<json_text>()) {
        detail::append_string_literal(text, json->text);
        return text;
    }
    if (const auto* day = v.get_if<date>()) {
        return "'" + to_string(*day) + "'";
    }
    if (const auto* time = v.get_if<timestamp>()) {
        return "'" + to_string(*time) + "'";
    }
    if (const auto* time = v.get_if<timestamptz>()) {
        return "'" + to_string(*time) + "'";
    }
    if (v.get_if<decimal>() != nullptr) {
        return v.get_if<decimal>()->is_finite() ? to_string(v) : "'" + to_string(v) + "'";
    }
    if (v.get_if<time_of_day>() != nullptr || v.get_if<interval>() != nullptr ||
        v.get_if<uuid_bytes>() != nullptr || v.get_if<network_address>() != nullptr ||
        v.get_if<mac_address>() != nullptr) {
        return to_string(v);  // quoted, and nothing in it to be quoted
    }
    if (v.is_null()) {
        return "NULL";
    }
    throw compile_error(
        errc::cannot_compile, "a value of this type cannot be written into a CREATE statement"
    );
}

class compiler final : public detail::sql_compiler {
public:
    explicit compiler(const sql::statement_node& statement) : sql_compiler(statement, names) {}

private:
    [[nodiscard]] std::string_view database() const noexcept override { return "PostgreSQL"; }

    void write_mark(std::size_t number) override {
        append("$");
        append(std::to_string(number));
    }

    void write_literal(sql::literal_kind kind) override {
        static constexpr std::string_view words[] = {"NULL", "true", "false", "DEFAULT", "*"};
        append(words[static_cast<std::size_t>(kind)]);
    }

    void write_in_array(const sql::in_array& e) override {
        write(*e.operand, concatenation);
        append(e.negated ? " != ALL (" : " = ANY (");
        write_bind(*e.array);
        append(")");
    }

    void write_ilike(const sql::binary& e) override {
        write(*e.left, concatenation);
        append(e.op == sql::binary_operator::ilike ? " ILIKE " : " NOT ILIKE ");
        write(*e.right, concatenation);
        if (e.escape != 0) {
            append(" ESCAPE '");
            append(std::string_view(&e.escape, 1));
            append("'");
        }
    }

    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return name_of(type);
    }

    [[nodiscard]] bool qualifies_returning() const noexcept override { return true; }

    [[nodiscard]] bool repeats_marks() const noexcept override { return true; }

    void write_extract(const sql::extract_expression& e) override {
        static constexpr std::string_view parts[] = {
            "year",
            "quarter",
            "month",
            "week",
            "day",
            "dow",
            "doy",
            "hour",
            "minute",
            "second",
            "epoch"};
        append("EXTRACT(");
        append(parts[static_cast<std::size_t>(e.part)]);
        append(" FROM ");
        write(*e.operand);
        append(")");
    }

    void write_value_literal(const value& v) override { append(literal_text(v)); }
};

sql::text_node empty_statement("");

class ddl final : public detail::ddl_compiler {
public:
    ddl() : ddl_compiler(names) {}

private:
    [[nodiscard]] std::string column_type(const column_definition& column) const override {
        if (!column.autoincrement || column.identity != identity_kind::none) {
            return name_of(column.type);
        }
        switch (column.type.kind) {
            case type_kind::smallint:
                return "SMALLSERIAL";
            case type_kind::integer:
                return "SERIAL";
            default:
                return "BIGSERIAL";
        }
    }

    [[nodiscard]] std::string expression(const sql::expression& e) const override {
        return compiler(empty_statement).compile_for_ddl(e);
    }

    [[nodiscard]] std::string generated(const column_definition& column) const override {
        if (column.computed && !column.computed->stored) {
            throw compile_error(
                errc::cannot_compile,
                "PostgreSQL has stored computed columns only: column \"" + column.name +
                    "\" is computed when it is read"
            );
        }
        if (column.computed) {
            return " GENERATED ALWAYS AS (" + expression(*column.computed->expression) + ") STORED";
        }
        switch (column.identity) {
            case identity_kind::always:
                return " GENERATED ALWAYS AS IDENTITY";
            case identity_kind::by_default:
                return " GENERATED BY DEFAULT AS IDENTITY";
            case identity_kind::none:
                break;
        }
        return {};
    }

    [[nodiscard]] std::string deferrable(bool initially_deferred) const override {
        return initially_deferred ? " DEFERRABLE INITIALLY DEFERRED" : " DEFERRABLE";
    }

    [[nodiscard]] std::string nulls(const index_definition& /*index*/, sql::nulls_order order)
        const override {
        return order == sql::nulls_order::first ? " NULLS FIRST" : " NULLS LAST";
    }

    [[nodiscard]] std::string exclude(const exclude_definition& definition) const override {
        std::string text =
            constraint_name(definition.name) + "EXCLUDE USING " + quote(definition.method) + " (";
        for (const auto& element : definition.elements) {
            const bool plain = element.expression->kind == sql::expression_kind::column;
            text += (&element == &definition.elements.front() ? "" : ", ");
            text += (plain ? "" : "(") + expression(*element.expression) + (plain ? "" : ")");
            text += " WITH " + element.with;
        }
        text += ")";
        return definition.where ? text + " WHERE (" + expression(*definition.where) + ")" : text;
    }

    [[nodiscard]] std::string default_value(const sql::expression& e) const override {
        return expression(e);
    }

    [[nodiscard]] std::string using_clause(const index_definition& index) const override {
        return index.method.empty() ? "" : " USING " + quote(index.method);
    }

    void append_comments(const table_definition& table, std::vector<std::string>& statements)
        const override {
        const std::string name = table_name(*table.source);
        if (!table.comment.empty()) {
            statements.push_back("COMMENT ON TABLE " + name + " IS ");
            detail::append_string_literal(statements.back(), table.comment);
        }
        for (const auto& column : table.columns) {
            if (!column.comment.empty()) {
                statements.push_back(
                    "COMMENT ON COLUMN " + name + "." + quote(column.name) + " IS "
                );
                detail::append_string_literal(statements.back(), column.comment);
            }
        }
    }
};

schema_object enumeration(const enumeration_info& info) {
    const std::string name = names.quote(info.name);
    std::string create = "CREATE TYPE " + name + " AS ENUM (";
    for (std::size_t i = 0; i < info.size; ++i) {
        create += i == 0 ? "" : ", ";
        detail::append_string_literal(create, info.labels[i]);
    }
    return {
        .name = name,
        .create = create + ")",
        .drop = "DROP TYPE " + name,
        .exists = "SELECT to_regtype($1) IS NOT NULL"};
}

schema_object sequence(const sequence_definition& one) {
    const std::string name =
        (one.schema.empty() ? "" : names.quote(one.schema) + ".") + names.quote(one.name);
    std::string create = "CREATE SEQUENCE " + name;
    create += one.increment ? " INCREMENT BY " + std::to_string(*one.increment) : "";
    create += one.start ? " START WITH " + std::to_string(*one.start) : "";
    return {
        .name = name,
        .create = create,
        .drop = "DROP SEQUENCE " + name,
        .exists = "SELECT to_regclass($1) IS NOT NULL"};
}

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
            .concurrent_writers = true};
        return all;
    }

    [[nodiscard]] compiled compile(const sql::statement_node& statement) const override {
        return compiler(statement).compile();
    }

    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return name_of(type);
    }

    [[nodiscard]] std::string quote(std::string_view identifier) const override {
        return names.quote(identifier);
    }

    [[nodiscard]] std::vector<std::string> create_table(
        const table_definition& table, const std::vector<const foreign_key_definition*>& left_out
    ) const override {
        return ddl().create_table(table, left_out);
    }

    [[nodiscard]] std::vector<schema_object> objects_of(const table_definition& table
    ) const override {
        std::vector<schema_object> objects;
        for (const auto& column : table.columns) {
            if (column.type.enumerated != nullptr) {
                objects.push_back(enumeration(*column.type.enumerated));
            }
        }
        for (const auto& one : table.sequences) {
            objects.push_back(sequence(one));
        }
        return objects;
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

    [[nodiscard]] std::string drop_table(const table_definition& table) const override {
        return ddl().drop_table(table);
    }

    // to_regclass() follows the search path as the statements that use the table do.
    [[nodiscard]] std::string has_table(const table_definition& /*table*/) const override {
        return "SELECT to_regclass($1) IS NOT NULL";
    }

    [[nodiscard]] std::vector<value> has_table_parameters(const table_definition& table
    ) const override {
        std::string name = names.quote(table.source->name);
        if (!table.source->schema.empty()) {
            name = names.quote(table.source->schema) + "." + name;
        }
        return {value(std::move(name))};
    }

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

    [[nodiscard]] std::string savepoint(std::string_view name) const override {
        return "SAVEPOINT " + names.quote(name);
    }

    [[nodiscard]] std::string release_savepoint(std::string_view name) const override {
        return "RELEASE SAVEPOINT " + names.quote(name);
    }

    [[nodiscard]] std::string rollback_to_savepoint(std::string_view name) const override {
        return "ROLLBACK TO SAVEPOINT " + names.quote(name);
    }
};

}  // namespace

const gino::dialect& dialect() noexcept {
    static const postgresql_dialect instance;
    return instance;
}

}  // namespace gino::postgresql
