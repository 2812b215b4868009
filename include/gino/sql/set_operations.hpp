// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/sql/query.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/statement.hpp>

#include <chrono>
#include <cstdint>
#include <memory>
#include <type_traits>
#include <vector>

namespace gino {

class row;

namespace detail {

/// Makes a set operation. REQUIRES: at least two operands.
[[nodiscard]] sql::statement_ref make_compound(
    sql::set_operator op, std::vector<sql::statement_ref> operands
);

/// The untyped part of set operations. Its functions are compiled once, in statement.cpp.
class compound_clauses : public statement_base {
public:
    explicit compound_clauses(sql::statement_ref tree) : statement_base(std::move(tree)) {}

    compound_clauses(const statement_base& other, const std::shared_ptr<const loader_base>& loader)
        : statement_base(other) {
        loader_ = loader;
    }

protected:
    void add_order_by(const sql::order_item& by);
    void set_limit(std::int64_t count);
    void set_offset(std::int64_t count);
};

}  // namespace detail

/// A set operation, as an immutable value: `a UNION b`, `a INTERSECT b`, `a EXCEPT b`.
///
///     gino::union_(select(user::c.id).where(user::c.age > 3), select(team::c.id))
///
///     SELECT users.id FROM users WHERE users.age > $1 UNION SELECT teams.id FROM teams
///
/// An operand keeps its own order and limit: it is written in parentheses, on SQLite as a subquery
/// in FROM. The columns have the names and the types of the first operand's, by which the whole is
/// ordered and read (PostgreSQL 15, 7.4).
///
/// @tparam Row       The result of a row.
/// @tparam Selected  The type of a row without a loader.
/// @tparam Columns   A tuple of the first operand's columns' types.
///
/// Thread safety: copies may be used from different threads.
template <class Row, class Selected = Row, class Columns = std::tuple<>>
class compound_statement : public detail::query_of<detail::compound_clauses, Selected, Columns> {
    using base = detail::query_of<detail::compound_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    /// Adds `ORDER BY` terms: columns and labels that the first operand selects, or `x.desc()` of
    /// them. They are written by name.
    ///
    /// Errors, when the statement runs: `argument_error` for any other expression; on SQLite
    /// `compile_error` for an enumeration or an interval.
    template <class... By>
    [[nodiscard]] compound_statement order_by(const By&... by) const {
        return with([&](compound_statement& s) { (s.add_order_by(detail::order_item_of(by)), ...); }
        );
    }

    /// Returns at most `count` rows of the whole: `LIMIT $1`. The last call counts.
    ///
    /// @throws argument_error  `count` is negative.
    [[nodiscard]] compound_statement limit(std::int64_t count) const {
        return with([&](compound_statement& s) { s.set_limit(count); });
    }

    /// Skips the first `count` rows of the whole: `OFFSET $1`. The last call counts.
    ///
    /// @throws argument_error  `count` is negative.
    [[nodiscard]] compound_statement offset(std::int64_t count) const {
        return with([&](compound_statement& s) { s.set_offset(count); });
    }

    /// Attaches a loader, or any value that has one, as `load()` of a select does.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) const {
        detail::check_written_in_place<Loadable>();
        using traits = detail::loader_of<std::remove_cvref_t<Loadable>>;
        return compound_statement<typename traits::value_type, Selected, Columns>(
            *this, traits::attach(loadable)
        );
    }

    /// Sets the longest time that running the statement may take, from the call of a verb to the
    /// last row, including the wait for a connection. Zero: no limit.
    [[nodiscard]] compound_statement timeout(std::chrono::milliseconds limit) const {
        return with([&](compound_statement& s) { s.options_.timeout = limit; });
    }

private:
    template <class Change>
    [[nodiscard]] compound_statement with(const Change& change) const {
        compound_statement changed(*this);
        change(changed);
        return changed;
    }
};

namespace detail {

/// Makes a set operation after its operands' row types are compared. All are equal: a column that
/// can be NULL in one operand is made so in the others by `nullable()`.
template <class First, class... Others>
[[nodiscard]] auto combine(sql::set_operator op, const First& first, const Others&... others) {
    using selected = typename First::selected_type;
    static_assert(
        sizeof...(Others) > 0 && (std::is_same_v<selected, typename Others::selected_type> && ...),
        "gino: the selects of a set operation have the same types, column by column; cast() "
        "changes one, nullable() says that one can be NULL"
    );
    return compound_statement<selected, selected, typename First::columns_type>(
        make_compound(op, {first.tree(), others.tree()...})
    );
}

}  // namespace detail

/// Defines a function of two or more queries.
#define GINO_DETAIL_SET_OPERATION(name, symbol)                              \
    template <detail::query_like First, detail::query_like... Others>        \
    [[nodiscard]] auto name(const First& first, const Others&... others) {   \
        return detail::combine(sql::set_operator::symbol, first, others...); \
    }

/// Returns the rows of all queries, equal rows once: `a UNION b`.
GINO_DETAIL_SET_OPERATION(union_, union_)
/// Returns the rows of all queries, with repetitions: `a UNION ALL b`.
GINO_DETAIL_SET_OPERATION(union_all, union_all)
/// Returns the rows that all queries have, equal rows once: `a INTERSECT b`.
GINO_DETAIL_SET_OPERATION(intersect, intersect)
/// Returns the rows that all queries have, each as often as the query that has it least often:
/// `a INTERSECT ALL b`. PostgreSQL only.
GINO_DETAIL_SET_OPERATION(intersect_all, intersect_all)
/// Returns the rows of the first query that the others do not have, equal rows once: `a EXCEPT b`.
GINO_DETAIL_SET_OPERATION(except, except)
/// Returns the rows of the first query, each less often by the times that the others have it:
/// `a EXCEPT ALL b`. PostgreSQL only.
GINO_DETAIL_SET_OPERATION(except_all, except_all)
#undef GINO_DETAIL_SET_OPERATION

}  // namespace gino
