// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression.hpp>

#include <optional>
#include <utility>
#include <vector>

namespace gino {

/// `CASE WHEN condition THEN value ... END`: NULL where no condition is true, until else_() says
/// otherwise. Made by `case_()`.
///
/// @tparam T  The type of the values.
template <class T>
class case_clause : public expr<std::optional<detail::without_null<T>>> {
public:
    explicit case_clause(std::vector<sql::case_expression::branch> branches)
        : expr<std::optional<detail::without_null<T>>>(sql::make<sql::case_expression>(
              sql::expression_ref(), branches, sql::expression_ref(), sql_type_of<T>()
          )),
          branches_(std::move(branches)) {}

    /// Another condition, asked when those before are not true.
    template <class Condition, class V>
    [[nodiscard]] case_clause when(const Condition& condition, const V& then) const {
        detail::check_condition<Condition>();
        detail::check_comparable<T, V>();
        auto branches = branches_;
        branches.push_back({condition.node(), detail::operand(then)});
        return case_clause(std::move(branches));
    }

    /// The value where no condition is true.
    template <class V>
    [[nodiscard]] auto else_(const V& otherwise) const {
        detail::check_comparable<T, V>();
        return expr<T>(sql::make<sql::case_expression>(
            sql::expression_ref(), branches_, detail::operand(otherwise), sql_type_of<T>()
        ));
    }

private:
    std::vector<sql::case_expression::branch> branches_;
};

/// `CASE WHEN condition THEN value`: when() and else_() may follow.
///
/// @param then  A value or an expression.
template <class Condition, class V>
[[nodiscard]] auto case_(const Condition& condition, const V& then) {
    detail::check_condition<Condition>();
    std::vector<sql::case_expression::branch> branches;
    branches.push_back({condition.node(), detail::operand(then)});
    if constexpr (expression<V>) {
        return case_clause<typename V::value_type>(std::move(branches));
    } else {
        return case_clause<detail::bound_type<V>>(std::move(branches));
    }
}

}  // namespace gino
