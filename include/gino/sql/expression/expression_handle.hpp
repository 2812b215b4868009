// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/node.hpp>

#include <concepts>
#include <cstdint>
#include <type_traits>
#include <utility>

/// @file
/// Expressions, terms of an order and assignments without their types.
namespace gino {

/// An expression without its C++ type; the base of every typed expression.
///
/// A handle is either the owner of a node or a column of a described class. The latter is a
/// constant without allocation: it keeps a function and an index, which find the node when it is
/// needed (docs/decisions/0004).
class expression_handle {
public:
    /// Returns the node of a class's column. The class's description owns the node until the
    /// program ends.
    using column_finder = const sql::ref<sql::column_expression>& (*)(std::uint32_t index);

    /// Makes a handle of a described class's column, at compile time.
    ///
    /// @param index  The member's place in the class's description.
    constexpr expression_handle(column_finder finder, std::uint32_t index) noexcept
        : finder_(finder), index_(index) {}

    /// Makes a handle that owns a node.
    explicit expression_handle(sql::expression_ref node) noexcept : owned_(std::move(node)) {}

    constexpr expression_handle(const expression_handle& other) noexcept = default;
    constexpr ~expression_handle() = default;

    /// Returns an owner of the expression's node. Never null, except for a moved-from handle.
    [[nodiscard]] sql::expression_ref node() const;

protected:
    expression_handle& operator=(const expression_handle&) = default;

private:
    column_finder finder_ = nullptr;
    std::uint32_t index_ = 0;
    sql::expression_ref owned_;
};

template <class T>
class expr;

/// A typed expression: `expr<T>`, a column, a label. `value_type` is the C++ type of its values.
template <class E>
concept expression = std::derived_from<std::remove_cvref_t<E>, expression_handle> &&
                     requires { typename std::remove_cvref_t<E>::value_type; };

/// A term of ORDER BY with its direction, such as `column DESC NULLS LAST`. Made by `x.asc()` and
/// `x.desc()`; order_by() takes it beside plain expressions.
class order_term {
public:
    explicit order_term(sql::order_item item) : item_(std::move(item)) {}

    /// Returns the term with `NULLS FIRST`, on every database.
    [[nodiscard]] order_term nulls_first() const;
    /// Returns the term with `NULLS LAST`, on every database.
    [[nodiscard]] order_term nulls_last() const;

    [[nodiscard]] const sql::order_item& item() const noexcept { return item_; }

private:
    sql::order_item item_;
};

/// An assignment `column = value` for update(), insert() and get(). Made by `=` on a column:
///
///     user::c.age = 7;                // a value: a bind parameter
///     user::c.age = user::c.age + 1;  // an expression
class assignment {
public:
    explicit assignment(sql::assignment_node node) : node_(std::move(node)) {}

    [[nodiscard]] const sql::assignment_node& node() const noexcept { return node_; }

private:
    sql::assignment_node node_;
};

/// An assignment to a column of `Model`, so that a statement for another model refuses it at
/// compile time. `void`: a column of a table without a model.
template <class Model>
class assignment_of : public assignment {
public:
    using assignment::assignment;
};

}  // namespace gino
