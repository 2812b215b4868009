// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <concepts>
#include <limits>
#include <optional>
#include <string>
#include <string_view>

namespace gino::ext {

namespace detail {

[[nodiscard]] std::optional<long long> read_signed(std::string_view text) noexcept;
[[nodiscard]] std::optional<unsigned long long> read_unsigned(std::string_view text) noexcept;
[[nodiscard]] std::optional<double> read_floating(std::string_view text) noexcept;
[[nodiscard]] std::optional<bool> read_bool(std::string_view text) noexcept;

}  // namespace detail

/// How a value is read from the text of a path or of a query.
///
/// There are specialisations for bool, integers, floating point numbers, `std::string` and
/// `std::string_view`. A type of your own needs one with the same two static members:
///
/// * `static std::optional<Value> parse(std::string_view text)`: none when the text is no value;
/// * `static std::string expected()`: what the text should have been, such as "a UUID"; the answer
///   with status 400 says it.
template <class Value>
struct request_value;

/// Decimal digits, with a minus sign where the type has one; a value out of range is no value.
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
    template <class Wide>
    static std::optional<Value> narrow(std::optional<Wide> wide) noexcept {
        if (!wide || *wide < Wide{std::numeric_limits<Value>::min()} ||
            *wide > Wide{std::numeric_limits<Value>::max()}) {
            return std::nullopt;
        }
        return static_cast<Value>(*wide);
    }
};

/// "true", "1", "false" or "0".
template <>
struct request_value<bool> {
    static std::optional<bool> parse(std::string_view text) noexcept {
        return detail::read_bool(text);
    }

    static std::string expected() { return "true or false"; }
};

/// A finite decimal number, such as "-1.5" or "2e3".
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

/// Any text.
template <>
struct request_value<std::string> {
    static std::optional<std::string> parse(std::string_view text) { return std::string(text); }

    static std::string expected() { return "a text"; }
};

/// Any text; the view is valid as long as the request.
template <>
struct request_value<std::string_view> {
    static std::optional<std::string_view> parse(std::string_view text) noexcept { return text; }

    static std::string expected() { return "a text"; }
};

/// True for types that a path or a query can be read as.
template <class Value>
concept readable_from_request = requires(std::string_view text) {
    { request_value<Value>::parse(text) } -> std::same_as<std::optional<Value>>;
    { request_value<Value>::expected() } -> std::convertible_to<std::string>;
};

}  // namespace gino::ext
