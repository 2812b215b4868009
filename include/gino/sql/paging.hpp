// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/dynamic.hpp>
#include <gino/sql/expression/functions.hpp>
#include <gino/sql/select.hpp>

#include <cstdint>
#include <type_traits>
#include <vector>

/// @file The number of a statement's rows, and pages of them.
namespace gino {

namespace detail {

/// Makes a select that counts the rows of a query. Its ORDER BY and its lock are left out where
/// they cannot change the number.
///
/// @param merged_by  Not empty: counts the different values of these expressions. Used for a SELECT
///                   only.
/// @throws argument_error  `merged_by` is given, and the query has a limit, an offset or DISTINCT
///                         ON.
[[nodiscard]] sql::statement_ref make_count(
    const sql::statement_ref& query, const std::vector<sql::expression_ref>& merged_by
);

/// Throws the error of a limit on a statement whose loader makes one object of several rows.
///
/// @throws argument_error  Always.
[[noreturn]] void throw_limit_cuts_objects();

}  // namespace detail

/// Counts the rows of a statement, with its limit and without its order.
///
///     co_await db.one(gino::count(select<user>().where(user::c.age > 3)))
///
///     SELECT count(*) AS count_1 FROM (SELECT ... FROM users WHERE users.age > $1) AS anon_1
///
/// For a select with a loader that makes one object of several rows, it counts the objects.
///
/// @throws argument_error  There is such a loader, and a limit(), offset() or distinct_on(), which
///                         count rows.
template <detail::query_like Query>
[[nodiscard]] select_statement<std::int64_t> count(const Query& query) {
    return select_statement<std::int64_t>(detail::make_count(
        query.tree(),
        query.loader() == nullptr ? std::vector<sql::expression_ref>() : query.loader()->merged_by()
    ));
}

/// A term of an order together with its value in the last row of the page before. Made by `key()`
/// and `key_desc()` for `after()`.
class page_key {
public:
    /// @param last  A bind parameter or another expression.
    page_key(order_term term, sql::expression_ref last)
        : term_(std::move(term)), last_(std::move(last)) {}

    [[nodiscard]] const order_term& term() const noexcept { return term_; }

    [[nodiscard]] const sql::expression_ref& last() const noexcept { return last_; }

private:
    order_term term_;
    sql::expression_ref last_;
};

/// Makes an ascending key: `key(user::c.id, 7)` continues after 7.
///
/// @param by    An expression that cannot be NULL; otherwise it does not compile.
/// @param last  A value of the last row that was read. Copied.
template <class T, class V>
[[nodiscard]] page_key key(const expr<T>& by, const V& last) {
    detail::check_comparable<T, V>();
    static_assert(!is_nullable<T>, "gino: pages go by columns that cannot be NULL");
    return {by.asc(), detail::operand(last)};
}

/// Makes a descending key: `key_desc(user::c.id, 7)` continues below 7.
template <class T, class V>
[[nodiscard]] page_key key_desc(const expr<T>& by, const V& last) {
    detail::check_comparable<T, V>();
    static_assert(!is_nullable<T>, "gino: pages go by columns that cannot be NULL");
    return {by.desc(), detail::operand(last)};
}

/// Returns the condition that a row comes after another one in the order of the keys; true for an
/// empty list. For pages by key: unlike offset(), the database need not read earlier pages, and no
/// row is missed or repeated when others are inserted or deleted.
///
///     select<team>()
///         .where(gino::after(gino::key_desc(team::c.name, "x"), gino::key(team::c.id, 7)))
///         .order_by(team::c.name.desc(), team::c.id)
///         .limit(20)
///
///     WHERE teams.name < $1 OR teams.name = $1 AND teams.id > $2
///
/// REQUIRES: the keys together are unique, and the statement is sorted by the same terms.
[[nodiscard]] condition after(const std::vector<page_key>& keys);

/// Returns the condition of keys that are written as arguments.
template <std::same_as<page_key>... Keys>
    requires(sizeof...(Keys) > 0)
[[nodiscard]] condition after(const Keys&... keys) {
    return after(std::vector<page_key>{keys...});
}

}  // namespace gino
