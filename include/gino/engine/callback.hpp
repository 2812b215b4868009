// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/gcc12.hpp>
#include <gino/dialect/dialect.hpp>
#include <gino/driver/awaitable.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <type_traits>
#include <utility>

/// The callbacks of `transaction(f)`, `with_connection(f)` and similar functions: the templates
/// turn a function object of the program into a `callback_body`, which compiled code runs.
namespace gino {

class connection;
class statement_executor;
class transaction;

namespace detail {

class connection_state;

/// A `std::function` as a parameter of an awaited function.
///
/// It refuses closures that GCC 12 would destroy twice when they are written inside of `co_await`
/// (docs/gcc12.md).
template <class Signature>
class awaited_function : public std::function<Signature> {
public:
    awaited_function() = default;

    awaited_function(std::nullptr_t) {}  // NOLINT(google-explicit-constructor)

    template <class F>
        requires(!std::same_as<std::remove_cvref_t<F>, awaited_function> && std::constructible_from<std::function<Signature>, F>)
    awaited_function(F&& f)  // NOLINT(google-explicit-constructor)
        : std::function<Signature>(std::forward<F>(f)) {
        check_written_in_place<F>();
    }
};

/// A callback without its type: its value is stored elsewhere.
template <class Argument>
struct callback_body {
    std::function<awaitable<void>(Argument&)> call;  ///< Refers to the function object.
    bool returns_value = false;                      ///< The callback must not be left early then.
};

using transaction_body = callback_body<transaction>;
using connection_body = callback_body<connection>;

/// The awaitable that `f(argument)` returns, or `f()` if `f` takes no argument.
template <class F, class Argument>
struct result_of_call {
    using awaited = std::invoke_result_t<F&, Argument&>;
};

template <class F, class Argument>
    requires std::invocable<F&>
struct result_of_call<F, Argument> {
    using awaited = std::invoke_result_t<F&>;
};

/// The value type of an awaitable.
template <class Awaitable>
struct awaited_value;

template <class T>
struct awaited_value<awaitable<T>> {
    using type = T;
};

/// The type of `co_await f(argument)`, or of `co_await f()` if `f` takes no argument.
template <class F, class Argument>
using call_result = typename awaited_value<typename result_of_call<F, Argument>::awaited>::type;

/// Calls `f()` if `f` takes no argument, otherwise `f(argument)`.
template <class F, class Argument>
[[nodiscard]] auto call_with(F& f, Argument& argument) {
    if constexpr (std::invocable<F&>) {
        return f();
    } else {
        return f(argument);
    }
}

/// Runs `f` by `run` and returns its value. The coroutine owns `f`, so that the callback outlives
/// every wait within it.
template <class Argument, class F, class Run>
[[nodiscard]] awaitable<call_result<F, Argument>> run_stored(F f, Run run) {
    using result = call_result<F, Argument>;
    if constexpr (std::is_void_v<result>) {
        callback_body<Argument> body;
        body.call = [&f](Argument& a) { return call_with(f, a); };
        co_await run(body);
    } else {
        std::optional<result> made;
        callback_body<Argument> body;
        body.returns_value = true;
        body.call = [&f, &made](Argument& a) -> awaitable<void> {
            made.emplace(co_await call_with(f, a));
        };
        co_await run(body);
        co_return std::move(*made);
    }
}

/// Stores `f`, passes it to `run` as a `callback_body`, and returns the value of `f`.
///
/// Does not compile with GCC 12 for a closure that would be destroyed twice.
template <class Argument, class F, class Run>
[[nodiscard]] auto run_returning(F&& f, Run run) {
    check_written_in_place<F>();
    return run_stored<Argument, std::decay_t<F>>(std::forward<F>(f), std::move(run));
}

/// Returns a body for `run_in_transaction()` that calls a function of the library.
[[nodiscard]] transaction_body body_of(std::function<awaitable<void>(statement_executor&)> f);

/// Begins a transaction on a connection (a savepoint, if one is open), runs `body` in it, and
/// commits it; rolls it back when `body` throws. See `engine::transaction(f)`.
[[nodiscard]] awaitable<void> run_in_transaction(
    std::shared_ptr<connection_state> on, transaction_body body, transaction_options options
);

/// Does not compile; its message names the two ways to begin a transaction.
template <class Never>
void refuse_transaction_without_callback() {
    static_assert(
        !std::is_void_v<Never>,
        "gino: transaction() takes a callback, whose verbs are in the transaction: write "
        "`co_await db.transaction([&]() -> gino::awaitable<void> {...})`, or "
        "`auto tx = co_await db.begin()` for an object whose own verbs alone are in it"
    );
}

}  // namespace detail
}  // namespace gino
