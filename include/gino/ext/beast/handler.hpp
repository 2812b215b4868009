// SPDX-License-Identifier: BSD-3-Clause
#pragma once

/// @file
/// Converts the function objects of the program into the two types that the application stores:
/// `endpoint` for handlers, `middleware_function` for middlewares. For the library; the rules for
/// handlers are at `application::route()`, the rules for middlewares at `application::use()`.

#include <gino/driver/awaitable.hpp>
#include <gino/ext/beast/middleware.hpp>
#include <gino/ext/beast/request.hpp>
#include <gino/ext/beast/request_value.hpp>
#include <gino/ext/beast/response.hpp>

#include <concepts>
#include <cstddef>
#include <functional>
#include <memory>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>

namespace gino::ext::detail {

/// A handler without its type, and the number of path parameters that it takes.
struct endpoint {
    std::function<awaitable<response>(request&)> call;
    std::size_t parameters = 0;  ///< 0: none, or the handler reads them from the request.
};

/// A middleware without its type.
using middleware_function = std::function<awaitable<response>(request&, const next_handler&)>;

/// Returns the text of a path parameter by its position in the route, from 0. Valid as long as the
/// request. REQUIRES: the request has a route with that many parameters.
[[nodiscard]] std::string_view path_parameter_at(const request& current, std::size_t position);

/// Returns the response for a path without a route: 404.
[[nodiscard]] awaitable<response> answer_not_found();

/// A list of types.
template <class... Parameters>
struct parameter_list {};

/// The parameter types of a function or of an object with one call operator. Not defined for
/// objects with several or templated call operators.
template <class Callable>
struct parameters_of;

template <class Result, class... Parameters>
struct parameters_of<Result (*)(Parameters...)> {
    using type = parameter_list<Parameters...>;
};

template <class Result, class... Parameters>
struct parameters_of<Result (*)(Parameters...) noexcept> {
    using type = parameter_list<Parameters...>;
};

template <class Result, class Class, class... Parameters>
struct parameters_of<Result (Class::*)(Parameters...)> {
    using type = parameter_list<Parameters...>;
};

template <class Result, class Class, class... Parameters>
struct parameters_of<Result (Class::*)(Parameters...) const> {
    using type = parameter_list<Parameters...>;
};

template <class Result, class Class, class... Parameters>
struct parameters_of<Result (Class::*)(Parameters...) noexcept> {
    using type = parameter_list<Parameters...>;
};

template <class Result, class Class, class... Parameters>
struct parameters_of<Result (Class::*)(Parameters...) const noexcept> {
    using type = parameter_list<Parameters...>;
};

template <class Callable>
    requires requires { &Callable::operator(); }
struct parameters_of<Callable> : parameters_of<decltype(&Callable::operator())> {};

/// True when the parameter types of `Callable` can be found out.
template <class Callable>
concept has_known_parameters = requires { typename parameters_of<Callable>::type; };

/// Returns a function object that `std::function` can store. A move-only one is moved into shared
/// memory, so that copies call the same object.
template <class Callable>
[[nodiscard]] auto make_copyable(Callable callable) {
    if constexpr (std::copy_constructible<Callable>) {
        return callable;
    } else {
        return [shared = std::make_shared<Callable>(std::move(callable)
                )]<class... Arguments>(Arguments&&... arguments) -> decltype(auto) {
            return std::invoke(*shared, std::forward<Arguments>(arguments)...);
        };
    }
}

/// Parses the path parameters and calls a handler with them. If one of them cannot be parsed, the
/// response is 404 and the handler is not called.
template <class... Values, class Callable, std::size_t... Positions>
awaitable<response> call_with_path(
    Callable& callable, request& current, std::index_sequence<Positions...> /*positions*/
) {
    std::tuple<std::optional<Values>...> values{
        request_value<Values>::parse(path_parameter_at(current, Positions))...};
    if (!(std::get<Positions>(values).has_value() && ...)) {
        return answer_not_found();
    }
    return std::invoke(callable, current, *std::move(std::get<Positions>(values))...);
}

/// True when the first parameter is a `request`.
template <class... Parameters>
constexpr bool begins_with_request = false;

template <class First, class... Others>
constexpr bool begins_with_request<First, Others...> =
    std::same_as<std::remove_cvref_t<First>, request>;

/// Does not compile: the handler does not take a request first.
template <class Callable, class... Parameters>
endpoint make_typed_endpoint(
    const Callable& /*callable*/, parameter_list<Parameters...> /*parameters*/
) {
    static_assert(
        begins_with_request<Parameters...>,
        "gino: a handler's first parameter is gino::ext::request&"
    );
    return {};
}

/// Returns an endpoint for a handler with known parameters, and checks their types.
template <class Callable, class Request, class... Values>
    requires std::same_as<std::remove_cvref_t<Request>, request>
endpoint make_typed_endpoint(Callable callable, parameter_list<Request, Values...> /*parameters*/) {
    static_assert(
        (!std::is_reference_v<Values> && ...),
        "gino: a handler takes its path parameters by value; a reference would dangle as soon as "
        "the coroutine waits"
    );
    static_assert(
        (readable_from_request<std::remove_cv_t<Values>> && ...),
        "gino: a path parameter's type needs a specialisation of gino::ext::request_value"
    );
    static_assert(
        std::same_as<std::invoke_result_t<Callable&, request&, Values...>, awaitable<response>>,
        "gino: a handler returns gino::awaitable<gino::ext::response>"
    );
    if constexpr (sizeof...(Values) == 0) {
        return {make_copyable(std::move(callable)), 0};
    } else {
        auto call = make_copyable(std::move(callable));
        return {
            [call = std::move(call)](request& current) mutable {
                return call_with_path<std::remove_cv_t<Values>...>(
                    call, current, std::index_sequence_for<Values...>()
                );
            },
            sizeof...(Values)};
    }
}

/// Returns an endpoint for a function, a lambda or another function object. If the parameters of
/// the object are not known, it is called with the request alone.
template <class Callable>
endpoint make_endpoint(Callable&& callable) {
    using stored = std::decay_t<Callable>;
    if constexpr (has_known_parameters<stored>) {
        return make_typed_endpoint<stored>(
            std::forward<Callable>(callable), typename parameters_of<stored>::type()
        );
    } else {
        static_assert(
            std::is_invocable_r_v<awaitable<response>, stored&, request&>,
            "gino: a handler is a function or lambda that takes gino::ext::request& and then the "
            "path parameters, and returns gino::awaitable<gino::ext::response>"
        );
        return {make_copyable(stored(std::forward<Callable>(callable))), 0};
    }
}

/// Returns a middleware for a function object. An lvalue that cannot be copied is referred to and
/// must outlive the result; everything else is copied or moved in.
template <class Callable>
middleware_function make_middleware(Callable&& callable) {
    using object = std::remove_reference_t<Callable>;
    static_assert(
        middleware<object>,
        "gino: a middleware takes (gino::ext::request&, const gino::ext::next_handler&) and "
        "returns gino::awaitable<gino::ext::response>"
    );
    if constexpr (std::is_lvalue_reference_v<Callable> && !std::copy_constructible<object>) {
        return std::ref(callable);
    } else {
        return make_copyable(std::decay_t<Callable>(std::forward<Callable>(callable)));
    }
}

}  // namespace gino::ext::detail
