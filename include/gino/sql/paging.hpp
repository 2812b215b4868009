// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/dynamic.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/select.hpp>

#include <cstdint>
#include <type_traits>
#include <vector>

/// @file
/// Helpers around a statement: how many rows it has, and a page of them.
namespace gino {

namespace detail {

/// Counts the rows of a statement, without its order.
///
/// @param merged_by  Not empty: counts rows that differ in these.
/// @throws argument_error  There is something to merge by, and a limit, which counts rows.
[[nodiscard]] sql::statement_ref make_count(
    const sql::statement_ref& query, const std::vector<sql::expression_ref>& merged_by
);

/// `limit()` and `offset()` of a statement whose loader makes one object of several rows.
[[noreturn]] void throw_limit_cuts_objects();

}  // namespace detail

/// `SELECT count(*) FROM (statement)`: how many rows a statement has, its limit included. With a
/// loader that makes one object of several rows: how many objects.
///
/// @throws argument_error  There is such a loader, and a limit() or offset(), which count rows.
template <detail::query_like Query>
[[nodiscard]] select_statement<std::int64_t> count(const Query& query) {
    return select_statement<std::int64_t>(detail::make_count(
        query.tree(),
        query.loader() == nullptr ? std::vector<sql::expression_ref>() : query.loader()->merged_by()
    ));
}

/// A term of an order, and the value that the last row of the page before has there.
class page_key {
public:
    page_key(order_term term, sql::expression_ref last)
        : term_(std::move(term)), last_(std::move(last)) {}

    [[nodiscard]] const order_term& term() const noexcept { return term_; }

    [[nodiscard]] const sql::expression_ref& last() const noexcept { return last_; }

private:
    order_term term_;
    sql::expression_ref last_;
};

/// `key(user::c.id, 7)`: ascending behind 7.
template <class T, class V>
[[nodiscard]] page_key key(const expr<T>& by, const V& last) {
    detail::check_comparable<T, V>();
    static_assert(!is_nullable<T>, "gino: pages go by columns that cannot be NULL");
    return {by.asc(), detail::operand(last)};
}

/// `key_desc(user::c.id, 7)`: descending behind 7.
template <class T, class V>
[[nodiscard]] page_key key_desc(const expr<T>& by, const V& last) {
    detail::check_comparable<T, V>();
    static_assert(!is_nullable<T>, "gino: pages go by columns that cannot be NULL");
    return {by.desc(), detail::operand(last)};
}

/// The condition that a row stands behind another one, in the order of the keys: for paging by key,
/// which stays fast on the last page and misses no row that was there all the time. The keys
/// together are unique; sort by the same terms.
///
///     select<user>()
///         .where(gino::after(gino::key_desc(user::c.age, last.age), gino::key(user::c.id,
///         last.id))) .order_by(user::c.age.desc(), user::c.id) .limit(20)
[[nodiscard]] condition after(const std::vector<page_key>& keys);

template <std::same_as<page_key>... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] condition after(const Keys&... keys) {
    return after(std::vector<page_key>{keys...});
}

}  // namespace gino
