// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/dialect/sqlite/dialect.hpp>

#include <algorithm>
#include <array>
#include <string>

#include "dialect/ddl_compiler.hpp"
#include "dialect/sql_compiler.hpp"

namespace gino::sqlite {

namespace {

/// https://www.sqlite.org/lang_keywords.html: those that cannot stand as a name.
constexpr auto reserved = std::to_array<std::string_view>({
    "add",        "all",        "alter",  "and",          "as",           "autoincrement",
    "between",    "case",       "check",  "collate",      "column",       "commit",
    "constraint", "create",     "cross",  "current_date", "current_time", "current_timestamp",
    "default",    "deferrable", "delete", "distinct",     "drop",         "else",
    "escape",     "except",     "exists", "foreign",      "from",         "full",
    "group",      "having",     "in",     "index",        "inner",        "insert",
    "intersect",  "into",       "is",     "isnull",       "join",         "left",
    "limit",      "natural",    "not",    "nothing",      "notnull",      "null",
    "on",         "or",         "order",  "outer",        "primary",      "raise",
    "references", "returning",  "right",  "rollback",     "select",       "set",
    "table",      "then",       "to",     "transaction",  "union",        "unique",
    "update",     "using",      "values", "when",         "where",
});

static_assert(std::ranges::is_sorted(reserved));

constexpr detail::identifier_preparer names(reserved, 0);

std::string name_of(const sql_type& type) {
    switch (type.kind) {
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
            return "BLOB";
        case type_kind::date:
            return "DATE";
        case type_kind::timestamp:
            return "TIMESTAMP";
        case type_kind::timestamptz:
            return "TIMESTAMP WITH TIME ZONE";
        case type_kind::json:
        case type_kind::jsonb:
            return "JSON";
        case type_kind::named:
            return names.quote(type.name);
        case type_kind::numeric:
            return "TEXT COLLATE decimal";  // exact, and in the order of numbers
        case type_kind::time:
            return "TIME";
        case type_kind::uuid:
            return "CHAR(36)";
        case type_kind::enumeration:
        case type_kind::interval:
        case type_kind::inet:
        case type_kind::cidr:
        case type_kind::macaddr:
            return "TEXT";
        case type_kind::int4range:
        case type_kind::int8range:
        case type_kind::numrange:
        case type_kind::daterange:
        case type_kind::tsrange:
        case type_kind::tstzrange:
            throw compile_error(
                errc::cannot_compile, "SQLite has no ranges: store two columns instead"
            );
        case type_kind::array:
            throw compile_error(
                errc::cannot_compile, "SQLite has no arrays: store a JSON document instead"
            );
        case type_kind::unknown:
            break;
    }
    throw compile_error(errc::cannot_compile, "SQLite cannot declare a column without a type");
}

// How the driver stores a point in time: UTC, without the offset, so that text sorts as time does.
std::string stored_text(timestamptz time) {
    std::string text = to_string(time);
    const std::size_t offset = text.rfind("+00:00");
    return offset == std::string::npos ? text : text.substr(0, offset);
}

std::string literal_text(const value& v) {
    std::string text;
    if (const auto* flag = v.get_if<bool>()) {
        return *flag ? "1" : "0";
    }
    if (v.get_if<std::int64_t>() != nullptr || v.get_if<double>() != nullptr) {
        return to_string(v);
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
        return "'" + stored_text(*time) + "'";
    }
    if (v.get_if<decimal>() != nullptr) {
        return "'" + to_string(v) + "'";
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
    [[nodiscard]] std::string_view database() const noexcept override { return "SQLite"; }

    void write_mark(std::size_t /*number*/) override { append("?"); }

    // SQLite takes the ON of ON CONFLICT for that of a join, unless a WHERE stands between.
    void write_inserted_select(const sql::insert_node& s) override {
        const bool is_ambiguous = s.on_conflict.action != sql::conflict_action::fail;
        append(is_ambiguous ? "SELECT * FROM (" : "");
        write_query(*s.select);
        append(is_ambiguous ? ") WHERE 1" : "");
    }

    void write_conflict_constraint(std::string_view /*name*/) override {
        throw_cannot("ON CONFLICT ON CONSTRAINT (name the columns instead)");
    }

    void write_literal(sql::literal_kind kind) override {
        if (kind == sql::literal_kind::default_) {
            throw_cannot("DEFAULT as a value (leave the column out instead)");
        }
        static constexpr std::string_view words[] = {"NULL", "1", "0", "", "*"};
        append(words[static_cast<std::size_t>(kind)]);
    }

    void write_in_array(const sql::in_array& e) override {
        write(*e.operand, concatenation);
        append(
            e.negated ? " NOT IN (SELECT value FROM json_each("
                      : " IN (SELECT value FROM json_each("
        );
        write_bind(*e.array);
        append("))");
    }

    void write_ilike(const sql::binary& e) override {
        append("lower(");
        write(*e.left);
        append(e.op == sql::binary_operator::ilike ? ") LIKE lower(" : ") NOT LIKE lower(");
        write(*e.right);
        append(")");
        if (e.escape != 0) {
            append(" ESCAPE '");
            append(std::string_view(&e.escape, 1));
            append("'");
        }
    }

    [[nodiscard]] std::string_view symbol_of(sql::binary_operator op) const override {
        const std::string_view symbol = sql_compiler::symbol_of(op);
        switch (op) {
            case sql::binary_operator::is_distinct_from:
                return "IS NOT";
            case sql::binary_operator::is_not_distinct_from:
                return "IS";
            case sql::binary_operator::regexp:
            case sql::binary_operator::not_regexp:
            case sql::binary_operator::iregexp:
            case sql::binary_operator::not_iregexp:
                throw_cannot("regular expressions");
            case sql::binary_operator::contains:
            case sql::binary_operator::contained:
            case sql::binary_operator::overlaps:
            case sql::binary_operator::matches:
            case sql::binary_operator::has_key:
            case sql::binary_operator::has_any_key:
            case sql::binary_operator::has_all_keys:
                throw_cannot("operator " + std::string(symbol));
            default:
                return symbol;
        }
    }

    [[nodiscard]] std::string_view symbol_of(sql::set_operator op) const override {
        if (op == sql::set_operator::intersect_all || op == sql::set_operator::except_all) {
            throw_cannot(std::string(sql_compiler::symbol_of(op)));
        }
        return sql_compiler::symbol_of(op);
    }

    // SQLite knows no parentheses around the operands of a set operation.
    void write_compound_operand(const sql::statement_node& operand) override {
        append("SELECT * FROM ");
        write_subquery(operand);
    }

    void write_distinct_on(const sql::select_node& /*s*/) override {
        throw_cannot("DISTINCT ON (use row_number() in a subquery instead)");
    }

    void write_lock(const sql::lock_clause& /*lock*/) override {
        throw_cannot("FOR UPDATE (a transaction that writes has the whole database)");
    }

    void write_using(const detail::source_list& /*others*/) override {
        throw_cannot("DELETE ... USING (use IN or EXISTS with a subquery instead)");
    }

    void write_changing_cte(const sql::statement_node& /*s*/) override {
        throw_cannot("INSERT, UPDATE or DELETE within WITH");
    }

    void write_sample(const sql::table_sample& /*sample*/) override { throw_cannot("TABLESAMPLE"); }

    void write_lateral() override { throw_cannot("LATERAL"); }

    void write_object(sql::object_kind object) override {
        if (object == sql::object_kind::materialized_view) {
            throw_cannot("materialized views");
        }
        sql_compiler::write_object(object);
    }

    // A function's columns have the names that it gives them.
    void write_table_function(const sql::function_source& item) override {
        if (item.with_ordinality || item.with_types) {
            throw_cannot("WITH ORDINALITY or types of a function's columns");
        }
        write(*item.function);
        append(" AS ");
        write_name(alias_name(item));
    }

    // SQLite names the columns of VALUES itself.
    void write_values_list(const sql::values_source& item) override {
        append("(SELECT ");
        for (std::size_t i = 0; i < item.columns.size(); ++i) {
            append(i == 0 ? "column" : ", column");
            append(std::to_string(i + 1));
            append(" AS ");
            write_name(item.columns[i].name);
        }
        append(" FROM (");
        write_values(item);
        append(")) AS ");
        write_name(alias_name(item));
    }

    // The functions whose names differ.
    [[nodiscard]] bool write_own_function(const sql::function_call& e) override {
        if (e.name == "timezone") {
            throw_cannot("time zones by name");
        }
        static constexpr std::pair<std::string_view, std::string_view> others[] = {
            {"string_agg", "group_concat("},
            {"greatest", "max("},
            {"least", "min("},
            {"char_length", "length("},
        };
        for (const auto& [name, here] : others) {
            if (e.name == name && e.order_by.empty()) {
                append(here);
                append(e.distinct ? "DISTINCT " : "");
                write_list(e.arguments);
                append(")");
                return true;
            }
        }
        return false;
    }

    void write_aggregate_order() override { throw_cannot("ORDER BY within an aggregate"); }

    void write_within_group() override { throw_cannot("WITHIN GROUP"); }

    void write_extract(const sql::extract_expression& e) override {
        if (e.part == sql::date_part::quarter) {
            append("(CAST(strftime('%m', ");
            write(*e.operand);
            return append(") AS INTEGER) + 2) / 3");
        }
        if (e.part == sql::date_part::week) {
            throw_cannot("weeks of ISO 8601");
        }
        if (e.part == sql::date_part::epoch) {
            append("((julianday(");
            write(*e.operand);
            return append(") - 2440587.5) * 86400.0)");
        }
        static constexpr std::string_view formats[] = {
            "%Y", "", "%m", "", "%d", "%w", "%j", "%H", "%M", "%f", ""};
        append("CAST(strftime('");
        append(formats[static_cast<std::size_t>(e.part)]);
        append("', ");
        write(*e.operand);
        append(e.part == sql::date_part::second ? ") AS REAL)" : ") AS INTEGER)");
    }

    void write_quantified(const sql::quantified_expression& e) override {
        throw_cannot(e.all ? "ALL" : "ANY (use in() instead)");
    }

    void write_array(const sql::array_expression& /*e*/) override { throw_cannot("arrays"); }

    void write_subscript(const sql::subscript& /*e*/) override { throw_cannot("arrays"); }

    void write_grouping(const sql::grouping_expression& /*e*/) override {
        throw_cannot("ROLLUP, CUBE or GROUPING SETS");
    }

    void write_next_value(const sql::next_value_expression& /*e*/) override {
        throw_cannot("sequences");
    }

    // A list of keys and places becomes a path of SQLite's: $."key"[0].
    void write_json_path(const sql::binary& e) override {
        write(*e.left, primary);
        append(e.op == sql::binary_operator::json_path_text ? " ->> " : " -> ");
        append(
            "('$' || (SELECT group_concat(CASE WHEN value GLOB '*[^0-9]*' OR value = '' THEN "
            "'.\"' || value || '\"' ELSE '[' || value || ']' END, '') FROM json_each("
        );
        write(*e.right);
        append(")))");
    }

    // OFFSET needs a LIMIT before it; -1 is none.
    void write_limit(const sql::query_node& s) override {
        if (s.offset && !s.limit) {
            append(" LIMIT -1");
        }
        sql_compiler::write_limit(s);
    }

    // For CAST, which takes no collation.
    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return type.kind == type_kind::numeric ? "TEXT" : name_of(type);
    }

    [[nodiscard]] bool qualifies_returning() const noexcept override { return false; }

    [[nodiscard]] bool repeats_marks() const noexcept override { return false; }

    void write_value_literal(const value& v) override { append(literal_text(v)); }
};

sql::text_node empty_statement("");

class ddl final : public detail::ddl_compiler {
public:
    ddl() : ddl_compiler(names) {}

private:
    // Only a column whose type is exactly INTEGER becomes the rowid, which numbers itself.
    [[nodiscard]] std::string column_type(const column_definition& column) const override {
        return column.autoincrement ? "INTEGER" : name_of(column.type);
    }

    [[nodiscard]] std::string expression(const sql::expression& e) const override {
        return compiler(empty_statement).compile_for_ddl(e);
    }

    [[nodiscard]] std::string generated(const column_definition& column) const override {
        if (!column.computed) {
            return {};
        }
        return " GENERATED ALWAYS AS (" + expression(*column.computed->expression) +
               (column.computed->stored ? ") STORED" : ") VIRTUAL");
    }

    // An enumeration is text here, which may be one of its labels only.
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

    [[nodiscard]] std::string default_value(const sql::expression& e) const override {
        const std::string text = expression(e);
        return e.kind == sql::expression_kind::bind_parameter ? text : "(" + text + ")";
    }

    [[nodiscard]] std::string using_clause(const index_definition& index) const override {
        if (!index.method.empty()) {
            throw compile_error(
                errc::cannot_compile,
                "SQLite has no index access methods: index \"" + index.name + "\" wants USING " +
                    index.method
            );
        }
        return {};
    }

    // SQLite has no comments.
    void append_comments(
        const table_definition& /*table*/, std::vector<std::string>& /*statements*/
    ) const override {}
};

class sqlite_dialect final : public gino::dialect {
public:
    [[nodiscard]] std::string_view name() const noexcept override { return "sqlite"; }

    [[nodiscard]] const gino::capabilities& capabilities() const noexcept override {
        static constexpr gino::capabilities none{};
        return none;
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
        if (!table.sequences.empty()) {
            throw compile_error(
                errc::cannot_compile,
                "SQLite has no sequences: table \"" + table.source->name + "\" wants \"" +
                    table.sequences.front().name + "\""
            );
        }
        return {};
    }

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

    [[nodiscard]] std::string drop_table(const table_definition& table) const override {
        return ddl().drop_table(table);
    }

    [[nodiscard]] std::string has_table(const table_definition& /*table*/) const override {
        return "SELECT count(*) > 0 FROM sqlite_master WHERE type = 'table' AND name = ?";
    }

    [[nodiscard]] std::vector<value> has_table_parameters(const table_definition& table
    ) const override {
        return {value(table.source->name)};
    }

    // A transaction that reads first and writes later fails with a busy database when another one
    // writes meanwhile, and waiting cannot help; so one that may write takes the lock at once.
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
    static const sqlite_dialect instance;
    return instance;
}

}  // namespace gino::sqlite
