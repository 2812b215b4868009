// SPDX-License-Identifier: BSD-3-Clause
#include "dialect/used_sources.hpp"

#include <algorithm>

namespace gino::detail {

using namespace gino::sql;

namespace {

// Walks an expression. The switch has no default, so that the compiler names a kind that is
// missing.
class source_walker {
public:
    source_walker(source_list& sources, subqueries inner) : sources_(sources), inner_(inner) {}

    void walk(const expression& e) {
        switch (e.kind) {
            case expression_kind::column:
                return walk_column(cast_to<column_expression>(e));
            case expression_kind::unary:
                return walk(*cast_to<unary>(e).operand);
            case expression_kind::binary:
                return walk_all({cast_to<binary>(e).left, cast_to<binary>(e).right});
            case expression_kind::conjunction:
                return walk(cast_to<conjunction>(e).operands);
            case expression_kind::between: {
                const auto& b = cast_to<between>(e);
                return walk_all({b.operand, b.low, b.high});
            }
            case expression_kind::in_list:
                walk(*cast_to<in_list>(e).operand);
                return walk(cast_to<in_list>(e).items);
            case expression_kind::in_array:
                return walk(*cast_to<in_array>(e).operand);
            case expression_kind::in_select:
                walk(*cast_to<in_select>(e).operand);
                return walk_subquery(cast_to<in_select>(e).select);
            case expression_kind::function:
                return walk_function(cast_to<function_call>(e));
            case expression_kind::label:
                return walk(*cast_to<label>(e).labelled);
            case expression_kind::cast:
                return walk(*cast_to<sql::cast>(e).operand);
            case expression_kind::tuple:
                return walk(cast_to<tuple_expression>(e).items);
            case expression_kind::case_:
                return walk_case(cast_to<case_expression>(e));
            case expression_kind::over:
                return walk_over(cast_to<over_expression>(e));
            case expression_kind::filter:
                return walk_all(
                    {cast_to<filter_expression>(e).function, cast_to<filter_expression>(e).where}
                );
            case expression_kind::collate:
                return walk(*cast_to<collate_expression>(e).operand);
            case expression_kind::extract:
                return walk(*cast_to<extract_expression>(e).operand);
            case expression_kind::date_trunc:
                return walk(*cast_to<date_trunc_expression>(e).operand);
            case expression_kind::quantified:
                walk_operand(cast_to<quantified_expression>(e).array);
                return walk_subquery(cast_to<quantified_expression>(e).select);
            case expression_kind::array:
                return walk(cast_to<array_expression>(e).items);
            case expression_kind::subscript: {
                const auto& s = cast_to<subscript>(e);
                return walk_all({s.array, s.low, s.high});
            }
            case expression_kind::grouping:
                return walk(cast_to<grouping_expression>(e).items);
            case expression_kind::scalar_subquery:
                return walk_subquery(cast_to<scalar_subquery>(e).select);
            case expression_kind::exists:
                return walk_subquery(cast_to<exists_expression>(e).select);
            case expression_kind::bind_parameter:
            case expression_kind::literal:
            case expression_kind::next_value:
                return;
        }
    }

    void walk(const std::vector<expression_ref>& list) {
        for (const auto& e : list) {
            walk(*e);
        }
    }

private:
    // An optional operand may be missing: the ELSE of a CASE, the end of a slice.
    void walk_operand(const expression_ref& e) {
        if (e) {
            walk(*e);
        }
    }

    void walk_all(std::initializer_list<expression_ref> operands) {
        for (const auto& operand : operands) {
            walk_operand(operand);
        }
    }

    void walk_ordered(const std::vector<order_item>& items) {
        for (const auto& item : items) {
            walk(*item.by);
        }
    }

    void walk_column(const column_expression& e) {
        if (!contains(sources_, e.source.get())) {
            sources_.push_back(e.source.get());
        }
    }

    void walk_function(const function_call& e) {
        walk(e.arguments);
        walk_ordered(e.order_by);
    }

    void walk_case(const case_expression& e) {
        walk_operand(e.subject);
        for (const auto& branch : e.branches) {
            walk(*branch.when);
            walk(*branch.then);
        }
        walk_operand(e.else_);
    }

    void walk_over(const over_expression& e) {
        walk(*e.function);
        walk(e.window.partition_by);
        walk_ordered(e.window.order_by);
    }

    // The sources of a subquery count only for `included`, which asks whether a condition connects
    // FROM items, for example `EXISTS (SELECT ... WHERE a.id = b.id)`.
    void walk_subquery(const statement_ref& s) {
        if (inner_ == subqueries::excluded || !s) {
            return;
        }
        if (s->kind == statement_kind::compound) {
            for (const auto& operand : cast_to<compound_node>(*s).operands) {
                walk_subquery(operand);
            }
        } else if (s->kind == statement_kind::select) {
            const auto& select = cast_to<select_node>(*s);
            walk(select.columns);
            walk_operand(select.where);
            walk_operand(select.having);
            for (const auto& item : select.from) {
                walk_conditions(*item);
            }
        }
    }

    // The ON conditions of the joins in a subquery's FROM.
    void walk_conditions(const from_item& item) {
        if (item.kind == from_kind::join) {
            const auto& joined = cast_to<sql::join>(item);
            walk_conditions(*joined.left);
            walk_conditions(*joined.right);
            walk_operand(joined.on);
        }
    }

    source_list& sources_;
    subqueries inner_;
};

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
    source_walker(sources, subqueries::excluded).walk(list);
}

void append_sources(const expression& e, source_list& sources, subqueries inner) {
    source_walker(sources, inner).walk(e);
}

}  // namespace gino::detail
