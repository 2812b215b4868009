// SPDX-License-Identifier: BSD-3-Clause
#pragma once

#include <gino/core/decimal.hpp>

#include <cstddef>
#include <optional>
#include <span>

#include "driver/postgresql/protocol/wire.hpp"

/// NUMERIC in PostgreSQL's binary format (src/backend/utils/adt/numeric.c): digits of base 10000,
/// the place of the first one, a sign, and how many decimal digits stand behind the point.
namespace gino::postgresql::codec {

/// Nothing: the bytes are malformed.
[[nodiscard]] std::optional<decimal> decode_numeric(std::span<const std::byte> bytes);

/// @throws argument_error  `errc::bad_value`: more digits than PostgreSQL keeps.
void encode_numeric(protocol::writer& to, const decimal& number);

}  // namespace gino::postgresql::codec
