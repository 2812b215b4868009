// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/query.hpp>
#include <gino/sql/source.hpp>

#include <string>
#include <string_view>
#include <utility>

/// @file Common table expressions: include this header, or <gino/gino.hpp>, to call cte() and
/// recursive_cte() (PostgreSQL 15, 7.8).
namespace gino {

/// A common table expression, a named query in WITH. Made by `cte()` of a statement.
///
///     const auto sizes = select(user::c.team_id, n).group_by(user::c.team_id).cte("sizes");
///     select(team::c.name, sizes[n]).join(sizes, sizes[user::c.team_id] == team::c.id)
///
///     WITH sizes AS (SELECT users.team_id, count(*) AS n FROM users GROUP BY users.team_id)
///     SELECT teams.name, sizes.n FROM teams JOIN sizes ON sizes.team_id = teams.id
///
/// It is written once, before the whole statement, however often it is used (docs/decisions/0018).
template <class Columns>
class cte : public subquery<Columns> {
public:
    /// Makes an expression that is not recursive.
    cte(const sql::statement_ref& statement, std::string_view name, sql::materialization how)
        : subquery<Columns>(sql::make<sql::cte_source>(statement, name, false, how), statement) {}

    /// Makes a recursive expression. Its columns are those of the first part.
    ///
    /// @param statement  A set operation of the first part and the recursive part.
    cte(const sql::statement_ref& statement, std::string_view name)
        : subquery<Columns>(sql::make<sql::cte_source>(statement, name, true), statement) {}
};

namespace detail {

/// Makes the set operation of a recursive expression.
///
/// @throws argument_error  The recursive part selects another number of columns.
[[nodiscard]] sql::statement_ref make_recursive(
    sql::set_operator op, const sql::statement_ref& base, const sql::statement_ref& more
);

}  // namespace detail

/// A recursive common table expression without its recursive part. Made by `recursive_cte()` of a
/// select, which is the first part.
///
///     const auto tree = select(user::c.id, depth)
///                           .where(user::c.team_id == gino::null)
///                           .recursive_cte("tree")
///                           .union_all([&](const auto& above) {
///                               return select(user::c.id, above[depth] + 1)
///                                   .join(above, above[user::c.id] == user::c.team_id);
///                           });
///
///     WITH RECURSIVE tree(id, depth) AS (SELECT ... UNION ALL SELECT ... FROM users JOIN tree ...)
template <class Columns>
class recursive_cte_builder {
public:
    recursive_cte_builder(sql::statement_ref base, std::string_view name)
        : base_(std::move(base)), name_(name) {}

    /// Adds the recursive part by `UNION ALL`. The database repeats it on the rows that the last
    /// step found, until a step finds none; a circle in the data never ends (PostgreSQL 15, 7.8.2).
    ///
    /// @param recursive  Takes the expression itself as a source, and returns a select of as many
    ///                   columns, whose types the database checks.
    /// @throws argument_error  The select has another number of columns.
    template <class Recursive>
    [[nodiscard]] cte<Columns> union_all(const Recursive& recursive) const {
        return combined(sql::set_operator::union_all, recursive);
    }

    /// Adds the recursive part by `UNION`: rows that were found before are left out, so that a
    /// circle in the data ends.
    ///
    /// @throws argument_error  The select has another number of columns.
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

}  // namespace gino
