// SPDX-License-Identifier: BSD-3-Clause
#include <gino/ext/beast/request_value.hpp>

#include <charconv>
#include <cmath>

namespace gino::ext::detail {

namespace {

// from_chars() is independent of the locale, and accepts neither spaces nor a plus sign.
template <class Number>
std::optional<Number> read_number(std::string_view text) noexcept {
    Number number{};
    const char* const end = text.data() + text.size();
    const auto [stop, failure] = std::from_chars(text.data(), end, number);
    if (failure != std::errc() || stop != end) {
        return std::nullopt;
    }
    return number;
}

}  // namespace

std::optional<long long> read_signed(std::string_view text) noexcept {
    return read_number<long long>(text);
}

std::optional<unsigned long long> read_unsigned(std::string_view text) noexcept {
    return read_number<unsigned long long>(text);
}

// from_chars() also reads "inf" and "nan", which no client means.
std::optional<double> read_floating(std::string_view text) noexcept {
    const std::optional<double> number = read_number<double>(text);
    return number && std::isfinite(*number) ? number : std::nullopt;
}

std::optional<bool> read_bool(std::string_view text) noexcept {
    if (text == "true" || text == "1") {
        return true;
    }
    if (text == "false" || text == "0") {
        return false;
    }
    return std::nullopt;
}

}  // namespace gino::ext::detail
