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

/// Callbacks of `transaction(f)`, `with_connection(f)` and the like.
namespace gino {

class connection;
class statement_executor;
class transaction;

namespace detail {

class connection_state;

/// A `std::function` as a parameter of something that is awaited.
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

/// A callback, without what it returns.
template <class Argument>
struct callback_body {
    std::function<awaitable<void>(Argument&)> call;
    bool returns_value = false;
};

using transaction_body = callback_body<transaction>;
using connection_body = callback_body<connection>;

template <class F, class Argument>
struct result_of_call {
    using awaited = std::invoke_result_t<F&, Argument&>;
};

template <class F, class Argument>
    requires std::invocable<F&>
struct result_of_call<F, Argument> {
    using awaited = std::invoke_result_t<F&>;
};

template <class Awaitable>
struct awaited_value;

template <class T>
struct awaited_value<awaitable<T>> {
    using type = T;
};

/// What `co_await f(argument)` gives; `f` may also take no argument.
template <class F, class Argument>
using call_result = typename awaited_value<typename result_of_call<F, Argument>::awaited>::type;

template <class F, class Argument>
[[nodiscard]] auto call_with(F& f, Argument& argument) {
    if constexpr (std::invocable<F&>) {
        return f();
    } else {
        return f(argument);
    }
}

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

/// Gives `run` a body and returns what `f` makes of it.
template <class Argument, class F, class Run>
[[nodiscard]] auto run_returning(F&& f, Run run) {
    check_written_in_place<F>();
    return run_stored<Argument, std::decay_t<F>>(std::forward<F>(f), std::move(run));
}

/// A callback of the library's own, for run_in_transaction().
[[nodiscard]] transaction_body body_of(std::function<awaitable<void>(statement_executor&)> f);

/// Begins a transaction on a connection (a savepoint, if it has one), runs `body` in it, and ends
/// it.
[[nodiscard]] awaitable<void> run_in_transaction(
    std::shared_ptr<connection_state> on, transaction_body body, transaction_options options
);

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
