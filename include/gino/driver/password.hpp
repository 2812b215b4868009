// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace gino {

/// Gives a password or a token for a connection that is about to be opened: a function without
/// arguments that returns a `std::string`, or an `awaitable<std::string>`.
///
/// On GCC before 13, give a closure that captures a name of its own (docs/gcc12.md).
class password_callback {
public:
    /// None.
    password_callback() = default;

    /// @param f  Copied. What it throws is what connecting throws.
    template <class F>
        requires(!std::same_as<F, password_callback> && std::invocable<F&>)
    password_callback(F f) {  // NOLINT(google-explicit-constructor): a function is one
        if constexpr (std::convertible_to<std::invoke_result_t<F&>, std::string>) {
            ask_ = [ask = std::move(f)]() mutable { return give(ask()); };
        } else {
            ask_ = std::move(f);
        }
    }

    explicit operator bool() const noexcept { return static_cast<bool>(ask_); }

    /// REQUIRES: there is one, and it outlives the wait.
    [[nodiscard]] awaitable<std::string> operator()() const { return ask_(); }

private:
    static awaitable<std::string> give(std::string given) { co_return given; }

    std::function<awaitable<std::string>()> ask_;
};

}  // namespace gino
