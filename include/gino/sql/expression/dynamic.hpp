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

/// @file
/// Statements that are put together at run time: conditions in a list, columns by their names.
namespace gino {

/// A condition of any origin, for lists of them: `std::vector<gino::condition>`.
using condition = expr<std::optional<bool>>;

/// All conditions of a list; true when it is empty.
[[nodiscard]] condition and_(const std::vector<condition>& conditions);

/// One condition of a list at least; false when it is empty.
[[nodiscard]] condition or_(const std::vector<condition>& conditions);

/// `a AND b AND c`, as `a && b && c`.
template <expression... Conditions>
    requires(sizeof...(Conditions) > 0)
[[nodiscard]] condition and_(const Conditions&... conditions) {
    (detail::check_condition<Conditions>(), ...);
    return and_(std::vector<condition>{condition(conditions.node())...});
}

/// `a OR b OR c`, as `a || b || c`.
template <expression... Conditions>
    requires(sizeof...(Conditions) > 0)
[[nodiscard]] condition or_(const Conditions&... conditions) {
    (detail::check_condition<Conditions>(), ...);
    return or_(std::vector<condition>{condition(conditions.node())...});
}

namespace detail {

/// Throws `argument_error` unless an expression of SQL type `have` can be read as `wanted`.
void check_type(const sql::expression& e, sql_type wanted);

}  // namespace detail

/// An expression whose type only the program's data knows. It can be selected and sorted by; `as()`
/// gives it a type again.
class any_expression : public expression_handle {
public:
    using expression_handle::expression_handle;

    template <expression Expression>
    any_expression(const Expression& e) : expression_handle(e.node()) {}

    [[nodiscard]] any_expression label(std::string_view name) const {
        return any_expression(detail::make_label(node(), name));
    }

    [[nodiscard]] order_term asc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::ascending});
    }

    [[nodiscard]] order_term desc() const {
        return order_term({.by = node(), .direction = sql::sort_direction::descending});
    }

    /// The expression as one of type `T`: `column_named<user>("age").as<std::int32_t>() >= 18`.
    ///
    /// @throws argument_error  It is of another SQL type.
    template <mapped T>
    [[nodiscard]] expr<T> as() const {
        const sql::expression_ref e = node();
        detail::check_type(*e, sql_type_of<T>());
        return expr<T>(e);
    }
};

/// A column of a model by the name that the program calls it.
///
/// @throws argument_error  There is none; lists those that there are.
template <class Model>
[[nodiscard]] any_expression column_named(std::string_view key) {
    return any_expression(detail::column_by_key(detail::source_of_model<Model>(), key));
}

/// A column of an alias, by the name that the program calls it.
template <from_source Source>
[[nodiscard]] any_expression column_named(const Source& source, std::string_view key) {
    return any_expression(detail::column_by_key(source.source(), key));
}

/// `SELECT` of expressions that were chosen at run time. Rows are `gino::row`.
///
/// @throws argument_error  The list is empty.
[[nodiscard]] select_statement<row> select(const std::vector<any_expression>& selected);

}  // namespace gino
