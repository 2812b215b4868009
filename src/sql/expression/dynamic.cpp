// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/expression/dynamic.hpp>
#include <gino/sql/expression/functions.hpp>

#include <algorithm>
#include <string>

namespace gino {

namespace {

// One condition is returned as it is: a conjunction has two operands at least. An empty list is the
// neutral element, so that filters may be absent.
condition joined(
    sql::conjunction_kind kind, const std::vector<condition>& conditions, const condition& empty
) {
    if (conditions.empty()) {
        return empty;
    }
    if (conditions.size() == 1) {
        return conditions.front();
    }
    std::vector<sql::expression_ref> operands;
    operands.reserve(conditions.size());
    for (const auto& one : conditions) {
        operands.push_back(one.node());
    }
    return condition(detail::make_conjunction(kind, operands));
}

bool is_one_of(type_kind kind, std::initializer_list<type_kind> kinds) {
    return std::ranges::find(kinds, kind) != kinds.end();
}

// Groups the type kinds that map to the same C++ type; kinds of one group have one number. Reading
// a smallint as an int64 loses nothing, and both are one variant of `value`.
int family_of(type_kind kind) {
    if (is_one_of(kind, {type_kind::smallint, type_kind::integer, type_kind::bigint})) {
        return 1;
    }
    if (is_one_of(kind, {type_kind::real, type_kind::double_precision})) {
        return 2;
    }
    if (is_one_of(kind, {type_kind::text, type_kind::varchar})) {
        return 3;
    }
    if (is_one_of(kind, {type_kind::json, type_kind::jsonb})) {
        return 4;
    }
    // Every other kind is a group of its own.
    return 100 + static_cast<int>(kind);
}

}  // namespace

condition and_(const std::vector<condition>& conditions) {
    return joined(sql::conjunction_kind::and_, conditions, true_());
}

condition or_(const std::vector<condition>& conditions) {
    return joined(sql::conjunction_kind::or_, conditions, false_());
}

select_statement<row> select(const std::vector<any_expression>& selected) {
    if (selected.empty()) {
        throw argument_error(
            errc::invalid_argument, "select() was given an empty list: select one column at least"
        );
    }
    std::vector<sql::expression_ref> columns;
    columns.reserve(selected.size());
    for (const auto& one : selected) {
        columns.push_back(one.node());
    }
    return select_statement<row>(detail::make_select(std::move(columns)));
}

namespace detail {

void check_type(const sql::expression& e, sql_type wanted) {
    if (family_of(e.type.kind) == family_of(wanted.kind)) {
        return;
    }
    // No implicit cast: it could fail in the middle of a result.
    throw argument_error(
        errc::invalid_argument,
        "an expression of type " + std::string(to_string(e.type.kind)) + " is wanted as " +
            std::string(to_string(wanted.kind)) + "; cast() converts it"
    );
}

}  // namespace detail
}  // namespace gino
