// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/sqlite/sql_compiler.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <initializer_list>
#include <string>
#include <string_view>
#include <utility>

#include "dialect/sql_compiler.hpp"
#include "dialect/sqlite/names.hpp"
#include "dialect/sqlite/types.hpp"

namespace gino::sqlite {

namespace {

// SQLite's SQL, changed where its operators and functions would give another result than
// PostgreSQL's: the same statement has to give the same result on both databases. Functions such as
// decimal_add() are registered by the driver (docs/reference/sqlite.md). Constructs without an
// equivalent throw.
class compiler final : public detail::sql_compiler {
public:
    explicit compiler(const sql::statement_node& statement) : sql_compiler(statement, names()) {}

private:
    [[nodiscard]] std::string_view database() const noexcept override { return "SQLite"; }

    void write_placeholder(std::size_t /*number*/) override { append("?"); }

    // SQLite's parser takes the ON of ON CONFLICT for that of a join, unless a WHERE precedes it
    // (its manual, UPSERT, "Parsing Ambiguity"). Rows that need a check come from a common table
    // expression, whose columns have known names.
    void write_inserted_select(const sql::insert_node& s) override {
        const auto checked = checked_columns(s);
        if (std::ranges::find(checked, true) == checked.end()) {
            const bool is_ambiguous = s.on_conflict.action != sql::conflict_action::fail;
            append(is_ambiguous ? "SELECT * FROM (" : "");
            write_query(*s.select);
            return append(is_ambiguous ? ") WHERE 1" : "");
        }
        append("WITH \"inserted rows\" (");
        for (std::size_t i = 0; i < checked.size(); ++i) {
            append((i == 0 ? "c" : ", c") + std::to_string(i + 1));
        }
        append(") AS (");
        write_query(*s.select);
        append(") SELECT ");
        for (std::size_t i = 0; i < checked.size(); ++i) {
            const std::string name = "c" + std::to_string(i + 1);
            append(i == 0 ? "" : ", ");
            if (checked[i]) {
                write_check(declared_type(*s.columns[i]), [&] { append(name); });
            } else {
                append(name);
            }
        }
        append(" FROM \"inserted rows\" WHERE 1");
    }

    // Returns which columns need a check: SQLite would store values that are beyond the declared
    // type.
    static std::vector<bool> checked_columns(const sql::insert_node& s) {
        const auto* select = s.select->kind == sql::statement_kind::select
                                 ? &sql::cast_to<sql::select_node>(*s.select)
                                 : nullptr;
        std::vector<bool> checked;
        for (std::size_t i = 0; i < s.columns.size(); ++i) {
            const auto& into = declared_type(*s.columns[i]);
            checked.push_back(
                select != nullptr && i < select->columns.size()
                    ? needs_check(*select->columns[i], into)
                    : has_limits(into)
            );
        }
        return checked;
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

    // The parameter is a JSON array.
    void write_in_array(const sql::in_array& e) override {
        write(*e.operand, concatenation);
        append(
            e.negated ? " NOT IN (SELECT value FROM json_each("
                      : " IN (SELECT value FROM json_each("
        );
        write_bind(*e.array);
        append("))");
    }

    // LIKE of SQLite has no escape character by default, that of PostgreSQL has the backslash.
    [[nodiscard]] char escape_of(const sql::binary& like) const override {
        switch (like.op) {
            case sql::binary_operator::like:
            case sql::binary_operator::not_like:
            case sql::binary_operator::ilike:
            case sql::binary_operator::not_ilike:
                return like.escape != 0 ? like.escape : '\\';
            default:
                return like.escape;
        }
    }

    // lower() folds ASCII letters alone, as does the rest of SQLite.
    void write_ilike(const sql::binary& e) override {
        append("lower(");
        write(*e.left);
        append(e.op == sql::binary_operator::ilike ? ") LIKE lower(" : ") NOT LIKE lower(");
        write(*e.right);
        append(")");
        write_escape(e);
    }

    // IS and IS NOT compare any two values in SQLite, NULL included.
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

    // SQLite does not accept parentheses around the operands of a set operation.
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

    // The columns of a function have fixed names: a column list is not accepted.
    void write_table_function(const sql::function_source& item) override {
        if (item.with_ordinality || item.with_types) {
            throw_cannot("WITH ORDINALITY or types of a function's columns");
        }
        write(*item.function);
        append(" AS ");
        write_name(alias_name(item));
    }

    // SQLite names the columns of VALUES column1, column2, ...; a SELECT around it renames them. An
    // decimal gets its collation here, because a VALUES list has no declared types.
    void write_values_list(const sql::values_source& item) override {
        append("(SELECT ");
        for (std::size_t i = 0; i < item.columns.size(); ++i) {
            append(i == 0 ? "column" : ", column");
            append(std::to_string(i + 1));
            append(item.columns[i].type.kind == type_kind::numeric ? " COLLATE decimal" : "");
            append(" AS ");
            write_name(item.columns[i].name);
        }
        append(" FROM (");
        write_values(item);
        append(")) AS ");
        write_name(alias_name(item));
    }

    // Functions that have another name here. round() is that of floating-point numbers: PostgreSQL
    // rounds their halves to even, SQLite away from zero.
    [[nodiscard]] bool write_native_function(const sql::function_call& e) override {
        if (e.name == "timezone") {
            throw_cannot("time zones by name");
        }
        static constexpr std::pair<std::string_view, std::string_view> others[] = {
            {"string_agg", "group_concat("},
            {"char_length", "length("},
            {"btrim", "trim("},
            {"round", "round_half_even("},
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

    // date_part() is a function of the driver.
    void write_extract(const sql::extract_expression& e) override {
        const auto write_part = [&] {
            append("date_part('");
            append(part_name(e.part));
            append("', ");
            write(*e.operand);
            append(")");
        };
        if (e.type.kind == type_kind::numeric) {
            write_decimal([&] { write_converted("to_numeric", write_part); });
            return;
        }
        // The other parts are integers already.
        const bool has_fraction =
            e.part == sql::date_part::second || e.part == sql::date_part::epoch;
        const auto function = cast_function(type_kind::numeric, e.type.kind);
        write_converted(has_fraction ? function : std::string_view(), write_part);
    }

    // Writes a call of `function`, or its argument alone if `function` is empty.
    template <class Write>
    void write_converted(std::string_view function, const Write& write_it) {
        append(function);
        append(function.empty() ? "" : "(");
        write_it();
        append(function.empty() ? "" : ")");
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

    void write_json_path(const sql::binary& e) override {
        write_call(
            e.op == sql::binary_operator::json_path_text ? "json_element_at_text"
                                                         : "json_element_at",
            {e.left.get(), e.right.get()}
        );
    }

    // SQLite accepts OFFSET only after LIMIT; -1 means no limit.
    void write_limit(const sql::query_node& s) override {
        if (s.offset && !s.limit) {
            append(" LIMIT -1");
        }
        sql_compiler::write_limit(s);
    }

    // Chooses the expressions that need another form. Each column of a decimal is counted,
    // since its collation spreads to the expression around it; see write_undecimal().
    bool write_own(const sql::expression& e) override {
        switch (e.kind) {
            case sql::expression_kind::column:
                decimals_written_ += e.type.kind == type_kind::numeric ? 1 : 0;
                return false;
            case sql::expression_kind::binary:
                return write_own_binary(sql::cast_to<sql::binary>(e));
            case sql::expression_kind::between:
                return write_own_between(sql::cast_to<sql::between>(e));
            case sql::expression_kind::cast:
                return write_cast(sql::cast_to<sql::cast>(e));
            case sql::expression_kind::unary:
                return write_own_unary(sql::cast_to<sql::unary>(e));
            case sql::expression_kind::function:
            case sql::expression_kind::over:
            case sql::expression_kind::filter:
            case sql::expression_kind::case_:
            case sql::expression_kind::scalar_subquery:
                return write_own_computed(e);
            default:
                return false;
        }
    }

    // Writes a decimal, which is a text in SQLite. A computed one gets the collation that its
    // columns have, so that comparison, ORDER BY and GROUP BY treat it as a number everywhere.
    template <class Write>
    bool write_decimal(const Write& write_it) {
        append("(");
        write_it();
        append(" COLLATE decimal)");
        ++decimals_written_;
        return true;
    }

    // Writes an expression of another type. SQLite uses the collation of any operand for the whole
    // expression (its manual, "Collating Sequences"), so that a text with a decimal inside
    // would be compared as a number. If one was written, BINARY overrides the collation.
    template <class Write>
    void write_undecimal(const sql_type& type, const Write& write_it) {
        const std::size_t begin = end();
        const std::size_t before = decimals_written_;
        write_it();
        if (decimals_written_ != before && is_text_here(type.kind)) {
            insert(begin, "(");
            append(" COLLATE BINARY)");
            decimals_written_ = before;
        }
    }

    // Returns true for types that SQLite stores as text: only texts have a collation.
    static bool is_text_here(type_kind kind) {
        switch (kind) {
            case type_kind::boolean:
            case type_kind::smallint:
            case type_kind::integer:
            case type_kind::bigint:
            case type_kind::real:
            case type_kind::double_precision:
            case type_kind::numeric:
                return false;
            default:
                return true;
        }
    }

    // Aggregates of decimals are functions of the driver, because SQLite's sum() and abs() use
    // floating point. The function of OVER or FILTER has to follow directly, without a conversion
    // around it, so that the conversion is written around the whole expression.
    bool write_own_computed(const sql::expression& e) {
        const bool is_window_function = std::exchange(in_window_, false);
        if (e.kind == sql::expression_kind::function) {
            check_function(sql::cast_to<sql::function_call>(e));
        }
        if (e.type.kind != type_kind::numeric) {
            if (is_window_function) {
                return false;
            }
            write_undecimal(e.type, [&] { write_usual(e); });
            return true;
        }
        if (is_window_function) {
            write_decimal_function(sql::cast_to<sql::function_call>(e));
            return true;
        }
        return write_decimal([&] {
            append("to_numeric(");
            if (e.kind == sql::expression_kind::function) {
                write_decimal_function(sql::cast_to<sql::function_call>(e));
            } else {
                in_window_ =
                    e.kind == sql::expression_kind::over || e.kind == sql::expression_kind::filter;
                write_usual(e);
                in_window_ = false;
            }
            append(")");
        });
    }

    // Rejects functions that would choose or count by the text of a value: SQLite does not know the
    // order of an enumeration or the length of an interval.
    void check_function(const sql::function_call& e) const {
        const bool chooses =
            e.name == "min" || e.name == "max" || e.name == "greatest" || e.name == "least";
        for (const auto& argument : e.arguments) {
            if (chooses && argument->type.kind == type_kind::enumeration) {
                throw_cannot(e.name + "() of an enumeration");
            }
            if (chooses && argument->type.kind == type_kind::interval) {
                throw_cannot(e.name + "() of intervals");
            }
            if (e.name == "avg" && argument->type.kind == type_kind::numeric) {
                throw_cannot("avg() of decimals (divide the sum in the program)");
            }
        }
    }

    void write_decimal_function(const sql::function_call& e) {
        static constexpr std::pair<std::string_view, std::string_view> exact[] = {
            {"sum", "decimal_sum"},
            {"abs", "decimal_abs"},
            {"greatest", "decimal_greatest"},
            {"least", "decimal_least"},
        };
        if (e.name == "round") {
            append("decimal_round(");
            write_list(e.arguments);
            return append(e.arguments.size() == 1 ? ", 0)" : ")");
        }
        for (const auto& [name, here] : exact) {
            if (e.name == name) {
                append(here);
                append(e.distinct ? "(DISTINCT " : "(");
                write_list(e.arguments);
                return append(")");
            }
        }
        write_usual(e);
    }

    static bool is_comparison(sql::binary_operator op) {
        switch (op) {
            case sql::binary_operator::equal:
            case sql::binary_operator::not_equal:
            case sql::binary_operator::less:
            case sql::binary_operator::less_or_equal:
            case sql::binary_operator::greater:
            case sql::binary_operator::greater_or_equal:
            case sql::binary_operator::is_distinct_from:
            case sql::binary_operator::is_not_distinct_from:
                return true;
            default:
                return false;
        }
    }

    // The comparisons that need an order, and not only equality.
    static bool is_order(sql::binary_operator op) {
        return op == sql::binary_operator::less || op == sql::binary_operator::less_or_equal ||
               op == sql::binary_operator::greater || op == sql::binary_operator::greater_or_equal;
    }

    // The order of the checks counts: JSON operators first, since their operands have types of
    // their own; then comparisons, then arithmetic of decimals, division and dates.
    bool write_own_binary(const sql::binary& e) {
        const auto left = e.left->type.kind;
        const auto right = e.right->type.kind;
        switch (e.op) {
            case sql::binary_operator::json_get:
                write_call("json_element", {e.left.get(), e.right.get()});
                return true;
            case sql::binary_operator::json_text:
                write_call("json_element_text", {e.left.get(), e.right.get()});
                return true;
            case sql::binary_operator::concatenate:
                if (left == type_kind::json || left == type_kind::jsonb) {
                    throw_cannot("|| of JSON");
                }
                return false;
            default:
                break;
        }
        if (is_comparison(e.op)) {
            return write_own_comparison(e);
        }
        if (left == type_kind::numeric || right == type_kind::numeric) {
            return write_decimal_arithmetic(e);
        }
        return write_division(e) || write_temporal_arithmetic(e);
    }

    // Division by zero is NULL in SQLite and an error in PostgreSQL. The functions of the driver
    // throw the error, and truncate integers as PostgreSQL does.
    bool write_division(const sql::binary& e) {
        const bool is_division = e.op == sql::binary_operator::divide;
        if (!is_division && e.op != sql::binary_operator::modulo) {
            return false;
        }
        switch (e.type.kind) {
            case type_kind::smallint:
            case type_kind::integer:
            case type_kind::bigint:
                write_call(
                    is_division ? "integer_div" : "integer_mod", {e.left.get(), e.right.get()}
                );
                return true;
            case type_kind::real:
            case type_kind::double_precision:
                if (!is_division) {
                    throw_cannot("the remainder of floating-point numbers");
                }
                write_call("double_div", {e.left.get(), e.right.get()});
                return true;
            default:
                return false;
        }
    }

    // Enumerations are compared by their rank. When only one side is a decimal, the other one
    // is converted: otherwise its text would be compared with a number.
    bool write_own_comparison(const sql::binary& e) {
        const auto left = e.left->type.kind;
        const auto right = e.right->type.kind;
        if ((left == type_kind::interval || right == type_kind::interval) && is_order(e.op)) {
            throw_cannot("comparing intervals");
        }
        if (left == type_kind::enumeration && is_order(e.op)) {
            write_rank(*e.left);
            append(" ");
            append(symbol_of(e.op));
            append(" ");
            write_rank(*e.right, e.left->type);
            return true;
        }
        if ((left == type_kind::numeric) == (right == type_kind::numeric)) {
            return false;
        }
        write_as_decimal(*e.left);
        append(" ");
        append(symbol_of(e.op));
        append(" ");
        write_as_decimal(*e.right);
        return true;
    }

    // Writes an operand that is compared with a decimal.
    void write_as_decimal(const sql::expression& e) {
        if (e.type.kind == type_kind::numeric) {
            return write(e, primary);
        }
        write_decimal([&] { write_converted("to_numeric", [&] { write(e); }); });
    }

    // The result of a division needs a number of digits, which PostgreSQL derives from both
    // operands; that rule is not repeated here.
    bool write_decimal_arithmetic(const sql::binary& e) {
        std::string_view function;
        switch (e.op) {
            case sql::binary_operator::add:
                function = "decimal_add";
                break;
            case sql::binary_operator::subtract:
                function = "decimal_sub";
                break;
            case sql::binary_operator::multiply:
                function = "decimal_mul";
                break;
            case sql::binary_operator::divide:
                throw_cannot("division of decimals (divide in the program)");
            case sql::binary_operator::modulo:
                throw_cannot("the remainder of decimals");
            default:
                return false;
        }
        return write_decimal([&] { write_call(function, {e.left.get(), e.right.get()}); });
    }

    static bool is_temporal(type_kind kind) {
        return kind == type_kind::date || kind == type_kind::time || kind == type_kind::timestamp ||
               kind == type_kind::timestamptz || kind == type_kind::interval;
    }

    // The names of the functions begin with the type of their first operand: timestamp_add(),
    // date_diff(). In a sum the date or time comes first, so that one function serves both orders.
    bool write_temporal_arithmetic(const sql::binary& e) {
        const bool is_sum = e.op == sql::binary_operator::add;
        if (!is_sum && e.op != sql::binary_operator::subtract) {
            return false;
        }
        const sql::expression* left = e.left.get();
        const sql::expression* right = e.right.get();
        if (is_sum && (!is_temporal(left->type.kind) ||
                       (left->type.kind == type_kind::interval && is_temporal(right->type.kind)))) {
            std::swap(left, right);
        }
        if (!is_temporal(left->type.kind)) {
            return false;
        }
        const bool is_difference = !is_sum && left->type.kind == right->type.kind &&
                                   left->type.kind != type_kind::interval;
        std::string function(temporal_family(left->type.kind, right->type.kind));
        function += is_sum ? "_add" : (is_difference ? "_diff" : "_sub");
        write_call(function, {left, right});
        return true;
    }

    // A date plus an interval is a timestamp, as in PostgreSQL; a date plus an integer is a date.
    static std::string_view temporal_family(type_kind left, type_kind right) {
        switch (left) {
            case type_kind::interval:
                return "interval";
            case type_kind::time:
                return "time";
            case type_kind::date:
                return right == type_kind::interval ? "timestamp" : "date";
            default:
                return "timestamp";
        }
    }

    bool write_own_unary(const sql::unary& e) {
        if (e.op != sql::unary_operator::negate || e.type.kind != type_kind::numeric) {
            return false;
        }
        return write_decimal([&] { write_call("decimal_neg", {e.operand.get()}); });
    }

    // BETWEEN compares with both bounds, so it needs the same care as an ordered comparison.
    bool write_own_between(const sql::between& e) {
        const auto kind = e.operand->type.kind;
        if (kind == type_kind::interval) {
            throw_cannot("comparing intervals");
        }
        if (kind != type_kind::enumeration) {
            return false;
        }
        write_rank(*e.operand);
        append(e.negated ? " NOT BETWEEN " : " BETWEEN ");
        write_rank(*e.low, e.operand->type);
        append(" AND ");
        write_rank(*e.high, e.operand->type);
        return true;
    }

    void write_rank(const sql::expression& e) { write_rank(e, e.type); }

    // The rank of a label is its place in " first second third ", which grows in the declared
    // order. Blanks around each label keep one from being found inside another.
    void write_rank(const sql::expression& e, const sql_type& type) {
        std::string words = " ";
        for (std::size_t i = 0; i < type.enumerated->size; ++i) {
            words += std::string(type.enumerated->labels[i]) + " ";
        }
        append("instr(");
        append(literal_of(value(words)));
        append(", ' ' || ");
        write(e, primary);
        append(" || ' ')");
    }

    // NULL is the lowest value in SQLite and the highest in PostgreSQL: the clause is written so
    // that both sort alike. A column that cannot be NULL needs none, and can use its index.
    [[nodiscard]] sql::nulls_order nulls_of(const sql::order_item& item, bool has_nulls)
        const override {
        if (item.nulls != sql::nulls_order::unspecified || !has_nulls) {
            return item.nulls;
        }
        return item.direction == sql::sort_direction::descending ? sql::nulls_order::first
                                                                 : sql::nulls_order::last;
    }

    // An enumeration is sorted by its rank, even if the select list has a label for it.
    void write_order_key(const sql::expression& e) override {
        if (e.type.kind == type_kind::interval) {
            throw_cannot("ORDER BY intervals");
        }
        if (e.type.kind != type_kind::enumeration) {
            return sql_compiler::write_order_key(e);
        }
        const bool is_label = e.kind == sql::expression_kind::label;
        write_rank(is_label ? *sql::cast_to<sql::label>(e).labelled : e);
    }

    // The name of a result column would sort by the text.
    [[nodiscard]] bool orders_by_name(const sql::expression& e) const override {
        return e.type.kind != type_kind::enumeration && e.type.kind != type_kind::interval;
    }

    bool write_cast(const sql::cast& e) {
        write_undecimal(e.type, [&] {
            if (!write_own_cast(e)) {
                write_usual(e);
            }
        });
        return true;
    }

    // CAST of SQLite never fails: CAST('abc' AS INTEGER) is 0. The functions of the driver throw
    // the error that PostgreSQL would report.
    bool write_own_cast(const sql::cast& e) {
        const auto from = e.operand->type.kind;
        const std::string_view function = cast_function(from, e.type.kind);
        if (e.type.kind == type_kind::numeric) {
            return write_decimal([&] { write_check(e.type, [&] { write(*e.operand); }); });
        }
        if (!function.empty()) {
            write_call(function, {e.operand.get()});
            return true;
        }
        // An explicit cast cuts a text silently in PostgreSQL (manual, 8.3).
        if (e.type.kind == type_kind::varchar && e.type.length != 0) {
            append("substr(");
            write(*sql::make<sql::cast>(e.operand, sql_type{.kind = type_kind::text}));
            append(", 1, " + std::to_string(e.type.length) + ")");
            return true;
        }
        const bool to_text = e.type.kind == type_kind::text || e.type.kind == type_kind::varchar;
        if (to_text && from == type_kind::boolean) {
            append("CASE ");
            write(*e.operand, primary);
            append(" WHEN 1 THEN 'true' WHEN 0 THEN 'false' END");
            return true;
        }
        if (to_text && (from == type_kind::real || from == type_kind::double_precision)) {
            // The digits would differ: PostgreSQL writes the shortest ones that identify the
            // number, SQLite 15.
            throw_cannot("CAST of floating-point numbers to text");
        }
        return false;
    }

    // Returns the function that converts and checks; empty: none is needed.
    static std::string_view cast_function(type_kind from, type_kind to) {
        switch (to) {
            case type_kind::smallint:
                return "to_smallint";
            case type_kind::integer:
                return "to_integer";
            case type_kind::bigint:
                return "to_bigint";
            case type_kind::real:
            case type_kind::double_precision:
                return "to_double";
            case type_kind::boolean:
                return "to_boolean";
            case type_kind::date:
                return "to_date";
            case type_kind::time:
                return from == type_kind::interval ? "" : "to_time";
            case type_kind::timestamp:
            case type_kind::timestamptz:
                return "to_timestamp";
            default:
                return {};
        }
    }

    // PostgreSQL checks the range when it stores a value; SQLite would store any value.
    bool write_checked(const sql::expression& e, const sql_type& into) override {
        if (!needs_check(e, into)) {
            return false;
        }
        write_check(into, [&] { write(e); });
        return true;
    }

    // Writes the call of the function that checks the limits of a type.
    template <class Write>
    void write_check(const sql_type& into, const Write& write_it) {
        switch (into.kind) {
            case type_kind::numeric:
                append("to_numeric(");
                write_it();
                if (into.precision != 0) {
                    append(
                        ", " + std::to_string(into.precision) + ", " + std::to_string(into.scale)
                    );
                }
                return append(")");
            case type_kind::varchar:
                append("to_varchar(");
                write_it();
                return append(", " + std::to_string(into.length) + ")");
            default:
                write_converted(cast_function(type_kind::unknown, into.kind), write_it);
        }
    }

    // Returns true for types whose limits SQLite does not enforce.
    static bool has_limits(const sql_type& type) {
        switch (type.kind) {
            case type_kind::smallint:
            case type_kind::integer:
            case type_kind::bigint:
                return true;
            case type_kind::numeric:
                return type.precision != 0;
            case type_kind::varchar:
                return type.length != 0;
            default:
                return false;
        }
    }

    // A parameter is checked when it is bound, and a column of the same type when it was stored:
    // computed values are left, and types with a length or a precision.
    static bool needs_check(const sql::expression& e, const sql_type& into) {
        if (!has_limits(into) || e.kind == sql::expression_kind::literal) {
            return false;
        }
        const bool is_integer_of_type =
            e.type.kind == into.kind && into.precision == 0 && into.length == 0;
        const bool is_value_or_column = e.kind == sql::expression_kind::bind_parameter ||
                                        e.kind == sql::expression_kind::column;
        return !is_integer_of_type || !is_value_or_column;
    }

    void write_call(
        std::string_view function, std::initializer_list<const sql::expression*> arguments
    ) {
        append(function);
        append("(");
        for (const auto* one = arguments.begin(); one != arguments.end(); ++one) {
            append(one == arguments.begin() ? "" : ", ");
            write(**one);
        }
        append(")");
    }

    // The name of a type in CAST, which does not accept a collation.
    [[nodiscard]] std::string type_name(const sql_type& type) const override {
        return type.kind == type_kind::numeric ? "TEXT" : name_of(type);
    }

    [[nodiscard]] bool qualifies_returning() const noexcept override { return false; }

    [[nodiscard]] bool repeats_placeholders() const noexcept override { return false; }

    void write_value_literal(const value& v) override { append(literal_of(v)); }

    bool in_window_ = false;            // the function of OVER or FILTER is written next
    std::size_t decimals_written_ = 0;  // decimals whose collation is not covered yet
};

}  // namespace

compiled compile(const sql::statement_node& statement) {
    return compiler(statement).compile();
}

std::string compile_for_ddl(const sql::expression& e) {
    static const sql::text_node nothing("");
    return compiler(nothing).compile_for_ddl(e);
}

}  // namespace gino::sqlite
