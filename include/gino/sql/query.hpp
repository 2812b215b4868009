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

/// What can be done with a statement that selects: it stands within others.
///
/// @tparam Base      The statement's untyped part.
/// @tparam Selected  What a row would be without a loader.
/// @tparam Columns   A tuple of the selected columns' types.
template <class Base, class Selected, class Columns>
class query_of : public Base {
public:
    using is_query = void;
    using selected_type = Selected;
    using columns_type = Columns;

    using Base::Base;

    /// The statement as something that FROM and join() take: `(SELECT ...) AS name`.
    ///
    /// @param name  Empty: the dialect makes one. Copied.
    [[nodiscard]] gino::subquery<Columns> subquery(std::string_view name = {}) const {
        return {sql::make<sql::subquery_source>(this->tree_, name), this->tree_};
    }

    /// `LATERAL (SELECT ...) AS name`: it may use what stands before it in FROM. PostgreSQL only.
    [[nodiscard]] gino::subquery<Columns> lateral(std::string_view name = {}) const {
        return {sql::make<sql::subquery_source>(this->tree_, name, true), this->tree_};
    }

    /// `WITH name AS (SELECT ...)`: WITH is written where it is selected from.
    ///
    /// @param name  Empty: the dialect makes one. Copied.
    /// @param how   Whether the database has to keep its rows, or may not.
    [[nodiscard]] gino::cte<Columns> cte(
        std::string_view name = {}, sql::materialization how = sql::materialization::unspecified
    ) const {
        return {this->tree_, name, how};
    }

    /// `WITH RECURSIVE name AS (SELECT ... UNION ALL ...)`: say union_all() or union_() behind it.
    [[nodiscard]] recursive_cte_builder<Columns> recursive_cte(std::string_view name) const {
        return {this->tree_, name};
    }

    /// The statement as an expression: its only column of its only row, NULL without a row.
    [[nodiscard]] auto scalar_subquery() const {
        static_assert(mapped<Selected>, "gino: a scalar subquery selects exactly one expression");
        using result = std::optional<without_null<Selected>>;
        return expr<result>(sql::make<sql::scalar_subquery>(this->tree_, sql_type_of<Selected>()));
    }
};

}  // namespace detail

/// `EXISTS (SELECT ...)`.
template <detail::query_like Query>
[[nodiscard]] expr<bool> exists(const Query& query) {
    return expr<bool>(sql::make<sql::exists_expression>(query.tree()));
}

}  // namespace gino
