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

/// Returns the type NUMERIC(precision, scale), for `column_type()`:
///
///     gino::column_type(c.price, gino::numeric(10, 2))
///
/// A value with more digits after the point is rounded when it is stored, one with too many before
/// the point is an error (SQLSTATE 22003), on both databases.
///
/// @param precision  All digits, 1 to 1000 (PostgreSQL's manual, 8.1.2). 0: no limit.
/// @param scale      The digits after the point, at most `precision`.
[[nodiscard]] constexpr sql_type numeric(std::uint16_t precision, std::uint16_t scale = 0) {
    return {.kind = type_kind::numeric, .precision = precision, .scale = scale};
}

}  // namespace gino
