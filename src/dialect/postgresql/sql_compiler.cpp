// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/postgresql/sql_compiler.hpp"

#include <gino/core/error.hpp>

#include <string>
#include <string_view>
#include <utility>

#include "dialect/postgresql/names.hpp"
#include "dialect/postgresql/types.hpp"
#include "dialect/sql_compiler.hpp"

namespace gino::postgresql {

namespace {

// PostgreSQL's SQL is the common form: only the parts that the base class leaves open are here.
class compiler final : public detail::sql_compiler {
public:
    explicit compiler(const sql::statement_node& statement) : sql_compiler(statement, names()) {}

private:
    [[nodiscard]] std::string_view database() const noexcept override { return "PostgreSQL"; }

    void write_placeholder(std::size_t number) override {
        append("$");
        append(std::to_string(number));
    }

    // The OID of a composite type differs from server to server, so that the parameter is sent
    // without one; without CAST, the server takes `$1` for a value of any record type.
    void write_typed_placeholder(std::size_t number, const sql_type& type) override {
        if (type.composed == nullptr) {
            return write_placeholder(number);
        }
        append("CAST(");
        write_placeholder(number);
        append(" AS " + name_of(type) + ")");
    }

    // The OID of an enumeration differs from server to server, so that parameters are sent without
    // one, and the server infers the type where it can. Here it cannot.
    void write_with_type(const sql::expression& e, precedence around = lowest) override {
        if (e.kind != sql::expression_kind::bind_parameter || e.type.enumerated == nullptr) {
            return write(e, around);
        }
        append("CAST(");
        write(e);
        append(" AS " + name_of(e.type) + ")");
    }

    // The words are in the order of sql::literal_kind.
    void write_literal(sql::literal_kind kind) override {
        static constexpr std::string_view words[] = {"NULL", "true", "false", "DEFAULT", "*"};
        append(words[static_cast<std::size_t>(kind)]);
    }

    // `= ANY (array)` has the meaning of IN (manual, 9.24.3).
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
        write_escape(e);
    }

    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return name_of(type);
    }

    [[nodiscard]] bool qualifies_returning() const noexcept override { return true; }

    [[nodiscard]] bool repeats_placeholders() const noexcept override { return true; }

    // EXTRACT returns numeric since PostgreSQL 14, so that a result declared as an integer or a
    // double is cast: numeric `/ 10` would not be an integer division.
    void write_extract(const sql::extract_expression& e) override {
        const bool is_cast = e.type.kind != type_kind::numeric;
        append(is_cast ? "CAST(EXTRACT(" : "EXTRACT(");
        append(part_name(e.part));
        append(" FROM ");
        write(*e.operand);
        append(")");
        if (is_cast) {
            append(" AS " + type_name(e.type) + ")");
        }
    }

    void write_value_literal(const value& v) override { append(literal_of(v)); }
};

}  // namespace

compiled compile(const sql::statement_node& statement) {
    return compiler(statement).compile();
}

std::string compile_for_ddl(const sql::expression& e) {
    static const sql::text_node nothing("");
    return compiler(nothing).compile_for_ddl(e);
}

}  // namespace gino::postgresql
