// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <compare>
#include <concepts>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>

namespace gino {

/// SQL's NUMERIC: an exact decimal number of any size, NaN, or an infinity.
///
/// A number keeps its scale: `12.50` is written with two digits behind the point, and equals
/// `12.5`. Sums, differences and products are exact. As in PostgreSQL, NaN equals itself and is
/// larger than any other number.
///
/// Thread safety: a value, as a string is.
class decimal {
public:
    /// 0.
    decimal() : text_("0") {}

    template <std::integral Integer>
        requires(!std::same_as<Integer, bool>)
    decimal(Integer number) : text_(std::to_string(number)) {}

    /// Reads "-12.50", "1e6", "NaN", "Infinity", "-Infinity".
    ///
    /// @throws argument_error  The text is no number.
    explicit decimal(std::string_view text);

    /// As the constructor. Nothing: the text is no number.
    [[nodiscard]] static std::optional<decimal> parse(std::string_view text);

    /// Writes all digits, without an exponent: "-12.50".
    [[nodiscard]] const std::string& to_string() const noexcept { return text_; }

    /// The number of digits behind the point; 0 for NaN and the infinities.
    [[nodiscard]] std::size_t scale() const noexcept;

    [[nodiscard]] bool is_nan() const noexcept { return text_ == "NaN"; }

    [[nodiscard]] bool is_finite() const noexcept;

    [[nodiscard]] bool is_negative() const noexcept { return text_.front() == '-'; }

    /// The number with so many digits behind the point; halves are rounded away from zero, as
    /// PostgreSQL does.
    [[nodiscard]] decimal rounded(std::size_t scale) const;

    /// The nearest double.
    [[nodiscard]] double to_double() const;

    /// The number as an integer. Nothing: it has a fraction, or does not fit into 64 bits.
    [[nodiscard]] std::optional<std::int64_t> to_integer() const;

    friend decimal operator+(const decimal& left, const decimal& right);
    friend decimal operator-(const decimal& left, const decimal& right);
    friend decimal operator*(const decimal& left, const decimal& right);
    friend decimal operator-(const decimal& operand);

    friend bool operator==(const decimal& left, const decimal& right) {
        return std::is_eq(left <=> right);
    }

    friend std::weak_ordering operator<=>(const decimal& left, const decimal& right);

private:
    std::string text_;
};

[[nodiscard]] inline const std::string& to_string(const decimal& number) noexcept {
    return number.to_string();
}

}  // namespace gino
