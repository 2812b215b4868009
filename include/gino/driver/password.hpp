// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/driver/awaitable.hpp>

#include <concepts>
#include <functional>
#include <string>
#include <type_traits>
#include <utility>

namespace gino {

/// A source of the password or token for a connection that is about to be opened: a function
/// without arguments that returns a `std::string` or an `awaitable<std::string>`.
///
/// Tokens that expire are its use: it is called again for each new connection. With GCC before 13,
/// pass a closure that has a name (docs/gcc12.md).
class password_callback {
public:
    /// Makes an empty callback.
    password_callback() = default;

    /// Wraps a function.
    ///
    /// @param f  Moved in. An exception from it is thrown by the call that connects.
    template <class F>
        requires(!std::same_as<F, password_callback> && std::invocable<F&>)
    password_callback(F f) {  // NOLINT(google-explicit-constructor): a function is one
        if constexpr (std::convertible_to<std::invoke_result_t<F&>, std::string>) {
            ask_ = [ask = std::move(f)]() mutable { return give(ask()); };
        } else {
            ask_ = std::move(f);
        }
    }

    /// Returns true unless the callback is empty.
    explicit operator bool() const noexcept { return static_cast<bool>(ask_); }

    /// Calls the function and waits for its result.
    ///
    /// REQUIRES: it is not empty, and outlives the wait.
    [[nodiscard]] awaitable<std::string> operator()() const { return ask_(); }

private:
    static awaitable<std::string> give(std::string given) { co_return given; }

    std::function<awaitable<std::string>()> ask_;
};

}  // namespace gino
