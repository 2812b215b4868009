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

/// An expression without its type: what every typed expression is underneath.
///
/// Either the owner of a node, or a column of a described class, which costs nothing to make: it
/// remembers where its node is found.
class expression_handle {
public:
    /// Returns the node of a class's column; the class's description keeps it for ever.
    using column_finder = const sql::ref<sql::column_expression>& (*)(std::uint32_t index);

    constexpr expression_handle(column_finder finder, std::uint32_t index) noexcept
        : finder_(finder), index_(index) {}

    explicit expression_handle(sql::expression_ref node) noexcept : owned_(std::move(node)) {}

    constexpr expression_handle(const expression_handle& other) noexcept = default;
    constexpr ~expression_handle() = default;

    /// Returns the expression's node.
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

/// Any typed expression: `expr<T>`, a column, a label.
template <class E>
concept expression = std::derived_from<std::remove_cvref_t<E>, expression_handle> &&
                     requires { typename std::remove_cvref_t<E>::value_type; };

/// `column DESC NULLS LAST`: what order_by() takes, besides expressions.
class order_term {
public:
    explicit order_term(sql::order_item item) : item_(std::move(item)) {}

    [[nodiscard]] order_term nulls_first() const;
    [[nodiscard]] order_term nulls_last() const;

    [[nodiscard]] const sql::order_item& item() const noexcept { return item_; }

private:
    sql::order_item item_;
};

/// `column = value`, for update() and insert(). Made by assigning to a column.
class assignment {
public:
    explicit assignment(sql::assignment_node node) : node_(std::move(node)) {}

    [[nodiscard]] const sql::assignment_node& node() const noexcept { return node_; }

private:
    sql::assignment_node node_;
};

/// An assignment to a column of `Model`.
template <class Model>
class assignment_of : public assignment {
public:
    using assignment::assignment;
};

}  // namespace gino
