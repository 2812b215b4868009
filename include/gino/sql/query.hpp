// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/source.hpp>
#include <gino/sql/statement.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gino {

template <class Columns>
class recursive_cte_builder;

namespace detail {

/// The part of a statement that other statements can contain: SELECT, set operations, text with
/// columns().
///
/// @tparam Base      The untyped part of the statement.
/// @tparam Selected  The type of a row without a loader.
/// @tparam Columns   A tuple of the selected columns' types.
template <class Base, class Selected, class Columns>
class query_of : public Base {
public:
    using is_query = void;
    using selected_type = Selected;
    using columns_type = Columns;

    using Base::Base;

    /// Returns the statement as a FROM item: `(SELECT ...) AS name`.
    ///
    ///     const auto s = select(user::c.team_id, n).group_by(user::c.team_id).subquery("s");
    ///     select(team::c.name, s[n]).join(s, s[user::c.team_id] == team::c.id)
    ///
    /// @param name  Empty: the dialect makes one, such as `anon_1`. Copied.
    /// @return A source whose columns are found by the selected expressions. Equal names among them
    ///         get numbers: `id`, `id_1`.
    [[nodiscard]] gino::subquery<Columns> subquery(std::string_view name = {}) const {
        return {sql::make<sql::subquery_source>(this->tree_, name), this->tree_};
    }

    /// Returns the statement as a FROM item that may use columns of the items before it:
    /// `LATERAL (SELECT ...) AS name`. PostgreSQL only (PostgreSQL 15, 7.2.1.5).
    [[nodiscard]] gino::subquery<Columns> lateral(std::string_view name = {}) const {
        return {sql::make<sql::subquery_source>(this->tree_, name, true), this->tree_};
    }

    /// Returns the statement as a common table expression: `WITH name AS (SELECT ...)`. WITH is
    /// written once, before the whole statement that uses it (docs/decisions/0018).
    ///
    /// @param name  Empty: the dialect makes one, such as `anon_1`. Copied.
    /// @param how   `materialized`: the database computes its rows once; `not_materialized`: it may
    ///              merge the query into the outer one (PostgreSQL 15, 7.8.3). By default the
    ///              database decides.
    [[nodiscard]] gino::cte<Columns> cte(
        std::string_view name = {}, sql::materialization how = sql::materialization::unspecified
    ) const {
        return {this->tree_, name, how};
    }

    /// Starts `WITH RECURSIVE name AS (SELECT ... UNION ALL ...)`; union_all() or union_() of the
    /// result adds the recursive part. Include <gino/sql/cte.hpp>.
    [[nodiscard]] recursive_cte_builder<Columns> recursive_cte(std::string_view name) const {
        return {this->tree_, name};
    }

    /// Returns the statement as a value: `(SELECT ...)`.
    ///
    /// @return An expression that can be NULL: a select without a row is NULL. A select of several
    ///         rows is a `database_error` on PostgreSQL (SQLSTATE 21000); SQLite takes the first
    ///         row.
    [[nodiscard]] auto scalar_subquery() const {
        static_assert(mapped<Selected>, "gino: a scalar subquery selects exactly one expression");
        using result = std::optional<without_null<Selected>>;
        return expr<result>(sql::make<sql::scalar_subquery>(this->tree_, sql_type_of<Selected>()));
    }
};

}  // namespace detail

/// Returns `EXISTS (SELECT ...)`: true where the query has at least one row. Never NULL.
///
///     select<team>().where(exists(select(user::c.id).where(user::c.team_id == team::c.id)))
template <detail::query_like Query>
[[nodiscard]] expr<bool> exists(const Query& query) {
    return expr<bool>(sql::make<sql::exists_expression>(query.tree()));
}

}  // namespace gino
