// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/value.hpp>

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>

namespace gino::sqlite {

/// SQLite's assumptions about a function of the program.
struct function_options {
    /// The same arguments always give the same result. Indexes and generated columns need this.
    bool deterministic = true;
};

namespace detail {

/// Throws `argument_error` (`errc::bad_value`). SQLite reports it as the error of the statement.
[[noreturn]] void throw_wrong_argument(std::size_t place, const char* wanted);

/// A function in the form that SQLite's session calls.
struct custom_function {
    std::string name;
    int arguments = 0;
    bool deterministic = true;
    /// @param arguments  None of them is NULL, unless `takes_null`.
    std::function<value(std::span<const value> arguments)> call;
    bool takes_null = false;
};

/// Stores the function for all sessions that are opened later.
void add(custom_function function);

/// Reads a SQL value as an argument of type `T`; an integer is accepted for a floating-point type.
template <class T>
struct argument {
    static constexpr bool takes_null = false;

    static T read(const value& v, std::size_t place) {
        if constexpr (std::is_same_v<T, value>) {
            return v;
        } else if constexpr (std::is_same_v<T, bool> || std::is_integral_v<T>) {
            const auto* number = v.get_if<std::int64_t>();
            if (number == nullptr || !(std::is_same_v<T, bool> || std::in_range<T>(*number))) {
                throw_wrong_argument(place, "an integer that fits");
            }
            return static_cast<T>(*number);
        } else if constexpr (std::is_floating_point_v<T>) {
            if (const auto* whole = v.get_if<std::int64_t>()) {
                return static_cast<T>(*whole);
            }
            const auto* number = v.get_if<double>();
            if (number == nullptr) {
                throw_wrong_argument(place, "a number");
            }
            return static_cast<T>(*number);
        } else if constexpr (std::is_same_v<T, bytes>) {
            const auto* blob = v.get_if<bytes>();
            if (blob == nullptr) {
                throw_wrong_argument(place, "bytes");
            }
            return *blob;
        } else {
            static_assert(
                std::is_same_v<T, std::string> || std::is_same_v<T, std::string_view>,
                "gino: a function for SQLite takes bool, integers, float, double, std::string, "
                "std::string_view, gino::bytes, gino::value, or std::optional of one of them"
            );
            const auto* text = v.get_if<std::string>();
            if (text == nullptr) {
                throw_wrong_argument(place, "a text");
            }
            return *text;
        }
    }
};

template <class T>
struct argument<std::optional<T>> {
    static constexpr bool takes_null = true;

    static std::optional<T> read(const value& v, std::size_t place) {
        return v.is_null() ? std::nullopt : std::optional<T>(argument<T>::read(v, place));
    }
};

/// Converts the result of the program's function to a SQL value.
template <class T>
value result_of(T made) {
    if constexpr (std::is_same_v<T, value>) {
        return made;
    } else if constexpr (std::is_same_v<T, bool>) {
        return value(made);
    } else if constexpr (std::is_integral_v<T>) {
        return value(static_cast<std::int64_t>(made));
    } else if constexpr (std::is_floating_point_v<T>) {
        return value(static_cast<double>(made));
    } else if constexpr (std::is_constructible_v<std::string, T>) {
        return value(std::string(std::move(made)));
    } else if constexpr (requires {
                             *made;
                             made.has_value();
                         }) {
        return made.has_value() ? result_of(std::move(*made)) : value();
    } else {
        static_assert(
            std::is_same_v<T, bytes>,
            "gino: a function for SQLite returns bool, integers, float, double, text, gino::bytes, "
            "gino::value, or std::optional of one of them"
        );
        return value(std::move(made));
    }
}

/// Wraps a function of C++ types into one of SQL values.
template <class Function, class Result, class... Arguments>
custom_function wrap(std::string_view name, Function function, Result (*)(Arguments...)) {
    custom_function made;
    made.name = name;
    made.arguments = sizeof...(Arguments);
    made.takes_null = (argument<std::decay_t<Arguments>>::takes_null || ... || false) ||
                      (std::is_same_v<std::decay_t<Arguments>, value> || ... || false);
    made.call = [function = std::move(function)](std::span<const value> given) {
        return [&]<std::size_t... I>(std::index_sequence<I...> /*places*/) {
            return result_of(function(argument<std::decay_t<Arguments>>::read(given[I], I)...));
        }(std::index_sequence_for<Arguments...>());
    };
    return made;
}

/// Deduces the signature of a lambda or a function.
template <class Object, class Result, class... Arguments>
auto plain_type(Result (Object::*)(Arguments...) const) -> Result (*)(Arguments...);

template <class Result, class... Arguments>
auto plain_type(Result (*)(Arguments...)) -> Result (*)(Arguments...);

template <class Function>
auto type_of(const Function& function) {
    if constexpr (requires { &Function::operator(); }) {
        return decltype(plain_type(&Function::operator()))(nullptr);
    } else {
        return decltype(plain_type(function))(nullptr);
    }
}

}  // namespace detail

/// Adds a function to SQL, in every SQLite session of the program that is opened from now on. It
/// replaces an earlier one with the same name and number of arguments.
///
/// @snippet tests/sqlite/functions.cpp function
///
/// If an argument is NULL and no parameter is a `std::optional` or a `value`, the result is NULL,
/// and the function is not called. If another parameter takes NULL, a NULL for one that does not is
/// an error. An exception from the function is an error of the statement, with its message.
///
/// Thread safety: any thread. The function is called on the threads of sessions, several at once:
/// it must be safe to call concurrently, and must not use the database.
///
/// @param name      1 to 255 bytes. A built-in function of that name is replaced.
/// @param function  A function, or a lambda that is not generic. Moved in.
/// @param options   See `function_options`.
/// @throws argument_error  `errc::invalid_argument`: the name is empty or too long.
template <class Function>
void add_function(std::string_view name, Function function, function_options options = {}) {
    const auto type = detail::type_of(function);
    auto wrapped = detail::wrap(name, std::move(function), type);
    wrapped.deterministic = options.deterministic;
    detail::add(std::move(wrapped));
}

}  // namespace gino::sqlite
