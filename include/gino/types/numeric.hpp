// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/decimal.hpp>
#include <gino/types/mapping.hpp>

#include <cstdint>

namespace gino {

/// NUMERIC on PostgreSQL; on SQLite a text with the collation `decimal`, which sorts as numbers do.
/// Integers are read as well. `numeric(10, 2)` in `column_type()` limits the digits.
template <>
struct mapping<decimal> {
    static constexpr sql_type type{.kind = type_kind::numeric};

    static decimal load(const field_view& field) {
        return from_value(field.decoder().any(field), field);
    }

    static decimal from_value(const value& v, const field_view& field);

    static value store(const decimal& v) { return value(v); }
};

/// Returns the type NUMERIC(precision, scale), for `column_type()`.
///
/// @param precision  All digits, 1 to 1000 (PostgreSQL's manual, 8.1.2). 0: no limit.
/// @param scale      The digits after the point, at most `precision`. PostgreSQL rounds a value
///                   with more of them, and rejects one with too many before the point.
[[nodiscard]] constexpr sql_type numeric(std::uint16_t precision, std::uint16_t scale = 0) {
    return {.kind = type_kind::numeric, .precision = precision, .scale = scale};
}

}  // namespace gino
