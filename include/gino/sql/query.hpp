// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>
#include <gino/sql/source.hpp>
#include <gino/sql/statement.hpp>

#include <optional>
#include <string>
#include <string_view>
#include <utility>

namespace gino {

namespace detail {

[[nodiscard]] sql::statement_ref make_compound(
    sql::set_operator op, std::vector<sql::statement_ref> operands
);

/// Throws `argument_error` if the recursive part selects another number of columns.
[[nodiscard]] sql::statement_ref make_recursive(
    sql::set_operator op, const sql::statement_ref& base, const sql::statement_ref& more
);

}  // namespace detail

/// A recursive common table expression that has its first rows, and waits for the statement that
/// finds more. Made by `recursive_cte()` of a select.
template <class Columns>
class recursive_cte_builder {
public:
    recursive_cte_builder(sql::statement_ref base, std::string_view name)
        : base_(std::move(base)), name_(name) {}

    /// `UNION ALL` with what `recursive` returns for the rows that were found last.
    ///
    /// @param recursive  Takes the expression itself, as something to select from, and returns a
    ///                   select of as many columns.
    /// @throws argument_error  It selects another number of columns.
    template <class Recursive>
    [[nodiscard]] cte<Columns> union_all(const Recursive& recursive) const {
        return combined(sql::set_operator::union_all, recursive);
    }

    /// `UNION`: rows that were found before are left out, so circles come to an end.
    template <class Recursive>
    [[nodiscard]] cte<Columns> union_(const Recursive& recursive) const {
        return combined(sql::set_operator::union_, recursive);
    }

private:
    template <class Recursive>
    [[nodiscard]] cte<Columns> combined(sql::set_operator op, const Recursive& recursive) const {
        const gino::subquery<Columns> self(sql::make<sql::cte_self_source>(name_), base_);
        return cte<Columns>(detail::make_recursive(op, base_, recursive(self).tree()), name_);
    }

    sql::statement_ref base_;
    std::string name_;
};

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
