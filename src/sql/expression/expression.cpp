// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/expression/expression.hpp>

#include <limits>

namespace gino {

// A column of a model returns the node that its description keeps, so that all uses of the column
// share one node.
sql::expression_ref expression_handle::node() const {
    return finder_ != nullptr ? sql::expression_ref(finder_(index_)) : owned_;
}

order_term order_term::nulls_first() const {
    order_term changed(*this);
    changed.item_.nulls = sql::nulls_order::first;
    return changed;
}

order_term order_term::nulls_last() const {
    order_term changed(*this);
    changed.item_.nulls = sql::nulls_order::last;
    return changed;
}

namespace detail {

namespace {

constexpr sql_type boolean_type{.kind = type_kind::boolean};

// Appends the operands of a conjunction of the same kind, or the expression itself. Conditions of
// one long AND would otherwise nest as deep as the chain of `&&` is long, and reach the limit on
// depth.
void append_flat(
    sql::conjunction_kind kind, const sql::expression_ref& e, std::vector<sql::expression_ref>& out
) {
    if (e->kind == sql::expression_kind::conjunction) {
        const auto& inner = sql::cast_to<sql::conjunction>(*e);
        if (inner.joined_by == kind) {
            out.insert(out.end(), inner.operands.begin(), inner.operands.end());
            return;
        }
    }
    out.push_back(e);
}

// The values that an integer type of SQL can store.
struct integer_range {
    std::int64_t low;
    std::int64_t high;
};

template <class Integer>
constexpr integer_range range_of() {
    return {std::numeric_limits<Integer>::min(), std::numeric_limits<Integer>::max()};
}

// Other kinds than integers get 64 bits: an integer bound to them is converted by the database.
integer_range range_of(type_kind kind) {
    switch (kind) {
        case type_kind::smallint:
            return range_of<std::int16_t>();
        case type_kind::integer:
            return range_of<std::int32_t>();
        default:
            return range_of<std::int64_t>();
    }
}

// Throws if `v` is an integer outside of the type's range; `what` begins the message. Checked when
// a statement is built: a parameter of PostgreSQL has exactly the bytes of its type, and SQLite
// would store a larger number.
void check_fits(const value& v, type_kind kind, const std::string& what) {
    const auto* integer = v.get_if<std::int64_t>();
    if (integer == nullptr) {
        return;
    }
    const integer_range range = range_of(kind);
    if (*integer < range.low || *integer > range.high) {
        throw argument_error(
            errc::bad_value,
            what + std::to_string(*integer) + ": it does not fit into a " +
                std::string(to_string(kind))
        );
    }
}

// Returns whether an operand is a bind parameter whose value is NULL.
bool is_bound_null(const sql::expression& e) {
    return e.kind == sql::expression_kind::bind_parameter &&
           sql::cast_to<sql::bind_parameter>(e).bound.is_null();
}

}  // namespace

sql::expression_ref make_bind(value v, sql_type type) {
    return sql::make<sql::bind_parameter>(std::move(v), type);
}

sql::expression_ref make_fitting_bind(value v, sql_type type) {
    check_fits(v, type.kind, "cannot bind ");
    return make_bind(std::move(v), type);
}

std::int64_t checked_integer(std::uint64_t v) {
    if (v > static_cast<std::uint64_t>(std::numeric_limits<std::int64_t>::max())) {
        throw argument_error(
            errc::bad_value,
            "cannot bind " + std::to_string(v) +
                ": SQL's largest integer type has 64 bits with a sign"
        );
    }
    return static_cast<std::int64_t>(v);
}

sql::expression_ref make_binary(
    sql::binary_operator op, sql::expression_ref left, sql::expression_ref right, sql_type type
) {
    return sql::make<sql::binary>(op, std::move(left), std::move(right), type);
}

// `x = NULL` is never true in SQL, so a comparison with an empty optional becomes IS NULL. This
// depends on the value, so the two forms have different cache keys. Other comparisons with NULL
// stay as they are: their result is NULL.
sql::expression_ref make_comparison(
    sql::binary_operator op, const sql::expression_ref& left, const sql::expression_ref& right
) {
    const bool is_equality =
        op == sql::binary_operator::equal || op == sql::binary_operator::not_equal;
    if (!is_equality || (!is_bound_null(*left) && !is_bound_null(*right))) {
        return make_binary(op, left, right, boolean_type);
    }
    return make_unary(
        op == sql::binary_operator::equal ? sql::unary_operator::is_null
                                          : sql::unary_operator::is_not_null,
        // The value may be on either side.
        is_bound_null(*right) ? left : right,
        boolean_type
    );
}

// `owner` holds the node before its members are set, so that nothing leaks. Constructors take the
// members that every use has; the others are set like this.
sql::expression_ref make_like(
    sql::binary_operator op, sql::expression_ref left, sql::expression_ref pattern, char escape
) {
    auto* like = new sql::binary(op, std::move(left), std::move(pattern), boolean_type);
    sql::expression_ref owner(like);
    like->escape = escape;
    return owner;
}

sql::expression_ref make_unary(sql::unary_operator op, sql::expression_ref operand, sql_type type) {
    return sql::make<sql::unary>(op, std::move(operand), type);
}

sql::expression_ref make_conjunction(
    sql::conjunction_kind kind, const sql::expression_ref& left, const sql::expression_ref& right
) {
    return make_conjunction(kind, {left, right});
}

// Copies the operands of inner conjunctions: they may have other owners, so they are not changed.
sql::expression_ref make_conjunction(
    sql::conjunction_kind kind, const std::vector<sql::expression_ref>& operands
) {
    std::vector<sql::expression_ref> flat;
    for (const auto& operand : operands) {
        append_flat(kind, operand, flat);
    }
    return sql::make<sql::conjunction>(kind, std::move(flat));
}

sql::expression_ref make_not(sql::expression_ref operand) {
    return make_unary(sql::unary_operator::not_, std::move(operand), boolean_type);
}

sql::expression_ref make_between(
    sql::expression_ref operand, sql::expression_ref low, sql::expression_ref high, bool negated
) {
    return sql::make<sql::between>(std::move(operand), std::move(low), std::move(high), negated);
}

sql::expression_ref make_in(
    sql::expression_ref operand, std::vector<sql::expression_ref> items, bool negated
) {
    return sql::make<sql::in_list>(std::move(operand), std::move(items), negated);
}

// The element type follows from the C++ type of the container, not from the operand: an empty
// container has a type too.
sql::expression_ref make_in_array(
    sql::expression_ref operand, std::vector<value> items, sql_type element, bool negated
) {
    auto array = sql::make<sql::bind_parameter>(
        value(std::move(items)),
        sql_type{.kind = type_kind::array, .element = element.kind, .dimensions = 1}
    );
    return sql::make<sql::in_array>(std::move(operand), std::move(array), negated);
}

sql::expression_ref make_in_select(
    sql::expression_ref operand, const sql::statement_ref& select, bool negated
) {
    return sql::make<sql::in_select>(std::move(operand), select, negated);
}

sql::expression_ref make_operator(
    std::string_view symbol, sql::expression_ref left, sql::expression_ref right, sql_type type
) {
    auto* made =
        new sql::binary(sql::binary_operator::custom, std::move(left), std::move(right), type);
    sql::expression_ref owner(made);
    made->symbol = symbol;
    return owner;
}

// The ends are bind parameters, so that all patterns share one text.
sql::expression_ref surround(
    std::string_view before, sql::expression_ref text, std::string_view after
) {
    constexpr sql_type text_type{.kind = type_kind::text};
    constexpr auto concatenate = sql::binary_operator::concatenate;
    if (!before.empty()) {
        text = make_binary(
            concatenate, make_bind(value(std::string(before)), text_type), text, text_type
        );
    }
    if (!after.empty()) {
        text = make_binary(
            concatenate, text, make_bind(value(std::string(after)), text_type), text_type
        );
    }
    return text;
}

sql::expression_ref make_label(sql::expression_ref operand, std::string_view name) {
    return sql::make<sql::label>(name, std::move(operand));
}

sql::expression_ref make_function(
    std::string_view name, std::vector<sql::expression_ref> arguments, sql_type type, bool distinct
) {
    auto* call = new sql::function_call(name, std::move(arguments), type);
    sql::expression_ref owner(call);
    call->distinct = distinct;
    return owner;
}

// In the database, since the text is known only there.
sql::expression_ref escape_like(const sql::expression_ref& text) {
    constexpr sql_type text_type{.kind = type_kind::text};
    sql::expression_ref escaped = text;
    // The escape character goes first; otherwise the ones that are put in would be escaped again.
    for (const std::string_view special : {"/", "%", "_"}) {
        escaped = make_function(
            "replace",
            {escaped,
             make_bind(value(std::string(special)), text_type),
             make_bind(value("/" + std::string(special)), text_type)},
            text_type,
            false
        );
    }
    return escaped;
}

// In the program, for a value: the pattern is the bind parameter.
std::string escape_like(std::string_view text) {
    std::string escaped;
    escaped.reserve(text.size());
    for (const char c : text) {
        if (c == '%' || c == '_' || c == '/') {
            escaped += '/';
        }
        escaped += c;
    }
    return escaped;
}

// The cast is safe: only the `operator=` and assign() of columns call this.
sql::assignment_node make_assignment(const expression_handle& column, sql::expression_ref to) {
    const sql::expression_ref node = column.node();
    return {
        .column =
            sql::ref<sql::column_expression>(static_cast<const sql::column_expression*>(node.get())
            ),
        .to = std::move(to)};
}

// The parameter has the column's type and not that of the C++ value: `age = 3L` sends an integer.
sql::expression_ref bind_for(const expression_handle& column, value v) {
    const sql::expression_ref node = column.node();
    const auto& name = static_cast<const sql::column_expression&>(*node).name;
    check_fits(v, node->type.kind, "column \"" + name + "\" cannot be assigned ");
    return make_bind(std::move(v), node->type);
}

}  // namespace detail
}  // namespace gino
