// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/decimal.hpp>
#include <gino/types/mapping.hpp>

#include <cstdint>

namespace gino {

/// NUMERIC on PostgreSQL; text in the order of numbers on SQLite. `numeric(10, 2)` in
/// `column_type()` says how many digits.
template <>
struct mapping<decimal> {
    static constexpr sql_type type{.kind = type_kind::numeric};

    static decimal load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static decimal from_value(const value& v, const field_view& field);

    static value store(const decimal& v) { return value(v); }
};

/// NUMERIC(precision, scale).
///
/// @param precision  All digits, 1 to 1000.
/// @param scale      Those behind the point, at most `precision`.
[[nodiscard]] constexpr sql_type numeric(std::uint16_t precision, std::uint16_t scale = 0) {
    return {.kind = type_kind::numeric, .precision = precision, .scale = scale};
}

}  // namespace gino
