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

/// `CASE x WHEN value THEN ... END`: compares one expression with values. Made by `case_of()`.
///
/// @tparam S  The type of the expression.
/// @tparam T  The type of the results.
template <class S, class T>
class simple_case_clause : public expr<std::optional<detail::without_null<T>>> {
public:
    simple_case_clause(
        sql::expression_ref subject, std::vector<sql::case_expression::branch> branches
    )
        : expr<std::optional<detail::without_null<T>>>(sql::make<sql::case_expression>(
              subject, branches, sql::expression_ref(), sql_type_of<T>()
          )),
          subject_(std::move(subject)),
          branches_(std::move(branches)) {}

    /// Another value to compare with.
    template <class W, class V>
    [[nodiscard]] simple_case_clause when(const W& value, const V& then) const {
        detail::check_comparable<S, W>();
        detail::check_comparable<T, V>();
        auto branches = branches_;
        branches.push_back({detail::operand(value), detail::operand(then)});
        return {subject_, std::move(branches)};
    }

    /// The result where no value is equal.
    template <class V>
    [[nodiscard]] auto else_(const V& otherwise) const {
        detail::check_comparable<T, V>();
        return expr<T>(sql::make<sql::case_expression>(
            subject_, branches_, detail::operand(otherwise), sql_type_of<T>()
        ));
    }

private:
    sql::expression_ref subject_;
    std::vector<sql::case_expression::branch> branches_;
};

/// `CASE x` that waits for its first when().
template <class S>
class case_subject {
public:
    explicit case_subject(sql::expression_ref subject) : subject_(std::move(subject)) {}

    template <class W, class V>
    [[nodiscard]] auto when(const W& value, const V& then) const {
        detail::check_comparable<S, W>();
        std::vector<sql::case_expression::branch> branches;
        branches.push_back({detail::operand(value), detail::operand(then)});
        if constexpr (expression<V>) {
            return simple_case_clause<S, typename V::value_type>(subject_, std::move(branches));
        } else {
            return simple_case_clause<S, detail::bound_type<V>>(subject_, std::move(branches));
        }
    }

private:
    sql::expression_ref subject_;
};

/// `CASE x WHEN value THEN result`: say when() behind it.
template <class S>
[[nodiscard]] case_subject<S> case_of(const expr<S>& subject) {
    return case_subject<S>(subject.node());
}

}  // namespace gino
