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

[[nodiscard]] sql::statement_ref make_compound(
    sql::set_operator op, std::vector<sql::statement_ref> operands
);

/// The untyped part of set operations; compiled once.
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

/// `a UNION b`, `a INTERSECT b`, `a EXCEPT b`: an immutable value, as a select is.
///
/// An operand that has an order or a limit of its own keeps it. The order of the whole goes by what
/// the first operand selects: columns and labels.
///
/// @tparam Row       What a row becomes.
/// @tparam Selected  What a row would be without a loader.
/// @tparam Columns   A tuple of the first operand's columns' types.
template <class Row, class Selected = Row, class Columns = std::tuple<>>
class compound_statement : public detail::query_of<detail::compound_clauses, Selected, Columns> {
    using base = detail::query_of<detail::compound_clauses, Selected, Columns>;

public:
    using row_type = Row;

    using base::base;

    /// `ORDER BY` selected columns and labels, or `column.desc()` of them.
    template <class... By>
    [[nodiscard]] compound_statement order_by(const By&... by) const {
        return with([&](compound_statement& s) { (s.add_order_by(detail::order_item_of(by)), ...); }
        );
    }

    /// `LIMIT count`. @throws argument_error  `count` is negative.
    [[nodiscard]] compound_statement limit(std::int64_t count) const {
        return with([&](compound_statement& s) { s.set_limit(count); });
    }

    /// `OFFSET count`. @throws argument_error  `count` is negative.
    [[nodiscard]] compound_statement offset(std::int64_t count) const {
        return with([&](compound_statement& s) { s.set_offset(count); });
    }

    /// Loads rows with a loader, or with anything that has one, as for a select.
    template <class Loadable>
    [[nodiscard]] auto load(Loadable&& loadable) const {
        detail::check_written_in_place<Loadable>();
        using traits = detail::loader_of<std::remove_cvref_t<Loadable>>;
        return compound_statement<typename traits::value_type, Selected, Columns>(
            *this, traits::attach(loadable)
        );
    }

    /// The longest time that running the statement may take, waiting for a connection included.
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

#define GINO_DETAIL_SET_OPERATION(name, symbol)                              \
    template <detail::query_like First, detail::query_like... Others>        \
    [[nodiscard]] auto name(const First& first, const Others&... others) {   \
        return detail::combine(sql::set_operator::symbol, first, others...); \
    }

/// The rows of all selects, each once.
GINO_DETAIL_SET_OPERATION(union_, union_)
/// The rows of all selects.
GINO_DETAIL_SET_OPERATION(union_all, union_all)
/// The rows that all selects have, each once.
GINO_DETAIL_SET_OPERATION(intersect, intersect)
/// As intersect(), as often as the select that has them least often. PostgreSQL only.
GINO_DETAIL_SET_OPERATION(intersect_all, intersect_all)
/// The rows of the first select that the others do not have, each once.
GINO_DETAIL_SET_OPERATION(except, except)
/// As except(), taking away as many as the others have. PostgreSQL only.
GINO_DETAIL_SET_OPERATION(except_all, except_all)
#undef GINO_DETAIL_SET_OPERATION

}  // namespace gino
