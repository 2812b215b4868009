// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// SQL's NUMERIC: an exact decimal number of any size, NaN, or an infinity (PostgreSQL's manual,
/// 8.1.2).
///
/// A number keeps its scale: `12.50` is written with two digits after the point, and equals `12.5`.
/// Sums, differences and products are exact; there is no division. As in PostgreSQL, NaN equals
/// itself and is larger than any other number, and an operation without a defined result, such as
/// infinity minus infinity, gives NaN.
///
/// Thread safety: that of a `std::string`.
class decimal {
public:
    /// Makes 0.
    decimal() : text_("0") {}

    /// Makes the integer, with scale 0.
    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    decimal(Integer number) : text_(std::to_string(number)) {}

    /// Reads "-12.50", "+.5", "1e6", "NaN", "Infinity", "-Infinity". The words are case-sensitive.
    ///
    /// @throws argument_error  `errc::bad_value`: the text is no number, or its exponent is beyond
    ///                         200,000.
    explicit decimal(std::string_view text);

    /// Reads the same texts as the constructor. Returns an empty optional where that throws.
    [[nodiscard]] static std::optional<decimal> parse(std::string_view text);

    /// Returns all digits, without an exponent: "-12.50", "0.5". Valid as long as the number.
    [[nodiscard]] const std::string& to_string() const noexcept { return text_; }

    /// Returns the number of digits after the point; 0 for NaN and the infinities.
    [[nodiscard]] std::size_t scale() const noexcept;

    /// Returns true for NaN.
    [[nodiscard]] bool is_nan() const noexcept { return text_ == "NaN"; }

    /// Returns false for NaN and the infinities.
    [[nodiscard]] bool is_finite() const noexcept;

    /// Returns true below zero. Zero and NaN have no sign.
    [[nodiscard]] bool is_negative() const noexcept { return text_.front() == '-'; }

    /// Returns the number with `scale` digits after the point; halves are rounded away from zero,
    /// as PostgreSQL's round() does. A shorter fraction is filled with zeros. NaN and the
    /// infinities stay as they are.
    [[nodiscard]] decimal rounded(std::size_t scale) const;

    /// Returns the nearest double: an infinity for numbers beyond its range, 0 for those too small.
    [[nodiscard]] double to_double() const;

    /// Returns the number as an integer. Empty: it has a fraction other than zeros, does not fit
    /// into 64 bits, or is not finite.
    [[nodiscard]] std::optional<std::int64_t> to_integer() const;

    /// Computes exactly. The scale of a sum or difference is the larger one of the operands; that
    /// of a product is their sum.
    friend decimal operator+(const decimal& left, const decimal& right);
    friend decimal operator-(const decimal& left, const decimal& right);
    friend decimal operator*(const decimal& left, const decimal& right);
    friend decimal operator-(const decimal& operand);

    /// Compares the numbers: 12.50 equals 12.5. The order is -Infinity, the finite numbers,
    /// Infinity, NaN.
    friend bool operator==(const decimal& left, const decimal& right) {
        return std::is_eq(left <=> right);
    }

    friend std::weak_ordering operator<=>(const decimal& left, const decimal& right);

private:
    std::string text_;
};

/// Same as `number.to_string()`. Valid as long as the number.
[[nodiscard]] inline const std::string& to_string(const decimal& number) noexcept {
    return number.to_string();
}

}  // namespace gino
