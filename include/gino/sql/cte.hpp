// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/query.hpp>
#include <gino/sql/source.hpp>

#include <string>
#include <string_view>
#include <utility>

/// @file
/// Common table expressions: include it, or <gino/gino.hpp>, to call cte() and recursive_cte().
namespace gino {

/// A common table expression: what stands in WITH. Made by `cte()` of a statement.
template <class Columns>
class cte : public subquery<Columns> {
public:
    cte(const sql::statement_ref& statement, std::string_view name, sql::materialization how)
        : subquery<Columns>(sql::make<sql::cte_source>(statement, name, false, how), statement) {}

    /// A recursive one: `query` says which columns it has.
    cte(const sql::statement_ref& statement, std::string_view name)
        : subquery<Columns>(sql::make<sql::cte_source>(statement, name, true), statement) {}
};

namespace detail {

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

}  // namespace gino
