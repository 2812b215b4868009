// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace gino::ext {

namespace detail {

// Parse a whole text; nothing for a text that is no such value or is out of range.
[[nodiscard]] std::optional<long long> read_signed(std::string_view text) noexcept;
[[nodiscard]] std::optional<unsigned long long> read_unsigned(std::string_view text) noexcept;
[[nodiscard]] std::optional<double> read_floating(std::string_view text) noexcept;
[[nodiscard]] std::optional<bool> read_bool(std::string_view text) noexcept;

}  // namespace detail

/// Reads a value from the text of a path parameter or of a query parameter.
///
/// There are specialisations for bool, integers, floating point numbers, `std::string` and
/// `std::string_view`. A type of the program needs a specialisation with two static members:
///
/// * `static std::optional<Value> parse(std::string_view text)`: returns the value, or nothing when
///   the text is no value. The text is decoded and valid as long as the request. A path is then not
///   found (404), a query parameter is answered with 400;
/// * `static std::string expected()`: describes valid texts, such as "a UUID", for the message of
///   the response with status 400.
///
/// Thread safety: `parse()` may be called from several threads at the same time.
template <class Value>
struct request_value;

/// Reads decimal digits, with a minus sign for signed types. A plus sign, spaces and a value that
/// is out of range of the type are refused.
template <std::integral Value>
struct request_value<Value> {
    static std::optional<Value> parse(std::string_view text) noexcept {
        if constexpr (std::signed_integral<Value>) {
            return narrow(detail::read_signed(text));
        } else {
            return narrow(detail::read_unsigned(text));
        }
    }

    static std::string expected() {
        return "an integer from " + std::to_string(std::numeric_limits<Value>::min()) + " to " +
               std::to_string(std::numeric_limits<Value>::max());
    }

private:
    // Returns nothing for a value that is out of range of the type.
    template <class Wide>
    static std::optional<Value> narrow(std::optional<Wide> wide) noexcept {
        if (!wide || *wide < Wide{std::numeric_limits<Value>::min()} ||
            *wide > Wide{std::numeric_limits<Value>::max()}) {
            return std::nullopt;
        }
        return static_cast<Value>(*wide);
    }
};

/// Reads "true" or "1" as true, "false" or "0" as false. Nothing else is accepted.
template <>
struct request_value<bool> {
    static std::optional<bool> parse(std::string_view text) noexcept {
        return detail::read_bool(text);
    }

    static std::string expected() { return "true or false"; }
};

/// Reads a finite decimal number, such as "-1.5" or "2e3". Infinities, NaN and a number that is out
/// of range of the type are refused.
template <std::floating_point Value>
struct request_value<Value> {
    static std::optional<Value> parse(std::string_view text) noexcept {
        const std::optional<double> wide = detail::read_floating(text);
        const auto limit = static_cast<double>(std::numeric_limits<Value>::max());
        if (!wide || *wide > limit || *wide < -limit) {
            return std::nullopt;
        }
        return static_cast<Value>(*wide);
    }

    static std::string expected() { return "a number"; }
};

/// Copies any text.
template <>
struct request_value<std::string> {
    static std::optional<std::string> parse(std::string_view text) { return std::string(text); }

    static std::string expected() { return "a text"; }
};

/// Returns a view of any text, valid as long as the request. A handler that passes it to a spawned
/// coroutine needs `std::string`.
template <>
struct request_value<std::string_view> {
    static std::optional<std::string_view> parse(std::string_view text) noexcept { return text; }

    static std::string expected() { return "a text"; }
};

/// True for the types that have a `request_value`, and so can be parameters of handlers and of
/// `request::query()`.
template <class Value>
concept readable_from_request = requires(std::string_view text) {
    { request_value<Value>::parse(text) } -> std::same_as<std::optional<Value>>;
    { request_value<Value>::expected() } -> std::convertible_to<std::string>;
};

}  // namespace gino::ext
