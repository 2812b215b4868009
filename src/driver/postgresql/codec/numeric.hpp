// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/decimal.hpp>

#include <cstddef>
#include <optional>
#include <span>

#include "driver/postgresql/protocol/wire.hpp"

/// NUMERIC in PostgreSQL's binary format (src/backend/utils/adt/numeric.c, numeric_send()): the
/// number of digits of base 10000, the power of the first one, the sign, the number of decimal
/// digits after the decimal point, and the digits.
namespace gino::postgresql::codec {

/// Returns nothing when the bytes are malformed.
[[nodiscard]] std::optional<decimal> decode_numeric(std::span<const std::byte> bytes);

/// Appends a number.
///
/// @throws argument_error  `errc::bad_value`: it has more digits than PostgreSQL's numeric.
void encode_numeric(protocol::writer& to, const decimal& number);

}  // namespace gino::postgresql::codec
