// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/expression/aggregates.hpp>

namespace gino::detail {

namespace {

// Copies the call, since its node may be shared. over() and filter() wrap a call, so they come
// after the order.
sql::ref<sql::function_call> copy_of(const sql::expression& aggregate) {
    if (aggregate.kind != sql::expression_kind::function) {
        throw argument_error(
            errc::invalid_argument, "only a call of an aggregate has an order or DISTINCT"
        );
    }
    return sql::make<sql::function_call>(sql::cast_to<sql::function_call>(aggregate));
}

// REQUIRES: this handle is the node's only owner.
sql::function_call& edit(const sql::ref<sql::function_call>& call) {
    return const_cast<sql::function_call&>(*call);
}

}  // namespace

sql::expression_ref order_aggregate(
    const sql::expression& aggregate, std::vector<sql::order_item> order, bool within_group
) {
    const auto call = copy_of(aggregate);
    edit(call).order_by = std::move(order);
    edit(call).within_group = within_group;
    return call;
}

sql::expression_ref make_distinct(const sql::expression& aggregate) {
    const auto call = copy_of(aggregate);
    edit(call).distinct = true;
    return call;
}

}  // namespace gino::detail
