// SPDX-License-Identifier: BSD-3-Clause
#include "driver/postgresql/codec/numeric.hpp"

#include <gino/core/error.hpp>

#include <algorithm>
#include <string>
#include <string_view>
#include <vector>

namespace gino::postgresql::codec {

namespace {

// The values of the sign, and the limits, of PostgreSQL's numeric.c. A positive number has sign 0.
constexpr std::uint16_t negative = 0x4000;
constexpr std::uint16_t not_a_number = 0xc000;
constexpr std::uint16_t plus_infinity = 0xd000;
constexpr std::uint16_t minus_infinity = 0xf000;
constexpr std::size_t digits_per_group = 4;
constexpr std::size_t most_scale = 16'383;
constexpr std::size_t most_whole_digits = 131'072;

// Appends the four decimal digits of a group. Returns false when it is no digit of base 10000.
bool append_group(std::string& text, std::int16_t group) {
    if (group < 0 || group > 9999) {
        return false;
    }
    const char digits[] = {
        static_cast<char>('0' + group / 1000),
        static_cast<char>('0' + group / 100 % 10),
        static_cast<char>('0' + group / 10 % 10),
        static_cast<char>('0' + group % 10)};
    text.append(digits, digits_per_group);
    return true;
}

decimal special(std::uint16_t sign) {
    switch (sign) {
        case plus_infinity:
            return decimal("Infinity");
        case minus_infinity:
            return decimal("-Infinity");
        default:
            return decimal("NaN");
    }
}

// Returns the digits of base 10000 of a text of decimal digits. REQUIRES: its size is a multiple of
// four.
std::vector<std::int16_t> groups_of(std::string_view digits) {
    std::vector<std::int16_t> groups;
    for (std::size_t i = 0; i < digits.size(); i += digits_per_group) {
        int group = 0;
        for (const char c : digits.substr(i, digits_per_group)) {
            group = group * 10 + (c - '0');
        }
        groups.push_back(static_cast<std::int16_t>(group));
    }
    return groups;
}

}  // namespace

std::optional<decimal> decode_numeric(std::span<const std::byte> bytes) {
    protocol::reader from(bytes);
    const auto count = static_cast<std::uint16_t>(from.int16());
    const std::int16_t weight = from.int16();
    const auto sign = static_cast<std::uint16_t>(from.int16());
    const std::int16_t scale = from.int16();
    if (from.is_bad() || scale < 0 || from.rest().size() != static_cast<std::size_t>(count) * 2) {
        return std::nullopt;
    }
    if (sign == not_a_number || sign == plus_infinity || sign == minus_infinity) {
        return special(sign);
    }
    if (sign != 0 && sign != negative) {
        return std::nullopt;
    }
    // The groups have the powers weight, weight - 1, ... of 10000. Zeros at both ends are not sent.
    std::string text = sign == negative ? "-" : "";
    const std::size_t begin = text.size();
    int place = weight;
    for (; place >= 0 && place > weight - count; --place) {
        if (!append_group(text, from.int16())) {
            return std::nullopt;
        }
    }
    // Zeros before the decimal point that were not sent; the zeros in front of a number go.
    text.append(static_cast<std::size_t>(std::max(place + 1, 0)) * digits_per_group, '0');
    text.erase(begin, std::min(text.find_first_not_of('0', begin), text.size()) - begin);
    text += text.size() == begin ? "0" : "";
    text += scale > 0 ? "." : "";
    const std::size_t end = text.size() + static_cast<std::size_t>(scale);
    // A number below 0.0001 has groups of zeros after the decimal point that were not sent.
    text.append(static_cast<std::size_t>(std::max(-1 - weight, 0)) * digits_per_group, '0');
    while (!from.is_done()) {
        if (!append_group(text, from.int16())) {
            return std::nullopt;
        }
    }
    // The scale, not the groups, determines the number of digits: 1.50 stays 1.50.
    text.resize(end, '0');
    return decimal::parse(text);
}

void encode_numeric(protocol::writer& to, const decimal& number) {
    if (!number.is_finite()) {
        const auto sign = number.is_nan()        ? not_a_number
                          : number.is_negative() ? minus_infinity
                                                 : plus_infinity;
        to.int32(0);
        to.int16(static_cast<std::int16_t>(sign));
        to.int16(0);
        return;
    }
    std::string_view text = number.to_string();
    text.remove_prefix(number.is_negative() ? 1 : 0);
    const std::size_t scale = number.scale();
    std::string digits(text.substr(0, text.find('.')));
    if (scale > most_scale || digits.size() > most_whole_digits) {
        throw argument_error(
            errc::bad_value,
            "a number of " + std::to_string(text.size()) +
                " digits is larger than PostgreSQL's numeric; nothing was sent"
        );
    }
    // The groups are aligned at the decimal point: zeros fill up both ends.
    digits.insert(0, (digits_per_group - digits.size() % digits_per_group) % digits_per_group, '0');
    const std::size_t whole_groups = digits.size() / digits_per_group;
    digits += scale > 0 ? text.substr(text.size() - scale) : "";
    digits.append((digits_per_group - digits.size() % digits_per_group) % digits_per_group, '0');
    const auto groups = groups_of(digits);
    to.int16(static_cast<std::int16_t>(static_cast<std::uint16_t>(groups.size())));
    to.int16(static_cast<std::int16_t>(whole_groups - 1));
    to.int16(static_cast<std::int16_t>(number.is_negative() ? negative : 0));
    to.int16(static_cast<std::int16_t>(scale));
    for (const auto group : groups) {
        to.int16(group);
    }
}

}  // namespace gino::postgresql::codec
