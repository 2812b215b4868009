// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/used_sources.hpp"

#include <algorithm>

namespace gino::detail {

using namespace gino::sql;

namespace {

void append_operand(const expression_ref& e, source_list& sources) {
    if (e) {
        append_sources(*e, sources);
    }
}

void append_ordered(const std::vector<order_item>& items, source_list& sources) {
    for (const auto& item : items) {
        append_sources(*item.by, sources);
    }
}

void append_case(const case_expression& e, source_list& sources) {
    append_operand(e.subject, sources);
    for (const auto& branch : e.branches) {
        append_sources(*branch.when, sources);
        append_sources(*branch.then, sources);
    }
    append_operand(e.else_, sources);
}

void append_over(const over_expression& e, source_list& sources) {
    append_sources(*e.function, sources);
    append_sources(e.window.partition_by, sources);
    append_ordered(e.window.order_by, sources);
}

void append_function(const function_call& e, source_list& sources) {
    append_sources(e.arguments, sources);
    append_ordered(e.order_by, sources);
}

void append_column(const column_expression& e, source_list& sources) {
    if (!contains(sources, e.source.get())) {
        sources.push_back(e.source.get());
    }
}

void append_all(source_list& sources, std::initializer_list<expression_ref> operands) {
    for (const auto& operand : operands) {
        append_operand(operand, sources);
    }
}

}  // namespace

bool contains(const source_list& items, const from_item* wanted) {
    return std::ranges::find(items, wanted) != items.end();
}

void append_leaves(const from_item& item, source_list& leaves) {
    if (item.kind == from_kind::join) {
        append_leaves(*cast_to<sql::join>(item).left, leaves);
        append_leaves(*cast_to<sql::join>(item).right, leaves);
    } else {
        leaves.push_back(&item);
    }
}

void append_sources(const std::vector<expression_ref>& list, source_list& sources) {
    for (const auto& e : list) {
        append_sources(*e, sources);
    }
}

void append_sources(const expression& e, source_list& sources) {
    switch (e.kind) {
        case expression_kind::column:
            return append_column(cast_to<column_expression>(e), sources);
        case expression_kind::unary:
            return append_sources(*cast_to<unary>(e).operand, sources);
        case expression_kind::binary:
            return append_all(sources, {cast_to<binary>(e).left, cast_to<binary>(e).right});
        case expression_kind::conjunction:
            return append_sources(cast_to<conjunction>(e).operands, sources);
        case expression_kind::between: {
            const auto& b = cast_to<between>(e);
            return append_all(sources, {b.operand, b.low, b.high});
        }
        case expression_kind::in_list:
            append_sources(*cast_to<in_list>(e).operand, sources);
            return append_sources(cast_to<in_list>(e).items, sources);
        case expression_kind::in_array:
            return append_sources(*cast_to<in_array>(e).operand, sources);
        case expression_kind::in_select:
            return append_sources(*cast_to<in_select>(e).operand, sources);
        case expression_kind::function:
            return append_function(cast_to<function_call>(e), sources);
        case expression_kind::label:
            return append_sources(*cast_to<label>(e).labelled, sources);
        case expression_kind::cast:
            return append_sources(*cast_to<sql::cast>(e).operand, sources);
        case expression_kind::tuple:
            return append_sources(cast_to<tuple_expression>(e).items, sources);
        case expression_kind::case_:
            return append_case(cast_to<case_expression>(e), sources);
        case expression_kind::over:
            return append_over(cast_to<over_expression>(e), sources);
        case expression_kind::filter:
            return append_all(
                sources,
                {cast_to<filter_expression>(e).function, cast_to<filter_expression>(e).where}
            );
        case expression_kind::collate:
            return append_sources(*cast_to<collate_expression>(e).operand, sources);
        case expression_kind::extract:
            return append_sources(*cast_to<extract_expression>(e).operand, sources);
        case expression_kind::quantified:
            return append_operand(cast_to<quantified_expression>(e).array, sources);
        case expression_kind::array:
            return append_sources(cast_to<array_expression>(e).items, sources);
        case expression_kind::subscript: {
            const auto& s = cast_to<subscript>(e);
            return append_all(sources, {s.array, s.low, s.high});
        }
        case expression_kind::grouping:
            return append_sources(cast_to<grouping_expression>(e).items, sources);
        case expression_kind::bind_parameter:
        case expression_kind::literal:
        case expression_kind::scalar_subquery:
        case expression_kind::exists:
        case expression_kind::next_value:
            return;
    }
}

}  // namespace gino::detail
