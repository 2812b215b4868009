// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// `CASE WHEN condition THEN value ... END`, or `CASE subject WHEN value THEN value ... END`: NULL
/// where nothing fits, until else_() says otherwise. Made by `case_()` and `case_of()`.
///
/// @tparam T        The type of the results.
/// @tparam Subject  The type of the expression that is compared; `void`: conditions are asked.
template <class T, class Subject = void>
class case_clause : public expr<std::optional<detail::without_null<T>>> {
    using base = expr<std::optional<detail::without_null<T>>>;

public:
    /// @param subject  Empty if `Subject` is `void`.
    case_clause(
        const sql::expression_ref& subject, std::vector<sql::case_expression::branch> branches
    )
        : base(sql::make<sql::case_expression>(
              subject, branches, sql::expression_ref(), sql_type_of<T>()
          )),
          subject_(subject),
          branches_(std::move(branches)) {}

    /// Another condition, or another value to compare with, asked when those before do not fit.
    template <class When, class V>
    [[nodiscard]] case_clause when(const When& when, const V& then) const {
        check_when<When>();
        detail::check_comparable<T, V>();
        auto branches = branches_;
        branches.push_back({detail::operand(when), detail::operand(then)});
        return {subject_, std::move(branches)};
    }

    /// The result where nothing fits.
    template <class V>
    [[nodiscard]] auto else_(const V& otherwise) const {
        detail::check_comparable<T, V>();
        return expr<T>(sql::make<sql::case_expression>(
            subject_, branches_, detail::operand(otherwise), sql_type_of<T>()
        ));
    }

    /// Refuses what cannot stand behind WHEN, with one sentence.
    template <class When>
    static consteval void check_when() {
        if constexpr (std::is_void_v<Subject>) {
            detail::check_condition<When>();
        } else {
            detail::check_comparable<Subject, When>();
        }
    }

private:
    sql::expression_ref subject_;
    std::vector<sql::case_expression::branch> branches_;
};

namespace detail {

/// The type of what a value or an expression gives.
template <class V>
struct result_type {
    using type = bound_type<V>;
};

template <expression V>
struct result_type<V> {
    using type = typename V::value_type;
};

/// A CASE with its first branch.
template <class Subject, class When, class V>
[[nodiscard]] auto begin_case(const sql::expression_ref& subject, const When& when, const V& then) {
    using clause = case_clause<typename result_type<V>::type, Subject>;
    clause::template check_when<When>();
    return clause(subject, {{operand(when), operand(then)}});
}

}  // namespace detail

/// `CASE WHEN condition THEN value`: when() and else_() may follow.
///
/// @param then  A value or an expression.
template <class Condition, class V>
[[nodiscard]] auto case_(const Condition& condition, const V& then) {
    return detail::begin_case<void>(sql::expression_ref(), condition, then);
}

/// `CASE x` that waits for its first when().
template <class S>
class case_subject {
public:
    explicit case_subject(sql::expression_ref subject) : subject_(std::move(subject)) {}

    template <class W, class V>
    [[nodiscard]] auto when(const W& value, const V& then) const {
        return detail::begin_case<S>(subject_, value, then);
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
