// SPDX-License-Identifier: BSD-3-Clause
#include <gino/core/decimal.hpp>
#include <gino/core/error.hpp>

#include <boost/multiprecision/cpp_int.hpp>

#include <algorithm>
#include <charconv>
#include <limits>

namespace gino {

namespace {

using big_integer = boost::multiprecision::cpp_int;

constexpr std::string_view nan = "NaN";
constexpr std::string_view infinity = "Infinity";
constexpr std::string_view minus_infinity = "-Infinity";

/// More digits than PostgreSQL keeps before and after the point. A larger exponent is refused,
/// because a text of a few bytes ("1e999999999") would otherwise allocate gigabytes.
constexpr std::int64_t most_digits = 200'000;

bool is_digit(char c) {
    return c >= '0' && c <= '9';
}

/// A finite number: `digits` without a point, of which the last `scale` follow it.
struct parts {
    bool negative = false;
    std::string digits;
    std::size_t scale = 0;
};

parts parts_of(std::string_view text) {
    parts p;
    p.negative = text.front() == '-';
    text.remove_prefix(p.negative ? 1 : 0);
    const std::size_t point = text.find('.');
    p.digits = text;
    if (point != std::string_view::npos) {
        p.digits.erase(point, 1);
        p.scale = text.size() - point - 1;
    }
    return p;
}

// Normalizes: no leading zeros, at least one digit before the point, and never "-0". Equal numbers
// of equal scale therefore have equal texts.
std::string text_of(parts p) {
    if (p.digits.size() <= p.scale) {
        p.digits.insert(0, p.scale + 1 - p.digits.size(), '0');
    }
    const std::size_t whole = p.digits.size() - p.scale;
    const std::size_t leading = std::min(p.digits.find_first_not_of('0'), whole - 1);
    std::string text = p.digits.substr(leading, whole - leading);
    if (p.scale > 0) {
        text += '.';
        text += p.digits.substr(whole);
    }
    const bool is_zero = p.digits.find_first_not_of('0') == std::string::npos;
    return p.negative && !is_zero ? "-" + text : text;
}

// Returns the number multiplied by 10 to the power of `scale`, which is exact. REQUIRES: scale >=
// p.scale.
big_integer unscaled(const parts& p, std::size_t scale) {
    const std::size_t first = p.digits.find_first_not_of('0');
    if (first == std::string::npos) {
        return 0;
    }
    // cpp_int reads a number with a leading zero as octal: `first` skips the zeros.
    const big_integer magnitude(p.digits.substr(first) + std::string(scale - p.scale, '0'));
    return p.negative ? -magnitude : magnitude;
}

std::string text_of(const big_integer& number, std::size_t scale) {
    const bool negative = number < 0;
    return text_of(
        {.negative = negative, .digits = (negative ? -number : number).str(), .scale = scale}
    );
}

// The usual case: the text needs no change, so that reading a NUMERIC column only copies it. A
// negative number that begins with zero takes the long way, since it may be "-0".
bool is_normalized(std::string_view text) {
    const auto past_digits = [text](std::size_t place) {
        while (place < text.size() && is_digit(text[place])) {
            ++place;
        }
        return place;
    };
    const std::size_t begin = text.starts_with('-') ? 1 : 0;
    const std::size_t point = past_digits(begin);
    const bool has_zero = text.substr(begin).starts_with('0');
    if (point == begin || (has_zero && (begin == 1 || point > 1))) {
        return false;
    }
    const bool has_fraction = text.substr(point).starts_with('.') && point + 1 < text.size();
    return point == text.size() || (has_fraction && past_digits(point + 1) == text.size());
}

std::optional<std::string> normalized(std::string_view text) {
    if (text == nan || text == infinity || text == minus_infinity || is_normalized(text)) {
        return std::string(text);
    }
    parts p;
    std::size_t i = 0;
    const auto at = [&](std::size_t place) { return place < text.size() ? text[place] : '\0'; };
    if (at(i) == '-' || at(i) == '+') {
        p.negative = at(i++) == '-';
    }
    for (; is_digit(at(i)); ++i) {
        p.digits += at(i);
    }
    if (at(i) == '.') {
        for (++i; is_digit(at(i)); ++i) {
            p.digits += at(i);
            ++p.scale;
        }
    }
    if (p.digits.empty()) {
        return std::nullopt;
    }
    // from_chars() accepts "-" but not "+". A negative exponent moves the point to the left, so
    // that the scale grows.
    if (at(i) == 'e' || at(i) == 'E') {
        ++i;
        if (at(i) == '+' && is_digit(at(i + 1))) {
            ++i;
        }
        std::int64_t exponent = 0;
        const auto [end, failure] =
            std::from_chars(text.data() + i, text.data() + text.size(), exponent);
        if (failure != std::errc() || exponent < -most_digits || exponent > most_digits) {
            return std::nullopt;
        }
        i = static_cast<std::size_t>(end - text.data());
        const std::int64_t scale = static_cast<std::int64_t>(p.scale) - exponent;
        p.digits.append(scale < 0 ? static_cast<std::size_t>(-scale) : 0, '0');
        p.scale = scale < 0 ? 0 : static_cast<std::size_t>(scale);
    }
    return i == text.size() ? std::optional(text_of(std::move(p))) : std::nullopt;
}

// The place of a number that is not finite in PostgreSQL's order (NaN is the largest); 0: it is
// finite.
int rank(const decimal& number) {
    if (number.is_nan()) {
        return 2;
    }
    if (number.is_finite()) {
        return 0;
    }
    return number.is_negative() ? -1 : 1;
}

// Compares without arithmetic: normalized numbers with more digits before the point are larger, and
// a shorter fraction is compared as if it had zeros at its end.
std::weak_ordering compare_magnitudes(const parts& left, const parts& right) {
    const std::size_t left_whole = left.digits.size() - left.scale;
    const std::size_t right_whole = right.digits.size() - right.scale;
    if (left_whole != right_whole) {
        return left_whole <=> right_whole;
    }
    const std::size_t length = std::max(left.digits.size(), right.digits.size());
    for (std::size_t i = 0; i < length; ++i) {
        const char l = i < left.digits.size() ? left.digits[i] : '0';
        const char r = i < right.digits.size() ? right.digits[i] : '0';
        if (l != r) {
            return l <=> r;
        }
    }
    return std::weak_ordering::equivalent;
}

// The result of an operation with an operand that is not finite: NaN for sign 0, otherwise an
// infinity.
decimal not_finite(int sign) {
    if (sign == 0) {
        return decimal(nan);
    }
    return decimal(sign > 0 ? infinity : minus_infinity);
}

int sign_of(const decimal& number) {
    if (number.is_negative()) {
        return -1;
    }
    return number.to_string().find_first_not_of("0.") == std::string::npos ? 0 : 1;
}

}  // namespace

decimal::decimal(std::string_view text) {
    auto read = normalized(text);
    if (!read) {
        throw argument_error(
            errc::bad_value, "\"" + std::string(text.substr(0, 80)) + "\" is no decimal number"
        );
    }
    text_ = std::move(*read);
}

std::optional<decimal> decimal::parse(std::string_view text) {
    auto read = normalized(text);
    if (!read) {
        return std::nullopt;
    }
    decimal made;
    made.text_ = std::move(*read);
    return made;
}

std::size_t decimal::scale() const noexcept {
    const std::size_t point = text_.find('.');
    return point == std::string::npos ? 0 : text_.size() - point - 1;
}

bool decimal::is_finite() const noexcept {
    return is_digit(text_.back());
}

decimal decimal::rounded(std::size_t scale) const {
    if (!is_finite()) {
        return *this;
    }
    const parts p = parts_of(text_);
    if (p.scale <= scale) {
        return decimal(gino::text_of(unscaled(p, scale), scale));
    }
    const std::size_t dropped = p.scale - scale;
    big_integer divisor =
        boost::multiprecision::pow(big_integer(10), static_cast<unsigned>(dropped));
    big_integer magnitude = unscaled({.digits = p.digits, .scale = p.scale}, p.scale);
    // The sign is applied afterwards, so that halves are rounded away from zero.
    magnitude = (magnitude + divisor / 2) / divisor;
    return decimal(gino::text_of(p.negative ? -magnitude : magnitude, scale));
}

double decimal::to_double() const {
    if (!is_finite()) {
        const double limit = std::numeric_limits<double>::infinity();
        return is_nan() ? std::numeric_limits<double>::quiet_NaN()
                        : (is_negative() ? -limit : limit);
    }
    double number = 0;
    const auto [end, failure] = std::from_chars(text_.data(), text_.data() + text_.size(), number);
    static_cast<void>(end);
    // from_chars() reports overflow and underflow alike and leaves `number` unchanged. A number
    // below 1 can only have underflowed.
    if (failure == std::errc::result_out_of_range) {
        const bool is_tiny = text_.starts_with("0.") || text_.starts_with("-0.");
        const double limit = is_tiny ? 0.0 : std::numeric_limits<double>::infinity();
        return is_negative() ? -limit : limit;
    }
    return number;
}

std::optional<std::int64_t> decimal::to_integer() const {
    if (!is_finite()) {
        return std::nullopt;
    }
    const std::size_t point = std::min(text_.find('.'), text_.size());
    const bool has_fraction =
        std::string_view(text_).substr(point).find_first_not_of(".0") != std::string_view::npos;
    std::int64_t number = 0;
    const auto [end, failure] = std::from_chars(text_.data(), text_.data() + point, number);
    static_cast<void>(end);
    return has_fraction || failure != std::errc() ? std::nullopt : std::optional(number);
}

decimal operator+(const decimal& left, const decimal& right) {
    if (!left.is_finite() || !right.is_finite()) {
        const int l = rank(left);
        const int r = rank(right);
        // NaN, or the sum of opposite infinities. A finite operand has rank 0 and does not matter.
        const bool undefined = l == 2 || r == 2 || l + r == 0;
        return not_finite(undefined ? 0 : l + r);
    }
    const parts l = parts_of(left.to_string());
    const parts r = parts_of(right.to_string());
    const std::size_t scale = std::max(l.scale, r.scale);
    return decimal(text_of(unscaled(l, scale) + unscaled(r, scale), scale));
}

decimal operator-(const decimal& operand) {
    if (operand.is_nan()) {
        return operand;
    }
    if (!operand.is_finite()) {
        return not_finite(operand.is_negative() ? 1 : -1);
    }
    parts p = parts_of(operand.to_string());
    p.negative = !p.negative;
    return decimal(text_of(std::move(p)));
}

decimal operator-(const decimal& left, const decimal& right) {
    return left + -right;
}

decimal operator*(const decimal& left, const decimal& right) {
    if (!left.is_finite() || !right.is_finite()) {
        const bool undefined = left.is_nan() || right.is_nan();
        // Infinity times zero is NaN, as in PostgreSQL 14 and later: its sign is 0.
        return not_finite(undefined ? 0 : sign_of(left) * sign_of(right));
    }
    const parts l = parts_of(left.to_string());
    const parts r = parts_of(right.to_string());
    return decimal(text_of(unscaled(l, l.scale) * unscaled(r, r.scale), l.scale + r.scale));
}

std::weak_ordering operator<=>(const decimal& left, const decimal& right) {
    if (!left.is_finite() || !right.is_finite()) {
        return rank(left) <=> rank(right);
    }
    if (left.is_negative() != right.is_negative()) {
        return left.is_negative() ? std::weak_ordering::less : std::weak_ordering::greater;
    }
    const parts l = parts_of(left.to_string());
    const parts r = parts_of(right.to_string());
    return left.is_negative() ? compare_magnitudes(r, l) : compare_magnitudes(l, r);
}

}  // namespace gino
