// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <string_view>
#include <tuple>
#include <type_traits>

namespace gino::detail {

#if defined(__GNUC__) && !defined(__clang__) && __GNUC__ < 13
/// True for compilers that destroy some temporaries of a `co_await` expression twice: GCC before 13
/// (docs/gcc12.md).
inline constexpr bool destroys_twice = true;
#else
inline constexpr bool destroys_twice = false;
#endif

/// Returns true for the type of a lambda, which GCC prints as `f()::<lambda(int)>`.
template <class Object>
constexpr bool is_closure() {
    const std::string_view function = __PRETTY_FUNCTION__;  // "... [with Object = f()::<lambda()>]"
    return function.find("<lambda(") != std::string_view::npos && function.ends_with(")>]");
}

/// True for types whose temporaries GCC 12 destroys twice: aggregates and closures with a
/// non-trivial destructor.
template <class Object>
constexpr bool is_destroyed_twice = !std::is_trivially_destructible_v<Object> &&
                                    (std::is_aggregate_v<Object> || is_closure<Object>());

template <class... Parts>
constexpr bool is_destroyed_twice<std::tuple<Parts...>> = (is_destroyed_twice<Parts> || ...);

/// False for an argument that GCC 12 destroys twice when it is written inside an expression with
/// `co_await`. An argument that has a name is safe.
///
/// @tparam Argument  Deduced by a forwarding reference.
template <class Argument>
constexpr bool is_safe_in_place = !destroys_twice || std::is_lvalue_reference_v<Argument> ||
                                  !is_destroyed_twice<std::remove_cvref_t<Argument>>;

/// Rejects, at compile time, an argument that is not safe. For functions that are called inside
/// `co_await` expressions.
template <class Argument>
constexpr void check_written_in_place() {
    static_assert(
        is_safe_in_place<Argument>,
        "gino: GCC 12 destroys this argument twice when it is written inside of co_await: give it "
        "a name in front, `auto f = [...]...;`, and pass `f`, or `std::ref(f)` if it can only "
        "move; "
        "a lambda may instead capture by reference (docs/gcc12.md)"
    );
}

}  // namespace gino::detail
