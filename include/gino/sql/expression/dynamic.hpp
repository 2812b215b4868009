// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>
#include <gino/sql/expression/operators.hpp>
#include <gino/sql/named_source.hpp>
#include <gino/sql/select.hpp>
#include <gino/sql/source.hpp>

#include <optional>
#include <string_view>
#include <vector>

/// @file Statements whose parts are chosen at run time: lists of conditions, columns by their
/// names.
namespace gino {

/// A condition of any origin, for lists of them: `std::vector<gino::condition>`.
using condition = expr<std::optional<bool>>;

/// Joins a list by AND; `true` if it is empty.
///
///     std::vector<gino::condition> all{user::c.id > 3};
///     if (age) { all.push_back(user::c.age == *age); }
///     select<user>().where(gino::and_(all))
///
///     ... WHERE users.id > $1 AND users.age = $2
[[nodiscard]] condition and_(const std::vector<condition>& conditions);

/// Joins a list by OR; `false` if it is empty.
[[nodiscard]] condition or_(const std::vector<condition>& conditions);

/// Joins conditions by AND, as `a && b && c` does.
template <expression... Conditions>
    requires(sizeof...(Conditions) > 0)
[[nodiscard]] condition and_(const Conditions&... conditions) {
    (detail::check_condition<Conditions>(), ...);
    return and_(std::vector<condition>{condition(conditions.node())...});
}

/// Joins conditions by OR, as `a || b || c` does.
template <expression... Conditions>
    requires(sizeof...(Conditions) > 0)
[[nodiscard]] condition or_(const Conditions&... conditions) {
    (detail::check_condition<Conditions>(), ...);
    return or_(std::vector<condition>{condition(conditions.node())...});
}

namespace detail {

/// @throws argument_error  The values of the expression's SQL type are not read as `wanted`'s are;
///                         integers of all sizes are alike, as are floating-point numbers, texts,
///                         and json with jsonb.
void check_type(const sql::expression& e, sql_type wanted);

}  // namespace detail

/// An expression whose type is known at run time only. It can be selected and sorted by; `as()`
/// returns it with a type, for comparisons.
class any_expression : public expression_handle {
public:
    using expression_handle::expression_handle;

    /// Converts any typed expression; its type stays in the node.
    template <expression Expression>
    any_expression(const Expression& e) : expression_handle(e.node()) {}

    /// Names the expression in a select list: `expression AS name`.
    [[nodiscard]] any_expression label(std::string_view name) const {
        return any_expression(detail::make_label(node(), name));
    }

    /// Returns `x ASC` for order_by().
    [[nodiscard]] order_term asc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::ascending});
    }

    /// Returns `x DESC` for order_by().
    [[nodiscard]] order_term desc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::descending});
    }

    /// Returns the expression as one of type `T`, without a cast in SQL:
    /// `column_named<user>("age").as<std::int32_t>() >= 18`.
    ///
    /// @throws argument_error  It is of another SQL type; `cast()` converts it.
    template <mapped T>
    [[nodiscard]] expr<T> as() const {
        const sql::expression_ref e = node();
        detail::check_type(*e, sql_type_of<T>());
        return expr<T>(e);
    }
};

/// Returns a column of a model by its member's name. Safe with names from outside of the program:
/// an unknown name is an error and never becomes SQL.
///
///     select<user>().order_by(gino::column_named<user>(sort_by).desc())
///
/// @param key  The member's name, which may differ from the column's name in the database.
/// @throws argument_error  The model has no such member; lists the names that exist.
template <class Model>
[[nodiscard]] any_expression column_named(std::string_view key) {
    return any_expression(detail::column_by_key(detail::source_of_model<Model>(), key));
}

/// Returns a column of an alias, a table without a model, a list of values or a function by its
/// name in the program.
///
/// @throws argument_error  There is no such column, or the source is a subquery.
template <from_source Source>
[[nodiscard]] any_expression column_named(const Source& source, std::string_view key) {
    return any_expression(detail::column_by_key(source.source(), key));
}

/// Starts a SELECT of expressions that are chosen at run time. Its rows are `gino::row`.
///
/// @throws argument_error  The list is empty.
[[nodiscard]] select_statement<row> select(const std::vector<any_expression>& selected);

}  // namespace gino
