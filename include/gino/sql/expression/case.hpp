// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/sql/expression/expression.hpp>

#include <optional>
#include <type_traits>
#include <utility>
#include <vector>

namespace gino {

/// A CASE expression: the value of the first branch that fits. Made by `case_()` and `case_of()`.
///
///     case_(user::c.age < 13, "child").when(user::c.age < 20, "teenager").else_("adult")
///
///     CASE WHEN (users.age < $1) THEN $2 WHEN (users.age < $3) THEN $4 ELSE $5 END
///
/// Without else_() it is NULL where no branch fits, so its type is optional (PostgreSQL 15,
/// 9.18.1).
///
/// @tparam T        The type of the results, given by the first branch.
/// @tparam Subject  The type of the compared expression; `void` if the branches have conditions.
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

    /// Adds a branch, which is tried after the branches before it.
    ///
    /// @param when  A condition, or a value to compare the subject with.
    /// @param then  A value or an expression of a type comparable with the first branch's.
    template <class When, class V>
    [[nodiscard]] case_clause when(const When& when, const V& then) const {
        check_when<When>();
        detail::check_comparable<T, V>();
        auto branches = branches_;
        branches.push_back({detail::operand(when), detail::operand(then)});
        return {subject_, std::move(branches)};
    }

    /// Adds the result where no branch fits, and ends the CASE.
    ///
    /// @return An expression of type `T`, without the optional.
    template <class V>
    [[nodiscard]] auto else_(const V& otherwise) const {
        detail::check_comparable<T, V>();
        return expr<T>(sql::make<sql::case_expression>(
            subject_, branches_, detail::operand(otherwise), sql_type_of<T>()
        ));
    }

    /// Refuses at compile time, with one sentence, an operand that WHEN cannot have.
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

/// The type of a branch's result: the bound type of a value, the value type of an expression.
template <class V>
struct result_type {
    using type = bound_type<V>;
};

template <expression V>
struct result_type<V> {
    using type = typename V::value_type;
};

/// Makes a CASE with its first branch.
template <class Subject, class When, class V>
[[nodiscard]] auto begin_case(const sql::expression_ref& subject, const When& when, const V& then) {
    using clause = case_clause<typename result_type<V>::type, Subject>;
    clause::template check_when<When>();
    return clause(subject, {{operand(when), operand(then)}});
}

}  // namespace detail

/// Starts `CASE WHEN condition THEN value`; when() and else_() may follow.
///
/// @param condition  A boolean expression.
/// @param then       A value or an expression.
template <class Condition, class V>
[[nodiscard]] auto case_(const Condition& condition, const V& then) {
    return detail::begin_case<void>(sql::expression_ref(), condition, then);
}

/// A CASE with a subject and no branch yet. Made by case_of().
template <class S>
class case_subject {
public:
    explicit case_subject(sql::expression_ref subject) : subject_(std::move(subject)) {}

    /// Adds the first branch: `CASE x WHEN value THEN result`.
    template <class W, class V>
    [[nodiscard]] auto when(const W& value, const V& then) const {
        return detail::begin_case<S>(subject_, value, then);
    }

private:
    sql::expression_ref subject_;
};

/// Starts a CASE that compares one expression with values; when() follows.
///
///     case_of(user::c.age).when(1, "one").when(2, "two").else_("many")
///
///     CASE users.age WHEN $1 THEN $2 WHEN $3 THEN $4 ELSE $5 END
///
/// A comparison with NULL never fits, as with `=`.
template <class S>
[[nodiscard]] case_subject<S> case_of(const expr<S>& subject) {
    return case_subject<S>(subject.node());
}

}  // namespace gino
