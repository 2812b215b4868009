// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/error.hpp>
#include <gino/sql/paging.hpp>

namespace gino {

namespace {

constexpr sql_type boolean_type{.kind = type_kind::boolean};

bool is_descending(const page_key& key) {
    return key.term().item().direction == sql::sort_direction::descending;
}

// The next page has lower values of a descending key and higher values of an ascending one.
sql::expression_ref is_behind(const page_key& key) {
    const auto op = is_descending(key) ? sql::binary_operator::less : sql::binary_operator::greater;
    return detail::make_binary(op, key.term().item().by, key.last(), boolean_type);
}

sql::expression_ref is_equal(const page_key& key) {
    return detail::make_binary(
        sql::binary_operator::equal, key.term().item().by, key.last(), boolean_type
    );
}

// Builds `a > 1 OR a = 1 AND b > 2` from the last key to the first. A row comparison
// `(a, b) > (1, 2)` would be shorter, but has one direction for all keys. Each value is one node in
// two places, so that PostgreSQL gets it once.
sql::expression_ref stands_behind(const std::vector<page_key>& keys) {
    sql::expression_ref all = is_behind(keys.back());
    for (std::size_t i = keys.size() - 1; i-- > 0;) {
        all = detail::make_conjunction(
            sql::conjunction_kind::or_,
            is_behind(keys[i]),
            detail::make_conjunction(sql::conjunction_kind::and_, is_equal(keys[i]), all)
        );
    }
    return all;
}

}  // namespace

condition after(const std::vector<page_key>& keys) {
    // No key: no row was read yet, and every row comes after it.
    return keys.empty() ? and_(std::vector<condition>()) : condition(stands_behind(keys));
}

namespace detail {

void throw_limit_cuts_objects() {
    throw argument_error(
        errc::invalid_argument,
        "limit() and offset() count rows, and the loader of this statement makes one object of "
        "several, which would be cut: take the keys of the objects from a subquery with the "
        "limit, `where(key.in(select(key).limit(n)))`"
    );
}

sql::statement_ref make_count(
    const sql::statement_ref& query, const std::vector<sql::expression_ref>& merged_by
) {
    sql::statement_ref counted = query;
    if (query->kind == sql::statement_kind::select) {
        auto* plain = new sql::select_node(sql::cast_to<sql::select_node>(*query));
        counted = sql::statement_ref(plain);
        // A limit, an offset and DISTINCT ON choose rows by the order, so there it cannot be left
        // out.
        const bool is_cut = plain->limit || plain->offset || !plain->distinct_on.empty();
        if (!is_cut) {
            plain->order_by.clear();
        }
        // The outer statement counts; it has no use for locked rows.
        plain->lock = {};
        if (!merged_by.empty()) {
            if (is_cut) {
                throw_limit_cuts_objects();
            }
            // The number of objects is the number of different keys: SELECT DISTINCT of the key
            // columns.
            plain->columns = merged_by;
            plain->distinct = true;
        }
    }
    return make_select(
        {func::count().node()}, sql::make<sql::subquery_source>(counted, std::string_view())
    );
}

}  // namespace detail
}  // namespace gino
